"""From a passed checkpoint to the money, and back when it was wrong."""

from __future__ import annotations

from typing import Any

from services.finance.application import commands as c
from services.finance.application import facts
from services.finance.application.handlers.loading import append, load, load_own
from services.finance.application.handlers.signing import instalment_rows
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.disbursing import disbursement_digest
from services.finance.domain.errors import InvoiceUsed
from shared.kernel.clock import taipei_date
from shared.kernel.permissions import permit


def make_instalment_payable(command: c.MakeInstalmentPayable, ports: FinancePorts) -> None:
    """Reaction: a checkpoint was passed; one that pays nothing changes nothing."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    instalment = contract.payments.instalments.of_checkpoint(command.checkpoint)
    if instalment is None:
        return
    became = e.InstalmentBecamePayable(
        case_id=command.case_id,
        instalment_no=instalment.no,
        checkpoint=command.checkpoint,
        amount_twd=instalment.amount_twd,
        passed_on=command.passed_on,
        usage_records=command.usage_records,
        letters=command.letters,
        accepted_by=command.accepted_by,
    )
    append(ports, command, command.case_id, loaded, contract.make_payable(became))


def hold_instalment(command: c.HoldInstalment, ports: FinancePorts) -> None:
    """Reaction: a checkpoint failed."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    instalment = contract.payments.instalments.of_checkpoint(command.checkpoint)
    if instalment is not None:
        events = contract.hold(instalment.no, command.reason)
        append(ports, command, command.case_id, loaded, events)


def reduce_contract(command: c.ReduceContract, ports: FinancePorts) -> None:
    """Reaction: a plan change lowered the amount; it never raises it."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    fresh = {
        row["no"]: row["amount_twd"] for row in instalment_rows(ports, contract, command.amount_twd)
    }
    events = contract.reduce(command.change_id, command.amount_twd, fresh)
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
    evaluation = ports.rules.enforce(
        contract.signing.file.pack_digest,
        "claim",
        facts.claim(ports, contract, command, instalment),
    )
    if ports.invoices.used(command.invoice_number) is not None:
        raise InvoiceUsed(command.invoice_number)
    events = contract.flowing().submit_claim(claim)
    append(ports, command, command.case_id, loaded, events, evaluation.decision())
    return {
        "claim_id": str(command.claim_id),
        "findings": [f.as_dict() for f in evaluation.findings if f.audience == "applicant"],
    }


def return_claim(command: c.ReturnClaim, ports: FinancePorts) -> None:
    """Finance sends a claim back."""
    loaded = load(ports, command.case_id)
    events = loaded[0].payments.return_claim(command.claim_id, command.reason)
    append(ports, command, command.case_id, loaded, events)


def prepare_disbursement(command: c.PrepareDisbursement, ports: FinancePorts) -> dict[str, Any]:
    """The maker's side; the answer carries the digest that the checker is to approve. The payee
    is always the party of the contract (CP-CON-04)."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    claim = contract.payments.claim(command.claim_id)
    payee = contract.must_be_signed().applicant_ubn
    draft = e.DisbursementPrepared(
        case_id=command.case_id,
        disbursement_id=command.disbursement_id,
        revision=1,
        claim_id=command.claim_id,
        instalment_no=claim.instalment_no,
        amount_twd=command.amount_twd,
        payee_ubn=payee,
        payee_account=command.payee_account,
        digest=disbursement_digest(
            command.claim_id, command.amount_twd, payee, command.payee_account
        ),
        maker=command.actor.id,
    )
    events = contract.prepare(draft)
    after = append(ports, command, command.case_id, loaded, events)
    return _standing(after.payments.disbursements[command.disbursement_id].prepared)


def edit_disbursement(command: c.EditDisbursement, ports: FinancePorts) -> dict[str, Any]:
    """Another revision; whoever approved the last one has to look again."""
    loaded = load(ports, command.case_id)
    events = (
        loaded[0]
        .flowing()
        .edit(command.disbursement_id, command.amount_twd, command.payee_account, command.actor.id)
    )
    after = append(ports, command, command.case_id, loaded, events)
    return _standing(after.payments.disbursements[command.disbursement_id].prepared)


def approve_disbursement(command: c.ApproveDisbursement, ports: FinancePorts) -> None:
    """The checker's side: another person, and exactly what stands."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    known = contract.payments.open_disbursement(command.disbursement_id)
    makers = contract.payments.makers(command.disbursement_id)
    permit("ApproveDisbursement", command.actor, makers=makers)
    contract.must_fit_contract(known.prepared.amount_twd)
    events = contract.flowing().approve(
        command.disbursement_id,
        command.digest,
        command.actor.id,
        contract.signing.file.case_number,
        taipei_date(command.received_at),
    )
    append(ports, command, command.case_id, loaded, events)


def confirm_payment(command: c.ConfirmPayment, ports: FinancePorts) -> None:
    """The bank has paid what was approved."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    known = contract.payments.payments.get(command.payment_id)
    draft = (
        contract.payments.disbursements[known.paid.disbursement_id].prepared
        if known
        else contract.payments.open_disbursement(command.disbursement_id).prepared
    )
    paid = e.FundsDisbursed(
        case_id=command.case_id,
        case_number=contract.signing.file.case_number,
        payment_id=command.payment_id,
        instalment_no=draft.instalment_no,
        amount_twd=draft.amount_twd,
        paid_on=command.paid_on,
        payee_ubn=draft.payee_ubn,
        disbursement_id=command.disbursement_id,
        bank_reference=command.bank_reference,
    )
    today = taipei_date(command.received_at)
    events = contract.confirm(paid, today)
    append(ports, command, command.case_id, loaded, events)


def record_bank_return(command: c.RecordBankReturn, ports: FinancePorts) -> None:
    """The bank sent it back."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    events = contract.payments.bank_return(
        command.payment_id,
        command.reason,
        contract.signing.file.case_number,
        command.returned_on,
        taipei_date(command.received_at),
    )
    append(ports, command, command.case_id, loaded, events)


def reverse_payment(command: c.ReversePayment, ports: FinancePorts) -> None:
    """The maker proposes a reversal."""
    loaded = load(ports, command.case_id)
    events = loaded[0].propose_reversal(command.payment_id, command.reason, command.actor.id)
    append(ports, command, command.case_id, loaded, events)


def approve_reversal(command: c.ApproveReversal, ports: FinancePorts) -> None:
    """The checker agrees."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    reversal = contract.payments.payment(command.payment_id).reversal
    permit("ApproveReversal", command.actor, makers=(reversal.maker,) if reversal else ())
    events = contract.payments.approve_reversal(
        command.payment_id,
        command.actor.id,
        contract.signing.file.case_number,
        taipei_date(command.received_at),
    )
    append(ports, command, command.case_id, loaded, events)


def receive_reversal(command: c.ReceiveReversal, ports: FinancePorts) -> None:
    """The money of a wrong payment is back."""
    loaded = load(ports, command.case_id)
    events = loaded[0].payments.receive_reversal(
        command.payment_id, command.bank_reference, taipei_date(command.received_at)
    )
    append(ports, command, command.case_id, loaded, events)


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


def _standing(draft: e.DisbursementPrepared) -> dict[str, Any]:
    return {
        "disbursement_id": str(draft.disbursement_id),
        "revision": draft.revision,
        "amount_twd": draft.amount_twd,
        "digest": draft.digest,
    }
