"""How every rule of a programme stands: where it is held, and the vectors that try both sides.

Only reads; that the vectors hold is shown by running them (shared/programmes/vectors.py). How a
vector counts for a rule is told in docs/reference/rule-coverage.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.programmes.pack import Pack
from shared.programmes.rule_catalogue import Catalogue, family_of, rule_ids
from shared.programmes.rule_evidence import Evidence
from shared.programmes.rule_places import Place, places_of
from shared.programmes.vectors import Vector

STANDINGS = ("enforced", "officer", "outside", "absent")
_LACKING = {
    (True, True): None,
    (True, False): "fails",
    (False, True): "passes",
    (False, False): "both",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCoverage:
    """One rule: its standing, where it is held, ids of vectors in which it holds (`passes`) and in
    which it is broken (`fails`). `missing`: rule, passes, fails, both, or None."""

    rule: str
    standing: str
    places: tuple[Place, ...] = ()
    passes: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()

    @property
    def missing(self) -> str | None:
        """What an enforced rule lacks; a rule that the pack does not hold lacks itself."""
        if self.standing == "absent":
            return "rule"
        if self.standing != "enforced":
            return None
        return _LACKING[bool(self.passes), bool(self.fails)]

    @property
    def untried(self) -> bool:
        """An officer's decision whose task no vector opens."""
        return self.standing == "officer" and not self.fails


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The rules of a programme in the catalogue's order, then the office's own. `absent_vectors`:
    catalogue ids without a vector; `unknown`: (vector, rule) that the pack does not hold;
    `strangers`: rules that are neither in the catalogue nor the office's own."""

    rules: tuple[RuleCoverage, ...]
    vectors: int = 0
    absent_vectors: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    strangers: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        lacking = any(rule.missing for rule in self.rules)
        return not (lacking or self.absent_vectors or self.unknown or self.strangers)

    def of_family(self, family: str) -> Coverage:
        """The rules of one family alone; catalogue vectors belong to no family."""
        return replace(
            self,
            rules=tuple(rule for rule in self.rules if family_of(rule.rule) == family),
            vectors=0,
            absent_vectors=(),
            unknown=tuple(pair for pair in self.unknown if family_of(pair[1]) == family),
            strangers=tuple(rule for rule in self.strangers if family_of(rule) == family),
        )


def cover(pack: Pack, catalogue: Catalogue | None, vectors: Sequence[Vector]) -> Coverage:
    """The coverage of a pack; without a catalogue its own rules are all that is asked for."""
    wanted = rule_ids(catalogue, pack.rules) if catalogue else list(pack.rules)
    others = [rule for rule in pack.rules if rule not in set(wanted)]
    own = catalogue.own if catalogue else ()
    evidence = Evidence(pack, vectors)
    return Coverage(
        rules=tuple(_rule(pack, rule, evidence) for rule in (*wanted, *others)),
        vectors=catalogue.vector_count if catalogue else 0,
        absent_vectors=_absent(catalogue, vectors) if catalogue else (),
        unknown=tuple((v.id, rule) for v in vectors for rule in v.rules if rule not in pack.rules),
        strangers=tuple(rule for rule in others if rule not in own),
    )


def standing_of(rule: Mapping[str, Any]) -> str:
    """enforced, officer (all its clauses are manual and nothing else holds it) or outside."""
    if rule.get("outside"):
        return "outside"
    clauses = rule.get("clauses") or ()
    held = rule.get("guard") or rule.get("held_by")
    if clauses and not held and all(clause["severity"] == "manual" for clause in clauses):
        return "officer"
    return "enforced"


def _absent(catalogue: Catalogue, vectors: Sequence[Vector]) -> tuple[str, ...]:
    there = catalogue.vectors_of(vector.id for vector in vectors)
    width = len(str(catalogue.vector_count))
    return tuple(
        f"{catalogue.vector_prefix}{number:0{width}d}"
        for number in range(1, catalogue.vector_count + 1)
        if number not in there
    )


def _rule(pack: Pack, rule_id: str, evidence: Evidence) -> RuleCoverage:
    rule = pack.rules.get(rule_id)
    if rule is None:
        return RuleCoverage(rule=rule_id, standing="absent")
    sides = [(v.id, side) for v in evidence.vectors for side in evidence.sides(rule_id, v)]
    return RuleCoverage(
        rule=rule_id,
        standing=standing_of(rule),
        places=tuple(places_of(pack, rule)),
        passes=tuple(dict.fromkeys(vector for vector, side in sides if side == "passes")),
        fails=tuple(dict.fromkeys(vector for vector, side in sides if side == "fails")),
    )
