"""The grantee's dedicated account (補助款專戶): what may be withdrawn, and when too much was.

Named method `overdraw-spells`. The account is the grantee's own: no line of our ledger. Whole NT$.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

RECEIPT, INTEREST, WITHDRAWAL, PUT_BACK, OTHER = (
    "subsidy-receipt",
    "interest",
    "withdrawal",
    "put-back",
    "other",
)
KINDS = (RECEIPT, INTEREST, WITHDRAWAL, PUT_BACK, OTHER)
REQUEST, STATEMENT = "request", "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement of the account."""

    on: date
    kind: str
    amount_twd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The account on a day: what closed months and receipts entitle to, and what was withdrawn."""

    entitled_twd: int
    withdrawn_twd: int

    @property
    def withdrawable_twd(self) -> int:
        """What may still be withdrawn."""
        return max(0, self.entitled_twd - self.withdrawn_twd)

    @property
    def overdrawn_twd(self) -> int:
        """What was withdrawn too much."""
        return max(0, self.withdrawn_twd - self.entitled_twd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """So much was overdrawn from that day until it was cured; None: it still is."""

    from_on: date
    until_on: date | None
    amount_twd: int


def standing(movements: Sequence[Movement], months: Mapping[str, int], on: date) -> Standing:
    """The account at the end of that day. months: the government's share of spending by month; a
    month counts from the first day of the next, and never more than was received."""
    this_month = on.isoformat()[:7]
    earned = sum(amount for month, amount in months.items() if month < this_month)
    received = _sum(movements, on, RECEIPT)
    withdrawn = _sum(movements, on, WITHDRAWAL) - _sum(movements, on, PUT_BACK)
    return Standing(entitled_twd=min(earned, received), withdrawn_twd=withdrawn)


def overdraw_spells(
    movements: Sequence[Movement], months: Mapping[str, int], until: date
) -> tuple[Spell, ...]:
    """Every overdraw up to that day, the earliest cured first, by money put back or by a month that
    closed."""
    open_: list[Spell] = []
    cured: list[Spell] = []
    for day in _days(movements, until):
        over = standing(movements, months, day).overdrawn_twd
        known = sum(spell.amount_twd for spell in open_)
        if over > known:
            open_.append(Spell(from_on=day, until_on=None, amount_twd=over - known))
        else:
            open_, done = _cure(open_, known - over, day)
            cured.extend(done)
    return tuple(sorted((*cured, *open_), key=lambda spell: spell.from_on))


def _cure(open_: Sequence[Spell], amount_twd: int, on: date) -> tuple[list[Spell], list[Spell]]:
    left: list[Spell] = []
    done: list[Spell] = []
    for spell in open_:
        cured = min(spell.amount_twd, amount_twd)
        amount_twd -= cured
        if cured:
            done.append(replace(spell, until_on=on, amount_twd=cured))
        if spell.amount_twd > cured:
            left.append(replace(spell, amount_twd=spell.amount_twd - cured))
    return left, done


def _days(movements: Sequence[Movement], until: date) -> list[date]:
    """The days on which something can change: of movements, and the first of each month."""
    moved = {movement.on for movement in movements if movement.on <= until}
    if not moved:
        return []
    firsts, day = set(), min(moved).replace(day=1)
    while day <= until:
        firsts.add(day)
        day = (day + timedelta(days=31)).replace(day=1)
    return sorted(moved | {first for first in firsts if first > min(moved)})


def _sum(movements: Sequence[Movement], on: date, kind: str) -> int:
    return sum(m.amount_twd for m in movements if m.kind == kind and m.on <= on)
