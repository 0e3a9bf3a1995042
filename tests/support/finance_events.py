"""Builders for finance: facts with full defaults, and a folded contract. (Longer than a page: one
builder per event.)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from shared.kernel.clock import TAIPEI
from shared.kernel.envelope import Actor
from shared.kernel.ids import derived_id

CASE = derived_id("finance-test", "case")
CALL = derived_id("finance-test", "call")
NUMBER = "CP112-0001"
UBN = "12345676"
AMOUNT = 1_500_000
CHECKED = {"contract_number": "112-1", "exclusions_checked_on": "2023-04-17"}
APPLICANT = Actor(id="ann", roles=("applicant",), organisation=UBN)
STRANGER = Actor(id="sam", roles=("applicant",), organisation="87654320")
OFFICER = Actor(id="olga", roles=("programme_officer",))
MAKER = Actor(id="mia", roles=("finance_maker",))
CHECKER = Actor(id="carl", roles=("finance_checker",))
CLOCK = Actor(id="clock", roles=("clock",))


def named(name: str) -> UUID:
    """An id that a test can read: the same name gives the same id."""
    return derived_id("finance-test", name)


def at(day: str, hour: int = 10) -> datetime:
    """That day in Taipei."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), TAIPEI) + timedelta(
        hours=hour
    )


def file_opened(**changes: Any) -> e.ContractFileOpened:
    """Selected on 2023-04-06: signing until 04-20, reminder on 04-13."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "call_id": CALL,
        "programme_id": "coprosperity-112",
        "pack_digest": "0" * 64,
        "applicant_ubn": UBN,
        "applicant_name": "共好資訊",
        "track": "POP",
        "approved_twd": AMOUNT,
        "approved_count": 2,
        "enterprises": ({"ubn": "11111111"}, {"ubn": "22222222"}),
        "enterprise_ubns": ("11111111", "22222222"),
        "letters": ("11111111", "22222222"),
        "conditions": ({"id": "c1", "text": "…"},),
        "forms": {"F08": [{}], "F09": [{}], "F14": [{}]},
        "announced_on": date(2023, 4, 6),
        "reminder_on": date(2023, 4, 13),
        "signing_due_on": date(2023, 4, 20),
    }
    return e.ContractFileOpened(**{**values, **changes})


def plan_submitted(**changes: Any) -> e.ContractPlanSubmitted:
    """A complete contract plan, handed in on 2023-04-14."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "amount_twd": AMOUNT,
        "enterprise_count": 2,
        "answers": ({"condition": "c1", "status": "accepted", "text": "ok"},),
        "usage_standard": {
            "service_item": "POS",
            "record_kinds": ["LOGIN"],
            "minimum": 5,
            "cycle": "WEEK",
            "total": 30000,
        },
        "execution_start": date(2023, 4, 6),
        "execution_end": date(2023, 11, 30),
        "valid_to": date(2023, 12, 31),
        "payee_ubn": UBN,
        "can_issue_invoice": True,
        "submitted_at": at("2023-04-14"),
    }
    return e.ContractPlanSubmitted(**{**values, **changes})


def signed(amount_twd: int = AMOUNT, first_twd: int = 525_000, **changes: Any) -> e.ContractSigned:
    """Signed on 2023-04-18, two instalments."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "contract_number": "112-1",
        "call_id": CALL,
        "programme_id": "coprosperity-112",
        "pack_digest": "0" * 64,
        "applicant_ubn": UBN,
        "applicant_name": "共好資訊",
        "track": "POP",
        "amount_twd": amount_twd,
        "approved_count": 2,
        "enterprises": (),
        "letters": (),
        "signed_on": date(2023, 4, 18),
        "execution_start": date(2023, 4, 6),
        "execution_end": date(2023, 11, 30),
        "valid_to": date(2023, 12, 31),
        "instalments": (
            {"no": 1, "checkpoint": "cp1", "amount_twd": first_twd},
            {"no": 2, "checkpoint": "cp2", "amount_twd": amount_twd - first_twd},
        ),
        "usage_standard": {},
        "forms": {},
    }
    return e.ContractSigned(**{**values, **changes})


def became_payable(no: int = 1, **changes: Any) -> e.InstalmentBecamePayable:
    """Checkpoint `no` was passed on 2023-07-26 by olga."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "instalment_no": no,
        "checkpoint": f"cp{no}",
        "amount_twd": 525_000 if no == 1 else AMOUNT - 525_000,
        "passed_on": date(2023, 7, 26),
        "usage_records": True,
        "letters": ("11111111", "22222222"),
        "accepted_by": "olga",
    }
    return e.InstalmentBecamePayable(**{**values, **changes})


