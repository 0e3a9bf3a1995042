"""What a paper may say of a case: one document, read off the events of all services up to a day.

{pack, head, call, case, today, item, last, all, forms, steps, rules and the registers}.
`last` maps an event type to the data of its newest event, `all` to those of every one, each with
`on` (its day), `at` (its instant), `by` (who) and `id`. `forms` holds each form's newest content.
Steps taken by any service's generic command are events like the others, and by kind in `steps`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from grantcase import timeline as merging
from grantcase.backend import Backend
from grantcase.papers import registers
from grantcase.papers.templates import default_head
from shared.kernel.clock import parse_instant, taipei_date

Facts = dict[str, Any]
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A case opened for its papers: its row, its programme's pack, its call, all its events."""

    row: Mapping[str, Any]
    pack: Mapping[str, Any]
    call: Mapping[str, Any]
    events: Sequence[Event]

    def until(self, day: date) -> Case:
        """The case as it was at the end of that day in Taipei."""
        kept = [e for e in self.events if taipei_date(parse_instant(e["occurred_at"])) <= day]
        return Case(self.row, self.pack, self.call, kept)

    def by(self, instant: datetime) -> Case:
        """The case at that instant, with all that happened at it."""
        kept = [e for e in self.events if parse_instant(e["occurred_at"]) <= instant]
        return Case(self.row, self.pack, self.call, kept)


def open_case(backend: Backend, number: str) -> Case:
    """The case by number or id. Raises Refused for an unknown one."""
    row = merging.case_of(backend, number)
    events = merging.timeline(backend, row["case_id"])
    registered = next(e["data"] for e in events if e["type"] == "CaseRegistered")
    return Case(row, pack_of(backend, registered), call_of(backend, row["call_id"]), events)


def pack_of(backend: Backend, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The pack that an event's data names."""
    found: Mapping[str, Any] = backend.query("intake", "pack", digest=data["pack_digest"])
    return found


def call_of(backend: Backend, call_id: str | None) -> Mapping[str, Any]:
    """The published call, {} without one."""
    return backend.query("intake", "call", call_id=call_id) if call_id else {}


def gathered(case: Case, today: date) -> Facts:
    """The facts of a case; `today` dates papers that have no date of their own."""
    by_type = typed(case.events)
    facts: Facts = {
        **programme(case.pack, case.call, today),
        "case": _case(case),
        "item": {},
        "all": by_type,
        "last": {name: rows[-1] for name, rows in by_type.items()},
        "forms": forms(case.events),
        "steps": _steps(by_type),
    }
    facts.update(registers.registers(facts, case.events))
    return facts


def programme(pack: Mapping[str, Any], call: Mapping[str, Any], today: date) -> Facts:
    """What every paper of a programme may say."""
    return {
        "pack": {
            **{name: value for name, value in pack.items() if name not in _LARGE},
            "name": pack["names"],
            "parameters": {k: p["value"] for k, p in (pack.get("parameters") or {}).items()},
            "checkpoints": pack.get("checkpoints") or [],
            "monitoring": pack.get("monitoring") or {},
        },
        "head": {**default_head(), **(pack.get("paper_head") or {})},
        "words": pack.get("paper_words") or {},
        "call": {
            "code": call.get("call_code", ""),
            "title": call.get("title", pack["names"]),
            "parameters": call.get("parameters", {}),
        },
        "today": today.isoformat(),
        "rules": {
            rule["id"]: {
                "id": rule["id"],
                "title": rule["title"]["zh-Hant"],
                "source": rule["source"],
            }
            for rule in pack.get("rules", [])
        },
    }


_LARGE = ("forms", "moments", "rules", "papers", "township_groups", "documents", "steps")
"""Sections of a pack that papers do not show; rules have a name of their own."""


def typed(events: Sequence[Event]) -> dict[str, list[dict[str, Any]]]:
    """Event type -> the data of its events in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        found.setdefault(event["type"], []).append(data_of(event))
    return found


def data_of(event: Event) -> dict[str, Any]:
    """An event's data with when and by whom."""
    return {
        **event["data"],
        "on": event["occurred_at"][:10],
        "at": event["occurred_at"],
        "by": event["actor"]["id"],
        "id": event["id"],
    }


def item_of(event: Event) -> dict[str, Any]:
    """An event that a paper is about: its data, and what the rules found."""
    found = [
        {**f, "text": f["message"]["zh-Hant"], "blocks": f.get("blocks") or f["severity"]}
        for f in (event["decision"] or {}).get("findings", [])
    ]
    return {**data_of(event), "findings": found, "decision": event["decision"] or {}}


def forms(events: Sequence[Event]) -> dict[str, Any]:
    """Form id -> its newest content, whichever event brought it (FormSaved, RosterImported, a
    submission that carries forms)."""
    found: dict[str, Any] = {}
    for event in events:
        data = event["data"]
        if event["type"] == "FormSaved" or (data.get("form") and "content" in data):
            found[data["form"]] = data["content"]
        elif event["type"] == "RosterImported":
            found[data["form"]] = data["rows"]
        elif event["type"] in _CARRIERS and data.get("forms"):
            found.update(data["forms"])
    return found


_CARRIERS = ("CaseRegistered", "StepRecorded", "StepTaken", "ReportSubmitted")
"""Types of events that bring whole forms."""


def _steps(by_type: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Step -> every time it was taken; one that is told to other services is told only once."""
    found: dict[str, Any] = {}
    seen: set[tuple[Any, ...]] = set()
    for row in [*by_type.get("StepRecorded", []), *by_type.get("StepTaken", [])]:
        one = (row.get("step"), row.get("key"), row.get("number"))
        if one not in seen:
            seen.add(one)
            found.setdefault(str(row.get("step", "")), []).append(row)
    return found


def _case(case: Case) -> dict[str, Any]:
    submitted: Mapping[str, Any] = next(
        (e["data"] for e in case.events if e["type"] == "ProposalSubmitted"), {}
    )
    track = submitted.get("track") or case.row.get("track") or ""
    return {
        "id": case.row["case_id"],
        "number": case.row["case_number"],
        "applicant": case.row["applicant_name"],
        "ubn": case.row["applicant_ubn"],
        "track": track,
        "track_label": (case.pack.get("tracks") or {}).get(track, {}).get("label", track),
    }
