"""Several deliveries in one transaction: all or none, and never past a gap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.bus.inbox import Outcome, position, receive, receive_together
from shared.bus.service_core import ServiceCore
from shared.bus.settings import ServiceSettings
from shared.eventstore.migrate import migrate, migrate_keys
from shared.kernel.envelope import PublicEvent
from shared.projection.tables import METADATA, attempts
from tests.support import pair


@pytest.fixture
def review(tmp_path: Path) -> Iterator[ServiceCore]:
    url, keys = f"sqlite:///{tmp_path}/review.db", f"sqlite:///{tmp_path}/keys.db"
    migrate(url, [METADATA, pair.METADATA])
    migrate_keys(keys)
    (tmp_path / "master.key").write_text("00" * 32)
    core = pair.build_review(
        ServiceSettings(
            database_url=url,
            keys_url=keys,
            master_key_file=tmp_path / "master.key",
            documents_dir=tmp_path,
        )
    )
    yield core
    core.units.store.close()
    core.units.keys.close()


def test_a_contiguous_backlog_is_applied_at_once(review: ServiceCore):
    assert receive_together(review, [_event(n) for n in (1, 2, 3)])

    assert position(review, "intake") == 3
    assert _tally(review) == {str(UUID(int=n)): 1 for n in (1, 2, 3)}


def test_repeated_and_old_ones_among_them_change_nothing(review: ServiceCore):
    receive(review, _event(1))

    assert receive_together(review, [_event(n) for n in (1, 2, 2, 3)])

    assert position(review, "intake") == 3
    assert set(_tally(review).values()) == {1}


def test_only_old_ones_are_nothing_to_do(review: ServiceCore):
    receive(review, _event(1))

    assert receive_together(review, [_event(1), _event(1)])
    assert position(review, "intake") == 1


def test_a_gap_leaves_everything_undone(review: ServiceCore):
    assert not receive_together(review, [_event(n) for n in (1, 3)])

    assert position(review, "intake") == 0
    assert _tally(review) == {}


@pytest.mark.parametrize("reason", ["broken", "refused"])
def test_one_that_fails_leaves_everything_undone(review: ServiceCore, reason: str):
    assert not receive_together(review, [_event(1), _event(2, reason), _event(3)])

    assert position(review, "intake") == 0
    assert _tally(review) == {}


def test_earlier_failures_of_what_is_done_no_longer_count(review: ServiceCore):
    assert receive(review, _event(1, "broken")) is Outcome.RETRY
    _mend(review)

    assert receive_together(review, [_event(1, "broken"), _event(2)])

    with review.units.begin() as unit:
        assert unit.connection.execute(sa.select(attempts)).all() == []


def _event(number: int, reason: str = "late") -> PublicEvent:
    case = UUID(int=number)
    return PublicEvent(
        id=UUID(int=1000 + number),
        source="intake",
        type="ProposalRejected",
        schema_version=1,
        feed_sequence=number,
        occurred_at=datetime(2023, 3, 1, tzinfo=UTC),
        data={"case_id": str(case), "case_number": "CP112-0001", "reasons": [reason]},
        subject=case,
    )


def _tally(core: ServiceCore) -> dict[str, int]:
    with core.units.begin() as unit:
        return dict(core.queries["tally"](unit))


def _mend(core: ServiceCore) -> None:
    with core.units.begin() as unit:
        unit.connection.execute(pair.switches.insert().values(name="mended"))
        unit.commit()
