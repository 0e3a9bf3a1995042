"""Score sheets, corrections, conflicts, panels and opinions.

Over 200 lines: what a member may do is read in one place.
"""

from __future__ import annotations

import pytest

from services.review.domain import errors, opinions, sheets
from services.review.domain.events.committee import PanelAppointed
from services.review.domain.panel import Panel
from shared.kernel.envelope import Actor
from shared.kernel.errors import InvalidInput, NotPermitted, RefusedByRules
from shared.kernel.ids import derived_id
from shared.kernel.separations import DutiesSeparated
from tests.support import review_events as given
from tests.support.review_desk import CALL, LATER, OFFICER, REVIEWERS, Desk, sheet, ubns

ONE, TWO = REVIEWERS[0], REVIEWERS[1]
OTHER = {**given.SCORES, "kpi": 1200}
SECOND = derived_id("sheet", 2)
MEMBERS = ({"member_id": "m1", "background": "industry", "organisation": None},)


def open_desk(members: int = 3, **accepted: object) -> tuple[Desk, str]:
    desk = Desk()
    case_id = desk.accepted(1, "POP", ubns(50), **accepted)
    desk.panel("POP", members)
    desk.presented(case_id)
    return desk, str(case_id)


def refused_rules(desk: Desk, actor: Actor, **payload: object) -> list[str]:
    with pytest.raises(RefusedByRules) as refused:
        desk.do("RecordScore", actor, **payload)
    return sorted({finding.rule for finding in refused.value.evaluation.blocking()})


def test_a_sheet_is_recorded_with_its_total():
    (recorded,) = sheets.record_score(
        given.presented(), given.SHEET, "reviewer-1", given.SCORES, {}
    )
    assert recorded == given.score_recorded(total_centi=7650)


def test_the_same_sheet_again_changes_nothing_and_other_scores_need_a_correction():
    case = given.presented(given.score_recorded())
    assert sheets.record_score(case, SECOND, "reviewer-1", given.SCORES, {}) == ()
    with pytest.raises(errors.AlreadyScored):
        sheets.record_score(case, SECOND, "reviewer-1", OTHER, {})


def test_nothing_is_scored_before_the_presentation():
    case = given.folded(given.file_opened(), given.review_opened())
    with pytest.raises(errors.ReviewNotReady, match="accepted"):
        sheets.record_score(case, given.SHEET, "reviewer-1", given.SCORES, {})


def test_a_correction_points_at_the_sheet_it_replaces_and_keeps_its_reason():
    case = given.presented(given.score_recorded())
    recorded, explained = sheets.correct_score(case, SECOND, "reviewer-1", OTHER, {}, "誤植")
    assert (recorded.corrects, recorded.sheet_id) == (given.SHEET, SECOND)
    assert explained.reason == "誤植"
    assert case.apply(recorded).sheets["reviewer-1"].total_centi == 7750


def test_only_the_own_sheet_is_corrected_and_equal_scores_change_nothing():
    case = given.presented(given.score_recorded())
    assert sheets.correct_score(case, SECOND, "reviewer-1", given.SCORES, {}, "誤植") == ()
    with pytest.raises(errors.NoSheetYet):
        sheets.correct_score(case, SECOND, "reviewer-2", OTHER, {}, "誤植")


def test_a_conflict_is_declared_once_and_not_after_the_ranking():
    case = given.presented()
    kinship = given.conflict("reviewer-1", "kinship")
    (declared,) = sheets.declare_conflict(case, kinship)
    assert sheets.declare_conflict(case.apply(declared), kinship) == ()
    with pytest.raises(errors.RankingIsClosed):
        sheets.declare_conflict(given.ranked(), kinship)


def test_sheets_of_conflicted_members_do_not_count():
    members = {"m1": {"organisation": "12345676"}, "m2": {"organisation": None}}
    case = given.presented(
        given.score_recorded(reviewer_id="m1"),
        given.score_recorded(reviewer_id="m2"),
        given.score_recorded(reviewer_id="m3"),
    )
    (declared,) = sheets.declare_conflict(case, given.conflict("m3", "paid-advice"))
    counted = case.apply(declared).counted_sheets(members)
    assert [one.reviewer_id for one in counted] == ["m2"]


