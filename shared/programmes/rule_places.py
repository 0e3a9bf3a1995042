"""Where a pack holds a rule: its clauses and values, and every other part that names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.programmes.expression import parse, paths
from shared.programmes.pack import Pack, moments_of

_KINDS = {
    "forms": "form",
    "documents": "document",
    "obligations": "obligation",
    "steps": "step",
    "parameters": "parameter",
    "call_parameters": "call",
    "rules": "rule",
    "moments": "moment",
    "separations": "separation",
}


@dataclass(frozen=True, slots=True)
class Place:
    """`kind`: clause, value, command, form, document, window, obligation, step, parameter, call,
    rule, moment, separation or section; `name` as it stands in the pack."""

    kind: str
    name: str


def places_of(pack: Pack, rule: Mapping[str, Any]) -> Iterator[Place]:
    """Every place that holds the rule, then what else of the pack names it."""
    for clause in rule.get("clauses") or ():
        blocks = clause.get("blocks", "command")
        severity = clause["severity"] if blocks == "command" else f"{clause['severity']} {blocks}"
        yield Place("clause", f"{'+'.join(moments_of(clause))}/{clause['id']} {severity}")
    for value in rule.get("values") or ():
        yield Place("value", f"{value['name']}@{'+'.join(moments_of(value))}")
    if rule.get("guard"):
        yield Place("command", rule["guard"])
    for pointer in rule.get("held_by") or ():
        yield place_at(pointer)
    yield from _named_elsewhere(pack, rule["id"])


def place_at(pointer: str) -> Place:
    """The place that a held_by pointer leads to, in the words of the pack."""
    section, *steps = pointer.split("/")[1:]
    if section == "intake" and steps[:1] == ["windows"]:
        return Place("window", ".".join(steps[1:]))
    names = [step for step in steps if step != "fields"]
    if section in _KINDS and names:
        return Place(_KINDS[section], ".".join(names))
    return Place("section", ".".join([section, *steps]))


def readers_of(pack: Pack) -> Mapping[str, frozenset[str]]:
    """Rule -> the clauses that read one of its values, directly or through other values."""
    owners = {(v.moment, v.name): v.rule for v in pack.values}
    reads = {(v.moment, v.name): _values_in(v.expr) for v in pack.values}
    found: dict[str, set[str]] = {}
    for clause in pack.clauses:
        seen: set[str] = set()
        open_ = _values_in(clause.require) | _values_in(clause.applies or "true")
        while open_:
            name = open_.pop()
            seen.add(name)
            open_ |= reads.get((clause.moment, name), set()) - seen
        for name in seen:
            owner = owners.get((clause.moment, name))
            if owner is not None:
                found.setdefault(owner, set()).add(clause.ref)
    return {rule: frozenset(refs) for rule, refs in found.items()}


def _values_in(expression: str) -> set[str]:
    return {path[1] for path in paths(parse(expression)) if path[0] == "value" and path[1:]}


def _named_elsewhere(pack: Pack, rule: str) -> Iterator[Place]:
    document = pack.document
    for obligation in document.get("obligations") or ():
        if obligation["clause"].partition("/")[0] == rule:
            yield Place("obligation", obligation["id"])
    for name, kind in (document.get("documents") or {}).items():
        if isinstance(kind, Mapping) and kind.get("rule") == rule:
            yield Place("document", name)
    for pair in document.get("separations") or ():
        if pair.get("rule") == rule:
            yield Place("separation", f"{pair['first']}/{pair['second']}")
    for name, parameter in (document.get("parameters") or {}).items():
        if parameter.get("rule") == rule:
            yield Place("parameter", name)
