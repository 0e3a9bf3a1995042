"""What the pack's section `spending` says of a case: budget lines, budget years, the net of a
voucher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.finance.application.facts import document
from services.finance.application.ports import FinancePorts
from services.finance.domain.contract import Contract
from services.finance.domain.shares import LineBudget, Ratio
from shared.kernel.errors import NotOfProgramme
from shared.kernel.steps.taking import steps_of

Row = Mapping[str, Any]


def spending_section(ports: FinancePorts, contract: Contract) -> Row:
    """Raises NotOfProgramme for a pack without the section."""
    found = document(ports, contract).get("spending")
    if found is None:
        raise NotOfProgramme(contract.signing.file.programme_id, "spending")
    section: Row = found
    return section


def party_row(contract: Contract, party_ubn: str) -> dict[str, Any]:
    """A party as the rules read it; the applicant alone when the contract has no parties."""
    for party in contract.parties:
        if party.ubn == party_ubn:
            return party.as_dict()
    file = contract.signing.file
    amount_twd = contract.amount_twd if contract.signed else file.approved_twd
    return {
        "ubn": file.applicant_ubn,
        "name": file.applicant_name,
        "lead": True,
        "total_twd": amount_twd,
        "subsidy_twd": amount_twd,
        "self_twd": 0,
    }


def budget_of(ports: FinancePorts, contract: Contract, party_ubn: str) -> dict[str, LineBudget]:
    """Budget line -> its amounts of every year, of one party's plan as it stands."""
    named = spending_section(ports, contract)["budget"]
    rows = [
        row
        for row in _budget_rows(ports, contract, named)
        if "party" not in named or row.get(named["party"]) == party_ubn
    ]
    budget: dict[str, LineBudget] = {}
    for row in rows:
        years = tuple(_ratio(row, amounts) for amounts in named["years"].values())
        line = str(row.get(named["line"]))
        known = budget.get(line)
        if known is not None:  # the same line in several rows
            pairs = zip(known.years, years, strict=True)
            years = tuple(_sum(first, second) for first, second in pairs)
        budget[line] = LineBudget(years=years)
    return budget


def year_of(ports: FinancePorts, contract: Contract, on: date, submitted_on: date) -> int | None:
    """Position of the budget year of a voucher's day; the next one when it was handed in after the
    year's cut-off; None when no year has the day."""
    years = spending_section(ports, contract)["years"]
    for position, year in enumerate(years):
        if _day(ports, contract, year["from"]) <= on <= _day(ports, contract, year["to"]):
            late = "cut_off" in year and submitted_on > _day(ports, contract, year["cut_off"])
            return min(position + 1, len(years) - 1) if late else position
    return None


def net_of(ports: FinancePorts, contract: Contract, row: Row) -> int:
    """What of a voucher can be claimed by the pack (NT$), at most what was claimed."""
    section = spending_section(ports, contract)
    net = ports.rules.compute(*_expression(ports, contract, section["net"], row=row))
    return max(0, min(int(net), int(row["claimed_twd"])))


def self_borne(ports: FinancePorts, contract: Contract, row: Row) -> bool:
    """Whether the pack leaves a voucher wholly to the grantee."""
    expression = spending_section(ports, contract).get("self_borne")
    if expression is None:
        return False
    return bool(ports.rules.compute(*_expression(ports, contract, expression, row=row)))


def year_names(ports: FinancePorts, contract: Contract) -> list[str]:
    """The ids of the budget years, in order."""
    return [str(year["id"]) for year in spending_section(ports, contract)["years"]]


def account_lines(ports: FinancePorts, contract: Contract) -> Mapping[str, Sequence[str]]:
    """Account -> its budget lines."""
    found: Mapping[str, Sequence[str]] = spending_section(ports, contract).get("accounts") or {}
    return found


def _budget_rows(ports: FinancePorts, contract: Contract, named: Row) -> Sequence[Row]:
    file = contract.signing.file
    held = contract.signed.forms if contract.signed else file.forms
    rows: Sequence[Row] = held.get(named["form"]) or ()
    if not named.get("steps"):
        return rows
    steps = steps_of(ports, file.case_id, file.pack_digest)
    for step in named["steps"]:
        rows = (steps.get(step) or {}).get("forms", {}).get(named["form"]) or rows
    return rows


def _ratio(row: Row, amounts: Mapping[str, str]) -> Ratio:
    subsidy = row.get(amounts["subsidy"]) or 0
    return Ratio(subsidy, subsidy + (row.get(amounts["self"]) or 0))


def _sum(first: Ratio, second: Ratio) -> Ratio:
    return Ratio(first.subsidy_twd + second.subsidy_twd, first.total_twd + second.total_twd)


def _day(ports: FinancePorts, contract: Contract, expression: str) -> date:
    day = ports.rules.compute(*_expression(ports, contract, expression))
    return date.fromisoformat(str(day))


def _expression(
    ports: FinancePorts, contract: Contract, expression: str, **names: Any
) -> tuple[str, str, dict[str, Any]]:
    file = contract.signing.file
    call = ports.packs.call(file.call_id)
    return file.pack_digest, expression, {"call": call["parameters"], **names}
