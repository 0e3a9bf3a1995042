"""What a paper may say of a call: its cases with how each was ranked and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from grantcase import timeline as merging
from grantcase.backend import Backend, Refused
from grantcase.papers import facts as case_facts
from shared.kernel.clock import parse_instant, taipei_date

Found = tuple[dict[str, Any], Mapping[str, Any], Sequence[Mapping[str, Any]]]


def call_facts(backend: Backend, call: str, today: date) -> Found:
    """(facts, pack, events of all its cases). `call` is its code or its id. Raises Refused."""
    cases = [row for row in backend.query("intake", "cases") if row["call_id"]]
    published = {row["call_id"]: case_facts.call_of(backend, row["call_id"]) for row in cases}
    call_id = next((i for i, c in published.items() if call in (i, c["call_code"])), None)
    if call_id is None:
        raise Refused(_unknown(call, [c["call_code"] for c in published.values()]))
    document = published[call_id]
    pack = case_facts.pack_of(backend, document)
    rows, events = [], []
    for row in cases:
        if row["call_id"] != call_id:
            continue
        known = [
            event
            for event in merging.timeline(backend, row["case_id"])
            if taipei_date(parse_instant(event["occurred_at"])) <= today
        ]
        events += known
        rows.append(_row(row, known, pack))
    facts = case_facts.programme(pack, document, today)
    facts.update(
        {
            "case": {"number": document["call_code"], "applicant": "", "ubn": "", "track": ""},
            "item": {},
            "cases": rows,
            "all": {},
            "last": {name: many[-1] for name, many in case_facts.typed(events).items()},
            "forms": {},
            "tracks": _tracks(pack, rows),
        }
    )
    return facts, pack, events


def _row(
    row: Mapping[str, Any], events: Sequence[Mapping[str, Any]], pack: Mapping[str, Any]
) -> dict[str, Any]:
    last = {name: many[-1] for name, many in case_facts.typed(events).items()}
    selected, scored = last.get("ProposalSelected", {}), last.get("ScoringClosed", {})
    submitted = last.get("ProposalSubmitted", {})
    track = submitted.get("track") or ""
    forms = case_facts.forms(events)
    titles = [f["plan_name"] for f in forms.values() if isinstance(f, Mapping) and "plan_name" in f]
    return {
        "number": row["case_number"],
        "applicant": row["applicant_name"],
        "ubn": row["applicant_ubn"],
        "track": track,
        "plan_name": titles[0] if titles else None,
        "requested_twd": submitted.get("requested_twd"),
        "submitted_at": submitted.get("at"),
        "final_centi": scored.get("final_centi"),
        "rank": scored.get("rank"),
        "decided": _decided(last),
        "approved_count": selected.get("approved_count"),
        "approved_twd": selected.get("approved_twd"),
        "announced_on": selected.get("announced_on"),
        "conditions": [c["text"] for c in selected.get("conditions", [])],
    }


def _decided(last: Mapping[str, Any]) -> str:
    for event, text in (
        ("ProposalSelected", "入選"),
        ("ProposalNotSelected", "未入選"),
        ("ProposalForfeited", "視為棄權"),
        ("ProposalRejected", "不予受理"),
        ("ProposalLapsed", "視為未提案"),
    ):
        if event in last:
            return text
    return "審查中"


def _tracks(pack: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tracks that have selected proposals; one without a name where a pack has none."""
    labels = {
        name: track["label"] for name, track in (pack.get("tracks") or {"": {"label": ""}}).items()
    }
    found = []
    for name, label in labels.items():
        chosen = [row for row in rows if row["decided"] == "入選" and row["track"] == name]
        if chosen:
            chosen.sort(key=lambda row: (row["rank"] or 0, row["number"]))
            found.append(
                {
                    "id": name,
                    "label": label,
                    "rows": [{**row, "no": i} for i, row in enumerate(chosen, 1)],
                    "count": len(chosen),
                    "approved_count": sum(row["approved_count"] or 0 for row in chosen),
                    "approved_twd": sum(row["approved_twd"] or 0 for row in chosen),
                }
            )
    return found


def _unknown(call: str, known: Sequence[str]) -> dict[str, Any]:
    listed = "、".join(sorted(set(known)))
    return {
        "error": "unknown",
        "field": "call",
        "message": {
            "zh-Hant": f"查無徵案 {call}；現有：{listed}",
            "en": f"there is no call {call}; there are: {listed}",
        },
    }
