"""What a service needs from its surroundings, and opening its store with it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.bus.publication import Publication
from shared.documents.place import DocumentPlace, S3Place
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.sqlite import SqliteStore
from shared.eventstore.subject_keys import SqlKeyStore, load_master_key
from shared.eventstore.unit_of_work import UnitOfWorkFactory
from shared.eventstore.upcasting import Upcasters
from shared.kernel.ids import NewId, random_id


class MissingSetting(Exception):
    """A required environment variable is not set; names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """Databases by SQLAlchemy URL, secrets by file. new_id is seeded in the demo and the tests."""

    database_url: str
    keys_url: str
    master_key_file: Path
    documents_dir: Path
    new_id: NewId = random_id
    documents_s3: S3Place | None = None  # in place of the folder
    scan_command: str | None = None  # the virus scanner; see shared.documents.scanner
    scan_clamd: str | None = None

    @classmethod
    def from_environment(cls) -> ServiceSettings:
        """Read once at start. Raises MissingSetting naming the variable."""
        return cls(
            database_url=required("GRANTCASE_DATABASE_URL"),
            keys_url=required("GRANTCASE_KEYS_DATABASE_URL"),
            master_key_file=Path(required("GRANTCASE_MASTER_KEY_FILE")),
            documents_dir=Path(required("GRANTCASE_DOCUMENTS_DIR")),
            documents_s3=documents_s3(),
            scan_command=scan_command(),
            scan_clamd=scan_clamd(),
        )

    @property
    def documents(self) -> DocumentPlace:
        """Where the service's documents lie."""
        return DocumentPlace(self.documents_dir, self.documents_s3)


def scan_command() -> str | None:
    """GRANTCASE_SCAN_COMMAND: without it documents are taken as not scanned."""
    return os.environ.get("GRANTCASE_SCAN_COMMAND") or None


def scan_clamd() -> str | None:
    """GRANTCASE_SCAN_CLAMD: HOST:PORT or socket of clamd; goes before the command."""
    return os.environ.get("GRANTCASE_SCAN_CLAMD") or None


def documents_s3() -> S3Place | None:
    """GRANTCASE_DOCUMENTS_S3_URL: documents go there, with the keys of
    GRANTCASE_DOCUMENTS_S3_KEY_FILE. Raises MissingSetting when that is not set."""
    url = os.environ.get("GRANTCASE_DOCUMENTS_S3_URL")
    if not url:
        return None
    region = os.environ.get("GRANTCASE_DOCUMENTS_S3_REGION") or S3Place.DEFAULT_REGION
    return S3Place(url, Path(required("GRANTCASE_DOCUMENTS_S3_KEY_FILE")), region)


def required(name: str) -> str:
    """An environment variable that has no default. Raises MissingSetting."""
    value = os.environ.get(name)
    if not value:
        raise MissingSetting(f"environment variable {name} is not set (環境變數 {name} 未設定)")
    return value


def open_units(
    settings: ServiceSettings,
    events: Sequence[type],
    inline: Sequence[Any],
    publish: Publication,
    upcasters: Upcasters | None = None,
) -> UnitOfWorkFactory:
    """The service's units of work over its store, PostgreSQL or SQLite by the URL; no event is
    committed that `publish` cannot publish."""
    return UnitOfWorkFactory(
        open_store(settings.database_url),
        TypeRegistry(events, upcasters),
        SqlKeyStore(settings.keys_url, load_master_key(settings.master_key_file)),
        inline,
        settings.new_id,
        publish,
    )


def open_store(url: str) -> Any:
    """The event store behind a URL; it must have been migrated."""
    if url.startswith("sqlite"):
        return SqliteStore(url)
    from shared.eventstore.postgres import PostgresStore  # needs a driver that SQLite does not

    return PostgresStore(url)
