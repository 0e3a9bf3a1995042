"""Reading the approved plan out of the forms: the pack's section `monitoring` says where.

A part that the section does not name is empty: the programme has no such table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.monitoring.application.calendar import Days
from services.monitoring.domain.events import CheckpointPlan, KpiPlan, MonthPlan, UsageStandard

Forms = Mapping[str, Any]


def kpis(section: Mapping[str, Any], forms: Forms, approved_count: int) -> tuple[KpiPlan, ...]:
    """One entry per row of the checkpoint table, with item and weight from the other forms. A
    KPI that counts enterprises aims at no more than the approved number of them."""
    if "plan" not in section:
        return ()
    where, kpi, weight = section["plan"], section.get("kpis"), section.get("weights")
    if kpi is None or weight is None:
        return tuple(_bare(row, where) for row in _rows(forms, where))
    items = {row[kpi["code"]]: row.get(kpi["item"]) for row in _rows(forms, kpi)}
    most_centi = approved_count * kpi["unit_centi"]

    def _total(total_centi: int, item: str | None) -> int:
        return min(total_centi, most_centi) if item in kpi["per_enterprise"] else total_centi

    weights = {row[weight["code"]]: row.get(weight["weight"]) for row in _rows(forms, weight)}
    return tuple(
        KpiPlan(
            code=row[where["code"]],
            item=items.get(row[where["code"]]),
            total_centi=_total(row[where["total"]] or 0, items.get(row[where["code"]])),
            weight_bp=weights.get(row[where["code"]]) or 0,
            evidence=tuple(row.get(where["evidence"]) or ()),
        )
        for row in _rows(forms, where)
    )


def _bare(row: Mapping[str, Any], where: Mapping[str, Any]) -> KpiPlan:
    """A KPI without item and weight: it is reported, and weighs nothing."""
    return KpiPlan(
        code=row[where["code"]],
        item=None,
        total_centi=row[where["total"]] or 0,
        weight_bp=0,
        evidence=tuple(row.get(where.get("evidence", "")) or ()),
    )


def progress(section: Mapping[str, Any], forms: Forms) -> tuple[MonthPlan, ...]:
    """The planned progress grid, cumulative."""
    if "progress" not in section:
        return ()
    where = section["progress"]
    return tuple(
        MonthPlan(
            month=row[where["month"]],
            work_bp=row[where["work"]] or 0,
            budget_bp=row[where["budget"]] or 0,
        )
        for row in _rows(forms, where)
    )


def participants(
    section: Mapping[str, Any], forms: Forms, parties: Iterable[str]
) -> tuple[str, ...]:
    """統一編號 of the parties, the providers and the partners named in the plan."""
    found = set(parties)
    for where in section.get("participants") or ():
        found.update(row[where["field"]] for row in _rows(forms, where) if row.get(where["field"]))
    return tuple(sorted(found))


def standard(agreed: Mapping[str, Any]) -> UsageStandard | None:
    """The agreed regular-traffic standard of the contract; None where none was agreed."""
    if agreed.get("minimum") is None or agreed.get("cycle") is None:
        return None
    return UsageStandard(
        service_item=agreed.get("service_item") or "",
        record_kinds=tuple(agreed.get("record_kinds") or ()),
        minimum=agreed["minimum"],
        cycle=agreed["cycle"],
        total=agreed.get("total") or 0,
    )


def checkpoints(days: Days, forms: Forms) -> tuple[CheckpointPlan, ...]:
    """The checkpoints of the programme with their days, in order."""
    return tuple(
        CheckpointPlan(
            id=entry["id"],
            label=entry["label"],
            due_on=date.fromisoformat(days.of_checkpoint(entry, forms)),
            moment=entry["moment"],
        )
        for entry in days.document.get("checkpoints") or ()
    )


def counted_until(
    document: Mapping[str, Any], call: Mapping[str, Any], execution_end: date
) -> date:
    """The last day on which usage counts: the call's, but not after the contract's own."""
    name = (document.get("usage") or {}).get("counted_until", "")
    return min(date.fromisoformat(call[name]), execution_end) if name in call else execution_end


def _rows(forms: Forms, where: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = forms.get(where["form"]) or []
    if "rows" in where:
        content = content.get(where["rows"]) or [] if isinstance(content, Mapping) else []
    return [content] if isinstance(content, Mapping) else list(content)
