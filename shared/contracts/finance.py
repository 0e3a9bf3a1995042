"""Public events of finance (source /grantcase/finance)."""

from __future__ import annotations

from marshmallow import fields

from shared.contracts.event_schema import (
    CaseEventSchema,
    StepTaken,
    decided_by,
    registry_of,
    twd,
    ubn,
)


class ContractSigned(CaseEventSchema):
    """Signed by both parties; everything monitoring measures against, frozen."""

    type = "ContractSigned"
    contract_number = fields.String(required=True)
    call_id = fields.UUID(required=True, allow_none=True)
    programme_id = fields.String(required=True)
    pack_digest = fields.String(required=True)
    applicant_ubn = ubn()
    applicant_name = fields.String(required=True)
    track = fields.String(required=True)
    amount_twd = twd()
    approved_count = fields.Integer(required=True)
    enterprises = fields.List(fields.Dict(), required=True)
    letters = fields.List(fields.String(), required=True)
    signed_on = fields.Date(required=True)
    execution_start = fields.Date(required=True)
    execution_end = fields.Date(required=True)
    valid_to = fields.Date(required=True)
    # [{no, checkpoint, amount_twd}], each with party_ubn where there are parties
    instalments = fields.List(fields.Dict(), required=True)
    # {service_item, record_kinds, minimum, cycle, total}
    usage_standard = fields.Dict(required=True)
    # approved forms (KPI table, Gantt, checkpoint table, progress grid, ...) by the pack's ids
    forms = fields.Dict(keys=fields.String(), required=True)
    # [{ubn, name, lead, total_twd, subsidy_twd, self_twd}]; empty: only the applicant
    parties = fields.List(fields.Dict(), required=False)
    decided_by = decided_by()


class ContractForfeited(CaseEventSchema):
    """The signing window passed (選上而未簽約): the selection lapsed."""

    type = "ContractForfeited"
    reason = fields.String(required=True)
    decided_by = decided_by()


class InstalmentHeld(CaseEventSchema):
    """Payments are stopped: a checkpoint failed, or a recovery or termination is open."""

    type = "InstalmentHeld"
    instalment_no = fields.Integer(required=True)
    reason = fields.String(required=True)
    decided_by = decided_by()


class InstalmentApproved(CaseEventSchema):
    """Maker and checker, two people, approved a claim."""

    type = "InstalmentApproved"
    instalment_no = fields.Integer(required=True)
    claim_id = fields.UUID(required=True)
    amount_twd = twd()
    decided_by = decided_by()


class FundsDisbursed(CaseEventSchema):
    """Money left for the payee."""

    type = "FundsDisbursed"
    payment_id = fields.UUID(required=True)
    instalment_no = fields.Integer(required=True)
    amount_twd = twd()
    paid_on = fields.Date(required=True)
    payee_ubn = ubn()
    decided_by = decided_by()


class PaymentReturned(CaseEventSchema):
    """The bank sent a payment back, or a wrong payment was reversed (kind)."""

    type = "PaymentReturned"
    payment_id = fields.UUID(required=True)
    amount_twd = twd()
    kind = fields.String(required=True)  # bank-return | reversal
    reason = fields.String(required=True)


class RecoveryDemanded(CaseEventSchema):
    """Money already paid is claimed back (追回)."""

    type = "RecoveryDemanded"
    recovery_id = fields.UUID(required=True)
    amount_twd = twd()
    due_on = fields.Date(required=True)
    reason = fields.String(required=True)
    kind = fields.String(required=False)  # subsidy | interest | penalty | costs
    party_ubn = fields.String(required=False, allow_none=True)
    decided_by = decided_by()


class RecoveryReceived(CaseEventSchema):
    """Money came back; outstanding_twd = 0 ends the recovery."""

    type = "RecoveryReceived"
    recovery_id = fields.UUID(required=True)
    amount_twd = twd()
    outstanding_twd = twd()
    kind = fields.String(required=False)
    party_ubn = fields.String(required=False, allow_none=True)


class ContractAbandoned(CaseEventSchema):
    """The grantee gave up (放棄); force_majeure decided on proof."""

    type = "ContractAbandoned"
    reason = fields.String(required=True)
    force_majeure = fields.Boolean(required=True)
    decided_by = decided_by()


class ContractTerminated(CaseEventSchema):
    """Ended by the executing body (終止): payments stop, the follow-up stays."""

    type = "ContractTerminated"
    reason = fields.String(required=True)
    decided_by = decided_by()


class ContractRescinded(CaseEventSchema):
    """Undone from the start (解除)."""

    type = "ContractRescinded"
    reason = fields.String(required=True)
    decided_by = decided_by()


class ContractSettled(CaseEventSchema):
    """Every instalment paid or finally not payable, nothing outstanding."""

    type = "ContractSettled"
    paid_twd = twd()
    recovered_twd = twd()


class ApplicantBarred(CaseEventSchema):
    """A bar from the programme; the last barred day is `until` (inclusive)."""

    type = "ApplicantBarred"
    bar_id = fields.UUID(required=True)
    ubn = ubn()
    programme_id = fields.String(required=True)
    decided_on = fields.Date(required=True)
    until = fields.Date(required=True)
    reason = fields.String(required=True)
    # with years: the bar is about those programme years (ROC) only
    years_roc = fields.List(fields.Integer(strict=True), required=False)
    decided_by = decided_by()


class BarLifted(CaseEventSchema):
    """A bar ends early, by a new decision."""

    type = "BarLifted"
    bar_id = fields.UUID(required=True)
    ubn = ubn()
    reason = fields.String(required=True)
    decided_by = decided_by()


EVENTS = registry_of(
    ContractSigned,
    ContractForfeited,
    InstalmentHeld,
    InstalmentApproved,
    FundsDisbursed,
    PaymentReturned,
    RecoveryDemanded,
    RecoveryReceived,
    ContractAbandoned,
    ContractTerminated,
    ContractRescinded,
    ContractSettled,
    ApplicantBarred,
    BarLifted,
    StepTaken,
)
