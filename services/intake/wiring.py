"""The composition root of intake: ports to adapters."""

from __future__ import annotations

from typing import Any

from services.intake import projections
from services.intake.application.ports import IntakePorts, MeasuredFile
from services.intake.domain.events import EVENTS
from services.intake.projections.bars import BarTable
from services.intake.projections.cases import CaseNumberTable
from services.intake.projections.enterprises import EnterpriseTable
from services.intake.projections.subjects import SubjectTable
from services.intake.publishing import publish
from services.intake.schemas import COMMANDS, REACTIONS
from shared.bus.pack_forms import PackForms
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings, open_units
from shared.documents.folder import DocumentFolder, Scan
from shared.documents.measure import measure
from shared.documents.scanner import scan_with
from shared.programmes.evaluation import PackRules
from shared.projection.packs import PackShelf
from shared.projection.timers import TimerTable

NAME = "intake"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the databases and folders of `settings`."""
    units = open_units(settings, EVENTS, projections.INLINE)
    compiled: dict[str, Any] = {}
    folder = DocumentFolder(settings.documents_dir)
    scan = scan_with(settings.scan_command)

    def bind(unit: Any) -> IntakePorts:
        shelf = PackShelf(unit.connection)
        return IntakePorts(
            streams=unit.streams,
            rules=PackRules(shelf, compiled),
            packs=shelf,
            timers=TimerTable(unit.connection),
            forms=PackForms(shelf, compiled),
            documents=StoredDocuments(folder, scan),
            numbers=CaseNumberTable(unit.connection),
            enterprises=EnterpriseTable(unit.connection),
            bars=BarTable(unit.connection),
            subjects=SubjectTable(unit),
        )

    return ServiceCore(
        name=NAME,
        commands=COMMANDS,
        reactions=REACTIONS,
        units=units,
        bind=bind,
        publish=publish,
        queries=projections.QUERIES,
    )


class StoredDocuments:
    """The Documents port: measured bytes in a content-addressed folder."""

    def __init__(self, folder: DocumentFolder, scan: Scan):
        self._folder = folder
        self._scan = scan

    def store(self, content: bytes) -> MeasuredFile:
        """Scan, measure and keep the bytes. Raises ScanFailed."""
        scanned = self._scan(content)
        measured = measure(content)
        return MeasuredFile(
            sha256=self._folder.put(content),
            size_bytes=len(content),
            media_type=measured.media_type,
            pages=measured.pages,
            encrypted=measured.encrypted,
            readable=measured.readable,
            scan=scanned,
        )