def claimed(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.ClaimSubmitted:
    """A claim of instalment `no`, its id named("claim-<no>")."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "claim_id": named(f"claim-{no}"),
        "instalment_no": no,
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "invoice_number": f"AB1234567{no}",
        "invoice_on": date(2023, 7, 27),
        "seller_ubn": UBN,
        "buyer": "中華民國資訊軟體協會",
        "attachments": (),
        "submitted_at": at("2023-07-28"),
    }
    return e.ClaimSubmitted(**{**values, **changes})


def prepared(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.DisbursementPrepared:
    """Mia's disbursement of claim `no`, its id named("disbursement-<no>"), digest dddd…"""
    values: dict[str, Any] = {
        "case_id": CASE,
        "disbursement_id": named(f"disbursement-{no}"),
        "revision": 1,
        "claim_id": named(f"claim-{no}"),
        "instalment_no": no,
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "payee_ubn": UBN,
        "payee_account": "004-1",
        "digest": "d" * 64,
        "maker": "mia",
    }
    return e.DisbursementPrepared(**{**values, **changes})


def approved(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.InstalmentApproved:
    """Carl approved it on 2023-08-01."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "instalment_no": no,
        "claim_id": named(f"claim-{no}"),
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "disbursement_id": named(f"disbursement-{no}"),
        "revision": 1,
        "digest": "d" * 64,
        "checker": "carl",
        "approved_on": date(2023, 8, 1),
    }
    return e.InstalmentApproved(**{**values, **changes})


def disbursed(no: int = 1, amount_twd: int | None = None, **changes: Any) -> e.FundsDisbursed:
    """The bank paid it on 2023-08-10; the payment is named("payment-<no>")."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "payment_id": named(f"payment-{no}"),
        "instalment_no": no,
        "amount_twd": amount_twd or (525_000 if no == 1 else AMOUNT - 525_000),
        "paid_on": date(2023, 8, 10),
        "payee_ubn": UBN,
        "disbursement_id": named(f"disbursement-{no}"),
        "bank_reference": f"B-{no}",
    }
    return e.FundsDisbursed(**{**values, **changes})


def finding_opened(kind: str = "breach", **changes: Any) -> e.FindingOpened:
    """named("finding")."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "finding_id": named("finding"),
        "kind": kind,
        "facts": "未依約執行",
        "rules": ("CP-SAN-02",),
        "evidence": (),
    }
    return e.FindingOpened(**{**values, **changes})


def notice_given(**changes: Any) -> e.SanctionNoticeGiven:
    """Notice of 2023-10-06, to be answered by 10-13."""
    values: dict[str, Any] = {
        "case_id": CASE,
        "finding_id": named("finding"),
        "facts": "未依約執行",
        "rules": ("CP-SAN-02",),
        "effects": ("terminate",),
        "given_on": date(2023, 10, 6),
        "answer_by": date(2023, 10, 13),
    }
    return e.SanctionNoticeGiven(**{**values, **changes})


def folded(*events: object) -> Contract:
    """The contract after these facts."""
    contract = Contract()
    for event in events:
        contract = contract.apply(event)
    return contract


SIGNED: tuple[object, ...] = (file_opened(), plan_submitted(), signed())
PAID_FIRST: tuple[object, ...] = (
    *SIGNED,
    became_payable(),
    claimed(),
    prepared(),
    approved(),
    disbursed(),
)


def kinds(events: Iterable[object]) -> list[str]:
    """Class names of decided events."""
    return [type(event).__name__ for event in events]
