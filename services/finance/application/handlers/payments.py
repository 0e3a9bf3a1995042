"""From a claim to the money, and back when it was wrong."""

from __future__ import annotations

from typing import Any

from services.finance.application import commands as c
from services.finance.application.handlers.loading import append, load
from services.finance.application.ports import FinancePorts
from services.finance.domain import events as e
from services.finance.domain.disbursing import disbursement_digest
from shared.kernel.clock import taipei_date
from shared.kernel.permissions import permit


def prepare_disbursement(command: c.PrepareDisbursement, ports: FinancePorts) -> dict[str, Any]:
    """The maker's side; the answer carries the digest that the checker is to approve. The payee
    is always the party of the contract whose instalment it is (CP-CON-04)."""
    loaded = load(ports, command.case_id)
    contract = loaded[0]
    claim = contract.payments.claim(command.claim_id)
    party_ubn = contract.payments.instalments.get(claim.instalment_no).party_ubn
    payee = party_ubn or contract.must_be_signed().applicant_ubn
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
        party_ubn=party_ubn,
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
    contract.must_fit_contract(known.prepared.amount_twd, known.prepared.party_ubn)
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
        party_ubn=draft.party_ubn,
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


def _standing(draft: e.DisbursementPrepared) -> dict[str, Any]:
    return {
        "disbursement_id": str(draft.disbursement_id),
        "revision": draft.revision,
        "amount_twd": draft.amount_twd,
        "digest": draft.digest,
    }
