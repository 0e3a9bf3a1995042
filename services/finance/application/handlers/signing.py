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
from services.finance.domain.errors import NotYet
from services.finance.domain.parties import shares_of
from shared.kernel.clock import taipei_date
from shared.kernel.errors import NotOfProgramme


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
    window = facts.document(ports, contract).get("signing") or {}
    if "extension_days" not in window:
        raise NotOfProgramme(contract.signing.file.programme_id, "extension_days")
    due_on = contract.signing.file.signing_due_on + timedelta(days=window["extension_days"])
    most = facts.section(ports, contract).get("signing_extensions", 0)
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
    window = facts.document(ports, contract).get("signing") or {}
    lapsed = contract.signing.lapse(  # state comes first
        taipei_date(command.received_at),
        command.reason,
        reminded=window.get("reminder_required", True),
    )
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest, "lapse", signing_facts.lapse(ports, contract, command)
    )
    append(ports, command, command.case_id, loaded, lapsed, evaluation.decision())


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
    """The pack's instalments of an amount: [{no, checkpoint, amount_twd}]. Where the contract has
    parties, each has its own of every checkpoint, the lead first: numbered through, with
    party_ubn."""
    if not contract.parties:
        return _rows_of(ports, contract, amount_twd)
    parties = contract.parties
    parts = [contract.shares.twd.get(party.ubn, party.subsidy_twd) for party in parties]
    if sum(parts) != amount_twd:
        parts = shares_of(amount_twd, parts)
    of_parties = [_rows_of(ports, contract, part) for part in parts]
    rows = [
        {**row, "party_ubn": party.ubn}
        for of_checkpoint in zip(*of_parties, strict=True)
        for party, row in zip(parties, of_checkpoint, strict=True)
    ]
    return [{**row, "no": no} for no, row in enumerate(rows, 1)]


def _rows_of(ports: FinancePorts, contract: Contract, amount_twd: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in facts.document(ports, contract).get("instalments") or ():
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
    execution_start = plan.execution_start if plan else file.execution_start
    execution_end = plan.execution_end if plan else file.execution_end
    if execution_start is None or execution_end is None:
        raise NotYet("尚未繳交簽約計畫書，執行期間未定", "no contract plan was handed in yet")
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
        amount_twd=plan.amount_twd if plan else file.approved_twd,
        approved_count=contract.enterprise_count,
        enterprises=file.enterprises,
        letters=tuple(sorted(contract.signing.letters)),
        signed_on=taipei_date(command.received_at),
        execution_start=execution_start,
        execution_end=execution_end,
        valid_to=plan.valid_to if plan else execution_end,
        instalments=tuple(rows),
        usage_standard=(plan.usage_standard if plan else None) or {},
        forms=file.forms,
        parties=file.parties,
    )
