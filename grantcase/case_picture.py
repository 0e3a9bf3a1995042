"""What a case looks like at some moment: read off its events, whichever service wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Event = Mapping[str, Any]

_STATES = {
    "CaseRegistered": ("草稿", "draft"),
    "ProposalSubmitted": ("已送件", "submitted"),
    "ProposalLapsed": ("視為未提案", "deemed not proposed"),
    "ProposalRejected": ("不予受理", "not accepted"),
    "ProposalAccepted": ("資格符合", "eligible"),
    "ProposalForfeited": ("視為棄權", "forfeited"),
    "ProposalNotSelected": ("未入選", "not selected"),
    "ProposalSelected": ("入選", "selected"),
    "SelectionRevoked": ("撤銷入選", "selection revoked"),
    "ContractForfeited": ("逾期未簽約", "selection lapsed"),
    "ContractSigned": ("執行中", "contract running"),
    "ContractAbandoned": ("放棄執行", "abandoned"),
    "ContractTerminated": ("終止契約", "terminated"),
    "ContractRescinded": ("解除契約", "rescinded"),
    "CaseClosed": ("已結案，追蹤中", "closed, in follow-up"),
    "FollowUpCompleted": ("追蹤期滿，已歸檔", "archived"),
}
_MONEY = {
    "FundsDisbursed": "paid_twd",
    "PaymentReturned": "returned_twd",
    "RecoveryDemanded": "demanded_twd",
    "RecoveryReceived": "recovered_twd",
}
_ENDED = {"ContractAbandoned", "ContractTerminated", "ContractRescinded"}


@dataclass(slots=True)
class Picture:
    """State in both languages, figures in NT$, open alerts, checkpoints, refused commands."""

    state: tuple[str, ...] = ("", "")  # zh-Hant, en
    track: str = ""
    enterprises: int | None = None
    contract_number: str | None = None
    contract_twd: int | None = None
    money: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_MONEY.values(), 0))
    checkpoints: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    alerts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    cleared_alerts: int = 0
    refusals: list[Event] = field(default_factory=list)
    deciding: Event | None = None  # the event that brought the state
    last: Event | None = None


def picture(events: Sequence[Event]) -> Picture:
    """Fold the events of one case, in timeline order."""
    seen = Picture()
    for event in events:
        _take(seen, event)
        seen.last = event
    return seen


def _take(seen: Picture, event: Event) -> None:
    kind, data = event["type"], event["data"]
    if kind in _STATES:
        _enter(seen, event)
    if kind in _MONEY:
        seen.money[_MONEY[kind]] += data["amount_twd"]
    match kind:
        case "CaseRegistered" if data.get("registration"):  # entered at the award or contract
            seen.track = data["registration"]["track"] or ""
            seen.enterprises = len(data["registration"]["enterprises"]) or None
        case "ProposalSubmitted":
            seen.track, seen.enterprises = data["track"], data["enterprise_count"]
        case "ProposalSelected":
            seen.enterprises = data["approved_count"]
        case "ContractSigned":
            seen.contract_number = data["contract_number"]
            seen.contract_twd = data["amount_twd"]
        case "CheckpointPassed":
            seen.checkpoints[data["checkpoint"]] = ("通過 passed", data["progress_bp"])
        case "CheckpointFailed":
            seen.checkpoints[data["checkpoint"]] = ("未達 failed", data["progress_bp"])
        case "ComplianceAlertRaised":
            seen.alerts[data["alert_id"]] = data
        case "ComplianceAlertCleared":
            seen.cleared_alerts += seen.alerts.pop(data["alert_id"], None) is not None
        case "CommandRefused":
            seen.refusals.append(event)


def _enter(seen: Picture, event: Event) -> None:
    """A broken contract stays broken when its follow-up is over; the state says both."""
    kind = event["type"]
    if seen.deciding is not None and seen.deciding["type"] in _ENDED:
        if kind == "FollowUpCompleted":
            seen.state = tuple(f"{a}；{b}" for a, b in zip(seen.state, _STATES[kind], strict=True))
        return
    seen.state, seen.deciding = _STATES[kind], event
