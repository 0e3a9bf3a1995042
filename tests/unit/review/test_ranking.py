"""Ranking with ties, shared enterprises, tiers: the named methods."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from services.review.domain import errors, selection
from services.review.domain.events.selection import ResultsAnnounced
from services.review.domain.ranking import Standing, rank
from shared.kernel.clock import TAIPEI
from shared.kernel.ids import derived_id
from tests.support import review_events as given
from tests.support.review_desk import coprosperity

RANK_BY = ("final_centi", "base_centi", "first", "second")
NOON = datetime(2023, 3, 16, 12, 0, tzinfo=TAIPEI)
DAY = NOON.date()


def standing(number: int, final: int, base: int = 7000, first: int = 60, second: int = 60, n=3):
    return Standing(
        case_id=derived_id("case", number),
        case_number=f"CP112-{number:04d}",
        values={"final_centi": final, "base_centi": base},
        criterion_sums={"first": first, "second": second},
        members=n,
    )


def order(*standings: Standing, tie_order=()) -> list[str]:
    return [one.case_number[-1] for one in rank(standings, RANK_BY, tie_order).places]


def test_the_higher_final_score_comes_first():
    assert order(standing(1, 7100), standing(2, 7300), standing(3, 7200)) == ["2", "3", "1"]


def test_equal_finals_are_ordered_by_base_then_by_each_criterion():
    assert order(standing(1, 7200, base=7000), standing(2, 7200, base=7100)) == ["2", "1"]
    assert order(standing(1, 7200, first=59), standing(2, 7200, first=60)) == ["2", "1"]
    assert order(standing(1, 7200, second=59), standing(2, 7200, second=60)) == ["2", "1"]


def test_criterion_means_are_compared_exactly_over_different_numbers_of_members():
    four = standing(1, 7200, first=81, second=80, n=4)
    three = standing(2, 7200, first=61, second=60, n=3)
    assert order(four, three) == ["2", "1"]  # 20.333... against 20.25


def test_proposals_equal_in_everything_are_an_open_tie_until_the_committee_orders_them():
    equals = standing(1, 7200), standing(2, 7200)
    assert [len(group) for group in rank(equals, RANK_BY).open_ties] == [2]
    decided = rank(equals, RANK_BY, (equals[1].case_id, equals[0].case_id))
    assert decided.open_ties == ()
    assert [one.case_number[-1] for one in decided.places] == ["2", "1"]


def test_an_order_that_leaves_one_of_the_equals_out_decides_nothing():
    equals = standing(1, 7200), standing(2, 7200)
    assert rank(equals, RANK_BY, (equals[1].case_id,)).open_ties != ()


@examples(st.permutations(range(6)))
def test_the_ranking_does_not_depend_on_the_order_of_arrival(places):
    standings = [standing(n, 7000 + 10 * (n // 2), first=60 + n % 2) for n in range(6)]
    assert order(*(standings[n] for n in places)) == order(*standings)


def test_the_first_submitted_keeps_a_shared_enterprise_whatever_the_order_given():
    early = given.chosen(1, NOON, "abc")
    late = given.chosen(2, NOON + timedelta(microseconds=1), "cde")
    kept = selection.shared_enterprises([late, early])
    assert kept == {early.id: (), late.id: ("c",)}


def test_of_three_that_list_the_same_one_only_the_first_keeps_it():
    cases = [given.chosen(n, NOON + timedelta(minutes=n), "a") for n in (1, 2, 3)]
    kept = selection.shared_enterprises(cases)
    assert [kept[case.id] for case in cases] == [(), ("a",), ("a",)]


@pytest.mark.parametrize(
    ("track", "count", "expected"),
    [
        ("POP", 49, ("", 0)),
        ("POP", 50, ("A", 1_500_000)),
        ("POP", 75, ("A", 1_500_000)),
        ("POP", 76, ("B", 2_000_000)),
        ("POP", 101, ("B", 2_000_000)),
        ("FUS", 29, ("", 0)),
        ("FUS", 40, ("A", 1_760_000)),
        ("FUS", 41, ("B", 2_200_000)),
    ],
)
def test_the_tier_follows_from_the_number(track, count, expected):
    assert selection.tier_for(coprosperity().document["tracks"][track], count) == expected


def test_a_selected_proposal_carries_its_approved_version():
    case = given.ranked(given.selection_decided())
    (selected,) = selection.select(case, ("b",), "A", 1_500_000, DAY)
    assert [row["ubn"] for row in selected.enterprises] == ["a", "c"]
    assert (selected.approved_count, selected.approved_twd) == (2, 1_400_000)
    assert selected.conditions == ({"id": "C1", "text": "增列續用誘因"},)


def test_a_decision_is_replaced_until_the_announcement_and_repeated_it_changes_nothing():
    case = given.ranked(given.selection_decided())
    assert selection.decide_selection(case, given.selection_decided()) == ()
    cheaper = given.selection_decided(approved_twd=1)
    assert selection.decide_selection(case, cheaper) == (cheaper,)
    (selected,) = selection.select(case, (), "A", 1_500_000, DAY)
    with pytest.raises(errors.ReviewNotReady):
        selection.decide_selection(case.apply(selected), cheaper)


def test_a_reserve_needs_its_order():
    with pytest.raises(errors.OrderMissing):
        selection.decide_selection(given.ranked(), given.selection_decided(outcome="reserve"))


def test_only_an_enterprise_of_the_list_is_decided_about():
    with pytest.raises(errors.UnknownEnterprise):
        selection.decide_enterprise(given.ranked(), "z", True, "理由")
    (decided,) = selection.decide_enterprise(given.ranked(), "a", True, "理由")
    again = given.ranked(decided)
    assert selection.decide_enterprise(again, "a", True, "理由") == ()


def test_only_a_selected_proposal_is_revoked_or_lapses():
    with pytest.raises(errors.ReviewNotReady):
        selection.revoke(given.ranked(), "不實", "不實")
    assert selection.note_lapse(given.ranked(), "逾期") == ()


def test_a_call_is_announced_once():
    results = ResultsAnnounced(
        call_id=given.CALL, announced_on=DAY, results=(), publication_url="https://example.com/"
    )
    assert selection.CallResults().announce(results) == (results,)
    with pytest.raises(errors.AlreadyAnnounced):
        selection.CallResults().apply(results).announce(results)


def test_where_the_programme_shares_ranks_equals_have_one_and_the_next_is_skipped():
    equal = [standing(1, 9000), standing(2, 9000), standing(3, 8000)]
    ranking = rank(equal, RANK_BY, shared=True)
    assert [ranking.ranks[one.case_id] for one in ranking.places] == [1, 1, 3]
    assert not ranking.open_ties
