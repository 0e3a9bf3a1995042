"""Rules told to people: one row per clause, one page per rule, the figures of a decision."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.programmes.expression import parse, paths
from shared.programmes.messages import shown
from shared.programmes.pack import Pack, moments_of
from shared.programmes.rule_places import Place

HEADINGS = ("clause", "moment", "kind", "owner", "source", "title")
_SEVERITY = {"block": "不予通過", "warn": "警示", "manual": "人工判斷", "info": "說明"}
_STANDING = {
    "enforced": "執行 enforced",
    "officer": "人工判斷 officer",
    "outside": "系統外 outside",
    "absent": "缺 absent",
}
_PLACES = {
    "clause": "",
    "value": "計算 value ",
    "command": "指令 command ",
    "form": "欄位 field ",
    "document": "文件 document ",
    "window": "期間 window ",
    "obligation": "義務 obligation ",
    "step": "步驟 step ",
    "parameter": "參數 param.",
    "call": "徵案參數 call.",
    "rule": "規則 rule ",
    "moment": "時點 moment ",
    "separation": "分權 separation ",
    "section": "規則包 pack ",
}
_SHOWN = 3  # vectors of one side in a table


def standing_text(standing: str) -> str:
    """How a rule stands, for a table."""
    return _STANDING[standing]


def places_text(places: Sequence[Place]) -> str:
    """Where a rule is held, places of a kind together: 計算 value n、tier；參數 param.cap."""
    kinds: dict[str, list[str]] = {}
    for place in places:
        kinds.setdefault(place.kind, []).append(place.name)
    return "；".join(_PLACES[kind] + "、".join(names) for kind, names in kinds.items())


def vectors_text(passes: Sequence[str], fails: Sequence[str]) -> str:
    """The vectors of a rule: +CP-T013,… −CP-T014."""
    sides = [(sign, ids) for sign, ids in (("+", passes), ("−", fails)) if ids]
    return " ".join(
        sign + ",".join(ids[:_SHOWN]) + (",…" if len(ids) > _SHOWN else "") for sign, ids in sides
    )


def rows(pack: Pack, moment: str | None) -> list[tuple[str, ...]]:
    """A row per clause, value and guard, in file order."""
    found: list[tuple[str, ...]] = []
    for rule in pack.rules.values():
        title = rule["title"]["zh-Hant"]
        tail = (rule["owner"], rule["source"], title)
        for value in rule.get("values") or ():
            if moment in (None, *moments_of(value)):
                name = f"{rule['id']} {value['name']}"
                found.append((name, moment or _moments(value), "value", *tail))
        for clause in rule.get("clauses") or ():
            if moment in (None, *moments_of(clause)):
                ref = f"{rule['id']}/{clause['id']}"
                found.append((ref, moment or _moments(clause), _kind(clause), *tail))
        if moment is None:
            found += [(rule["id"], "-", kind, *tail) for kind in _held(rule)]
    return found


def _moments(written: Mapping[str, Any]) -> str:
    return ", ".join(moments_of(written))


def _held(rule: Mapping[str, Any]) -> Iterator[str]:
    if rule.get("guard"):
        yield f"guard {rule['guard']}"
    yield from (f"held by {place}" for place in rule.get("held_by") or ())
    if rule.get("outside"):
        yield "outside"


def explained(pack: Pack, rule_id: str) -> Iterator[str]:
    """The page of a rule."""
    rule = pack.rules[rule_id]
    yield f"{rule_id}  {rule['title']['zh-Hant']}  {rule['title']['en']}"
    yield f"  出處 source: {rule['source']} [{rule['mark']}] · 負責 owner: {rule['owner']}"
    yield f"  {pack.id} v{pack.version} · digest {pack.digest}"
    if rule.get("guard"):
        yield f"  由流程把關 held by the workflow: {rule['guard']}"
    for place in rule.get("held_by") or ():
        yield f"  由規則包此處把關 held by this part of the pack: {place}"
    if rule.get("outside"):
        yield f"  系統外 outside the system: {rule['outside']['zh-Hant']}"
        yield f"  {rule['outside']['en']}"
    if rule.get("explain"):
        yield f"  {rule['explain']['zh-Hant']}"
        yield f"  {rule['explain']['en']}"
    for value in rule.get("values") or ():
        yield f"\n  value.{value['name']} @ {_moments(value)}"
        yield f"    = {value['expr']}"
    for clause in rule.get("clauses") or ():
        yield from _clause(pack, rule_id, clause)
    yield from _parameters(pack, rule)


def decided(event: Mapping[str, Any], rule_id: str) -> Iterator[str]:
    """What a stored decision recorded about a rule."""
    decision = event.get("decision")
    yield f"\n決定 decision: {event['type']} {event['id']} · {event['occurred_at']}"
    if not decision:
        yield "  此事件未記錄規則決定 this event records no decision by rules"
        return
    digest = decision.get("facts_digest") or "-"
    yield f"  規則包 pack {decision['pack_digest']} · 事實摘要 facts {digest}"
    refs = [ref for ref in decision.get("clauses") or () if ref.split("/")[0] == rule_id]
    found = [item for item in decision.get("findings") or () if item["rule"] == rule_id]
    spoke = {f"{item['rule']}/{item['clause']}" for item in found}
    for ref in refs:
        if ref not in spoke:
            yield f"  ✓ {ref} 通過 held"
    if not refs and rule_id not in (decision.get("rules") or ()):
        yield f"  {rule_id} 未參與此決定 took no part in it"
    for finding in found:
        yield f"  ✗ {finding['rule']}/{finding['clause']} {finding['message']['zh-Hant']}"
        yield f"      {finding['message']['en']}"
        for fact in finding["facts"]:
            yield f"      {fact['path']} = {json.dumps(fact['value'], ensure_ascii=False)}"
    values = decision.get("values") or {}
    if values:
        yield "  數值 values: " + ", ".join(
            f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()
        )


def _kind(clause: Mapping[str, Any]) -> str:
    blocks = clause.get("blocks", "command")
    return clause["severity"] if blocks == "command" else f"{clause['severity']} {blocks}"


def _clause(pack: Pack, rule_id: str, clause: Mapping[str, Any]) -> Iterator[str]:
    moment = ", ".join(
        f"{name}（{pack.moments[name]['label']['zh-Hant']}）" for name in moments_of(clause)
    )
    severity = _SEVERITY[clause["severity"]]
    yield f"\n  {rule_id}/{clause['id']} @ {moment}: {_kind(clause)} {severity}"
    for key in ("for_each", "applies", "require"):
        if clause.get(key):
            yield f"    {key}: {' '.join(str(clause[key]).split())}"
    if clause.get("role"):
        yield f"    role: {clause['role']}"
    yield f"    「{clause['message']['zh-Hant']}」"
    yield f'    "{clause["message"]["en"]}"'


def _parameters(pack: Pack, rule: Mapping[str, Any]) -> Iterator[str]:
    texts = [value["expr"] for value in rule.get("values") or ()]
    for clause in rule.get("clauses") or ():
        texts += [clause[key] for key in ("applies", "require") if clause.get(key)]
    names = sorted(
        {path[1] for text in texts for path in paths(parse(text)) if path[:1] == ("param",)}
    )
    if names:
        yield "\n  參數 parameters"
    for name in names:
        parameter = pack.document["parameters"][name]
        note = (parameter.get("note") or {}).get("zh-Hant", "")
        source = parameter.get("source", "-")
        value = shown(parameter["value"], "en") if not isinstance(parameter["value"], dict) else "…"
        yield f"    {name} = {value} [{parameter['mark']}, {source}] {note}"
