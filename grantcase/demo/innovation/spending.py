"""Vouchers, audits, the two reviews, the interest of the accounts."""

from __future__ import annotations

from typing import Any

from grantcase.demo import people
from grantcase.demo.innovation import forms
from grantcase.demo.innovation.cast import Cast, Company, Plan
from shared.kernel.ids import derived_id

INTEREST_TWD = 1_357
"""Interest of the example's account over the plan, in a company of full size."""
_PARTS = {
    "plan_staff": ("薪資", 600_000),
    "consumables": ("感測元件", 200_000),
    "equip_use": ("伺服器", 100_000),
    "ip_purchase": ("點餐系統技術授權", 200_000),
    "commissioned_research": ("點餐行為研究", 300_000),
    "travel_domestic": ("驗證活動", 100_000),
    "other_validation": ("驗證活動", 500_000),
}
"""Budget line of the pack's example -> an item of its detail, and the line's total (NT$)."""


def spend(cast: Cast, plan: Plan, percent: int, on: str) -> None:
    """Every company hands in vouchers over so many percent of each budget line; all are audited
    one by one and accepted."""
    for company in plan.companies:
        batch = {"batch_id": derived_id("innovation", company.ubn, on)}
        rows = [_voucher(company, line, percent, on) for line in _PARTS]
        cast.do(
            company.actor,
            plan.key,
            "SubmitVouchers",
            **batch,
            party_ubn=company.ubn,
            vouchers=rows,
        )
        cast.do(
            people.MAKER,
            plan.key,
            "AuditVouchers",
            **batch,
            audit_id=derived_id("innovation", company.ubn, on, "audit"),
            lines=[{"voucher_id": row["voucher_id"], "outcome": "accept"} for row in rows],
        )
        net_twd = sum(row["printed_net_twd"] for row in rows)
        cast.tell(
            plan.key,
            f"{company.short} 憑證 {len(rows)} 張審查 vouchers audited: NT${net_twd:,}",
        )


def report(cast: Cast, plan: Plan, checkpoint: str, review_on: str) -> None:
    """The day of the review is set, the report handed in."""
    schedule = cast.form("F35", review_on=review_on)
    cast.step(people.OFFICER, plan.key, "Execution", "review_schedule", checkpoint, F35=schedule)
    if checkpoint == "final":
        kpis = forms.results(cast, plan)
        cast.step(plan.lead.actor, plan.key, "Execution", "kpi_result", F34=kpis)
    cast.do(
        plan.lead.actor,
        plan.key,
        "ReportCheckpoint",
        checkpoint=checkpoint,
        report="查核點報告.pdf",
        actuals=[],
    )


def review(cast: Cast, plan: Plan, checkpoint: str, *, undone: str | None = None) -> None:
    """The chair accepts what was done, the officer decides the checkpoint."""
    progress = forms.accepted(cast, checkpoint, undone=undone)
    cast.step(people.CHAIR, plan.key, "Execution", "accepted_progress", checkpoint, F33=progress)
    cast.do(people.OFFICER, plan.key, "DecideCheckpoint", checkpoint=checkpoint)
    told = "減價驗收 accepted at a reduced price" if undone else "通過 passed"
    cast.tell(plan.key, f"{checkpoint} {told}")


def settle(cast: Cast, plan: Plan, checkpoint: str, cut_off_on: str) -> None:
    """The finance review of every company: what of the instalment is payable, and at the end the
    interest of its account."""
    for company in plan.companies:
        interest_twd = company.share(INTEREST_TWD) if checkpoint == "final" else 0
        cast.do(
            people.MAKER,
            plan.key,
            "CloseFinanceReview",
            review_id=derived_id("innovation", company.ubn, checkpoint),
            checkpoint=checkpoint,
            party_ubn=company.ubn,
            cut_off_on=cut_off_on,
            interest_twd=interest_twd,
        )
    closed = cast.events(plan.key, "finance", "FinanceReviewClosed")[-len(plan.companies) :]
    for company, row in zip(plan.companies, closed, strict=True):
        cast.tell(plan.key, f"{company.short} 財務審查 payable: NT${row['payable_twd']:,}")


def clear_account(cast: Cast, plan: Plan, on: str) -> None:
    """All interest goes to the treasury, and the dedicated account of every company is settled."""
    owed = {
        row["party_ubn"] or plan.lead.ubn: row
        for row in cast.events(plan.key, "finance", "RecoveryOpened")
        if row["kind"] == "interest"
    }
    for company in plan.companies:
        interest_twd, slip = company.share(INTEREST_TWD), f"114-{company.ubn[-4:]}"
        cast.do(
            people.MAKER,
            plan.key,
            "RecordInterestRemittance",
            recovery_id=owed[company.ubn]["recovery_id"],
            amount_twd=interest_twd,
            remitted_on=on,
            slip_no=slip,
            route="direct",
        )
        settled = cast.form(
            "F36",
            interest_credited_twd=interest_twd,
            interest_remitted_twd=interest_twd,
            slip_no=slip,
            settled_on=on,
        )
        cast.step(
            people.MAKER, plan.key, "Contract", "account_settlement", company.ubn, F36=settled
        )
        cast.tell(plan.key, f"{company.short} 孳息繳庫 interest remitted: NT${interest_twd:,}")


def _voucher(company: Company, line: str, percent: int, on: str) -> dict[str, Any]:
    item, total_twd = _PARTS[line]
    net_twd = company.share(total_twd) * percent // 100
    person = f"P{company.ubn[-4:]}-02" if line == "plan_staff" else None
    return {
        "voucher_id": derived_id("innovation", company.ubn, on, line),
        "line": line,
        "voucher_on": on,
        "item_name": item,
        "plan_item": None if person else item,
        "person_ref": person,
        "gross_twd": net_twd,
        "claimed_twd": net_twd,
        "printed_net_twd": net_twd,
        "stamped": True,
        "copy_filed": True,
    }
