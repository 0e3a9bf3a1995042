"""Ranking with ties: one of the named methods that CEL cannot fold (see README, Methods)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One proposal that passed: its values, and per criterion the sum over `members` sheets."""

    case_id: UUID
    case_number: str
    values: Mapping[str, int]
    criterion_sums: Mapping[str, int]
    members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """places: best first, ranks by case. open_ties: groups still equal after every criterion that
    nobody has put in order. decided_ties: groups that the committee's order resolved."""

    places: tuple[Standing, ...]
    ranks: Mapping[UUID, int]
    open_ties: tuple[tuple[Standing, ...], ...]
    decided_ties: tuple[tuple[Standing, ...], ...]


def rank(
    standings: Sequence[Standing],
    rank_by: Sequence[str],
    tie_order: Sequence[UUID] = (),
    *,
    shared: bool = False,
) -> Ranking:
    """Rank descending by `rank_by`: names of values, or of criteria (their exact mean).

    Proposals equal in all of them stand in the order of `tie_order`, the committee's own
    decision; without it they are an open tie, by case number. Where the programme lets them
    share a rank (1, 1, 3), they are no tie.
    """

    def key(standing: Standing) -> tuple[Fraction, ...]:
        return tuple(-_figure(standing, name) for name in rank_by)

    ordered = sorted(standings, key=lambda one: (key(one), one.case_number))
    places: list[Standing] = []
    ranks: dict[UUID, int] = {}
    open_ties, decided_ties = [], []
    for _, equals in groupby(ordered, key=key):
        group = tuple(equals)
        if shared:
            ranks |= {one.case_id: len(places) + 1 for one in group}
        elif len(group) > 1 and all(one.case_id in tie_order for one in group):
            group = tuple(sorted(group, key=lambda one: tie_order.index(one.case_id)))
            decided_ties.append(group)
        elif len(group) > 1:
            open_ties.append(group)
        places.extend(group)
    return Ranking(
        places=tuple(places),
        ranks=ranks or {one.case_id: place for place, one in enumerate(places, 1)},
        open_ties=tuple(open_ties),
        decided_ties=tuple(decided_ties),
    )


def _figure(standing: Standing, name: str) -> Fraction:
    if name in standing.values:
        return Fraction(standing.values[name])
    return Fraction(standing.criterion_sums[name], standing.members)
