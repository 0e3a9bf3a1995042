"""Public events of review (source /grantcase/review)."""

from __future__ import annotations

from marshmallow import fields

from shared.contracts.event_schema import (
    CaseEventSchema,
    PublicEventSchema,
    StepTaken,
    decided_by,
    registry_of,
    twd,
    ubn,
)


class ScoreRecorded(CaseEventSchema):
    """One member's closed sheet; scores in hundredths (2250 = 22.5 points). A correction is a
    new event with corrects = the sheet_id of the sheet it replaces."""

    type = "ScoreRecorded"
    sheet_id = fields.UUID(required=True)
    reviewer_id = fields.String(required=True)
    scores_centi = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    total_centi = fields.Integer(required=True)
    corrects = fields.UUID(required=True, allow_none=True)


class ProposalForfeited(CaseEventSchema):
    """Treated as waived (視為棄權): absent without good reason."""

    type = "ProposalForfeited"
    reason = fields.String(required=True)
    decided_by = decided_by()


class ResultsAnnounced(PublicEventSchema):
    """The list of one call. The announcement date is the counselling start date."""

    type = "ResultsAnnounced"
    call_id = fields.UUID(required=True)
    announced_on = fields.Date(required=True)
    # [{case_id, case_number, track, rank, outcome, approved_count, approved_twd}]
    results = fields.List(fields.Dict(), required=True)
    publication_url = fields.String(required=True)


class ProposalSelected(CaseEventSchema):
    """In the list, with the approved number of enterprises and amount, and the conditions that
    the contract plan has to answer. forms and enterprises are the approved version."""

    type = "ProposalSelected"
    call_id = fields.UUID(required=True)
    programme_id = fields.String(required=True)
    pack_digest = fields.String(required=True)
    applicant_ubn = ubn()
    applicant_name = fields.String(required=True)
    track = fields.String(required=True)
    tier = fields.String(required=True)
    cap_twd = twd()
    approved_count = fields.Integer(required=True)
    approved_twd = twd()
    enterprises = fields.List(fields.Dict(), required=True)
    letters = fields.List(fields.String(), required=True)
    conditions = fields.List(fields.Dict(), required=True)  # [{id, text}]
    forms = fields.Dict(keys=fields.String(), required=True)
    announced_on = fields.Date(required=True)
    decided_by = decided_by()


class ProposalNotSelected(CaseEventSchema):
    """Not in the list; rank is null below the pass mark. A reserve has its order: it may be
    called up later (ProposalSelected)."""

    type = "ProposalNotSelected"
    rank = fields.Integer(required=True, allow_none=True)
    reason = fields.String(required=True)
    reserve_order = fields.Integer(required=False, allow_none=True)
    decided_by = decided_by()


class SelectionRevoked(CaseEventSchema):
    """A selection is taken back (false filing, default)."""

    type = "SelectionRevoked"
    reason = fields.String(required=True)
    decided_by = decided_by()


EVENTS = registry_of(
    ScoreRecorded,
    ProposalForfeited,
    ResultsAnnounced,
    ProposalSelected,
    ProposalNotSelected,
    SelectionRevoked,
    StepTaken,
)
