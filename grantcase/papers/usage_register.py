"""Use of the adopted tools by enterprise and cycle: what the usage line charts show.

Only counted uses, of every batch; a period is named by its first day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]


def usage(facts: Mapping[str, Any], enterprises: Sequence[Row]) -> Row:
    """{total, standard, cycle, heads, periods, enterprises: [{no, ubn, name, solution, provider,
    activated_on, uses, values}]}: uses that counted; values stand beside periods."""
    batches = facts["all"].get("UsageBatchIngested", [])
    heads = [row["head"] for row in facts["all"].get("UsageRowsStored", [])]
    providers = {head.get("solution_name"): head.get("csp_name") for head in heads}
    adopted = {
        one["ubn"]: one
        for event in facts["all"].get("AdoptionsRecorded", [])
        for one in event["adoptions"]
    }
    counted: dict[str, dict[str, int]] = {}
    for batch in batches:
        for ubn, days in batch["counted"].items():
            own = counted.setdefault(ubn, {})
            for day, uses in days.items():
                own[day] = own.get(day, 0) + uses
    opened = facts["last"].get("MonitoringOpened", {})
    cycle = (opened.get("standard") or {}).get("cycle") or "MONTH"
    periods = _periods(counted, cycle)
    rows = [
        {
            "no": row["no"],
            "ubn": row["ubn"],
            "name": row["name"],
            "solution": adopted.get(row["ubn"], {}).get("solution"),
            "provider": providers.get(adopted.get(row["ubn"], {}).get("solution")),
            "activated_on": adopted.get(row["ubn"], {}).get("activated_at"),
            "values": _values(counted.get(row["ubn"], {}), periods, cycle),
            "uses": sum(counted.get(row["ubn"], {}).values()),
        }
        for row in enterprises
        if "ubn" in row
    ]
    return {
        "total": sum(sum(days.values()) for days in counted.values()),
        "standard": opened.get("standard") or {},
        "heads": _distinct(heads),
        "cycle": cycle,
        "periods": [day.isoformat() for day in periods],
        "enterprises": rows,
    }


def _periods(counted: Mapping[str, Mapping[str, int]], cycle: str) -> list[date]:
    """First days of all cycles from the first use to the last, without gaps."""
    days = [_first_day(date.fromisoformat(d), cycle) for own in counted.values() for d in own]
    found = [min(days)] if days else []
    while found and found[-1] < max(days):
        step = {"DAY": 1, "WEEK": 7}.get(cycle, 32)
        found.append(_first_day(found[-1] + timedelta(days=step), cycle))
    return found


def _first_day(day: date, cycle: str) -> date:
    if cycle == "DAY":
        return day
    return day - timedelta(days=day.weekday()) if cycle == "WEEK" else day.replace(day=1)


def _values(own: Mapping[str, int], periods: Sequence[date], cycle: str) -> list[int]:
    sums = dict.fromkeys(periods, 0)
    for day, uses in own.items():
        sums[_first_day(date.fromisoformat(day), cycle)] += uses
    return list(sums.values())


def _distinct(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    found: list[Row] = []
    for row in rows:
        kept = {k: row.get(k) for k in ("csp_name", "solution_name", "plan_file")}
        if kept not in found:
            found.append(kept)
    return found
