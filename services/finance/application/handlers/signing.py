"""From the selection to the signed contract."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts
from services.finance.application.handlers.loading import append, load, load_own
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.budget import Budget
from services.finance.domain.contract import Contract
from services.finance.domain.signing import SIGNED
from shared.kernel.clock import after_day, start_of_day, taipei_date
from shared.kernel.ids import derived_id


def open_budget(command: c.OpenBudget, ports: FinancePorts) -> None:
    """Reaction: a call was published, with what it may spend."""
    budget, version = ports.streams.load(Budget, "budget", command.call_id)
    section = ports.packs.document(command.pack_digest).get("finance") or {}
    parameters = ports.packs.call(command.call_id)["parameters"]
    opened = e.BudgetOpened(
        call_id=command.call_id,
        programme_id=command.programme_id,
        amount_twd=parameters.get(section.get("budget")) or 0,
        opened_on=taipei_date(command.received_at),
    )
    ports.streams.append(
        "budget",
        command.call_id,
        budget.open(opened),
        expected_version=version,
        caused_by=command,
    )


def open_contract_file(command: c.OpenContractFile, ports: FinancePorts) -> None:
    """Reaction: a proposal was selected. The window is counted from the announcement."""
    contract, version = ports.streams.load(Contract, "contract", command.case_id)
    pack = ports.packs.document(command.pack_digest)
    window, key = pack["signing"], pack["finance"]["enterprise_ubn"]
    due_on = command.announced_on + timedelta(days=window["period_days"])
    opened = e.ContractFileOpened(
        case_id=command.case_id,
        case_number=command.case_number,
        call_id=command.call_id,
        programme_id=command.programme_id,
        pack_digest=command.pack_digest,
        applicant_ubn=command.applicant_ubn,
        applicant_name=command.applicant_name,
        track=command.track,
        approved_twd=command.approved_twd,
        approved_count=command.approved_count,
        enterprises=command.enterprises,
        enterprise_ubns=tuple(row[key] for row in command.enterprises if row.get(key)),
        letters=command.letters,
        conditions=command.conditions,
        forms=command.forms,
        announced_on=command.announced_on,
        reminder_on=due_on - timedelta(days=window["reminder_days"]),
        signing_due_on=due_on,
    )
    events = contract.open(opened)
    after = append(ports, command, command.case_id, (contract, version), events)
    if events:
        _set_timers(ports, after)


def stop_contract_file(command: c.StopContractFile, ports: FinancePorts) -> None:
    """Reaction: the selection was revoked. Unsigned: the file stops. Signed: payments stop and
    a finding waits for its hearing (T26)."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    if contract.signing.state != SIGNED:
        append(ports, command, command.case_id, loaded, contract.signing.stop(command.reason))
        return
    finding = e.FindingOpened(
        case_id=command.case_id,
        finding_id=command.finding_id,
        kind="selection-revoked",
        facts=command.reason,
        rules=(),
        evidence=(),
    )
    append(ports, command, command.case_id, loaded, contract.open_finding(finding))


def note_letter(command: c.NoteLetter, ports: FinancePorts) -> None:
    """Reaction: another letter is on file; before the selection that is not our business."""
    contract, version = ports.streams.load(Contract, "contract", command.case_id)
    events = contract.signing.note_letter(command.ubn)
    append(ports, command, command.case_id, (contract, version), events)


def submit_contract_plan(command: c.SubmitContractPlan, ports: FinancePorts) -> dict[str, Any]:
    """The applicant's contract plan; it may be handed in again until the signing."""
    loaded = load_own(ports, command.case_id, command)
    plan = e.ContractPlanSubmitted(
        case_id=command.case_id,
        amount_twd=command.amount_twd,
        enterprise_count=command.enterprise_count,
        answers=command.answers,
        usage_standard=command.usage_standard,
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
        _set_timers(ports, after)
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
        contract.signing.file.pack_digest, "lapse", facts.lapse(ports, contract, command)
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
        facts.sign(ports, contract, command, rows, command.invoice_clarification),
    )
    events = contract.sign(_signed(command, contract, rows))
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
        approved_count=file.approved_count,
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


def _set_timers(ports: FinancePorts, contract: Contract) -> None:
    case_id, due_on = contract.signing.file.case_id, contract.signing.due_on
    payload = {"case_id": str(case_id)}
    if contract.signing.reminded_on is None:
        ports.timers.schedule(
            derived_id(case_id, "signing-reminder"),
            start_of_day(contract.signing.file.reminder_on),
            "RemindSigning",
            payload,
        )
    if due_on is not None:  # a timer that has fired stays fired: the extended window has its own
        ports.timers.schedule(
            derived_id(case_id, "signing-window", due_on),
            after_day(due_on),
            "CloseSigningWindow",
            payload,
        )
