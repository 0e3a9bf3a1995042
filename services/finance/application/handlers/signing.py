"""From the selection to the signed contract."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts, signing_facts
from services.finance.application.handlers.loading import append, load, load_own
from services.finance.application.handlers.selection import set_timers
from services.finance.application.ports import FinancePorts
from services.finance.application.standard import checked_standard
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from shared.kernel.clock import taipei_date


def submit_contract_plan(command: c.SubmitContractPlan, ports: FinancePorts) -> dict[str, Any]:
    """The applicant's contract plan; it may be handed in again until the signing."""
    loaded = load_own(ports, command.case_id, command)
    plan = e.ContractPlanSubmitted(
        case_id=command.case_id,
        amount_twd=command.amount_twd,
        enterprise_count=command.enterprise_count,
        answers=command.answers,
        usage_standard=checked_standard(command.usage_standard),
        execution_start=command.execution_start,
        execution_end=command.execution_end,
        valid_to=command.valid_to,
        payee_ubn=command.payee_ubn,
        can_issue_invoice=command.can_issue_invoice,
        submitted_at=command.received_at,
    )
    events = loaded[0].signing.submit_plan(plan)
    after = append(ports, command, command.case_id, loaded, events)
    return {"signing_due_on": str(after.signing.due_on)}


def extend_signing(command: c.ExtendSigning, ports: FinancePorts) -> dict[str, Any]:
    """Extend the window by the pack's days, as often as the pack allows."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    window = facts.document(ports, contract)["signing"]
    due_on = contract.signing.file.signing_due_on + timedelta(days=window["extension_days"])
    most = facts.section(ports, contract)["signing_extensions"]
    events = contract.signing.extend(due_on, command.reason, most)
    after = append(ports, command, command.case_id, loaded, events)
    if events:
        set_timers(ports, after)
    return {"signing_due_on": str(after.signing.due_on)}


def remind_signing(command: c.RemindSigning, ports: FinancePorts) -> None:
    """Timer: the written reminder."""
    loaded = load(ports, command.case_id)
    events = loaded[0].signing.remind(taipei_date(command.received_at))
    append(ports, command, command.case_id, loaded, events)


def close_signing_window(command: c.CloseSigningWindow, ports: FinancePorts) -> None:
    """Timer: the window has passed; lapsing stays an officer's decision."""
    loaded = load(ports, command.case_id)
    events = loaded[0].signing.close_window(taipei_date(command.received_at))
    append(ports, command, command.case_id, loaded, events)


def lapse_selection(command: c.LapseSelection, ports: FinancePorts) -> None:
    """The officer lets the selection lapse."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    contract.signing.lapse(taipei_date(command.received_at), command.reason)  # state comes first
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest, "lapse", signing_facts.lapse(ports, contract, command)
    )
    events = contract.signing.lapse(taipei_date(command.received_at), command.reason)
    append(ports, command, command.case_id, loaded, events, evaluation.decision())


def sign_contract(command: c.SignContract, ports: FinancePorts) -> dict[str, Any]:
    """Sign, if the rules of moment `contract` hold; everything measured later is frozen here."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    if contract.signed is None:
        contract.signing.must_be_preparing()
    rows = instalment_rows(ports, contract, contract.signing.file.approved_twd)
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest,
        "contract",
        signing_facts.sign(ports, contract, command, rows),
    )
    events = contract.sign(_signed(command, contract, rows))
    if events and command.exclusions_checked_on is not None:
        checked = e.ExclusionsChecked(
            case_id=command.case_id, checked_on=command.exclusions_checked_on
        )
        events = (checked, *events)
    append(ports, command, command.case_id, loaded, events, evaluation.decision())
    return {"instalments": rows}


def instalment_rows(
    ports: FinancePorts, contract: Contract, amount_twd: int
) -> list[dict[str, Any]]:
    """The pack's instalments of an amount: [{no, checkpoint, amount_twd}]."""
    rows: list[dict[str, Any]] = []
    for row in facts.document(ports, contract)["instalments"]:
        given = {
            "contract": {"amount_twd": amount_twd},
            "previous_twd": sum(earlier["amount_twd"] for earlier in rows),
        }
        amount = ports.rules.compute(contract.signing.file.pack_digest, row["amount"], given)
        rows.append({"no": row["no"], "checkpoint": row["checkpoint"], "amount_twd": amount})
    return rows


def _signed(
    command: c.SignContract, contract: Contract, rows: list[dict[str, Any]]
) -> e.ContractSigned:
    file, plan = contract.signing.file, contract.signing.plan
    if plan is None:
        raise AssertionError("the pack let a contract be signed without its plan")
    return e.ContractSigned(
        case_id=command.case_id,
        case_number=file.case_number,
        contract_number=command.contract_number,
        call_id=file.call_id,
        programme_id=file.programme_id,
        pack_digest=file.pack_digest,
        applicant_ubn=file.applicant_ubn,
        applicant_name=file.applicant_name,
        track=file.track,
        amount_twd=plan.amount_twd,
        approved_count=contract.enterprise_count,
        enterprises=file.enterprises,
        letters=tuple(sorted(contract.signing.letters)),
        signed_on=taipei_date(command.received_at),
        execution_start=plan.execution_start,
        execution_end=plan.execution_end,
        valid_to=plan.valid_to,
        instalments=tuple(rows),
        usage_standard=plan.usage_standard or {},
        forms=file.forms,
    )
