"""Commands of the spending: vouchers and their audit, the account book, the finance review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.finance.application.commands.fields import UBN, case, money, own_id, reason
from services.finance.domain import events as e
from services.finance.domain.account_book import KINDS, REQUEST, STATEMENT
from services.finance.domain.spending import OUTCOMES
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
ROWS_MAX = 200
_VOUCHER = "0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherRow:
    """One voucher (憑證). printed_net_twd: the amount before tax where it is printed; person_ref is
    a reference of the grantee's own, never an identity number."""

    voucher_id: UUID = own_id("憑證編號", "voucher id, new")
    line: str = arg("預算科目", "budget line", "consumables", max_length=60)
    voucher_on: date = arg("憑證日期", "date of the voucher", "2024-08-15")
    item_name: str = arg("品名", "item", "感測器", max_length=200)
    gross_twd: int = arg("含稅金額(元)", "gross, NT$", 105000, minimum=0)
    claimed_twd: int = arg("申報金額(元)", "claimed, NT$", 100000, minimum=0)
    vat_twd: int = arg("營業稅(元)", "VAT, NT$", 5000, default=0, minimum=0)
    vat_pct: int = arg("營業稅率(%)", "VAT rate, percent", 5, default=0, minimum=0, maximum=100)
    printed_net_twd: int | None = arg(
        "未稅金額(元)", "printed net", 100000, default=None, minimum=0
    )
    seller_ubn: str | None = arg("賣方統一編號", "seller", UBN, default=None, max_length=8)
    invoice_no: str | None = arg("發票號碼", "invoice", "AB12345678", default=None, max_length=20)
    plan_item: str | None = arg("計畫書品項", "item of the plan", "感測器", default=None)
    stamped: bool = arg("蓋計畫專用章", "stamped for the project", True, default=False)
    copy_filed: bool = arg("影本留存", "copy on file", True, default=False)
    document_sha256: str | None = arg("影像雜湊", "SHA-256 of the scan", None, default=None)
    person_ref: str | None = arg("人員代碼", "person", None, default=None, max_length=60)
    person_month: str | None = arg("薪資月份", "month paid", None, default=None, pattern=MONTH)
    person_fraction_bp: int | None = arg(
        "投入比例(bp)", "share of the month, bp", None, default=None, minimum=0, maximum=10_000
    )
    monthly_twd: int | None = arg("月薪(元)", "monthly pay, NT$", None, default=None, minimum=0)
    last_employed_on: date | None = arg("離職日", "last day employed", None, default=None)
    gift: bool = arg("贈品", "gift", False, default=False)
    gift_marked: bool = arg("贈品已標示", "gift marked as of the plan", False, default=False)
    unit_price_twd: int | None = arg("單價(元)", "unit price, NT$", None, default=None, minimum=0)
    counterpart_ubn: str | None = arg("委託對象", "entrusted to", None, default=None, max_length=8)
    capital: bool = arg("資本支出", "capital expenditure", False, default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitVouchers(Command):
    """Hand in a batch of vouchers of one party, at most 200."""

    case_id: UUID = case()
    batch_id: UUID = own_id("批次編號", "batch id, new")
    party_ubn: str = arg("單位", "party", UBN, max_length=8)
    vouchers: tuple[VoucherRow, ...] = arg(
        "憑證",
        "vouchers",
        [
            {
                "voucher_id": _VOUCHER,
                "line": "consumables",
                "voucher_on": "2024-08-15",
                "item_name": "感測器",
                "gross_twd": 105000,
                "claimed_twd": 100000,
            }
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """What the audit says of one voucher; net_twd is for `reduce`."""

    voucher_id: UUID = own_id("憑證編號", "voucher id")
    outcome: str = arg("審查結果", "outcome", "accept", choices=OUTCOMES)
    net_twd: int | None = arg("核定金額(元)", "accepted, NT$", None, default=None, minimum=0)
    note: str = arg("說明", "note", "", default="", max_length=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVouchers(Command):
    """Audit vouchers of one batch line by line; an audit of the same voucher later replaces it."""

    case_id: UUID = case()
    batch_id: UUID = own_id("批次編號", "batch id")
    audit_id: UUID = own_id("審查編號", "audit id, new")
    lines: tuple[AuditLine, ...] = arg(
        "逐筆結果", "lines", [{"voucher_id": _VOUCHER, "outcome": "accept"}]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementRow:
    """One movement of the dedicated account."""

    movement_id: UUID = own_id("異動編號", "movement id, new")
    on: date = arg("日期", "day", "2025-01-02")
    kind: str = arg("種類", "kind", "withdrawal", choices=KINDS)
    amount_twd: int = money()
    months: tuple[str, ...] = arg("所屬月份", "months it is for", ["2024-12"], default=())
    reference: str = arg("摘要", "reference", "", default="", max_length=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAccountMovements(Command):
    """Movements of a party's account: asked for before (request), or read off a bank statement by
    the finance maker (statement)."""

    case_id: UUID = case()
    party_ubn: str = arg("單位", "party", UBN, max_length=8)
    origin: str = arg("來源", "origin", REQUEST, choices=(REQUEST, STATEMENT))
    movements: tuple[MovementRow, ...] = arg(
        "異動",
        "movements",
        [
            {
                "movement_id": _VOUCHER,
                "on": "2025-01-02",
                "kind": "withdrawal",
                "amount_twd": 150000,
            }
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessOverdraw(Command):
    """The penalty of an overdraw, by the rules of moment `overdraw`; it becomes a recovery."""

    case_id: UUID = case()
    party_ubn: str = arg("單位", "party", UBN, max_length=8)
    overdraw_id: UUID = own_id("溢領編號", "overdraw id, new")
    amount_twd: int = money("溢領金額(元)", "overdrawn, NT$")
    from_on: date = arg("溢領日", "overdrawn on", "2024-12-30")
    until_on: date = arg("補回日", "put back on", "2025-02-28")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInterestRemittance(Command):
    """A slip of the treasury: the grantee remitted interest itself (direct), or we passed it on."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
    amount_twd: int = money("利息(元)", "interest, NT$")
    remitted_on: date = arg("繳庫日", "remitted on", "2025-05-02")
    slip_no: str = arg("繳款書號碼", "slip", "114-0001", max_length=60)
    route: str = arg("途徑", "route", "direct", choices=(e.DIRECT, e.OFFICE))


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFinanceReview(Command):
    """Close the finance review of a checkpoint's instalment: the pack's moment sets its money."""

    case_id: UUID = case()
    review_id: UUID = own_id("財審編號", "review id, new")
    checkpoint: str = arg("查核點", "checkpoint", "interim", max_length=60)
    party_ubn: str | None = arg("單位", "party; none: the applicant", UBN, default=None)
    cut_off_on: date = arg("憑證截止日", "vouchers handed in until", "2024-12-10")
    interest_twd: int = arg("專戶利息(元)", "interest of the account", 0, default=0, minimum=0)
    reduction_twd: int | None = arg(
        "減價金額(元)", "price reduction; none: as decided", None, default=None, minimum=0
    )
    note: str = arg("說明", "note", "", default="", max_length=2000)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJointClaim(Command):
    """Hold the other parties liable for what one of them owes, each for the whole."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseJointDebtor(Command):
    """Release a party from that, with the consent that the programme demands."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
    ubn: str = arg("單位", "party released", UBN, max_length=8)
    consent_no: str = arg(
        "同意文號", "consent, document number", "經商字第1140001號", max_length=100
    )
    consent_on: date = arg("同意日", "consent given on", "2025-06-01")