def test_a_panel_is_replaced_until_the_ranking_and_the_same_members_change_nothing():
    (appointed,) = Panel().appoint(CALL, "POP", MEMBERS)
    panel = Panel().apply(appointed)
    assert panel.appoint(CALL, "POP", MEMBERS) == ()
    other = ({**MEMBERS[0], "background": "academia"},)
    assert panel.appoint(CALL, "POP", other) == (
        PanelAppointed(call_id=CALL, track="POP", members=other),
    )
    with pytest.raises(errors.NotAMember):
        panel.must_hold("m9", "POP")
    with pytest.raises(errors.UnknownPanel):
        Panel().must_hold("m1", "POP")


def test_a_score_above_its_weight_is_refused_by_rule_and_kept_as_a_refusal():
    desk, case_id = open_desk()
    scores = {**sheet(8000), "integration": 550}
    assert refused_rules(desk, ONE, case_id=case_id, scores_centi=scores) == ["CP-REV-11"]
    kept = desk.history("review", case_id)[-1]
    assert (kept.type, kept.event.rules) == ("CommandRefused", ("CP-REV-11",))
    assert desk.case(derived_id("case", 1)).sheets == {}


def test_the_weight_itself_may_be_given():
    desk, case_id = open_desk()
    desk.do("RecordScore", ONE, case_id=case_id, scores_centi=sheet(10_000))
    assert desk.case(derived_id("case", 1)).sheets["reviewer-1"].total_centi == 10_000


def test_a_declared_conflict_refuses_the_members_sheet():
    desk, case_id = open_desk()
    desk.do("DeclareConflict", ONE, case_id=case_id, kind="shareholding")
    payload = {"case_id": case_id, "scores_centi": sheet(8000)}
    assert refused_rules(desk, ONE, **payload) == ["CP-REV-04"]
    with pytest.raises(NotPermitted):
        desk.do("GiveOpinion", ONE, case_id=case_id, text="意見")


@pytest.mark.parametrize(("ended_on", "refused"), [("2021-03-30", True), ("2021-03-29", False)])
def test_paid_advice_keeps_a_member_away_for_the_packs_years(ended_on: str, refused: bool):
    desk, case_id = open_desk()
    relation = {"case_id": case_id, "kind": "paid-advice", "ended_on": ended_on}
    assert desk.do("DeclareConflict", ONE, LATER, **relation)["counts"] is refused
    payload = {"case_id": case_id, "scores_centi": sheet(8000)}
    if refused:
        assert refused_rules(desk, ONE, **payload) == ["CP-REV-04"]
    else:
        desk.do("RecordScore", ONE, **payload)


def test_an_old_advice_does_not_lift_another_conflict():
    desk, case_id = open_desk()
    desk.do("DeclareConflict", ONE, case_id=case_id, kind="shareholding")
    desk.do("DeclareConflict", ONE, case_id=case_id, kind="paid-advice", ended_on="2019-01-01")
    assert desk.case(derived_id("case", 1)).conflicts == {"reviewer-1": "shareholding"}


def test_a_relation_that_the_programme_does_not_know_is_refused():
    desk, case_id = open_desk()
    with pytest.raises(RefusedByRules):
        desk.do("DeclareConflict", ONE, case_id=case_id, kind="neighbour")


def test_a_member_of_an_organisation_that_takes_part_is_refused_without_declaring():
    desk, case_id = open_desk()
    members = [
        {"member_id": "reviewer-1", "background": "industry", "organisation": "12345676"},
        {"member_id": "reviewer-2", "background": "academia"},
        {"member_id": "reviewer-3", "background": "research"},
    ]
    desk.do("AppointPanel", OFFICER, call_id=str(CALL), track="POP", members=members)
    payload = {"case_id": case_id, "scores_centi": sheet(8000)}
    assert refused_rules(desk, ONE, **payload) == ["CP-REV-04"]
    desk.do("RecordScore", TWO, **payload)


def test_whoever_screened_the_case_may_not_score_it():
    desk, case_id = open_desk()
    screener = Actor(id="screening-1", roles=("reviewer", "screening_officer"))
    members = [
        {"member_id": id, "background": background}
        for id, background in (
            ("screening-1", "industry"),
            ("reviewer-2", "academia"),
            ("reviewer-3", "research"),
        )
    ]
    desk.do("AppointPanel", OFFICER, call_id=str(CALL), track="POP", members=members)
    with pytest.raises(DutiesSeparated) as refused:
        desk.do("RecordScore", screener, case_id=case_id, scores_centi=sheet(8000))
    assert refused.value.rule == "CP-REV-04"


