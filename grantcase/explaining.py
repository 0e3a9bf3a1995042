"""Why it was decided so: the recorded decision of an event beside the pack's own words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grantcase.backend import Backend

Event = Mapping[str, Any]


def explanations(backend: Backend, events: Sequence[Event]) -> Iterator[str]:
    """One text per event that recorded a decision."""
    for event in events:
        if event["decision"]:
            yield explanation(backend, event)


def decision_of(backend: Backend, service: str, event_id: str) -> Event | None:
    """The event that a decision id names; the id is that of the event it produced."""
    found: Event | None = backend.query(service, "event", event_id=event_id)
    return found


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
    for finding in spoke[:40]:
        lines += _finding(finding, rules.get(finding["rule"], {}))
    if len(spoke) > 40:
        lines.append(f"  … 另 {len(spoke) - 40} 項 more findings")
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


def _finding(finding: Mapping[str, Any], rule: Mapping[str, Any]) -> list[str]:
    title = rule.get("title", {})
    clause = clause_of(rule, finding["clause"])
    lines = [
        f"  ▸ {finding['rule']}/{finding['clause']} [{finding['severity']}] "
        f"{title.get('zh-Hant', '')} {title.get('en', '')}（{finding['source']}）",
        f"      {finding['message']['zh-Hant']}",
        f"      {finding['message']['en']}",
    ]
    if clause.get("require"):
        lines.append(f"      條件 condition: {clause['require']}")
    for fact in finding["facts"]:
        lines.append(f"      事實 fact: {fact['path']} = {_short(fact['value'])}")
    return lines


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return text if len(text) <= 120 else text[:117] + "…"
