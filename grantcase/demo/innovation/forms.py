"""The forms of a plan: the pack's own examples with this plan's companies and their budgets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from grantcase.demo.innovation.cast import Cast, Company, Plan

_PEOPLE = ("F02", "F09", "F10", "F13")
_PER_COMPANY = ("F02", "F03", "F06", "F09", "F10", "F11")
_PLAN = ("F01", "F03", "F04", "F05", "F06", "F07", "F08", "F11", "F12")
_UNIT = 1_000  # the budget is in thousands
_SUMMED = ("subsidy_twd", "self_twd", "total_twd", "y1_total_twd", "y2_total_twd")
_NOT_SCALED = {"prior_year_revenue", "paid_in_capital_twd"}


def award(cast: Cast, plan: Plan) -> dict[str, Any]:
    """The record of the award: the targets that were reviewed, of every company."""
    return {"F00": {**cast.form("F00"), "baseline": _for_all(cast, plan, "F00", "baseline")}}


def money(cast: Cast, company: Company) -> dict[str, int]:
    """Total, subsidy and self-funding of a company, NT$."""
    row = cast.form("F11S")[0]
    return {name: company.share(row[name]) for name in _SUMMED[:3]}


def people(cast: Cast, plan: Plan) -> dict[str, Any]:
    """Application forms, sheets of the PI and the personnel table."""
    forms = {name: _filled(cast, plan, name) for name in _PEOPLE}
    for row, company in zip(forms["F02"], plan.companies, strict=True):
        row.update(subsidy_category=plan.track, plan_name=plan.title)
        row["seat_lead"] = company == plan.lead
    return forms


def plan_forms(cast: Cast, plan: Plan) -> dict[str, Any]:
    """The final version of the signing plan."""
    forms = {name: _filled(cast, plan, name) for name in _PLAN}
    forms["F01"].update(
        subsidy_category=plan.track,
        plan_name=plan.title,
        units=[{"ubn": one.ubn, "unit_name": one.name} for one in plan.companies],
    )
    for number, row in enumerate(forms["F08"]):
        unit = plan.companies[number % len(plan.companies)]
        row.update(unit_ubn=unit.ubn, unit_name=unit.name)
    for name in forms["F12"]:
        forms["F12"][name] = _for_all(cast, plan, "F12", name)
    forms["F11S"] = _totals(cast, plan)
    forms["F20"] = cast.form("F20", link="https://plans.example.org/plan.docx")
    return forms


def contract_data(cast: Cast, company: Company) -> dict[str, Any]:
    """The amounts and the account that a company confirms."""
    form: dict[str, Any] = _of(cast.form("F14"), company)
    return {
        **form,
        "account_no": company.account,
        "passbook_account_no": company.account,
        "account_holder_ubn": company.ubn,
    }


def accepted(cast: Cast, checkpoint: str, *, undone: str | None = None) -> dict[str, Any]:
    """The completion the chair accepts; `undone` is a checkpoint of which nothing was done."""
    rows = [row for row in cast.form("F08") if checkpoint == "final" or row["phase"] == "INTERIM"]
    filled = [
        {
            "cp_code": row["cp_code"],
            "weight_bp": row["weight_bp"],
            "due_on": row["due_on"],
            "completion_bp": 0 if row["cp_code"] == undone else 10_000,
            "evidence": 0 if row["cp_code"] == undone else 1,
            "used_elsewhere": False,
            "kpi_reserved": False,
        }
        for row in rows
    ]
    acceptance = "REDUCED" if undone else "FULL"
    return {**cast.form("F33"), "rows": filled, "acceptance": acceptance}


def results(cast: Cast, plan: Plan) -> dict[str, Any]:
    """The results of every company's KPI."""
    return {name: _for_all(cast, plan, "F34", name) for name in cast.form("F34")}


def _filled(cast: Cast, plan: Plan, name: str) -> Any:
    if name not in _PER_COMPANY:
        return _of(cast.form(name), plan.lead)
    return [_of(row, company) for company in plan.companies for row in cast.form(name)]


def _for_all(cast: Cast, plan: Plan, name: str, table: str) -> list[Any]:
    return [_of(row, company) for company in plan.companies for row in cast.form(name)[table]]


def _totals(cast: Cast, plan: Plan) -> list[dict[str, Any]]:
    rows = [_of(cast.form("F11S")[0], company) for company in plan.companies]
    if plan.joint:
        summed = {name: sum(row[name] for row in rows) for name in _SUMMED}
        rows.append({**rows[0], **summed, "kind": "CONSOLIDATED", "ubn": None})
    return rows


def _of(value: Any, company: Company, name: str = "") -> Any:
    """The example with this company's names, people and amounts."""
    if isinstance(value, Mapping):
        return {key: _of(item, company, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_of(item, company, name) for item in value]
    if isinstance(value, str):
        return _renamed(value, company)
    if type(value) is int and name.endswith("_twd") and name not in _NOT_SCALED:
        return company.share(value)
    return value


def _renamed(text: str, company: Company) -> str:
    names = {
        "12345676": company.ubn,
        "範例餐飲股份有限公司": company.name,
        "範例餐飲": company.short,
        "陳主持": f"{company.surname}主持",
        "王代表": f"{company.surname}代表",
        "P0": f"P{company.ubn[-4:]}-0",  # people of different companies are different people
    }
    for old, new in names.items():
        text = text.replace(old, new)
    return text
