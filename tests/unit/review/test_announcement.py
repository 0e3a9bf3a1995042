"""The announcement: shared enterprises, reserves, revocation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.review.domain import errors
from shared.kernel.envelope import Actor
from shared.kernel.errors import NotPermitted, RefusedByRules
from tests.support.review_desk import CALL, LATER, OFFICER, Desk, ubns
from tests.support.review_steps import ranked_pair, rules_of, select


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
    decisions = [desk.history("review", id)[-1].metadata.decision for id in (pop, fus)]
    assert [decision["rules"] for decision in decisions] == [[], ["CP-ELIG-19"]]
    assert ubns(1, 80)[0] in decisions[1]["note"]


def test_a_reserve_submitted_first_takes_nothing_from_a_selected_proposal():
    desk, pop, fus = ranked_pair()
    select(desk, pop, 80, 1_900_000, outcome="reserve", reserve_order=1)
    select(desk, fus, 34, 1_700_000)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    assert desk.case(fus).selected.approved_count == 34


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
    notice = {"case_id": str(pop), "finding": "企業名單登載不實"}
    with pytest.raises(RefusedByRules) as refused:
        desk.do("RevokeSelection", OFFICER, **finding)
    assert rules_of(refused) == {"CP-SAN-14"}
    assert desk.do("GiveRevocationNotice", OFFICER, **notice)["answer_by"] == "2023-04-06"
    assert desk.do("GiveRevocationNotice", OFFICER, **notice)["events"] == []
    after = LATER + timedelta(days=8)
    with pytest.raises(RefusedByRules) as refused:
        desk.do("RevokeSelection", OFFICER, after, **{**finding, "reason": " "})
    assert rules_of(refused) == {"CP-SAN-01"}
    desk.do("RevokeSelection", OFFICER, after, **finding)
    assert desk.do("RevokeSelection", OFFICER, after, **finding)["events"] == []
    assert desk.case(pop).state == "revoked"


def test_before_a_revocation_the_applicant_is_heard():
    desk, pop, _ = ranked_pair()
    select(desk, pop, 80, 1_900_000)
    desk.do("AnnounceResults", OFFICER, call_id=str(CALL))
    file = desk.case(pop).filed
    own = Actor(id="a", roles=("applicant",), organisation=file.applicant_ubn)
    answer = {"case_id": str(pop), "text": "名單係依企業所填"}
    with pytest.raises(errors.NoNoticeYet):
        desk.do("AnswerRevocationNotice", own, **answer)
    desk.do("GiveRevocationNotice", OFFICER, case_id=str(pop), finding="名單不實")
    with pytest.raises(NotPermitted):
        desk.do("AnswerRevocationNotice", replace(own, organisation="12345676"), **answer)
    revoked = {"case_id": str(pop), "finding": "名單不實", "reason": "不實"}
    with pytest.raises(RefusedByRules):
        desk.do("RevokeSelection", OFFICER, **revoked)
    desk.do("AnswerRevocationNotice", own, **answer)
    assert desk.do("AnswerRevocationNotice", own, **answer)["events"] == []
    desk.do("RevokeSelection", OFFICER, **revoked)
    assert desk.case(pop).state == "revoked"
