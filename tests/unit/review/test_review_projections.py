"""The read models: what they show, and that a replay of the streams gives the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from services.review.projections import INLINE, METADATA, QUERIES
from services.review.projections.reviews import FileTable
from shared.kernel.envelope import RecordedEvent
from tests.support.review_desk import CALL, CHAIR, OFFICER, REVIEWERS, Desk, sheet, ubns


class Live:
    """Every inline projection of review, over a database of its own beside the desk's store."""

    NAME = "live"

    def __init__(self, connection: sa.Connection):
        self.connection = connection
        self.seen: list[RecordedEvent] = []

    def project(self, _: Any, recorded: RecordedEvent) -> None:
        self.seen.append(recorded)
        for projection in INLINE:
            projection.project(self.connection, recorded)


@pytest.fixture
def connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def announced(connection: sa.Connection) -> tuple[Desk, Live]:
    """Two POP proposals, one selected; the second corrected a sheet and has an opinion."""
    desk, live = Desk(), Live(connection)
    desk.units.inline = (*desk.units.inline, live)
    cases = [desk.accepted(n, "POP", ubns(50, 100 * n)) for n in (1, 2)]
    desk.panel("POP")
    for case_id, total in zip(cases, (8000, 7500), strict=True):
        desk.presented(case_id)
        desk.scored(case_id, (total,) * 3)
    corrected = {"case_id": str(cases[1]), "scores_centi": sheet(7800), "reason": "誤植"}
    desk.do("CorrectScore", REVIEWERS[1], **corrected)
    desk.do("GiveOpinion", REVIEWERS[1], case_id=str(cases[1]), text="請補充")
    desk.ranked("POP")
    decision = {"case_id": str(cases[0]), "approved_count": 50, "approved_twd": 1_400_000}
    desk.do("DecideSelection", CHAIR, **decision)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    return desk, live


def unit(desk: Desk, connection: sa.Connection) -> Any:
    with desk.units.begin() as opened:
        return SimpleNamespace(connection=connection, streams=opened.streams)


def rows(connection: sa.Connection) -> list[Any]:
    return [
        [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
        for table in METADATA.sorted_tables
    ]


def test_the_list_shows_state_points_rank_and_result(announced, connection):
    desk, _ = announced
    first, second = QUERIES["reviews"](unit(desk, connection), call_id=str(CALL))
    assert (first["state"], first["rank"], first["approved_twd"]) == ("selected", 1, 1_400_000)
    assert (second["state"], second["rank"], second["final_centi"]) == ("not-selected", 2, 7600)
    assert (first["sheets"], second["sheets"]) == (3, 3)


def test_the_ranking_is_best_first(announced, connection):
    desk, _ = announced
    ranking = QUERIES["ranking"](unit(desk, connection), call_id=str(CALL), track="POP")
    assert [row["case_number"] for row in ranking] == ["CP112-0001", "CP112-0002"]


def test_opinions_are_shown_without_the_member(announced, connection):
    desk, _ = announced
    (opinion,) = QUERIES["opinions"](unit(desk, connection), case="CP112-0002")
    assert opinion["text"] == "請補充"
    assert "reviewer" not in str(opinion)


def test_a_case_is_found_by_its_number_with_sheets_and_decision(announced, connection):
    desk, _ = announced
    case = QUERIES["review_case"](unit(desk, connection), case="CP112-0001")
    assert len(case["score_sheets"]) == 3
    assert case["decision"]["approved_count"] == 50
    assert QUERIES["review_case"](unit(desk, connection), case="CP112-9999") is None


def test_panels_are_shown_with_their_members(announced, connection):
    desk, _ = announced
    (panel,) = QUERIES["panels"](unit(desk, connection), call_id=str(CALL))
    assert len(panel["members"]) == 3
    assert panel["closed"] is True


def test_files_of_a_call_come_in_order_of_submission(announced, connection):
    files = FileTable(connection)
    assert len(files.of_call(CALL, "POP")) == 2
    assert files.of_call(CALL, "FUS") == []


def test_a_replay_gives_the_same_rows(announced, connection):
    _, live = announced
    before = rows(connection)
    for table in METADATA.sorted_tables:
        connection.execute(table.delete())
    for recorded in live.seen:
        for projection in INLINE:
            projection.project(connection, recorded)
    assert rows(connection) == before
