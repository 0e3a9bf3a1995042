"""Public events of monitoring (source /grantcase/monitoring)."""

from __future__ import annotations

from marshmallow import fields

from shared.contracts.event_schema import CaseEventSchema, StepTaken, decided_by, registry_of, twd


class CheckpointReported(CaseEventSchema):
    """The grantee handed in a checkpoint report (查核點)."""

    type = "CheckpointReported"
    checkpoint = fields.String(required=True)
    progress_bp = fields.Integer(required=True)  # weighted progress, basis points of 100 %
    reported_on = fields.Date(required=True)


class CheckpointPassed(CaseEventSchema):
    """Accepted: its instalment becomes payable."""

    type = "CheckpointPassed"
    checkpoint = fields.String(required=True)
    progress_bp = fields.Integer(required=True)
    passed_on = fields.Date(required=True)
    usage_records = fields.Boolean(required=True)  # system logs of enterprises are on file
    letters = fields.List(fields.String(), required=True)  # 統一編號 with a letter on file
    decided_by = decided_by()


class CheckpointFailed(CaseEventSchema):
    """Below plan: shortfall recorded, payment held, to be cured."""

    type = "CheckpointFailed"
    checkpoint = fields.String(required=True)
    progress_bp = fields.Integer(required=True)
    reasons = fields.List(fields.String(), required=True)
    cure_by = fields.Date(required=True, allow_none=True)
    decided_by = decided_by()


class PlanChangeApproved(CaseEventSchema):
    """An approved change of the plan; amount_twd is the new contract amount (never higher)."""

    type = "PlanChangeApproved"
    change_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    amount_twd = twd()
    removed_ubns = fields.List(fields.String(), required=True)
    added = fields.List(fields.Dict(), required=True)
    decided_by = decided_by()


class CureNoticeIssued(CaseEventSchema):
    """Written notice to cure (限期改善)."""

    type = "CureNoticeIssued"
    notice_id = fields.UUID(required=True)
    subject = fields.String(required=True)
    cure_by = fields.Date(required=True)
    decided_by = decided_by()


class ComplianceAlertRaised(CaseEventSchema):
    """Late, behind schedule, abnormal usage, missing follow-up, ..."""

    type = "ComplianceAlertRaised"
    alert_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    obligation = fields.String(required=True, allow_none=True)
    text = fields.Dict(keys=fields.String(), required=True)  # zh-Hant, en
    decided_by = decided_by()


class ComplianceAlertCleared(CaseEventSchema):
    """The cause of an alert is gone, or an officer cleared it with a reason."""

    type = "ComplianceAlertCleared"
    alert_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    reason = fields.String(required=True)


class CaseClosed(CaseEventSchema):
    """Closing approved (結案): the follow-up starts on closed_on; follow_up_ends_on is null where
    the programme has none, and the case is archived at once."""

    type = "CaseClosed"
    closed_on = fields.Date(required=True)
    follow_up_ends_on = fields.Date(required=True, allow_none=True)
    decided_by = decided_by()


class FollowUpCompleted(CaseEventSchema):
    """The follow-up period has ended; the case is archived."""

    type = "FollowUpCompleted"
    ended_on = fields.Date(required=True)
    reports = fields.Integer(required=True)
    missing = fields.Integer(required=True)


EVENTS = registry_of(
    CheckpointReported,
    CheckpointPassed,
    CheckpointFailed,
    PlanChangeApproved,
    CureNoticeIssued,
    ComplianceAlertRaised,
    ComplianceAlertCleared,
    CaseClosed,
    FollowUpCompleted,
    StepTaken,
)
