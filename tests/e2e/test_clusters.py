"""The digital clusters of the demo: what each case came to, the money, and a store that can be
proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grantcase.auditing import verify_folder
from grantcase.backend import SERVICES
from grantcase.case_picture import picture
from grantcase.demo.clusters import story
from grantcase.demo.clusters.cast import Cast
from grantcase.demo.script import Script
from grantcase.embedded import Embedded
from grantcase.store_folder import create_store, write_clock
from grantcase.timeline import timeline
from shared.kernel.clock import SimulatedClock, parse_instant
from shared.kernel.ids import seeded_ids


@dataclass(frozen=True, slots=True)
class Told:
    """The finished story: its closed store and what its cases came to."""

    folder: Path
    cast: Cast
    timelines: dict[str, list[Mapping[str, Any]]]
    counts: dict[str, Any]
    reviews: list[Mapping[str, Any]]
    ledger: Mapping[str, Any]

    def of_type(self, key: str, name: str) -> list[Mapping[str, Any]]:
        return [event for event in self.timelines[key] if event["type"] == name]

    def money(self, key: str, name: str) -> list[int]:
        return [event["data"]["amount_twd"] for event in self.of_type(key, name)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("clusters") / "store"
    clock = SimulatedClock(parse_instant(story.begins()))
    create_store(folder, clock)
    embedded = Embedded(folder, clock=clock, new_ids=seeded_ids)
    try:
        cast = story.tell(Script(embedded, lambda line: None, name=story.PROGRAMME))
        return Told(
            folder=folder,
            cast=cast,
            timelines={key: timeline(embedded, str(cast.case(key))) for key in cast.numbers},
            counts={name: embedded.query(name, "counts") for name in SERVICES},
            reviews=embedded.query("review", "reviews"),
            ledger=embedded.query("finance", "ledger"),
        )
    finally:
        write_clock(folder, clock)
        embedded.close()


@pytest.mark.parametrize(
    ("key", "ending"),
    [
        ("terrace", "archived"),
        ("harbour", "archived"),
        ("ferry", "selection lapsed"),
        ("lantern", "not selected"),
        ("orchard", "not accepted"),
        ("quarry", "rescinded"),
        ("tidal", "abandoned"),
    ],
)
def test_each_case_comes_to_its_end(told: Told, key: str, ending: str) -> None:
    assert picture(told.timelines[key]).state[1] == ending


def test_the_missing_video_is_refused_when_late_and_then_rejects_the_case(told: Told) -> None:
    (refused,) = told.of_type("orchard", "CommandRefused")
    assert "DC-DOC-32" in refused["data"]["rules"]
    (rejected,) = told.of_type("orchard", "ProposalRejected")
    assert rejected["data"]["reasons"] == ["DC-DOC-34"]


def test_equal_points_share_a_rank_and_the_next_is_left_out(told: Told) -> None:
    numbers = {number: key for key, number in told.cast.numbers.items()}
    ranks = {numbers[row["case_number"]]: row["rank"] for row in told.reviews if row["rank"]}
    assert ranks == {
        **{"terrace": 1, "quarry": 2, "harbour": 3, "ferry": 3, "lantern": 5},
        "tidal": 1,
    }


def test_a_class_scores_by_its_own_weights(told: Told) -> None:
    weighed = {
        key: told.of_type(key, "ScoreRecorded")[0]["data"]["scores_centi"]["facet_plan"]
        for key in ("terrace", "tidal")
    }
    assert weighed == {"terrace": 6000 * 86 // 100, "tidal": 5000 * 83 // 100}


def test_the_mid_term_fails_once_and_passes_after_the_notice_to_cure(told: Told) -> None:
    names = ("CheckpointFailed", "CureNoticeIssued", "CheckpointPassed")
    seen = [event["type"] for event in told.timelines["harbour"] if event["type"] in names]
    assert seen == [*names, "CheckpointPassed"]
    (failed,) = told.of_type("harbour", "CheckpointFailed")
    findings = failed["decision"]["findings"]
    assert {row["rule"] for row in findings if row["severity"] == "block"} == {"DC-MON-23"}


@pytest.mark.parametrize(
    ("key", "instalments"),
    [
        ("terrace", [308_000, 572_000]),
        ("harbour", [332_500, 617_500]),
        ("quarry", [287_000]),
        ("tidal", [350_000]),
    ],
)
def test_thirty_five_percent_are_paid_first_and_then_the_rest(
    told: Told, key: str, instalments: list[int]
) -> None:
    assert told.money(key, "FundsDisbursed") == instalments


@pytest.mark.parametrize(("key", "amount"), [("tidal", 350_000), ("quarry", 287_000)])
def test_what_was_paid_on_a_broken_contract_comes_back(told: Told, key: str, amount: int) -> None:
    assert told.money(key, "RecoveryDemanded") == [amount]
    assert told.money(key, "RecoveryReceived") == [amount]


def test_only_who_gives_up_is_barred_and_for_two_years(told: Told) -> None:
    (barred,) = told.of_type("tidal", "ApplicantBarred")
    assert barred["data"]["until"] == "2025-09-25"
    assert told.of_type("quarry", "ApplicantBarred") == []


@pytest.mark.parametrize("key", ["tidal", "quarry"])
def test_a_broken_contract_misses_no_report_of_the_end(told: Told, key: str) -> None:
    assert told.of_type(key, "StepMissed") == []


def test_the_forgotten_year_of_follow_up_is_noticed(told: Told) -> None:
    raised = {
        key: [
            event["data"]["kind"]
            for event in told.of_type(key, "ComplianceAlertRaised")
            if event["occurred_at"] > "2024"
        ]
        for key in ("terrace", "harbour")
    }
    assert raised["terrace"] == []
    assert raised["harbour"] == ["follow-up-missing"]


def test_nothing_is_parked_and_the_store_can_be_proved(told: Told) -> None:
    assert {name: counts["parked"] for name, counts in told.counts.items()} == dict.fromkeys(
        SERVICES, 0
    )
    verdicts = verify_folder(told.folder)
    assert [(v.report.problem, v.report.unsealed) for v in verdicts] == [(None, 0)] * len(SERVICES)


def test_the_ledger_balances(told: Told) -> None:
    assert told.ledger["balances"]["trial_twd"] == 0
