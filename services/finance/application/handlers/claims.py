"""Instalments that become payable, are held or reduced, and the claims for them."""

from __future__ import annotations

from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts
from services.finance.application.handlers.loading import append, load, load_own
from services.finance.application.handlers.signing import instalment_rows
from services.finance.application.ports import FinancePorts
from services.finance.domain import changes
from services.finance.domain import events as e
from services.finance.domain.errors import InvoiceUsed
from services.finance.domain.instalments import Instalment
from shared.kernel.permissions import permit


def make_instalment_payable(command: c.MakeInstalmentPayable, ports: FinancePorts) -> None:
    """Reaction: a checkpoint was passed; one that pays nothing changes nothing. Where the pack lets
    a finance review settle the instalment, it waits for that."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    reviewed = facts.settled_by(ports, contract, command.checkpoint) is not None
    events: list[object] = []
    for instalment in contract.payments.instalments.of_checkpoint(command.checkpoint):
        if reviewed:
            events.extend(contract.make_payable(_awaits(command, instalment)))
        else:
            events.extend(contract.make_payable(_became(command, instalment)))
    append(ports, command, command.case_id, loaded, events)


def hold_instalment(command: c.HoldInstalment, ports: FinancePorts) -> None:
    """Reaction: a checkpoint failed."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    of_checkpoint = contract.payments.instalments.of_checkpoint(command.checkpoint)
    held = (contract.hold(instalment.no, command.reason) for instalment in of_checkpoint)
    events = tuple(event for events in held for event in events)
    append(ports, command, command.case_id, loaded, events)


def apply_plan_change(command: c.ApplyPlanChange, ports: FinancePorts) -> None:
    """Reaction: a plan change is in force: other enterprises, a lower amount (never a higher)."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    key = facts.section(ports, contract).get("enterprise_ubn")
    added = [row[key] for row in command.added if key and row.get(key)]
    rows = instalment_rows(ports, contract, command.amount_twd)
    fresh = {row["no"]: row["amount_twd"] for row in rows}
    events = (
        *changes.change_list(contract, command.change_id, command.removed_ubns, added),
        *changes.reduce_amount(contract, command.change_id, command.amount_twd, fresh),
    )
    append(ports, command, command.case_id, loaded, events)


def submit_claim(command: c.SubmitClaim, ports: FinancePorts) -> dict[str, Any]:
    """The applicant claims an instalment, if the rules of moment `claim` hold."""
    loaded = load_own(ports, command.case_id, command)
    contract = loaded[0]
    contract.must_be_signed()
    claim = _claim(command)
    if command.claim_id in contract.payments.claims:
        contract.payments.submit_claim(claim)  # refuses other content under the same id
        return {"claim_id": str(command.claim_id)}
    instalment = contract.payments.instalments.get(command.instalment_no)
    if instalment.party_ubn is not None:
        permit("SubmitClaim", command.actor, applicant_ubn=instalment.party_ubn)
    facts.must_have_invoice(ports, contract, command)
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest,
        "claim",
        facts.claim(ports, contract, command, instalment),
    )
    number = command.invoice_number
    if number is not None and ports.invoices.used(number) is not None:
        raise InvoiceUsed(number)
    events = contract.flowing().submit_claim(claim)
    append(ports, command, command.case_id, loaded, events, evaluation.decision())
    return {
        "claim_id": str(command.claim_id),
        "findings": [finding.as_dict() for finding in evaluation.findings],
    }


def return_claim(command: c.ReturnClaim, ports: FinancePorts) -> None:
    """Finance sends a claim back."""
    loaded = load(ports, command.case_id)
    events = loaded[0].payments.return_claim(command.claim_id, command.reason)
    append(ports, command, command.case_id, loaded, events)


def _became(command: c.MakeInstalmentPayable, of: Instalment) -> e.InstalmentBecamePayable:
    return e.InstalmentBecamePayable(
        case_id=command.case_id,
        instalment_no=of.no,
        checkpoint=command.checkpoint,
        amount_twd=of.amount_twd,
        passed_on=command.passed_on,
        usage_records=command.usage_records,
        letters=command.letters,
        accepted_by=command.accepted_by,
    )


def _awaits(command: c.MakeInstalmentPayable, of: Instalment) -> e.InstalmentAwaitsReview:
    return e.InstalmentAwaitsReview(
        case_id=command.case_id,
        instalment_no=of.no,
        checkpoint=command.checkpoint,
        amount_twd=of.amount_twd,
        passed_on=command.passed_on,
        usage_records=command.usage_records,
        letters=command.letters,
        accepted_by=command.accepted_by,
        figures=command.figures or {},
    )


def _claim(command: c.SubmitClaim) -> e.ClaimSubmitted:
    return e.ClaimSubmitted(
        case_id=command.case_id,
        claim_id=command.claim_id,
        instalment_no=command.instalment_no,
        amount_twd=command.amount_twd,
        invoice_number=command.invoice_number,
        invoice_on=command.invoice_on,
        seller_ubn=command.seller_ubn,
        buyer=command.buyer,
        attachments=command.attachments,
        submitted_at=command.received_at,
    )
