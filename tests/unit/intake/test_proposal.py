"""What may be done with a proposal in which state, and that nothing is taken back."""

from __future__ import annotations

import pytest

from services.intake.domain import events as e
from services.intake.domain.errors import (
    AlreadyOpen,
    LettersOpen,
    NotADraft,
    NotSubmitted,
    UnknownDraft,
)
from tests.support.intake_events import (
    CASE,
    NUMBER,
    SHOP,
    case_registered,
    document_uploaded,
    letter_attached,
    proposal,
    proposal_accepted,
    proposal_submitted,
)

DRAFT = (case_registered(),)
TABLE = e.TableImported(
    case_id=CASE, form="F19", table="F19", content=[], rows=0, source_digest="d"
)
SUBMITTED = (*DRAFT, proposal_submitted())
LAPSED = (*DRAFT, e.ProposalLapsed(case_id=CASE, case_number=NUMBER))
REJECTED = (*SUBMITTED, e.ProposalRejected(case_id=CASE, case_number=NUMBER, reasons=("EX-1",)))


def test_a_draft_is_opened_once():
    assert proposal().open(case_registered()) == (case_registered(),)
    with pytest.raises(AlreadyOpen, match=NUMBER):
        proposal(*DRAFT).open(case_registered())


def test_a_form_is_saved_and_the_same_content_again_changes_nothing():
    saved = proposal(*DRAFT).save_form("F01", {"track": "POP"})
    assert saved == (e.FormSaved(case_id=CASE, form="F01", content={"track": "POP"}),)
    assert proposal(*DRAFT, *saved).save_form("F01", {"track": "POP"}) == ()
    assert proposal(*DRAFT, *saved).save_form("F01", {"track": "FUS"}) != ()


@pytest.mark.parametrize("facts", [SUBMITTED, LAPSED, REJECTED])
def test_after_the_draft_nothing_may_be_edited_replaced_or_deleted(facts):
    held = proposal(*facts)
    for edit in (
        lambda: held.save_form("F01", {}),
        lambda: held.import_table(TABLE),
        lambda: held.upload(document_uploaded()),
    ):
        with pytest.raises(NotADraft):
            edit()


def test_an_imported_table_is_its_form_from_then_on():
    saved = e.FormSaved(case_id=CASE, form="F19", content=[{"ubn": SHOP}])
    held = proposal(*DRAFT, saved)
    assert held.import_table(TABLE) == (TABLE,)
    assert proposal(*DRAFT, saved, TABLE).forms["F19"] == []


def test_every_version_of_a_file_stays_and_the_newest_counts():
    first = document_uploaded(sha256="a" * 64)
    second = document_uploaded(sha256="b" * 64)
    other = document_uploaded(kind="slides", sha256="c" * 64)
    held = proposal(*DRAFT, first, second, other)
    assert held.documents == (first, second, other)
    assert held.current_documents() == (second, other)
    assert held.versions_of(first) == 2


def test_a_second_submission_is_a_no_op_and_the_first_stamp_stays():
    held = proposal(*SUBMITTED)
    assert held.submit(proposal_submitted(track="FUS")) == ()
    assert held.submission == proposal_submitted()


def test_a_request_that_arrived_in_time_is_taken_even_after_the_lapse():
    held = proposal(*LAPSED)
    assert held.submit(proposal_submitted()) == (proposal_submitted(),)
    assert proposal(*LAPSED, proposal_submitted()).state == "submitted"


def test_a_screened_proposal_is_not_submitted_again():
    with pytest.raises(NotADraft):
        proposal(*REJECTED).submit(proposal_submitted())


def test_only_a_draft_lapses():
    assert proposal(*DRAFT).lapse() == (e.ProposalLapsed(case_id=CASE, case_number=NUMBER),)
    assert proposal(*SUBMITTED).lapse() == ()
    assert proposal(*LAPSED).lapse() == ()


def test_letters_come_in_before_and_after_submission_but_not_to_a_dead_case():
    letter = letter_attached()
    for facts in (DRAFT, SUBMITTED, (*SUBMITTED, proposal_accepted())):
        assert proposal(*facts).attach_letter(letter) == (letter,)
    for facts in (LAPSED, REJECTED):
        with pytest.raises(NotSubmitted):
            proposal(*facts).attach_letter(letter)


