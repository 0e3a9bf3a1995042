"""The obligations of a case with their days, worked out from the pack (catalogue section 9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.events import Obligation
from services.monitoring.domain.fulfilment import ARCHIVE, FACTS, MILESTONE
from shared.kernel.clock import add_months, add_years, after_day, start_of_day
from shared.kernel.errors import RuleError
from shared.kernel.ids import derived_id

OWNER = "monitoring"


class Days:
    """Due days by the pack's expressions over {call, case} and `param`."""

    def __init__(
        self,
        ports: MonitoringPorts,
        digest: str,
        call: Mapping[str, Any],
        case: Mapping[str, str | None],
    ):
        self._ports = ports
        self._digest = digest
        self._names = {"call": dict(call), "case": dict(case)}
        self.document = ports.packs.document(digest)

    def due(self, expression: str) -> Any:
        """A date as ISO text, or for monthly duties a day of the month."""
        return self._ports.rules.compute(self._digest, expression, self._names)

    def of_checkpoint(self, entry: Mapping[str, Any], plan: Mapping[str, Any]) -> str:
        """The day of a checkpoint: a call parameter, or worked out, then with the plan's forms."""
        if "due" in entry:
            return str(self._names["call"][entry["due"]])
        names = {**self._names, "plan": dict(plan)}
        return str(self._ports.rules.compute(self._digest, entry["due_on"], names))

    def entries(self, every: tuple[str | None, ...]) -> Iterator[tuple[Mapping[str, Any], str]]:
        """(obligation of the pack, the fact that fulfils it) of monitoring's own, by `every`.
        Raises RuleError for a fact that monitoring does not know."""
        facts = (self.document.get("monitoring") or {}).get("fulfilment") or {}
        for entry in self.document.get("obligations") or ():
            if entry.get("owner", OWNER) != OWNER or entry["every"] not in every:
                continue
            fact = facts.get(entry["id"], MILESTONE)
            if fact.partition(":")[0] not in FACTS:
                raise RuleError(f"obligation {entry['id']}: no fact {fact!r} in monitoring")
            yield entry, fact


def of_contract(days: Days, first: date, last: date) -> tuple[Obligation, ...]:
    """What is due while the contract runs: single days, and months from first to last."""
    found = []
    for entry, fact in days.entries((None, "month")):
        if "closed_on" in entry["due"]:
            continue
        due = days.due(entry["due"])
        if entry["every"] == "month":
            found += [_dated(entry, fact, day, month) for month, day in months(first, last, due)]
        else:
            found.append(_dated(entry, fact, date.fromisoformat(due), None))
    return tuple(found)


def of_follow_up(days: Days, counted_from: date) -> tuple[Obligation, ...]:
    """What is due after the end: one report a year, and the archive (on the last day of the years,
    where the pack has no obligation that says when)."""
    plan = days.document["follow_up"]
    count = plan["years"] * 12 // plan["every_months"]
    found = []
    for entry, fact in days.entries(("year", None)):
        if "closed_on" not in entry["due"]:
            continue
        if entry["every"] == "year":
            dues = [add_months(counted_from, plan["every_months"] * n) for n in range(1, count + 1)]
            found += [_dated(entry, fact, due, str(n)) for n, due in enumerate(dues, 1)]
        else:
            found.append(_dated(entry, fact, date.fromisoformat(days.due(entry["due"])), None))
    if all(duty.fulfilled_by != ARCHIVE for duty in found):
        found.append(_archive(add_years(counted_from, plan["years"])))
    return tuple(found)


def _archive(due: date) -> Obligation:
    return Obligation(
        id=ARCHIVE,
        period=None,
        label={"zh-Hant": "追蹤期滿歸檔", "en": "End of follow-up"},
        who="clock",
        opens_on=due,
        due_on=due,
        alert="none",
        clause="",
        fulfilled_by=ARCHIVE,
    )


def months(first: date, last: date, day: int) -> list[tuple[str, date]]:
    """("2023-04", 2023-05-10) for every month from first to last: due in the month after."""
    month = first.replace(day=1)
    found = []
    while month <= last:
        due = add_months(month, 1) + timedelta(days=day - 1)
        found.append((month.isoformat()[:7], due))
        month = add_months(month, 1)
    return found


def set_timers(
    ports: MonitoringPorts,
    case_id: UUID,
    duties: tuple[Obligation, ...],
    now: datetime,
    overdue: tuple[Mapping[str, Any], ...] = (),
) -> None:
    """A timer for the first instant after each due day; for follow-up reports one per step
    (alert, reminder, register). Days that are past already are checked at once."""
    for duty in duties:
        if duty.fulfilled_by == ARCHIVE:
            ports.timers.schedule(
                derived_id(case_id, "archive"),
                max(after_day(duty.due_on), now),
                "ArchiveCase",
                {"case_id": str(case_id)},
            )
        elif duty.alert != "none" and duty.fulfilled_by != MILESTONE:
            for step in overdue or ({"after_days": 1, "action": "alert"},):
                _set_step(ports, case_id, duty, step, now)


def _set_step(
    ports: MonitoringPorts,
    case_id: UUID,
    duty: Obligation,
    step: Mapping[str, Any],
    now: datetime,
) -> None:
    due_at = start_of_day(duty.due_on + timedelta(days=step["after_days"]))
    ports.timers.schedule(
        derived_id(case_id, "obligation", duty.id, duty.period, step["action"]),
        max(due_at, now),
        "CheckObligation",
        {
            "case_id": str(case_id),
            "obligation": duty.id,
            "period": duty.period,
            "step": step["action"],
        },
    )


def _dated(entry: Mapping[str, Any], fact: str, due: date, period: str | None) -> Obligation:
    return Obligation(
        id=entry["id"],
        period=period,
        label=entry["label"],
        who=entry["who"],
        opens_on=due - timedelta(days=entry["window_days"]),
        due_on=due,
        alert=entry["alert"],
        clause=entry["clause"],
        fulfilled_by=fact,
    )
