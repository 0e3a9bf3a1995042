"""Claims and approvals through the door: separation of duty, invoices used once, late claims."""

from __future__ import annotations

import pytest

from services.finance.domain.errors import (
    InvoiceUsed,
)
from services.finance.projections.invoices import InvoiceTable
from services.finance.projections.tables import enterprises, invoices
from shared.kernel.envelope import Actor
from shared.kernel.errors import NotPermitted, RefusedByRules
from shared.kernel.separations import DutiesSeparated
from shared.projection.packs import PackShelf
from tests.support.finance_desk import Desk
from tests.support.finance_events import AMOUNT, CASE, CHECKER, MAKER, NUMBER, named
from tests.support.finance_in_process import pack


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.sign()
    desk.pass_checkpoint()
    return desk


def test_an_officer_who_is_maker_and_checker_at_once_still_needs_another(desk: Desk):
    both = Actor(id="both", roles=("finance_maker", "finance_checker", "operator"))
    desk.claim()
    answer = desk.do(
        "PrepareDisbursement",
        both,
        "2023-08-01",
        disbursement_id=named("d"),
        claim_id=named("claim-1"),
        amount_twd=525_000,
        payee_account="004-1",
    )
    approval = {"disbursement_id": named("d"), "digest": answer["digest"]}
    with pytest.raises(NotPermitted):
        desk.do("ApproveDisbursement", both, "2023-08-01", **approval)
    with pytest.raises(NotPermitted):
        desk.do("ApproveDisbursement", MAKER, "2023-08-01", **approval)
    desk.do("ApproveDisbursement", CHECKER, "2023-08-01", **approval)
    assert desk.types()[-1] == "InstalmentApproved"


def test_whoever_passed_the_checkpoint_does_not_approve_its_payment(desk: Desk):
    olga = Actor(id="olga", roles=("programme_officer", "finance_checker"))
    digest = prepared(desk, 525_000)
    approval = {"disbursement_id": named("d"), "digest": digest}
    with pytest.raises(DutiesSeparated) as refusal:
        desk.do("ApproveDisbursement", olga, "2023-08-01", **approval)
    assert refusal.value.rule == "CP-FIN-12"
    desk.do("ApproveDisbursement", CHECKER, "2023-08-01", **approval)


def test_without_that_line_of_the_pack_only_maker_and_checker_are_two_people(
    desk: Desk, monkeypatch
):
    monkeypatch.setitem(pack().pack.document, "separations", [])
    monkeypatch.setattr(PackShelf, "document", lambda self, digest: pack().pack.document)
    olga = Actor(id="olga", roles=("programme_officer", "finance_checker"))
    both = Actor(id=MAKER.id, roles=("finance_maker", "finance_checker"))
    approval = {"disbursement_id": named("d"), "digest": prepared(desk, 525_000)}
    with pytest.raises(NotPermitted):
        desk.do("ApproveDisbursement", both, "2023-08-01", **approval)
    desk.do("ApproveDisbursement", olga, "2023-08-01", **approval)
    assert desk.types()[-1] == "InstalmentApproved"


def prepared(desk: Desk, amount_twd: int) -> str:
    """Claimed and prepared by the maker; the digest to approve."""
    desk.claim()
    answer = desk.do(
        "PrepareDisbursement",
        MAKER,
        "2023-08-01",
        disbursement_id=named("d"),
        claim_id=named("claim-1"),
        amount_twd=amount_twd,
        payee_account="004-1",
    )
    return answer["digest"]


def test_an_invoice_number_pays_once_over_all_cases(desk: Desk):
    desk.connection.execute(
        invoices.insert().values(
            invoice_number="AB12345671",
            case_id=str(named("other")),
            claim_id=str(named("other")),
            case_number="CP112-0002",
        )
    )
    with pytest.raises(RefusedByRules) as refusal:
        desk.claim()
    assert refusal.value.rule == "CP-FIN-18"


def test_two_claims_at_once_with_one_invoice_number_meet_the_primary_key(desk: Desk, monkeypatch):
    desk.connection.execute(
        invoices.insert().values(
            invoice_number="AB12345671",
            case_id=str(named("other")),
            claim_id=str(named("other")),
            case_number="CP112-0002",
        )
    )
    monkeypatch.setattr(InvoiceTable, "used", lambda self, number: None)  # it came in between
    with pytest.raises(InvoiceUsed):
        desk.claim()
    assert "ClaimSubmitted" not in desk.types()


def test_a_claim_repeated_after_its_answer_was_lost_is_no_second_claim(desk: Desk):
    desk.claim()
    desk.claim()
    assert desk.types().count("ClaimSubmitted") == 1


def test_a_late_claim_is_warned_about_and_taken(desk: Desk):
    answer = desk.claim(1, "2023-07-30")
    assert [finding["rule"] for finding in answer["findings"]] == ["CP-FIN-25"]


def changed(desk: Desk, day: str, removed: list[str], added: list[str], name: str) -> None:
    """monitoring approved a plan change of the list; the amount stays."""
    desk.hear(
        "monitoring",
        "PlanChangeApproved",
        day,
        case_id=str(CASE),
        case_number=NUMBER,
        change_id=str(named(name)),
        kind="NUMBER",
        amount_twd=AMOUNT,
        removed_ubns=removed,
        added=[{"ubn": ubn} for ubn in added],
        decided_by={},
    )


def test_a_claim_counts_the_enterprises_in_force_after_a_plan_change(desk: Desk):
    changed(desk, "2023-07-20", ["22222222"], ["33333333", "44444444"], "first")
    with pytest.raises(RefusedByRules) as refusal:
        desk.claim()  # three enterprises, and a letter of one of them
    assert refusal.value.rule == "CP-LOI-08"
    changed(desk, "2023-07-21", ["33333333", "44444444"], [], "second")
    desk.claim()
    assert desk.types()[-1] == "ClaimSubmitted"
    contract = desk.contract
    assert (contract.enterprise_count, contract.enterprise_ubns) == (1, {"11111111"})


def test_the_same_plan_change_again_changes_nothing(desk: Desk):
    for _ in range(2):
        changed(desk, "2023-07-20", ["22222222"], ["33333333"], "first")
    assert desk.types().count("EnterprisesChanged") == 1


def test_an_enterprise_that_left_a_contract_is_free_for_another(desk: Desk):
    changed(desk, "2023-07-20", ["22222222"], ["33333333"], "first")
    held = desk.connection.execute(enterprises.select().order_by(enterprises.c.ubn)).mappings()
    assert [row["ubn"] for row in held] == ["11111111", "33333333"]
