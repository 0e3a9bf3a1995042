"""The proposal (提案): stream `proposal-<case id>`, from draft to the end of the screening; or, for
a programme entered at the award or the contract, the registered case.

Decisions that depend on the programme arrive as an Evaluation; here stand the invariants of
every programme: what may be done in which state, and that nothing is taken back after submission.
(Longer than a page: the life cycle is read as a whole.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from services.intake.domain import events as e
from services.intake.domain.errors import (
    AlreadyOpen,
    LettersOpen,
    NotADraft,
    NotSubmitted,
    UnknownDraft,
)
from shared.kernel.parties import numbers_of

DRAFT, SUBMITTED, LAPSED, ACCEPTED, REJECTED, REGISTERED = (
    "draft",
    "submitted",
    "lapsed",
    "accepted",
    "rejected",
    "registered",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """State folded from the stream; `forms` are the latest saved ones."""

    id: UUID | None = None
    case_number: str = ""
    state: str = ""
    call_id: UUID | None = None
    programme_id: str = ""
    pack_digest: str = ""
    applicant_ubn: str = ""
    applicant_name: str = ""
    forms: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[e.DocumentUploaded, ...] = ()  # every version, oldest first
    letters: Mapping[str, e.LetterAttached] = field(default_factory=dict)
    verified: Mapping[str, bool] = field(default_factory=dict)
    lookups: tuple[e.LookupRecorded, ...] = ()
    checks: Mapping[str, e.ScreeningCheckRecorded] = field(default_factory=dict)
    submission: e.ProposalSubmitted | None = None
    letter_base: tuple[str, ...] | None = None
    registration: Mapping[str, Any] | None = None
    first_forms: Mapping[str, Any] = field(default_factory=dict)  # as they were saved first
    ended: bool = False  # over elsewhere; only a legal hold asks for it

    def open(self, opened: e.CaseRegistered) -> Sequence[e.CaseRegistered]:
        """Open the draft. Raises AlreadyOpen when the case id is taken."""
        if self.id is not None:
            raise AlreadyOpen(self.case_number)
        return (opened,)

    def register(
        self, opened: e.CaseRegistered, forms: Mapping[str, Any]
    ) -> Sequence[e.CaseRegistered | e.FormSaved]:
        """A case enters at its award or contract, with sealed forms; the same again yields no
        event. Raises AlreadyOpen when the case id is taken by other content."""
        if self.id is None:
            saved = (e.FormSaved(case_id=opened.case_id, form=f, content=forms[f]) for f in forms)
            return (opened, *saved)
        known = {form: self.first_forms.get(form) for form in forms}
        if self.registration != opened.registration or known != dict(forms):
            raise AlreadyOpen(self.case_number)
        if (self.call_id, self.applicant_ubn) != (opened.call_id, opened.applicant_ubn):
            raise AlreadyOpen(self.case_number)
        return ()

    def save_form(self, form: str, content: Any) -> Sequence[e.FormSaved]:
        """Save one form of the draft; equal content yields no event. Raises NotADraft."""
        self.must_be_editable()
        if self.forms.get(form) == content:
            return ()
        return (e.FormSaved(case_id=self._id(), form=form, content=content),)

    def import_table(self, imported: e.TableImported) -> Sequence[e.TableImported]:
        """Replace a table of a form by the rows of a file. Raises NotADraft."""
        self.must_be_editable()
        return (imported,)

    def upload(self, document: e.DocumentUploaded) -> Sequence[e.DocumentUploaded]:
        """Add a document, or a new version of one; every earlier one stays. Raises NotADraft."""
        self.must_be_editable()
        return (document,)

    def submit(self, submission: e.ProposalSubmitted) -> Sequence[e.ProposalSubmitted]:
        """Submit once; a second submission is a no-op and the first stamp stays decisive.

        A draft that lapsed may still be submitted: the window was checked against the stamp,
        and a request that arrived in time may be handled after the timer.
        Raises NotSubmitted when the screening is already over.
        """
        if self.state == SUBMITTED:
            return ()
        if self.state not in (DRAFT, LAPSED):
            raise NotADraft(self.case_number, self.state)
        return (submission,)

    def lapse(self) -> Sequence[e.ProposalLapsed]:
        """The deadline has passed unsent; anything but a draft yields no event."""
        if self.state != DRAFT:
            return ()
        return (e.ProposalLapsed(case_id=self._id(), case_number=self.case_number),)

    def attach_letter(self, letter: e.LetterAttached) -> Sequence[e.LetterAttached]:
        """Attach a letter of intent, to a draft or a submitted proposal and after selection.

        Raises NotSubmitted for a lapsed, rejected or ended one.
        """
        if self.ended or self.state in (LAPSED, REJECTED):
            raise NotSubmitted(self.case_number, "ended" if self.ended else self.state)
        return (letter,)

    def verify_letter(self, ubn: str, verified: bool) -> Sequence[e.ProposalSupplemented]:
        """An officer's verdict on a letter. Raises UnknownDraft when there is no such letter."""
        letter = self.letters.get(ubn)
        if letter is None:
            raise UnknownDraft(f"{self.case_number}/{ubn}")
        if self.verified.get(ubn) is verified:
            return ()
        return (
            e.ProposalSupplemented(
                case_id=self._id(),
                case_number=self.case_number,
                kind="letter",
                ubn=ubn,
                verified=verified,
                after_grace=letter.after_grace,
            ),
        )

    def close_letters(self, base: tuple[str, ...]) -> Sequence[e.LettersClosed]:
        """Fix the base set of letters; once, and only for a submitted proposal."""
        if self.state != SUBMITTED or self.letter_base is not None:
            return ()
        return (e.LettersClosed(case_id=self._id(), base=base),)

    def record_lookup(
        self, ubns: tuple[str, ...], content: Mapping[str, Any]
    ) -> Sequence[e.LookupRecorded]:
        """What a public register said of enterprises. Raises NotSubmitted."""
        self.must_be_submitted()
        return (e.LookupRecorded(case_id=self._id(), ubns=ubns, content=content),)

    def record_check(
        self, check: str, outcome: str, note: str, ubn: str | None
    ) -> Sequence[e.ScreeningCheckRecorded]:
        """An officer's answer to one check. Raises NotSubmitted."""
        self.must_be_submitted()
        return (
            e.ScreeningCheckRecorded(
                case_id=self._id(), check=check, outcome=outcome, note=note, ubn=ubn
            ),
        )

    def reject(self, reasons: tuple[str, ...]) -> Sequence[e.ProposalRejected]:
        """Not accepted, with at least one rule id. Raises NotSubmitted."""
        self.must_be_submitted()
        return (
            e.ProposalRejected(case_id=self._id(), case_number=self.case_number, reasons=reasons),
        )

    def accept(self, accepted: e.ProposalAccepted) -> Sequence[e.ProposalAccepted]:
        """Eligible. Raises NotSubmitted."""
        self.must_be_submitted()
        return (accepted,)

    def end(self, how: str) -> Sequence[e.CaseEnded]:
        """Another service ended the case; a second time yields no event."""
        return () if self.ended else (e.CaseEnded(case_id=self._id(), how=how),)

    def resume(self) -> Sequence[e.CaseResumed]:
        """A reserve was called up; a case that goes on anyway yields no event."""
        return (e.CaseResumed(case_id=self._id()),) if self.ended else ()

    def must_exist(self) -> None:
        """Raises UnknownDraft when the stream is empty."""
        if self.id is None:
            raise UnknownDraft("")

    def must_be_editable(self) -> None:
        """A draft, or a registered case. Raises NotADraft."""
        if self.state not in (DRAFT, REGISTERED):
            raise NotADraft(self.case_number, self.state)

    def must_have_a_call(self) -> None:
        """Raises NotADraft for a registered case: it was never proposed here."""
        if self.state == REGISTERED:
            raise NotADraft(self.case_number, self.state)

    @property
    def parties(self) -> tuple[str, ...]:
        """統一編號 of all who act as the applicant."""
        rows = self.registration["parties"] if self.registration else ()
        return numbers_of(self.applicant_ubn, rows)

    def must_be_submitted(self) -> None:
        """Raises NotSubmitted."""
        if self.state != SUBMITTED:
            raise NotSubmitted(self.case_number, self.state)

    def is_verified(self, ubn: str) -> bool:
        """An officer's verdict on a letter; without one, a letter that came in time stands."""
        return self.verified.get(ubn, not self.letters[ubn].after_grace)

    def must_have_letters_closed(self) -> None:
        """Raises LettersOpen while letters may still come in (T05)."""
        if self.letter_base is None:
            raise LettersOpen(self.case_number)

    def current_documents(self) -> tuple[e.DocumentUploaded, ...]:
        """The newest version of each file."""
        return tuple({_file_key(d): d for d in self.documents}.values())

    def versions_of(self, document: e.DocumentUploaded) -> int:
        """How many versions of this file have come in."""
        return sum(_same_file(document, known) for known in self.documents)

    def _id(self) -> UUID:
        if self.id is None:
            raise UnknownDraft("")
        return self.id

    def apply(self, event: object) -> Proposal:
        """Fold one fact in."""
        match event:
            case e.CaseRegistered():
                return replace(
                    self,
                    id=event.case_id,
                    case_number=event.case_number,
                    state=REGISTERED if event.registration is not None else DRAFT,
                    registration=event.registration,
                    call_id=event.call_id,
                    programme_id=event.programme_id,
                    pack_digest=event.pack_digest,
                    applicant_ubn=event.applicant_ubn,
                    applicant_name=event.applicant_name,
                )
            case e.CaseRebound():
                return replace(self, pack_digest=event.to_digest)
            case e.FormSaved() | e.TableImported():
                first = {event.form: event.content, **self.first_forms}
                forms = {**self.forms, event.form: event.content}
                return replace(self, forms=forms, first_forms=first)
            case e.DocumentUploaded():
                return replace(self, documents=(*self.documents, event))
            case e.ProposalSubmitted():
                return replace(self, state=SUBMITTED, submission=event)
            case e.ProposalLapsed():
                return replace(self, state=LAPSED)
            case e.LetterAttached():
                verified = {ubn: ok for ubn, ok in self.verified.items() if ubn != event.ubn}
                return replace(self, letters={**self.letters, event.ubn: event}, verified=verified)
            case e.ProposalSupplemented():
                return replace(self, verified={**self.verified, event.ubn: event.verified})
            case e.LettersClosed():
                return replace(self, letter_base=event.base)
            case e.LookupRecorded():
                return replace(self, lookups=(*self.lookups, event))
            case e.ScreeningCheckRecorded():
                return replace(self, checks={**self.checks, f"{event.check}/{event.ubn}": event})
            case e.ProposalAccepted():
                return replace(self, state=ACCEPTED)
            case e.ProposalRejected():
                return replace(self, state=REJECTED)
            case e.CaseEnded() | e.CaseResumed():
                return replace(self, ended=isinstance(event, e.CaseEnded))
        return self


def _file_key(document: e.DocumentUploaded) -> tuple[str | None, ...]:
    return (
        document.kind,
        document.owner_ubn,
        document.party,
        document.about,
        document.period,
    )


def _same_file(one: e.DocumentUploaded, other: e.DocumentUploaded) -> bool:
    return _file_key(one) == _file_key(other)
