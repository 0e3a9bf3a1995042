"""The facts of finance's moments, from what the case and the registers hold.

A little longer than a page: one function per moment, to be read beside moments/finance.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.finance.application.commands import (
    DecideForceMajeure,
    DemandRecovery,
    SubmitClaim,
)
from services.finance.application.ports import FinancePorts
from services.finance.domain.contract import Contract
from services.finance.domain.instalments import Instalment
from shared.kernel.clock import taipei_date
from shared.kernel.envelope import Command
from shared.kernel.errors import InvalidInput
from shared.kernel.parties import alone
from shared.kernel.steps.taking import steps_of


def document(ports: FinancePorts, contract: Contract) -> Mapping[str, Any]:
    """The pack that binds the case."""
    return ports.packs.document(contract.signing.file.pack_digest)


def section(ports: FinancePorts, contract: Contract) -> Mapping[str, Any]:
    """The pack's section `finance`: names that finance's own code needs."""
    found: Mapping[str, Any] = document(ports, contract).get("finance") or {}
    return found


def base(ports: FinancePorts, contract: Contract, command: Command) -> dict[str, Any]:
    """now, call, actor, the forms and parties of the contract, the steps: in every moment."""
    file = contract.signing.file
    call = ports.packs.call(file.call_id)
    return {
        "now": command.received_at,
        "call": call["parameters"],
        "actor": {"id": command.actor.id, "organisation": command.actor.organisation},
        "plan": dict(file.forms),
        "steps": steps_of(ports, file.case_id, file.pack_digest),
        "parties": [party.as_dict() for party in contract.parties] or [*_alone(contract)],
    }


def _alone(contract: Contract) -> tuple[dict[str, Any], ...]:
    file = contract.signing.file
    amount_twd = contract.amount_twd if contract.signed else file.approved_twd
    return alone(file.applicant_ubn, file.applicant_name, amount_twd)


def settled_by(ports: FinancePorts, contract: Contract, checkpoint: str) -> str | None:
    """The moment of the finance review that settles a checkpoint's instalments; None: none does."""
    for row in document(ports, contract).get("instalments") or ():
        if row["checkpoint"] == checkpoint:
            moment: str | None = row.get("settled_by")
            return moment
    return None


def step(ports: FinancePorts, contract: Contract, command: Command) -> dict[str, Any]:
    """Moments of steps: the case as it stands."""
    file = contract.signing.file
    return {
        **base(ports, contract, command),
        "case": {
            "number": file.case_number,
            "state": contract.state,
            "track": file.track,
            "applicant_ubn": file.applicant_ubn,
            "amount_twd": contract.amount_twd if contract.signed else file.approved_twd,
            "paid_twd": contract.payments.net_paid_twd,
            "announced_on": file.announced_on.isoformat(),
            "due_on": text(contract.signing.due_on),
            "execution_start": text((contract.signed or file).execution_start),
            "execution_end": text((contract.signed or file).execution_end),
            "conditions": [dict(row) for row in file.conditions],
            "stops": list(contract.stops()),
        },
    }


def claim(
    ports: FinancePorts, contract: Contract, command: SubmitClaim, instalment: Instalment
) -> dict[str, Any]:
    """Moment `claim`. The enterprises are those in force now, plan changes included; letters are
    those of the checkpoint and those that came later."""
    signed = contract.must_be_signed()
    payments = contract.payments
    number = command.invoice_number
    used_by = ports.invoices.used(number) if number is not None else None
    live = (payments.live_claim(no) for no in payments.instalments.by_no)
    return {
        **base(ports, contract, command),
        "case": {
            "number": signed.case_number,
            "state": contract.state,
            "track": contract.signing.file.track,
            "applicant_ubn": signed.applicant_ubn,
            "amount_twd": contract.amount_twd,
            "claimed_twd": sum(c.amount_twd for c in live if c is not None),
            "paid_twd": payments.net_paid_twd,
            "enterprises": contract.enterprise_count,
            "letters": contract.letters(instalment.letters),
            "stops": list(contract.stops()),
        },
        "instalment": {
            "no": instalment.no,
            "checkpoint": instalment.checkpoint,
            "checkpoint_on": _checkpoint_on(ports, contract, instalment.checkpoint),
            "amount_twd": instalment.amount_twd,
            "state": instalment.state,
            "passed_on": text(instalment.passed_on),
            "usage_records": instalment.usage_records,
            "claimed": payments.live_claim(instalment.no) is not None,
        },
        "claim": {
            "amount_twd": command.amount_twd,
            "invoice_number": command.invoice_number,
            "invoice_on": text(command.invoice_on),
            "seller_ubn": command.seller_ubn,
            "buyer": command.buyer,
            "attachments": [str(row.get("kind")) for row in command.attachments],
            "submitted_on": taipei_date(command.received_at).isoformat(),
        },
        "registers": {
            "invoice_used_by": [used_by] if used_by else [],
        },
    }


