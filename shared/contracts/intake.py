"""Public events of intake (source /grantcase/intake)."""

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


class PackPublished(PublicEventSchema):
    """A programme version is in force; every service stores `pack` under `digest`."""

    type = "PackPublished"
    programme_id = fields.String(required=True)
    version = fields.Integer(required=True)
    digest = fields.String(required=True)
    pack = fields.Dict(keys=fields.String(), required=True)


class CallPublished(PublicEventSchema):
    """A call: a pack version plus the call's parameters (windows, budget, announcement)."""

    type = "CallPublished"
    call_id = fields.UUID(required=True)
    call_code = fields.String(required=True)  # "112-1"
    programme_id = fields.String(required=True)
    pack_digest = fields.String(required=True)
    title = fields.Dict(keys=fields.String(), required=True)
    parameters = fields.Dict(keys=fields.String(), required=True)


class CaseRegistered(CaseEventSchema):
    """A case has its number: its draft was opened, or an officer registered it at its award or
    contract. Then `registration` holds what was registered: {applicant_name, track, document_no,
    decided_on, amount_twd, total_twd, parties: [{ubn, name, lead, total_twd, subsidy_twd,
    self_twd}], conditions: [{id, text}], execution_start, execution_end, enterprises,
    contract_number, signed_on, instalments: [{no, checkpoint, amount_twd}], forms}; days as text,
    forms without the fields that the pack marks personal. Null for a draft."""

    type = "CaseRegistered"
    call_id = fields.UUID(required=True, allow_none=True)
    programme_id = fields.String(required=True)
    pack_digest = fields.String(required=True)
    applicant_ubn = ubn()
    entry = fields.String(required=True)
    registration = fields.Dict(keys=fields.String(), required=False, allow_none=True)


class CaseRebound(CaseEventSchema):
    """An officer moved a running case to a later version of its pack: whoever holds the case
    decides by `to_digest` from here on. Decisions made before keep their own digest."""

    type = "CaseRebound"
    programme_id = fields.String(required=True)
    from_digest = fields.String(required=True)
    to_digest = fields.String(required=True)
    version = fields.Integer(required=True)  # of the later pack
    reason = fields.String(required=True)


class ProposalSubmitted(CaseEventSchema):
    """Submitted in time. submitted_at is the server's stamp."""

    type = "ProposalSubmitted"
    call_id = fields.UUID(required=True)
    programme_id = fields.String(required=True)
    pack_digest = fields.String(required=True)
    applicant_ubn = ubn()
    applicant_name = fields.String(required=True)
    track = fields.String(required=True)
    enterprise_count = fields.Integer(required=True)
    requested_twd = twd()
    submitted_at = fields.String(required=True)
    decided_by = decided_by()


class ProposalSupplemented(CaseEventSchema):
    """Something that may come after submission has come: today, a letter of intent."""

    type = "ProposalSupplemented"
    kind = fields.String(required=True)  # letter
    ubn = ubn()
    verified = fields.Boolean(required=True)
    after_grace = fields.Boolean(required=True)


class ProposalWithdrawn(CaseEventSchema):
    """Withdrawn before submission, where the programme allows it."""

    type = "ProposalWithdrawn"
    reason = fields.String(required=True)


class ProposalLapsed(CaseEventSchema):
    """Not submitted at the deadline: deemed not proposed (視為未提案)."""

    type = "ProposalLapsed"
    decided_by = decided_by()


class ProposalAccepted(CaseEventSchema):
    """Eligible. `forms` are the submitted forms less the fields the pack marks personal, with
    enterprises removed by the screening left out of the roster."""

    type = "ProposalAccepted"
    call_id = fields.UUID(required=True)
    programme_id = fields.String(required=True)
    pack_digest = fields.String(required=True)
    applicant_ubn = ubn()
    applicant_name = fields.String(required=True)
    track = fields.String(required=True)
    tier = fields.String(required=True)
    cap_twd = twd()
    requested_twd = twd()
    submitted_at = fields.String(required=True)
    enterprises = fields.List(fields.Dict(), required=True)  # rows of the roster
    letters = fields.List(fields.String(), required=True)  # 統一編號 of verified letters
    participant_ubns = fields.List(fields.String(), required=True)  # proposer, CSPs, partners
    tasks = fields.List(fields.Dict(), required=True)  # open officer tasks for the committee
    forms = fields.Dict(keys=fields.String(), required=True)
    decided_by = decided_by()


class ProposalRejected(CaseEventSchema):
    """Not accepted at screening, with at least one reason code (a rule id)."""

    type = "ProposalRejected"
    reasons = fields.List(fields.String(), required=True)
    decided_by = decided_by()


class SubjectErased(PublicEventSchema):
    """The key of a data subject is to be destroyed by every service."""

    type = "SubjectErased"
    subject_id = fields.String(required=True)


EVENTS = registry_of(
    PackPublished,
    CallPublished,
    CaseRegistered,
    CaseRebound,
    ProposalSubmitted,
    ProposalSupplemented,
    ProposalWithdrawn,
    ProposalLapsed,
    ProposalAccepted,
    ProposalRejected,
    SubjectErased,
    StepTaken,
)
