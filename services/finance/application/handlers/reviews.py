"""The finance review that sets an instalment, and the liability of the other parties."""

from __future__ import annotations

from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts, spending_facts
from services.finance.application.handlers.loading import append, load
from services.finance.application.handlers.spending import CATEGORY
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain import reviews
from services.finance.domain.contract import Contract
from services.finance.domain.errors import UnknownPart
from services.finance.domain.spending import Spending
from shared.kernel.clock import taipei_date
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import InvalidInput, NotOfProgramme


def close_finance_review(command: c.CloseFinanceReview, ports: FinancePorts) -> dict[str, Any]:
    """The rules of the moment that settles the instalment set what is paid of it."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    contract.must_be_signed()
    party_ubn = command.party_ubn or contract.signing.file.applicant_ubn
    if party_ubn not in contract.party_ubns:
        raise UnknownPart("單位", "party", party_ubn, field="party_ubn")
    whose = party_ubn if contract.parties else None
    closing = _closing(command, whose)
    known = contract.payments.reviews.get(command.review_id)
    if known is not None:
        reviews.close_review(contract, closing, _NOTHING)  # refuses other content under the id
        return {"payable_twd": known.payable_twd, "figures": dict(known.figures)}
    instalment = reviews.awaiting(contract, command.checkpoint, whose)
    moment = facts.settled_by(ports, contract, command.checkpoint)
    if moment is None:
        raise NotOfProgramme(contract.signing.file.programme_id, "settled_by")
    _must_tell_reduction(command, contract, instalment.passed)
    spending, _ = ports.streams.load(Spending, CATEGORY, command.case_id)
    shares = spending_facts.shares_of(ports, contract, spending, party_ubn, command.cut_off_on)
    movements = spending.account(party_ubn)
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest,
        moment,
        spending_facts.review(ports, contract, command, party_ubn, instalment, shares, movements),
    )
    outcome = _outcome(ports, contract, evaluation)
    events = reviews.close_review(contract, closing, outcome)
    append(ports, command, command.case_id, loaded, events, evaluation.decision())
    return {
        "payable_twd": outcome.payable_twd,
        "figures": dict(outcome.figures),
        "recoveries": [str(x.recovery_id) for x in events if isinstance(x, e.RecoveryOpened)],
        "findings": [finding.as_dict() for finding in evaluation.findings],
    }


def open_joint_claim(command: c.OpenJointClaim, ports: FinancePorts) -> dict[str, Any]:
    """The other parties are held liable for what is outstanding."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    recovery = contract.recoveries.get(command.recovery_id)
    events = contract.joint.open(
        recovery, contract.party_ubns, command.reason, taipei_date(command.received_at)
    )
    after = append(ports, command, command.case_id, loaded, events)
    return {"owed_twd": after.joint.owed(recovery)}


def release_joint_debtor(command: c.ReleaseJointDebtor, ports: FinancePorts) -> dict[str, Any]:
    """One of them is released, by consent."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    events = contract.joint.release(
        command.recovery_id, command.ubn, command.consent_no, command.consent_on
    )
    after = append(ports, command, command.case_id, loaded, events)
    return {"owed_twd": after.joint.owed(contract.recoveries.get(command.recovery_id))}


_NOTHING = reviews.Outcome(payable_twd=0, refund_twd=0, carried_twd=0, figures={})


def _closing(command: c.CloseFinanceReview, party_ubn: str | None) -> reviews.Closing:
    return reviews.Closing(
        review_id=command.review_id,
        checkpoint=command.checkpoint,
        party_ubn=party_ubn,
        cut_off_on=command.cut_off_on,
        interest_twd=command.interest_twd,
        note=command.note,
        reviewer=command.actor.id,
        closed_on=taipei_date(command.received_at),
    )


def _must_tell_reduction(
    command: c.CloseFinanceReview, contract: Contract, passed: e.InstalmentAwaitsReview | None
) -> None:
    """The decision's reduction is the case's: with several parties the review says whose it is."""
    decided = passed.figures.get("reduction_twd", 0) if passed else 0
    if decided and command.reduction_twd is None and len(contract.parties) > 1:
        raise InvalidInput(
            f"本案減價 {decided:,} 元，請填本單位分攤金額",
            f"the case is reduced by NT${decided:,}: say how much of it is this party's",
            field="reduction_twd",
        )


def _outcome(ports: FinancePorts, contract: Contract, evaluation: Evaluation) -> reviews.Outcome:
    names = facts.section(ports, contract).get("values") or {}
    values = evaluation.values
    for name in ("payable", "refund"):
        if names.get(name) not in values:
            raise NotOfProgramme(contract.signing.file.programme_id, f"finance.values.{name}")
    carried = str(names.get("carried"))
    return reviews.Outcome(
        payable_twd=int(values[names["payable"]]),
        refund_twd=int(values[names["refund"]]),
        carried_twd=int(values[carried]) if carried in values else 0,
        figures={name: value for name, value in values.items() if type(value) is int},
    )
