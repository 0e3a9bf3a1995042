"""The contract of a case that enters the line signed: its file and its signature at once."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.finance.application import commands as c
from services.finance.application.handlers import steps
from services.finance.application.handlers.loading import append
from services.finance.application.handlers.signing import instalment_rows
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from shared.kernel.decisions import Decision

_NOTE = "以契約進件 entered with its contract"


def register_contract(command: c.RegisterContract, ports: FinancePorts) -> None:
    """Reaction: a case was registered with its signed contract; there is no window to wait for.
    Instalments are those of the source document, else the pack's."""
    contract, version = ports.streams.load(Contract, "contract", command.case_id)
    opened = _opened(command, ports)
    pack_rows = partial(instalment_rows, ports, contract.apply(opened), command.amount_twd)
    rows = command.instalments or tuple(pack_rows())
    events = contract.register(opened, _signed(command, opened, rows))
    decision = Decision(
        programme=command.programme_id, digest=command.pack_digest, moment=None, note=_NOTE
    )
    append(ports, command, command.case_id, (contract, version), events, decision)
    if events:
        steps.plan(ports, command, command.case_id)


def _opened(command: c.RegisterContract, ports: FinancePorts) -> e.ContractFileOpened:
    key = (ports.packs.document(command.pack_digest).get("finance") or {}).get("enterprise_ubn")
    numbers = (row.get(key or "ubn") for row in command.enterprises)
    return e.ContractFileOpened(
        case_id=command.case_id,
        case_number=command.case_number,
        call_id=command.call_id,
        programme_id=command.programme_id,
        pack_digest=command.pack_digest,
        applicant_ubn=command.applicant_ubn,
        applicant_name=command.applicant_name,
        track=command.track,
        approved_twd=command.amount_twd,
        approved_count=len(command.enterprises),
        enterprises=command.enterprises,
        enterprise_ubns=tuple(number for number in numbers if number),
        letters=(),
        conditions=command.conditions,
        forms=command.forms,
        announced_on=command.signed_on,
        reminder_on=None,
        signing_due_on=command.signed_on,
        parties=command.parties,
        execution_start=command.execution_start,
        execution_end=command.execution_end,
    )


def _signed(
    command: c.RegisterContract, opened: e.ContractFileOpened, rows: tuple[Any, ...]
) -> e.ContractSigned:
    return e.ContractSigned(
        case_id=command.case_id,
        case_number=command.case_number,
        contract_number=command.contract_number,
        call_id=command.call_id,
        programme_id=command.programme_id,
        pack_digest=command.pack_digest,
        applicant_ubn=command.applicant_ubn,
        applicant_name=command.applicant_name,
        track=command.track,
        amount_twd=command.amount_twd,
        approved_count=opened.approved_count,
        enterprises=command.enterprises,
        letters=(),
        signed_on=command.signed_on,
        execution_start=command.execution_start,
        execution_end=command.execution_end,
        valid_to=command.execution_end,
        instalments=rows,
        usage_standard={},
        forms=command.forms,
        parties=command.parties,
    )
