"""From acceptance to the committee's decision, through the door, with the programme's own rules."""

from __future__ import annotations

import pytest

from services.review.domain import errors
from shared.kernel.errors import (
    CommandIdReused,
    InvalidInput,
    NotPermitted,
    RefusedByRules,
    StaleVersion,
)
from shared.kernel.ids import derived_id
from tests.support.review_desk import (
    CALL,
    CHAIR,
    OFFICER,
    REVIEWERS,
    Desk,
    coprosperity,
    sheet,
    ubns,
)
from tests.support.review_steps import ranked_pair, rules_of, select


def test_a_rejected_proposal_does_not_hold_up_the_ranking():
    desk = Desk()
    good = desk.accepted(1, "POP", ubns(50))
    bad = desk.submitted(2, "POP", 50, 1_000_000)
    desk.panel("POP")
    desk.presented(good)
    desk.scored(good)
    with pytest.raises(errors.ReviewsOpen, match="CP112-0002"):
        desk.ranked("POP")
    rejected = {"case_id": str(bad), "case_number": "CP112-0002", "reasons": ["CP-TRK-15"]}
    desk.hears("intake", "ProposalRejected", {**rejected, "decided_by": {}})
    assert [row["rank"] for row in desk.ranked("POP")["ranking"]] == [1]


def test_a_proposal_below_the_pass_mark_is_not_ranked_and_cannot_be_selected():
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50))
    desk.panel("POP")
    desk.presented(case_id)
    desk.scored(case_id, (6950, 7000, 7000))
    row = desk.ranked("POP")["ranking"][0]
    assert (row["rank"], row["base_centi"], row["passed"]) == (None, 6983, False)
    with pytest.raises(RefusedByRules) as refused:
        select(desk, case_id, 50, 1_500_000)
    assert rules_of(refused) == {"CP-REV-16", "CP-REV-18"}
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    event = desk.history("review", case_id)[-1]
    assert event.type == "ProposalNotSelected"
    assert "CP-REV-16" in {f["rule"] for f in event.metadata.decision["findings"]}


def test_the_bonuses_that_the_pack_declares_are_recorded_with_their_evidence():
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50))
    desk.panel("POP")
    desk.presented(case_id)
    desk.scored(case_id)
    desk.ranked("POP")
    declared = coprosperity().document["scoring"]["bonuses"]
    standing = desk.case(case_id).standing
    assert [bonus["id"] for bonus in standing.bonuses] == [bonus["id"] for bonus in declared]
    assert [set(bonus["evidence"]) for bonus in standing.bonuses] == [
        set(bonus["evidence"]) for bonus in declared
    ]
    points = sum(bonus["points_centi"] for bonus in standing.bonuses)
    assert standing.final_centi == standing.base_centi + points


def test_two_members_are_not_enough():
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50))
    desk.panel("POP")
    desk.presented(case_id)
    desk.scored(case_id, (8000, 8000))
    with pytest.raises(RefusedByRules) as refused:
        desk.ranked("POP")
    assert rules_of(refused) == {"CP-REV-03"}


def test_a_sheet_of_a_member_who_declares_a_conflict_later_no_longer_counts():
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50))
    desk.panel("POP", members=4)
    desk.presented(case_id)
    desk.scored(case_id, (9000, 7000, 7000, 7000))
    desk.do("DeclareConflict", REVIEWERS[0], case_id=str(case_id), kind="kinship")
    assert desk.ranked("POP")["ranking"][0]["base_centi"] == 7000


def test_equal_proposals_need_the_committees_order_and_its_reason():
    desk = Desk()
    first, second = desk.accepted(1, "POP", ubns(50)), desk.accepted(2, "POP", ubns(50, 100))
    desk.panel("POP")
    for case_id in (first, second):
        desk.presented(case_id)
        desk.scored(case_id)
    with pytest.raises(RefusedByRules) as refused:
        desk.ranked("POP")
    assert rules_of(refused) == {"CP-REV-17"}
    order = [str(second), str(first)]
    with pytest.raises(RefusedByRules):
        desk.ranked("POP", tie_order=order)
    desk.ranked("POP", tie_order=order, tie_reason="第二案之在地連結較佳")
    assert (desk.case(second).standing.rank, desk.case(first).standing.rank) == (1, 2)


def test_the_chair_decides_only_within_the_request_and_the_cap():
    desk, pop, _ = ranked_pair()
    with pytest.raises(RefusedByRules) as refused:
        select(desk, pop, 80, 2_000_001)
    assert rules_of(refused) == {"CP-TRK-09", "CP-TRK-10"}


def test_number_and_list_must_agree():
    desk, pop, _ = ranked_pair()
    with pytest.raises(errors.CountDiffers):
        select(desk, pop, 79, 1_900_000)


def test_an_over_nine_enterprise_needs_a_verdict_and_a_rejected_one_leaves_the_list():
    desk = Desk()
    numbers = ubns(31)
    case_id = desk.accepted(1, "FUS", numbers, employees={numbers[0]: 15}, requested_twd=1_700_000)
    desk.panel("FUS")
    desk.presented(case_id)
    desk.scored(case_id)
    desk.ranked("FUS")
    with pytest.raises(RefusedByRules) as refused:
        select(desk, case_id, 31, 1_700_000)
    assert rules_of(refused) == {"CP-REV-24", "CP-ELIG-08"}
    verdict = {"case_id": str(case_id), "ubn": numbers[0], "approved": False}
    desk.do("DecideEnterprise", CHAIR, **verdict, reason="必要性不足")
    select(desk, case_id, 30, 1_700_000)
    assert numbers[0] not in desk.case(case_id).decision.approved_ubns


def test_the_committee_has_a_task_for_each_over_nine_enterprise():
    desk = Desk()
    numbers = ubns(31)
    case_id = desk.accepted(1, "FUS", numbers, employees={numbers[4]: 10})
    tasks = {(task["rule"], task["subject"].get("ubn")) for task in desk.case(case_id).opened.tasks}
    assert tasks == {("CP-ELIG-08", numbers[4]), ("CP-TRK-22", None), ("CP-KPI-25", None)}


def test_a_stale_version_is_refused():
    desk, pop, _ = ranked_pair()
    with pytest.raises(StaleVersion):
        select(desk, pop, 80, 1_900_000, expected_version=2)


def test_a_repeated_command_id_gives_the_first_answer_and_other_content_is_refused():
    desk, pop, _ = ranked_pair()
    command_id = derived_id("once")
    first = select(desk, pop, 80, 1_900_000, command_id=command_id)
    assert select(desk, pop, 80, 1_900_000, command_id=command_id) == first
    with pytest.raises(CommandIdReused):
        select(desk, pop, 80, 1_800_000, command_id=command_id)


def test_a_missing_field_and_a_wrong_type_are_named():
    desk, pop, _ = ranked_pair()
    with pytest.raises(InvalidInput, match="case_id"):
        desk.do("DecideSelection", CHAIR, approved_count=80)
    with pytest.raises(InvalidInput, match="approved_twd"):
        select(desk, pop, 80, "1900000")  # type: ignore[arg-type]
    scores = {**sheet(8000), "completeness": "20"}
    with pytest.raises(InvalidInput, match="completeness"):
        desk.do("RecordScore", CHAIR, case_id=str(pop), scores_centi=scores)


def test_a_wrong_role_is_refused():
    desk, pop, _ = ranked_pair()
    with pytest.raises(NotPermitted):
        desk.do("DecideSelection", OFFICER, case_id=str(pop))
