"""The facts of the moments before the signature: `contract` and `lapse`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.finance.application.commands import SignContract
from services.finance.application.facts import base, text
from services.finance.application.ports import FinancePorts
from services.finance.domain.contract import Contract
from shared.kernel.clock import taipei_date
from shared.kernel.envelope import Command


def sign(
    ports: FinancePorts,
    contract: Contract,
    command: SignContract,
    instalments: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Moment `contract`."""
    file, signing = contract.signing.file, contract.signing
    return {
        **base(ports, contract, command),
        "case": {
            "number": file.case_number,
            "state": contract.state,
            "track": file.track,
            "stops": list(contract.stops()),
            "applicant_ubn": file.applicant_ubn,
            "approved_twd": file.approved_twd,
            "approved_count": contract.enterprise_count,
            "announced_on": file.announced_on.isoformat(),
            "signing_due_on": text(signing.due_on),
            "conditions": [str(row["id"]) for row in file.conditions],
            "letters": contract.letters(),
            "frozen_forms": sorted(name for name, form in file.forms.items() if form),
            "instalments_twd": [row["amount_twd"] for row in instalments],
        },
        "contract_plan": _plan(contract),
        "officer": {
            "invoice_clarification": command.invoice_clarification or None,
            "exclusions_checked_on": text(command.exclusions_checked_on),
            "excluded_ubns": list(command.excluded_ubns),
        },
        "registers": {
            "same_call": ports.enterprises.others(
                file.call_id, file.case_id, sorted(contract.enterprise_ubns)
            ),
        },
    }


def lapse(ports: FinancePorts, contract: Contract, command: Command) -> dict[str, Any]:
    """Moment `lapse`."""
    return {
        **base(ports, contract, command),
        "case": {
            "number": contract.signing.file.case_number,
            "state": contract.state,
            "signing_due_on": text(contract.signing.due_on),
            "reminded_on": text(contract.signing.reminded_on),
        },
    }


def _plan(contract: Contract) -> dict[str, Any]:
    plan = contract.signing.plan
    usage = (plan.usage_standard if plan else None) or {}
    return {
        "submitted_on": taipei_date(plan.submitted_at).isoformat() if plan else None,
        "amount_twd": plan.amount_twd if plan else None,
        "enterprise_count": plan.enterprise_count if plan else None,
        "answers": [_answer(row) for row in plan.answers] if plan else [],
        "usage_standard": {
            "service_item": usage.get("service_item"),
            "record_kinds": list(usage.get("record_kinds") or []),
            "minimum": usage.get("minimum"),
            "cycle": usage.get("cycle"),
            "total": usage.get("total"),
        },
        "execution_start": text(plan.execution_start if plan else None),
        "execution_end": text(plan.execution_end if plan else None),
        "valid_to": text(plan.valid_to if plan else None),
        "payee_ubn": plan.payee_ubn if plan else None,
        "can_issue_invoice": plan.can_issue_invoice if plan else None,
    }


def _answer(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(row.get(name) or "") for name in ("condition", "status", "text")}