def test_a_letter_in_time_stands_until_it_is_refused_and_a_late_one_until_it_is_verified():
    for after_grace in (False, True):
        letter = letter_attached(after_grace=after_grace)
        held = proposal(*SUBMITTED, letter)
        assert held.is_verified(SHOP) is not after_grace
        for verdict in (True, False):
            seen = proposal(*SUBMITTED, letter, *held.verify_letter(SHOP, verdict))
            assert seen.is_verified(SHOP) is verdict


def test_a_new_version_of_a_letter_has_to_be_verified_again():
    verdict = proposal(*SUBMITTED, letter_attached()).verify_letter(SHOP, False)
    held = proposal(*SUBMITTED, letter_attached(), *verdict, letter_attached())
    assert held.is_verified(SHOP)


def test_the_same_verdict_on_a_letter_again_changes_nothing():
    verdict = proposal(*SUBMITTED, letter_attached()).verify_letter(SHOP, True)
    held = proposal(*SUBMITTED, letter_attached(), *verdict)
    assert held.verify_letter(SHOP, True) == ()
    assert held.verify_letter(SHOP, False) != ()


def test_a_letter_that_never_came_cannot_be_verified():
    with pytest.raises(UnknownDraft):
        proposal(*SUBMITTED).verify_letter(SHOP, True)


def test_the_base_set_of_letters_is_fixed_once():
    facts = (*SUBMITTED, letter_attached())
    with pytest.raises(LettersOpen):
        proposal(*facts).must_have_letters_closed()
    closed = proposal(*facts).close_letters((SHOP,))
    assert closed == (e.LettersClosed(case_id=CASE, base=(SHOP,)),)
    proposal(*facts, *closed).must_have_letters_closed()
    assert proposal(*facts, *closed).close_letters(()) == ()
    assert proposal(*DRAFT).close_letters((SHOP,)) == ()


@pytest.mark.parametrize("facts", [DRAFT, LAPSED, REJECTED, (*SUBMITTED, proposal_accepted())])
def test_screening_needs_a_submitted_proposal(facts):
    held = proposal(*facts)
    for step in (
        lambda: held.accept(proposal_accepted()),
        lambda: held.reject(("EX-1",)),
        lambda: held.record_lookup((SHOP,), {}),
        lambda: held.record_check("EX-1", "ok", "", None),
    ):
        with pytest.raises(NotSubmitted):
            step()


def test_screening_ends_one_way_or_the_other():
    held = proposal(*SUBMITTED)
    assert held.accept(proposal_accepted()) == (proposal_accepted(),)
    (rejected,) = held.reject(("EX-1",))
    assert rejected.reasons == ("EX-1",)
    assert proposal(*SUBMITTED, rejected).state == "rejected"


def test_an_unknown_case_is_named_as_such():
    with pytest.raises(UnknownDraft):
        proposal().must_exist()


def registered(**changes):
    registration = {"parties": [{"ubn": SHOP}, {"ubn": "23456781"}], "track": "A"}
    return case_registered(entry="award", registration={**registration, **changes})


def test_a_registered_case_keeps_its_forms_and_is_no_draft():
    events = proposal().register(registered(), {"L01": {"title": "燈籠"}})
    case = proposal(*events)
    assert (case.state, case.parties) == ("registered", (SHOP, "23456781"))
    assert case.forms == {"L01": {"title": "燈籠"}}
    assert case.save_form("L01", {"title": "燈會"}) != ()
    with pytest.raises(NotADraft):
        case.must_have_a_call()


def test_the_same_registration_yields_no_event_even_after_a_form_was_changed():
    forms = {"L01": {"title": "燈籠"}}
    case = proposal(*proposal().register(registered(), forms))
    changed = case.apply(case.save_form("L01", {"title": "燈會"})[0])
    assert changed.register(registered(), forms) == ()
    for other, content in ((registered(track="B"), forms), (registered(), {"L01": {}})):
        with pytest.raises(AlreadyOpen):
            changed.register(other, content)


def test_a_draft_is_no_registration():
    with pytest.raises(AlreadyOpen):
        proposal(case_registered()).register(registered(), {})