def test_somebody_outside_the_panel_may_not_score():
    desk, case_id = open_desk()
    outsider = Actor(id="reviewer-9", roles=("reviewer",))
    with pytest.raises(errors.NotAMember):
        desk.do("RecordScore", outsider, case_id=case_id, scores_centi=sheet(8000))


def test_a_member_declares_only_the_own_conflict_an_officer_also_others():
    desk, case_id = open_desk()
    payload = {"case_id": case_id, "kind": "kinship", "member_id": "reviewer-2"}
    with pytest.raises(errors.OthersConflict):
        desk.do("DeclareConflict", ONE, **payload)
    desk.do("DeclareConflict", OFFICER, **payload)
    assert desk.case(derived_id("case", 1)).conflicts == {"reviewer-2": "kinship"}


def test_a_correction_after_the_ranking_is_refused_by_rule():
    desk, case_id = open_desk()
    desk.scored(derived_id("case", 1))
    desk.ranked("POP")
    with pytest.raises(RefusedByRules) as refused:
        desk.do("CorrectScore", ONE, case_id=case_id, scores_centi=sheet(9000), reason="誤植")
    assert refused.value.rule == "CP-REV-23"


def test_a_correction_without_reason_is_refused_and_with_one_it_counts():
    desk, case_id = open_desk()
    desk.scored(derived_id("case", 1))
    correction = {"case_id": case_id, "scores_centi": sheet(9150)}
    with pytest.raises(RefusedByRules):
        desk.do("CorrectScore", ONE, **correction, reason="　")
    desk.do("CorrectScore", ONE, **correction, reason="加總誤植")
    assert desk.ranked("POP")["ranking"][0]["base_centi"] == 8150


def test_three_members_score_and_the_mean_is_rounded_half_up():
    desk, _ = open_desk()
    desk.scored(derived_id("case", 1), (6950, 7000, 7000))
    assert desk.ranked("POP")["ranking"][0]["base_centi"] == 6983


def test_an_opinion_is_given_once_and_answered():
    case = given.presented()
    (opinion,) = opinions.give_opinion(case, SECOND, "reviewer-1", "請補充")
    case = case.apply(opinion)
    assert opinions.give_opinion(case, SECOND, "reviewer-1", "請補充") == ()
    (answer,) = opinions.answer_opinion(case, SECOND, "已補充")
    assert opinions.answer_opinion(case.apply(answer), SECOND, "已補充") == ()
    with pytest.raises(errors.UnknownOpinion):
        opinions.answer_opinion(case, given.SHEET, "已補充")


def test_only_the_own_applicant_answers_an_opinion():
    desk, case_id = open_desk()
    opinion_id = desk.do("GiveOpinion", TWO, case_id=case_id, text="請補充")["opinion_id"]
    payload = {"case_id": case_id, "opinion_id": opinion_id, "text": "已補充"}
    stranger = Actor(id="a-9", roles=("applicant",), organisation="00000000")
    with pytest.raises(NotPermitted):
        desk.do("ReplyToOpinion", stranger, **payload)
    own = desk.case(derived_id("case", 1)).filed.applicant_ubn
    desk.do("ReplyToOpinion", Actor(id="a-1", roles=("applicant",), organisation=own), **payload)
    assert list(desk.case(derived_id("case", 1)).answers.values()) == ["已補充"]


def test_the_answers_to_the_questions_of_the_sheet_are_kept_and_corrected():
    (recorded,) = sheets.record_score(
        given.presented(), given.SHEET, "reviewer-1", given.SCORES, {"theme_fits": True}
    )
    assert recorded.answers == {"theme_fits": True}
    case = given.presented().apply(recorded)
    corrected, _ = sheets.correct_score(
        case, SECOND, "reviewer-1", given.SCORES, {"theme_fits": False}, "誤植"
    )
    assert corrected.answers == {"theme_fits": False}


@pytest.mark.parametrize("answers", [{"weather": True}, {"theme_fits": 1}, {"theme_fits": None}])
def test_an_answer_is_yes_or_no_to_a_question_that_was_asked(answers):
    with pytest.raises(InvalidInput, match="theme_fits"):
        sheets.must_be_answers(answers, ["theme_fits"])
