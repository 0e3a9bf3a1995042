"""Why it was decided so: the recorded decision of an event beside the pack's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grantcase.backend import Backend

Event = Mapping[str, Any]

SHOWN = 3
"""How many findings of one clause are written out."""


def explanations(backend: Backend, events: Sequence[Event]) -> Iterator[str]:
    """One text per event that recorded a decision."""
    for event in events:
        if event["decision"]:
            yield explanation(backend, event)


def explanation(backend: Backend, event: Event) -> str:
    """Clauses that spoke with text, section, facts; values; pack digest and facts' digest."""
    decision = event["decision"]
    rules = rules_of(backend.query(event["service"], "pack", digest=decision["pack_digest"]))
    spoke = decision["findings"]
    silent = len(decision["clauses"]) - len({(f["rule"], f["clause"]) for f in spoke})
    lines = [
        "",
        f"■ {event['occurred_at'][:26]}  {event['service']}  {event['type']}",
        f"  決定編號 decision {event['id']}   執行者 actor {event['actor']['id']}",
        f"  規則包 pack {decision['programme']} {decision['pack_digest'][:16]}…   "
        f"時點 moment {decision['moment']}   事實摘要 facts {str(decision['facts_digest'])[:16]}…",
        f"  條款 clauses: {len(decision['clauses'])} 已評估 evaluated, "
        f"{max(silent, 0)} 無意見 silent",
    ]
    for clause, findings in _by_clause(spoke).items():
        lines += _clause(clause, findings, rules.get(clause[0], {}))
    if decision["rules"]:
        lines.append(f"  另依 also decided by: {'、'.join(decision['rules'])}")
    if decision["note"]:
        lines.append(f"  說明 note: {decision['note']}")
    if decision["values"]:
        shown = "; ".join(f"{k} = {_short(v)}" for k, v in sorted(decision["values"].items()))
        lines.append(f"  數值 values: {shown}")
    return "\n".join(lines)


def rules_of(pack: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Rule id -> rule."""
    return {rule["id"]: rule for rule in pack["rules"]}


def clause_of(rule: Mapping[str, Any], clause: str) -> Mapping[str, Any]:
    """One clause of a rule; empty when the pack has none of that id."""
    return next((c for c in rule.get("clauses") or [] if c["id"] == clause), {})


def _by_clause(findings: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[Any]]:
    grouped: dict[tuple[str, str], list[Any]] = {}
    for finding in findings:
        grouped.setdefault((finding["rule"], finding["clause"]), []).append(finding)
    return grouped


def _clause(
    clause: tuple[str, str], findings: Sequence[Mapping[str, Any]], rule: Mapping[str, Any]
) -> list[str]:
    first, title = findings[0], rule.get("title", {})
    lines = [
        f"  ▸ {clause[0]}/{clause[1]} [{first['severity']}] "
        f"{title.get('zh-Hant', '')} {title.get('en', '')}（{first['source']}）"
    ]
    if (condition := clause_of(rule, clause[1]).get("require")) is not None:
        lines.append(f"      條件 condition: {condition}")
    for finding in findings[:SHOWN]:
        lines += [f"      {finding['message']['zh-Hant']}", f"      {finding['message']['en']}"]
        lines += [
            f"        事實 fact: {fact['path']} = {_short(fact['value'])}"
            for fact in finding["facts"]
        ]
    if len(findings) > SHOWN:
        lines.append(f"      … 另 {len(findings) - SHOWN} 筆同條款 more rows of the same clause")
    return lines


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return text if len(text) <= 120 else text[:117] + "…"
