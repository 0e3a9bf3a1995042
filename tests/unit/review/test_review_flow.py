"""From acceptance to the announced result, through the door, with the programme's own rules."""

from __future__ import annotations

from datetime import timedelta

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
    DEADLINE,
    OFFICER,
    REVIEWERS,
    Desk,
    sheet,
    ubns,
)


def rules_of(refused: pytest.ExceptionInfo[RefusedByRules]) -> set[str]:
    return {f.rule for f in refused.value.evaluation.blocking()}


def select(desk: Desk, case_id: object, count: int, twd: int, **more: object) -> object:
    return desk.do(
        "DecideSelection",
        CHAIR,
        case_id=str(case_id),
        approved_count=count,
        approved_twd=twd,
        **more,
    )


def ranked_pair(shared_from: int = 80) -> tuple[Desk, object, object]:
    """A POP proposal of 80, and a FUS one of 34 whose first enterprise is number shared_from of
    the POP list, submitted a minute later; both ranked."""
    desk = Desk()
    pop = desk.accepted(1, "POP", ubns(80), requested_twd=2_000_000)
    later = DEADLINE + timedelta(minutes=1)
    fus = desk.accepted(
        2, "FUS", ubns(34, shared_from), requested_twd=1_760_000, submitted_at=later
    )
    for track, case_id in (("POP", pop), ("FUS", fus)):
        desk.panel(track)
        desk.presented(case_id)
        desk.scored(case_id)
        desk.ranked(track)
    return desk, pop, fus


def test_the_proposal_submitted_first_keeps_an_enterprise_that_both_list():
    desk, pop, fus = ranked_pair()
    select(desk, pop, 80, 1_900_000)
    select(desk, fus, 34, 1_700_000)
    answer = desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    selected = desk.case(pop).selected, desk.case(fus).selected
    assert [one.approved_count for one in selected] == [80, 33]
    assert [len(one.enterprises) for one in selected] == [80, 33]
    assert ubns(1, 80)[0] in {row["ubn"] for row in selected[0].enterprises}
    assert ubns(1, 80)[0] not in {row["ubn"] for row in selected[1].enterprises}
    assert "CP-ELIG-19" in {finding["rule"] for finding in answer["findings"]}
    assert answer["announced_on"] == "2023-03-30"


def test_the_announced_list_carries_number_amount_and_rank_in_order_of_submission():
    desk, pop, fus = ranked_pair()
    select(desk, pop, 80, 1_900_000)
    answer = desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    rows = [(row["case_number"], row["outcome"], row["approved_twd"]) for row in answer["results"]]
    assert rows == [("CP112-0001", "selected", 1_900_000), ("CP112-0002", "not-selected", 0)]
    assert desk.case(fus).state == "not-selected"
    reason = desk.history("review", fus)[-1].event.reason
    assert "未列入委員會建議名單" in reason


def test_giving_up_a_shared_enterprise_may_not_leave_a_proposal_below_its_minimum():
    desk, pop, fus = ranked_pair(shared_from=76)  # five shared: 29 remain
    select(desk, pop, 80, 1_900_000)
    select(desk, fus, 34, 1_700_000)
    with pytest.raises(RefusedByRules) as refused:
        desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    assert rules_of(refused) == {"CP-TRK-11"}
    assert [r.type for r in desk.history("results", CALL)] == ["CommandRefused"]
    assert desk.case(pop).state == "ranked"


def test_after_such_a_refusal_the_committee_decides_again():
    desk, pop, fus = ranked_pair(shared_from=76)
    select(desk, pop, 75, 1_500_000, excluded_ubns=ubns(5, 76))
    select(desk, fus, 34, 1_700_000)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    assert desk.case(pop).selected.approved_count == 75
    assert desk.case(pop).selected.tier == "A"
    assert desk.case(fus).selected.approved_count == 34


def test_results_are_announced_once():
    desk, pop, _ = ranked_pair()
    select(desk, pop, 80, 1_900_000)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    with pytest.raises(errors.AlreadyAnnounced):
        desk.do("AnnounceResults", OFFICER, call_id=str(CALL))


def test_nothing_is_announced_while_a_track_is_not_ranked():
    desk, pop, _ = ranked_pair()
    desk.accepted(3, "POP", ubns(50, 200))
    select(desk, pop, 80, 1_900_000)
    with pytest.raises(errors.TrackNotRanked, match="CP112-0003"):
        desk.do("AnnounceResults", OFFICER, call_id=str(CALL))


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
    assert tasks == {("CP-ELIG-08", numbers[4]), ("CP-TRK-22", None)}


def test_a_reserve_is_called_up_only_after_a_lapse_and_in_order():
    desk = Desk()
    cases = [desk.accepted(n, "POP", ubns(50, 100 * n)) for n in (1, 2, 3)]
    desk.panel("POP")
    for case_id, total in zip(cases, (9000, 8500, 8000), strict=True):
        desk.presented(case_id)
        desk.scored(case_id, (total,) * 3)
    desk.ranked("POP")
    select(desk, cases[0], 50, 1_500_000)
    for place, case_id in enumerate(cases[1:], 1):
        select(desk, case_id, 50, 1_400_000, outcome="reserve", reserve_order=place)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    assert [desk.case(case_id).state for case_id in cases] == ["selected", "reserve", "reserve"]
    with pytest.raises(errors.NoVacancy):
        desk.do("CallUpReserve", OFFICER, case_id=str(cases[1]))
    lapsed = {"case_id": str(cases[0]), "case_number": "CP112-0001", "reason": "逾期未簽約"}
    desk.hears("finance", "ContractForfeited", {**lapsed, "decided_by": {}})
    with pytest.raises(errors.NoVacancy):
        desk.do("CallUpReserve", OFFICER, case_id=str(cases[2]))
    desk.do("CallUpReserve", OFFICER, case_id=str(cases[1]))
    assert desk.case(cases[1]).selected.approved_twd == 1_400_000
    with pytest.raises(errors.NoVacancy):
        desk.do("CallUpReserve", OFFICER, case_id=str(cases[2]))


def test_a_selection_is_revoked_on_a_finding_once():
    desk, pop, _ = ranked_pair()
    select(desk, pop, 80, 1_900_000)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    finding = {"case_id": str(pop), "finding": "企業名單登載不實", "reason": "申請資料不實"}
    with pytest.raises(RefusedByRules) as refused:
        desk.do("RevokeSelection", OFFICER, **{**finding, "finding": " "})
    assert rules_of(refused) == {"CP-SAN-01"}
    desk.do("RevokeSelection", OFFICER, **finding)
    assert desk.do("RevokeSelection", OFFICER, **finding)["events"] == []
    assert desk.case(pop).state == "revoked"


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
