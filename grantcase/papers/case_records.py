"""The record of a case as a dossier prints it: every decision with its rules, every event once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grantcase.event_words import words, zh_sentence

Row = dict[str, Any]


def decisions(events: Sequence[Mapping[str, Any]]) -> list[Row]:
    """{on, type, what, moment, rules, findings: [{rule, clause, severity, text, source}], by}."""
    known = words()
    rows = []
    for event in events:
        made = event["decision"]
        if not made:
            continue
        spoke = [
            {
                "rule": f["rule"],
                "clause": f["clause"],
                "severity": f["severity"],
                "text": f["message"]["zh-Hant"],
                "source": f["source"],
                "blocks": f.get("blocks") or "",
            }
            for f in made["findings"]
        ]
        rows.append(
            {
                "on": event["occurred_at"][:10],
                "type": event["type"],
                "what": zh_sentence(event, known),
                "moment": made["moment"],
                "weighed": f"{len(made['clauses'])} 款" if made["clauses"] else None,
                "rules": made["rules"],
                "findings": spoke,
                "facts_digest": made["facts_digest"],
                "pack_digest": made["pack_digest"],
                "by": event["actor"]["id"],
                "cited": _cited(made),
            }
        )
    return rows


def _cited(made: Mapping[str, Any]) -> str:
    """The rules that decided: named by the decision, else those that found something."""
    rules = list(made["rules"]) or sorted({f["rule"] for f in made["findings"]})
    return "、".join(rules[:6]) + (f"等 {len(rules)} 條" if len(rules) > 6 else "")


def chronicle(events: Sequence[Mapping[str, Any]]) -> list[Row]:
    """{on, at, what, times, service, by}: what happened, runs of one kind at one instant as one."""
    known = words()
    rows: list[Row] = []
    for event in events:
        same = (event["type"], event["occurred_at"], event["actor"]["id"])
        if rows and rows[-1]["same"] == list(same) and event["type"] != "CommandRefused":
            rows[-1]["times"] += 1
            continue
        rows.append(
            {
                "same": list(same),
                "on": event["occurred_at"][:10],
                "at": event["occurred_at"],
                "what": zh_sentence(event, known),
                "times": 1,
                "service": event["service"],
                "by": event["actor"]["id"],
            }
        )
    for row in rows:
        row["shown"] = row["what"] + (f"（{row['times']} 筆）" if row["times"] > 1 else "")
    return rows
