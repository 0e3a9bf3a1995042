"""What comes in with a selection: the call's budget, the contract file, letters, a revocation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.finance.application import commands as c
from services.finance.application.facts import text
from services.finance.application.handlers import steps
from services.finance.application.handlers.loading import append, load
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.budget import Budget
from services.finance.domain.contract import Contract
from services.finance.domain.signing import SIGNED
from shared.kernel.clock import after_day, start_of_day, taipei_date
from shared.kernel.errors import NotOfProgramme
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
    """Reaction: a proposal was selected, or a case was registered at its award."""
    contract, version = ports.streams.load(Contract, "contract", command.case_id)
    pack = ports.packs.document(command.pack_digest)
    if "signing" not in pack:
        raise NotOfProgramme(pack["id"], "signing")
    key = (pack.get("finance") or {}).get("enterprise_ubn", "ubn")
    due_on = _due_on(command, ports, pack["signing"])
    reminder_days = pack["signing"].get("reminder_days")
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
        reminder_on=None if reminder_days is None else due_on - timedelta(days=reminder_days),
        signing_due_on=due_on,
        parties=command.parties,
        execution_start=command.execution_start,
        execution_end=command.execution_end,
    )
    events = contract.open(opened)
    after = append(ports, command, command.case_id, (contract, version), events)
    if events:
        set_timers(ports, after)
        steps.plan(ports, command, command.case_id)


def _due_on(command: c.OpenContractFile, ports: FinancePorts, window: Mapping[str, Any]) -> date:
    """The last day to sign: days from the announcement, or the pack's expression."""
    if "period_days" in window:
        return command.announced_on + timedelta(days=window["period_days"])
    names = {
        "call": ports.packs.call(command.call_id)["parameters"],
        "case": {
            "announced_on": command.announced_on.isoformat(),
            "execution_start": text(command.execution_start),
            "execution_end": text(command.execution_end),
        },
    }
    return date.fromisoformat(ports.rules.compute(command.pack_digest, window["due"], names))


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


def note_contract_letter(command: c.NoteContractLetter, ports: FinancePorts) -> None:
    """Reaction: another letter is on file; before the selection that is not our business."""
    contract, version = ports.streams.load(Contract, "contract", command.case_id)
    events = contract.signing.note_letter(command.ubn)
    append(ports, command, command.case_id, (contract, version), events)


def set_timers(ports: FinancePorts, contract: Contract) -> None:
    """The reminder and the end of the window; an extension has its own end."""
    case_id, due_on = contract.signing.file.case_id, contract.signing.due_on
    payload = {"case_id": str(case_id)}
    reminder_on = contract.signing.file.reminder_on
    if contract.signing.reminded_on is None and reminder_on is not None:
        ports.timers.schedule(
            derived_id(case_id, "signing-reminder"),
            start_of_day(reminder_on),
            "RemindSigning",
            payload,
        )
    if due_on is not None:
        ports.timers.schedule(
            derived_id(case_id, "signing-window", due_on),
            after_day(due_on),
            "CloseSigningWindow",
            payload,
        )
