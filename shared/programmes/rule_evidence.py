"""Which sides of a rule its vectors try: where it holds (passes) and where it is broken (fails)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from shared.programmes.pack import Pack
from shared.programmes.rule_places import readers_of
from shared.programmes.vectors import Vector


class Evidence:
    """Which sides of a rule a vector tries."""

    def __init__(self, pack: Pack, vectors: Sequence[Vector]):
        self.vectors = vectors
        self._pack = pack
        self._readers = readers_of(pack)
        self._expected = _expected_values(pack, vectors)

    def sides(self, rule_id: str, vector: Vector) -> Iterator[str]:
        """passes, fails, both or none; rules that it is held by lend theirs."""
        for rule in (rule_id, *self._lenders(rule_id, {rule_id})):
            yield from self._own_sides(rule, vector)

    def _lenders(self, rule_id: str, seen: set[str]) -> Iterator[str]:
        for pointer in self._pack.rules[rule_id].get("held_by") or ():
            lender = pointer.split("/")[2] if pointer.startswith("/rules/") else ""
            if lender in self._pack.rules and lender not in seen:
                seen.add(lender)
                yield lender
                yield from self._lenders(lender, seen)

    def _own_sides(self, rule_id: str, vector: Vector) -> Iterator[str]:
        rule = self._pack.rules[rule_id]
        named = rule_id in vector.rules
        if vector.commands:
            yield from vector.tried if named else ()
            return
        clauses = {f"{rule_id}/{clause['id']}" for clause in rule.get("clauses") or ()}
        yield from _spoken(vector, clauses)
        if not named:
            return
        if rule.get("guard") or rule.get("held_by"):
            yield from _said(vector)
        elif not clauses:
            yield from _spoken(vector, self._readers.get(rule_id, frozenset()))
            yield from self._differing(rule_id, vector)

    def _differing(self, rule_id: str, vector: Vector) -> Iterator[str]:
        """Values alone are tried by two vectors that expect different figures of one value."""
        for name, figures in self._expected.get(rule_id, {}).items():
            if name in (vector.expect.get("values") or {}) and len(set(figures)) > 1:
                figure = repr(vector.expect["values"][name])
                yield "passes" if figure == figures[0] else "fails"


def _spoken(vector: Vector, clauses: frozenset[str] | set[str]) -> Iterator[str]:
    """A vector in which one clause speaks breaks the rule, whatever the others do."""
    if clauses & set(vector.expect.get("findings") or ()):
        yield "fails"
    elif clauses & set(vector.expect.get("silent") or ()):
        yield "passes"


def _said(vector: Vector) -> Iterator[str]:
    """What a vector says of a rule that it names and another part of the pack holds."""
    expect = vector.expect
    if expect.get("findings") or expect.get("blocked") or "unusable" in expect:
        yield "fails"
    else:
        yield "passes"


def _expected_values(
    pack: Pack, vectors: Sequence[Vector]
) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Rule -> value name -> the figures that vectors naming the rule expect of it."""
    found: dict[str, dict[str, list[str]]] = {}
    for rule_id, rule in pack.rules.items():
        names = {value["name"] for value in rule.get("values") or ()}
        for vector in vectors:
            expected = vector.expect.get("values") or {}
            for name in names & set(expected) if rule_id in vector.rules else ():
                found.setdefault(rule_id, {}).setdefault(name, []).append(repr(expected[name]))
    return found
