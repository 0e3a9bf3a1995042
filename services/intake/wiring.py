"""The composition root of intake: ports to adapters."""

from __future__ import annotations

from services.intake import projections
from services.intake.application.ports import IntakePorts, MeasuredFile
from services.intake.domain.events import EVENTS
from services.intake.projections.bars import BarTable
from services.intake.projections.cases import CaseNumberTable
from services.intake.projections.enterprises import EnterpriseTable
from services.intake.projections.subjects import SubjectTable
from services.intake.publishing import publish
from services.intake.schemas import COMMANDS, REACTIONS
from shared.bus.composition import Bound, compose
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.documents.encrypted import EncryptedDocuments
from shared.documents.measure import measure
from shared.documents.scanner import Scan, scan_with

NAME = "intake"


def build(settings: ServiceSettings) -> ServiceCore:
    """The service over the databases and folders of `settings`."""
    blobs = settings.documents.open()
    scan = scan_with(settings.scan_command, settings.scan_clamd)

    def ports(bound: Bound) -> IntakePorts:
        return bound.ports(
            IntakePorts,
            documents=StoredDocuments(EncryptedDocuments(blobs, bound.unit.keys), scan),
            numbers=CaseNumberTable(bound.connection),
            enterprises=EnterpriseTable(bound.connection),
            bars=BarTable(bound.connection),
            subjects=SubjectTable(bound.unit),
        )

    return compose(
        NAME,
        settings,
        events=EVENTS,
        projections=projections,
        commands=COMMANDS,
        reactions=REACTIONS,
        publish=publish,
        ports=ports,
    )


class StoredDocuments:
    """The Documents port: measured bytes, encrypted under their content's hash."""

    def __init__(self, documents: EncryptedDocuments, scan: Scan):
        self._documents = documents
        self._scan = scan

    def store(self, content: bytes) -> MeasuredFile:
        """Scan, measure and keep the bytes. Raises ScanFailed and StorageFailed."""
        scanned = self._scan(content)
        measured = measure(content)
        return MeasuredFile(
            sha256=self._documents.put(content),
            size_bytes=len(content),
            media_type=measured.media_type,
            pages=measured.pages,
            encrypted=measured.encrypted,
            readable=measured.readable,
            scan=scanned,
        )
