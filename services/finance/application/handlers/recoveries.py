"""Recoveries: demanded by two people, received, overdue, written off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts
from services.finance.application.handlers.loading import append, load
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.domain.errors import WrongDay
from services.finance.domain.recoveries import recovery_digest
from shared.kernel.clock import after_day, taipei_date
from shared.kernel.decisions import Evaluation
from shared.kernel.errors import NotOfProgramme
from shared.kernel.ids import derived_id
from shared.kernel.permissions import permit


def demand_recovery(command: c.DemandRecovery, ports: FinancePorts) -> dict[str, Any]:
    """The maker's side; the rules of moment `recovery` give the due day."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest, "recovery", facts.recovery(ports, contract, command)
    )
    due_on = _due_on(command, ports, contract, evaluation)
    proposed = e.RecoveryProposed(
        case_id=command.case_id,
        recovery_id=command.recovery_id,
        amount_twd=command.amount_twd,
        due_on=due_on,
        account=command.account,
        digest=recovery_digest(command.recovery_id, command.amount_twd, due_on, command.account),
        maker=command.actor.id,
    )
    events = contract.demand(proposed)
    append(ports, command, command.case_id, loaded, events, evaluation.decision())
    return {"digest": proposed.digest, "due_on": str(due_on)}


def _due_on(
    command: c.DemandRecovery, ports: FinancePorts, contract: Contract, evaluation: Evaluation
) -> date:
    """The pack's value of moment `recovery`; without one, the days of its sanctions."""
    name = (facts.section(ports, contract).get("values") or {}).get("recovery_due_on")
    if name is not None:
        return date.fromisoformat(evaluation.values[name])
    sanctions = facts.document(ports, contract).get("sanctions")
    if sanctions is None:
        raise NotOfProgramme(contract.signing.file.programme_id, "sanctions")
    return taipei_date(command.received_at) + timedelta(days=sanctions["recovery_due_days"])


def approve_recovery(command: c.ApproveRecovery, ports: FinancePorts) -> None:
    """The checker's side; from the day after the due day on the recovery is overdue."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    recovery = contract.recoveries.get(command.recovery_id)
    proposal = recovery.proposal
    permit("ApproveRecovery", command.actor, makers=(proposal.maker,) if proposal else ())
    events = contract.recoveries.approve(
        command.recovery_id,
        command.digest,
        command.actor.id,
        contract.signing.file.case_number,
        contract.recoverable_of(recovery.opened.party_ubn),
        taipei_date(command.received_at),
    )
    append(ports, command, command.case_id, loaded, events)
    if events and proposal is not None:
        ports.timers.schedule(
            derived_id(command.recovery_id, "overdue"),
            after_day(proposal.due_on),
            "RemindRecovery",
            {"case_id": str(command.case_id), "recovery_id": str(command.recovery_id)},
        )


def receive_recovery(command: c.ReceiveRecovery, ports: FinancePorts) -> dict[str, Any]:
    """Money came back."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    demand = contract.recoveries.get(command.recovery_id).demand
    today = taipei_date(command.received_at)
    if demand is not None and not demand.demanded_on <= command.received_on <= today:
        raise WrongDay(command.received_on, demand.demanded_on, today, field="received_on")
    events = contract.recoveries.receive(
        command.recovery_id,
        command.amount_twd,
        command.bank_reference,
        contract.signing.file.case_number,
        command.received_on,
    )
    after = append(ports, command, command.case_id, loaded, events)
    return {"outstanding_twd": after.recoveries.get(command.recovery_id).outstanding_twd}


def remind_recovery(command: c.RemindRecovery, ports: FinancePorts) -> None:
    """Timer: the due day has passed."""
    loaded = load(ports, command.case_id)
    events = loaded[0].recoveries.remind(command.recovery_id)
    append(ports, command, command.case_id, loaded, events)


def write_off_recovery(command: c.WriteOffRecovery, ports: FinancePorts) -> None:
    """The maker proposes to give up what is outstanding."""
    loaded = load(ports, command.case_id)
    events = loaded[0].recoveries.propose_write_off(
        command.recovery_id, command.authority, command.actor.id
    )
    append(ports, command, command.case_id, loaded, events)


def approve_write_off(command: c.ApproveWriteOff, ports: FinancePorts) -> None:
    """The checker agrees."""
    loaded = load(ports, command.case_id)
    proposal = loaded[0].recoveries.get(command.recovery_id).write_off
    permit("ApproveWriteOff", command.actor, makers=(proposal.maker,) if proposal else ())
    events = loaded[0].recoveries.approve_write_off(
        command.recovery_id, command.actor.id, taipei_date(command.received_at)
    )
    append(ports, command, command.case_id, loaded, events)
