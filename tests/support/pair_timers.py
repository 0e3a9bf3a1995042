"""Timers of the invented pair's intake, on each kind of database, and handlers with faults."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.bus.clockwork import fire_due, next_due
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.eventstore.migrate import migrate, migrate_keys
from shared.kernel.envelope import PublicEvent
from shared.kernel.ids import derived_id
from shared.projection.tables import METADATA
from shared.projection.timers import TimerTable
from tests.support import pair

NOON = datetime(2023, 3, 20, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(days=900)


@pytest.fixture(params=["sqlite", "postgres"])
def core(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceCore]:
    """The pair's intake on each kind of database."""
    (tmp_path / "master.key").write_text(secrets.token_hex(32))
    url, app_role, app_url = f"sqlite:///{tmp_path / 'intake.db'}", None, None
    if request.param == "postgres":
        database = request.getfixturevalue("database")
        url, app_role, app_url = database.owner_url, database.app, database.app_url
    settings = ServiceSettings(
        database_url=app_url or url,
        keys_url=f"sqlite:///{tmp_path / 'keys.db'}",
        master_key_file=tmp_path / "master.key",
        documents_dir=tmp_path,
    )
    migrate(url, [METADATA, pair.METADATA], app_role)
    migrate_keys(settings.keys_url)
    built = pair.build_intake(settings)
    yield built
    built.units.store.close()
    built.units.keys.close()


def clock_runs(core: ServiceCore) -> None:
    """As `clock advance` does: fire what is due next, until nothing is."""
    for _ in range(100):
        if (due := next_due(core)) is None:
            return
        fire_due(core, due)
    raise AssertionError("the clock never gets past a timer")


def schedule(core: ServiceCore, case: str, minutes: int, **changes: Any) -> None:
    given = {"command": "NoteReturn", "payload": {"case_id": lane(case)}, "name": case, **changes}
    with core.units.begin() as unit:
        TimerTable(unit.connection).schedule(
            derived_id("timer", given["name"]),
            NOON + minutes * MINUTE,
            given["command"],
            given["payload"],
        )
        unit.commit()


def poisoned(core: ServiceCore, case: str) -> ServiceCore:
    """The same service by a program that has a fault for one case."""
    return with_handler(core, fails(ZeroDivisionError("a fault nobody foresaw"), case=case))


def with_handler(core: ServiceCore, handler: Any) -> ServiceCore:
    spec = replace(core.commands["NoteReturn"], handler=handler)
    return replace(core, commands={**core.commands, "NoteReturn": spec})


def fails(error: Exception, case: str | None = None) -> Any:
    """A handler that raises, for one case or for all, after it has written."""

    def handler(command: Any, ports: Any) -> None:
        pair.note_return(command, ports)
        if case is None or command.case_id == case_id(case):
            raise error

    return handler


def breaks_at(instant: datetime) -> Any:
    """A handler with a fault that only one instant shows."""

    def handler(command: Any, ports: Any) -> None:
        if command.received_at == instant:
            raise ZeroDivisionError("a fault nobody foresaw")
        pair.note_return(command, ports)

    return handler


def not_selected(case: str, number: int) -> PublicEvent:
    return PublicEvent(
        id=derived_id("event", case, number),
        source="review",
        type="ProposalNotSelected",
        schema_version=1,
        feed_sequence=number,
        occurred_at=NOON,
        data={
            "case_id": lane(case),
            "case_number": "CP112-0001",
            "rank": None,
            "reason": "late",
            "decided_by": None,
        },
        subject=case_id(case),
    )


def written(core: ServiceCore, case: str) -> list[datetime]:
    history = core.units.reader.history("screening", case_id(case))
    return [recorded.metadata.occurred_at for recorded in history]


def rows_of(core: ServiceCore, table: sa.Table) -> int:
    with core.units.begin() as unit:
        query = sa.select(sa.func.count()).select_from(table)
        return int(unit.connection.execute(query).scalar_one())


def case_id(case: str) -> UUID:
    return derived_id("case", case)


def lane(case: str) -> str:
    return str(case_id(case))
