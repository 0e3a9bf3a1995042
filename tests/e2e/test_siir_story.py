"""The innovation plans of the demo: what each case came to, the money to the dollar, and a store
that can be proved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grantcase.auditing import verify_folder
from grantcase.backend import SERVICES
from grantcase.case_picture import picture
from grantcase.demo.innovation import story
from grantcase.demo.innovation.cast import BY_KEY, Cast
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
    refused: list[Mapping[str, Any]]
    timelines: dict[str, list[Mapping[str, Any]]]
    counts: dict[str, Any]
    ledger: Mapping[str, Any]

    def of_type(self, key: str, name: str) -> list[Mapping[str, Any]]:
        return [event["data"] for event in self.timelines[key] if event["type"] == name]

    def money(self, key: str, name: str) -> list[int]:
        return [data["amount_twd"] for data in self.of_type(key, name)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("innovation") / "store"
    clock = SimulatedClock(parse_instant(story.BEGINS))
    create_store(folder, clock)
    embedded = Embedded(folder, clock=clock, new_ids=seeded_ids)
    try:
        script = Script(embedded, lambda line: None, name=story.PROGRAMME)
        cast = story.tell(script)
        return Told(
            folder=folder,
            cast=cast,
            refused=script.refused,
            timelines={key: timeline(embedded, str(cast.case(key))) for key in cast.numbers},
            counts={name: embedded.query(name, "counts") for name in SERVICES},
            ledger=embedded.query("finance", "ledger"),
        )
    finally:
        write_clock(folder, clock)
        embedded.close()


@pytest.mark.parametrize(
    ("key", "ending"),
    [
        ("noodles", "archived"),
        ("island", "archived"),
        ("laundry", "archived"),
        ("books", "selection lapsed"),
        ("bicycle", "terminated；archived"),
        ("florist", "rescinded"),
    ],
)
def test_each_case_comes_to_its_end(told: Told, key: str, ending: str) -> None:
    assert picture(told.timelines[key]).state[1] == ending


@pytest.mark.parametrize(
    ("key", "payments"),
    [
        ("noodles", [500_000, 500_000]),
        ("island", [500_000, 400_000, 300_000, 500_000, 400_000, 300_000]),
        ("laundry", [500_000, 400_000]),
        ("books", []),
        ("bicycle", [500_000]),
        ("florist", [500_000]),
    ],
)
def test_every_company_is_paid_to_the_dollar(told: Told, key: str, payments: list[int]) -> None:
    assert told.money(key, "FundsDisbursed") == payments


def test_the_printed_example_carries_its_surplus_into_the_second_year(told: Told) -> None:
    first, second = told.of_type("noodles", "FinanceReviewClosed")
    assert (first["figures"]["carry"], first["figures"]["forfeited1"]) == (50_000, 0)
    assert (second["figures"]["payable_total"], second["refund_twd"]) == (1_000_000, 0)


def test_an_unfinished_tenth_of_the_plan_costs_a_tenth_of_the_subsidy(told: Told) -> None:
    *_, last = told.of_type("laundry", "FinanceReviewClosed")
    assert last["figures"]["payable_total"] == 900_000
    (barred,) = told.of_type("laundry", "ApplicantBarred")
    assert barred["years_roc"] == [115]


def test_the_three_companies_of_the_joint_plan_have_instalments_of_their_own(told: Told) -> None:
    (signed,) = told.of_type("island", "ContractSigned")
    shares: dict[str, int] = {}
    for row in signed["instalments"]:
        shares[row["party_ubn"]] = shares.get(row["party_ubn"], 0) + row["amount_twd"]
    expected = dict(
        zip(
            (company.ubn for company in BY_KEY["island"].companies),
            (1_000_000, 800_000, 600_000),
            strict=True,
        )
    )
    assert shares == expected


def test_the_terminated_one_returns_what_its_settlement_gives(told: Told) -> None:
    assert told.money("bicycle", "RecoveryReceived") == [120_000, 1_234]
    assert told.of_type("bicycle", "ApplicantBarred") == []


def test_the_forger_returns_everything_and_is_barred_for_five_years(told: Told) -> None:
    assert told.money("florist", "RecoveryReceived") == [500_000, 2_345, 60_000]
    (barred,) = told.of_type("florist", "ApplicantBarred")
    assert barred["until"] == "2030-02-12"


def test_neither_of_the_barred_gets_another_award_registered(told: Told) -> None:
    assert [answer["rule"] for answer in told.refused] == ["SI-RES-014", "SI-RED-004"]


def test_nothing_is_parked_and_the_store_can_be_proved(told: Told) -> None:
    parked = {name: counts["parked"] for name, counts in told.counts.items()}
    assert parked == dict.fromkeys(SERVICES, 0)
    verdicts = verify_folder(told.folder)
    assert [(v.report.problem, v.report.unsealed) for v in verdicts] == [(None, 0)] * len(SERVICES)


def test_the_ledger_balances_and_nothing_is_owed(told: Told) -> None:
    balances = told.ledger["balances"]
    assert (balances["trial_twd"], balances["outstanding_twd"]) == (0, 0)
