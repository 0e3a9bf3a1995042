"""The facts of the moments of spending: `vouchers`, `audit`, the finance review, `account` and
`overdraw`. Services offer generously: a moment takes what it declares. (Over 200 lines: the facts
of five moments that share their figures.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.finance.application import budgets, facts
from services.finance.application.commands import (
    AssessOverdraw,
    CloseFinanceReview,
    RecordAccountMovements,
)
from services.finance.application.ports import FinancePorts
from services.finance.application.spent import (
    Shares,
    account_figures,
    accounts,
    case,
    share_figures,
    shares_of,
)
from services.finance.domain.account_book import WITHDRAWAL, Movement, standing
from services.finance.domain.contract import Contract
from services.finance.domain.instalments import PAYABLE, RETURNED, Instalment
from services.finance.domain.shares import NO_BUDGET, LineBudget
from services.finance.domain.spending import Spending
from shared.kernel.clock import taipei_date
from shared.kernel.envelope import Command

__all__ = [
    "Shares",
    "account",
    "overdraw",
    "review",
    "shares_of",
    "voucher_facts",
    "vouchers",
]

Row = Mapping[str, Any]


def vouchers(
    ports: FinancePorts,
    contract: Contract,
    command: Command,
    party_ubn: str,
    rows: Sequence[Row],
    shares: Shares,
) -> dict[str, Any]:
    """Moments `vouchers` and `audit`: the rows with what the budget and the registers say of
    each."""
    return {
        **facts.base(ports, contract, command),
        "case": case(contract, party_ubn),
        "party": budgets.party_row(contract, party_ubn),
        "submitted_on": taipei_date(command.received_at).isoformat(),
        "vouchers": [dict(row) for row in rows],
        "counterparts": _counterparts(rows),
        "accounts": accounts(ports, contract, party_ubn, shares),
        "spent_twd": shares.spent(),
    }


def voucher_facts(
    ports: FinancePorts,
    contract: Contract,
    spending: Spending,
    budget: Mapping[str, LineBudget],
    party_ubn: str,
    row: Row,
) -> dict[str, Any]:
    """One row: the voucher, its line's budget, which cases used its key, the person's month over
    all plans with this row, and what was accepted of the same line and counterpart so far (NT$)."""
    line = budget.get(row["line"], NO_BUDGET)
    person = row["person_ref"] and row["person_month"]
    others = [v for v in spending.accepted(party_ubn) if v.voucher_id != row["voucher_id"]]
    counterpart = row["counterpart_ubn"]
    used_by = row["key"] and ports.vouchers.used(row["key"], row["voucher_id"])
    elsewhere = (
        ports.vouchers.person_month_bp(row["person_ref"], row["person_month"], row["voucher_id"])
        if person
        else 0
    )
    by_counterpart = (
        v.net_twd
        for v in others
        if counterpart and spending.vouchers[v.voucher_id]["counterpart_ubn"] == counterpart
    )
    return {
        **row,
        "full_net_twd": budgets.net_of(ports, contract, row),
        "used_by": [used_by] if used_by else [],
        "person_months_bp": elsewhere + (row["person_fraction_bp"] or 0),
        "line_known": line is not NO_BUDGET,
        "line_subsidy_twd": line.whole.subsidy_twd,
        "line_total_twd": line.whole.total_twd,
        "line_spent_twd": sum(v.net_twd for v in others if v.line == row["line"]),
        "counterpart_spent_twd": sum(by_counterpart),
    }


def review(
    ports: FinancePorts,
    contract: Contract,
    command: CloseFinanceReview,
    party_ubn: str,
    instalment: Instalment,
    shares: Shares,
    movements: Sequence[Movement],
) -> dict[str, Any]:
    """The moment that settles an instalment, of one party; paid_twd counts what an earlier review
    set and is not paid yet."""
    passed = instalment.passed
    figures = dict(passed.figures) if passed else {}
    reduction = command.reduction_twd
    if reduction is None:
        reduction = figures.get("reduction_twd", 0)
    today = taipei_date(command.received_at)
    known = case(contract, party_ubn)
    set_before = _set_before(contract, instalment)
    return {
        **facts.base(ports, contract, command),
        "case": {**known, "paid_twd": known["paid_twd"] + set_before},
        "party": budgets.party_row(contract, party_ubn),
        "instalment": {
            "no": instalment.no,
            "checkpoint": instalment.checkpoint,
            "last": contract.payments.instalments.after(instalment) is None,
            "ceiling_twd": instalment.amount_twd,
            "retained_twd": instalment.retained_twd,
        },
        "shares": share_figures(ports, contract, shares),
        "review": {
            "cut_off_on": command.cut_off_on.isoformat(),
            "passed_on": facts.text(passed.passed_on if passed else None),
            "requested_on": today.isoformat(),
            "reduction_twd": reduction,
        },
        "accounts": accounts(ports, contract, party_ubn, shares),
        "account": account_figures(movements, shares.months, today),
        "interest_twd": command.interest_twd,
        "overdrawn_twd": standing(movements, shares.months, today).overdrawn_twd,
    }


def account(
    ports: FinancePorts,
    contract: Contract,
    command: RecordAccountMovements,
    known: Sequence[Movement],
    fresh: Sequence[Row],
    months: Mapping[str, int],
) -> dict[str, Any]:
    """Moment `account`: the account as it stood on the day of the last movement, without them, and
    the movements."""
    last = date.fromisoformat(max(str(row["on"]) for row in fresh))
    drawn = (row["amount_twd"] for row in fresh if row["kind"] == WITHDRAWAL)
    return {
        **facts.base(ports, contract, command),
        "case": case(contract, command.party_ubn),
        "party": budgets.party_row(contract, command.party_ubn),
        "account": {
            **account_figures(known, months, last),
            "origin": command.origin,
            "requested_twd": sum(drawn),
        },
        "movements": [{**row, "origin": command.origin} for row in fresh],
    }


def overdraw(
    ports: FinancePorts, contract: Contract, command: AssessOverdraw, found: bool
) -> dict[str, Any]:
    """Moment `overdraw`; found: the account book shows exactly this overdraw."""
    return {
        **facts.base(ports, contract, command),
        "case": case(contract, command.party_ubn),
        "party": budgets.party_row(contract, command.party_ubn),
        "overdraw": {
            "overdraw_id": str(command.overdraw_id),
            "amount_twd": command.amount_twd,
            "from_on": command.from_on.isoformat(),
            "until_on": command.until_on.isoformat(),
            "in_account_book": found,
        },
    }


def _set_before(contract: Contract, instalment: Instalment) -> int:
    """Payable to the same party by earlier reviews, and not paid yet (NT$)."""
    return sum(
        other.amount_twd
        for other in contract.payments.instalments.by_no.values()
        if other.party_ubn == instalment.party_ubn and other.state in (PAYABLE, RETURNED)
    )


def _counterparts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What each counterpart of these rows has, accepted so far and with them (NT$)."""
    totals: dict[str, int] = {}
    for row in rows:
        if ubn := row["counterpart_ubn"]:
            totals.setdefault(ubn, row["counterpart_spent_twd"])
            totals[ubn] += row.get("net_twd") or 0
    return [{"counterpart_ubn": ubn, "accepted_twd": twd} for ubn, twd in totals.items()]