def must_have_invoice(ports: FinancePorts, contract: Contract, command: SubmitClaim) -> None:
    """Raises InvalidInput naming what the moment `claim` of the pack wants of an invoice."""
    moments = document(ports, contract)["moments"]
    wanted = next((m["facts"].get("claim") or {} for m in moments if m["id"] == "claim"), {})
    for name in ("invoice_number", "invoice_on", "seller_ubn", "buyer"):
        needed = name in wanted and not str(wanted[name]).endswith("?")
        if needed and getattr(command, name) is None:
            raise InvalidInput(f"請款須填 {name}", f"a claim has its {name}", field=f"/{name}")


def abandon(ports: FinancePorts, contract: Contract, command: DecideForceMajeure) -> dict[str, Any]:
    """Moment `abandon`."""
    declared = contract.abandonment
    open_twd = sum(i.amount_twd for i in contract.payments.instalments.open())
    return {
        **base(ports, contract, command),
        "case": {
            "number": contract.signing.file.case_number,
            "state": contract.state,
            "paid_twd": contract.payments.net_paid_twd,
            "unpaid_twd": open_twd,
        },
        "abandonment": {
            "force_majeure_claimed": bool(declared and declared.force_majeure_claimed),
            "proofs": [str(p.get("kind")) for p in declared.proofs] if declared else [],
        },
        "decision": {"force_majeure": command.force_majeure, "reason": command.reason},
    }


def recovery(ports: FinancePorts, contract: Contract, command: DemandRecovery) -> dict[str, Any]:
    """Moment `recovery`."""
    opened = contract.recoveries.get(command.recovery_id).opened
    return {
        **base(ports, contract, command),
        "case": {
            "number": contract.signing.file.case_number,
            "state": contract.state,
            "paid_twd": contract.payments.net_paid_twd,
            "recoverable_twd": contract.recoverable_twd,
        },
        "recovery": {
            "decided_twd": opened.amount_twd,
            "amount_twd": command.amount_twd,
            "reason": opened.reason,
            "account": command.account,
            "kind": opened.kind,
            "party_ubn": opened.party_ubn,
        },
    }


def _checkpoint_on(ports: FinancePorts, contract: Contract, checkpoint: str) -> str | None:
    for row in document(ports, contract).get("checkpoints") or ():
        if row["id"] != checkpoint:
            continue
        file, call = contract.signing.file, ports.packs.call(contract.signing.file.call_id)
        if "due" in row:
            return str(call["parameters"][row["due"]])
        names = {"call": call["parameters"], "case": case_days(contract), "plan": dict(file.forms)}
        return str(ports.rules.compute(file.pack_digest, row["due_on"], names))
    return None


def case_days(contract: Contract) -> dict[str, str | None]:
    """`case` where the pack works out a due day."""
    file, signed = contract.signing.file, contract.signed
    return {
        "announced_on": file.announced_on.isoformat(),
        "signed_on": text(signed.signed_on if signed else None),
        "enrolled_on": text(signed.signed_on if signed else None),
        "execution_start": text((signed or file).execution_start),
        "execution_end": text((signed or file).execution_end),
    }


def text(day: date | None) -> str | None:
    """A day as the rules read it."""
    return day.isoformat() if day else None
