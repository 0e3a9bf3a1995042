"""What a party has spent, its shares and its account: the figures that facts are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.finance.application import budgets, facts
from services.finance.application.ports import FinancePorts
from services.finance.domain.account_book import INTEREST, OTHER, RECEIPT, Movement, standing
from services.finance.domain.contract import Contract
from services.finance.domain.shares import Accepted, month_shares, split_by_ratio
from services.finance.domain.spending import Spending

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """What was accepted of a party's vouchers, and the government's part of each."""

    accepted: Sequence[Accepted]
    parts: Mapping[str, int]

    @property
    def months(self) -> dict[str, int]:
        """The government's part by month."""
        return month_shares(self.accepted, self.parts)

    def spent(self, year: int | None = None) -> int:
        """Accepted, net (NT$): of one budget year, or of all."""
        return sum(v.net_twd for v in self.accepted if year in (None, v.year))

    def government(self, year: int | None = None) -> int:
        """The government's part of it."""
        own = (v for v in self.accepted if year in (None, v.year))
        return sum(self.parts[v.voucher_id] for v in own)

    def government_of(self, lines: Sequence[str]) -> int:
        """The government's part of these budget lines."""
        return sum(self.parts[v.voucher_id] for v in self.accepted if v.line in lines)

    def of_lines(self, lines: Sequence[str]) -> int:
        """Accepted in these budget lines, net."""
        return sum(v.net_twd for v in self.accepted if v.line in lines)


def shares_of(
    ports: FinancePorts,
    contract: Contract,
    spending: Spending,
    party_ubn: str,
    until: date | None = None,
    more: Mapping[str, Row] | None = None,
) -> Shares:
    """The shares of a party from the vouchers handed in by that day; `more`: lines about to be
    audited."""
    accepted = spending.accepted(party_ubn, until, more)
    budget = budgets.budget_of(ports, contract, party_ubn) if accepted else {}
    return Shares(accepted=accepted, parts=split_by_ratio(accepted, budget))


def case(contract: Contract, party_ubn: str | None = None) -> dict[str, Any]:
    """The case, and what was paid: of one party where it is named."""
    file = contract.signing.file
    parties = contract.parties
    whose = party_ubn if parties else None
    paid = contract.payments.net_paid_to(whose) if whose else contract.payments.net_paid_twd
    amount_twd = contract.amount_twd if contract.signed else file.approved_twd
    return {
        "number": file.case_number,
        "state": contract.state,
        "track": file.track,
        "applicant_ubn": file.applicant_ubn,
        "parties_count": len(parties) or 1,
        "amount_twd": amount_twd,
        "subsidy_twd": amount_twd,
        "total_twd": sum(party.total_twd for party in parties) or amount_twd,
        "self_twd": sum(party.self_twd for party in parties),
        "paid_twd": paid,
        "recoverable_twd": contract.recoverable_of(whose),
        "stops": list(contract.stops()),
        "signed_on": facts.text(contract.signed.signed_on if contract.signed else None),
    }


def account_figures(
    movements: Sequence[Movement], months: Mapping[str, int], on: date
) -> dict[str, Any]:
    """An account on a day (NT$)."""
    stands = standing(movements, months, on)
    by_kind = {
        kind: sum(m.amount_twd for m in movements if m.kind == kind)
        for kind in (RECEIPT, INTEREST, OTHER)
    }
    return {
        "months": [{"month": m, "government_twd": twd} for m, twd in months.items()],
        "this_month": on.isoformat()[:7],
        "received_twd": by_kind[RECEIPT],
        "interest_twd": by_kind[INTEREST],
        "other_twd": by_kind[OTHER],
        "withdrawn_twd": stands.withdrawn_twd,
        "entitled_twd": stands.entitled_twd,
        "withdrawable_twd": stands.withdrawable_twd,
        "overdrawn_twd": stands.overdrawn_twd,
    }


def accounts(
    ports: FinancePorts, contract: Contract, party_ubn: str, shares: Shares
) -> list[dict[str, Any]]:
    """What was accepted by account beside what was approved: [{account, verified_twd,
    approved_total_twd}]."""
    budget = budgets.budget_of(ports, contract, party_ubn)
    return [
        {
            "account": name,
            "verified_twd": shares.of_lines(lines),
            "government_twd": shares.government_of(lines),
            "approved_total_twd": sum(
                budget[line].whole.total_twd for line in lines if line in budget
            ),
        }
        for name, lines in budgets.account_lines(ports, contract).items()
    ]


def share_figures(ports: FinancePorts, contract: Contract, shares: Shares) -> dict[str, Any]:
    names = budgets.year_names(ports, contract)
    by_year = {f"{name}_twd": shares.government(year) for year, name in enumerate(names)}
    spent = {f"spent{year}_twd": shares.spent(year - 1) for year in range(1, len(names) + 1)}
    return {
        **by_year,
        **spent,
        "spent_twd": shares.spent(),
        "government_twd": shares.government(),
        "self_twd": shares.spent() - shares.government(),
    }
