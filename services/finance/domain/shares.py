"""Who pays a voucher: the government's share by the ratio of its budget line, folded in order.

Named methods `split-by-ratio` and `month-shares`: what CEL cannot fold. Whole NT$; the
government's part is rounded down over the cumulated amount, the rest is the grantee's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An accepted voucher. year: position of its budget year, 0 first; month "2024-07"."""

    voucher_id: str
    line: str
    year: int
    month: str
    net_twd: int
    self_borne: bool = False  # wholly the grantee's, whatever the ratio


@dataclass(frozen=True, slots=True)
class Ratio:
    """Subsidy : total of a budget line (NT$)."""

    subsidy_twd: int
    total_twd: int

    def part_of(self, amount_twd: int, most_twd: int) -> int:
        """The subsidy's part of an amount, of which at most most_twd is shared; rounded down."""
        if self.total_twd == 0:
            return 0
        return max(0, min(amount_twd, most_twd)) * self.subsidy_twd // self.total_twd

    def same_as(self, other: Ratio) -> bool:
        """Equal as fractions."""
        return self.subsidy_twd * other.total_twd == other.subsidy_twd * self.total_twd


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBudget:
    """A budget line over all its years, and of each of them."""

    years: tuple[Ratio, ...]

    @property
    def whole(self) -> Ratio:
        """All years together."""
        return Ratio(
            sum(year.subsidy_twd for year in self.years), sum(year.total_twd for year in self.years)
        )

    @property
    def one_ratio(self) -> bool:
        """Every year that has a budget has the ratio of the whole."""
        return all(year.same_as(self.whole) for year in self.years if year.total_twd)


NO_BUDGET = LineBudget(years=())


def split_by_ratio(
    accepted: Sequence[Accepted], budget: Mapping[str, LineBudget]
) -> dict[str, int]:
    """Voucher id -> the government's part of it (NT$). `accepted` in the order of first audit;
    earlier years are folded first. A line's total over all years caps what is shared, its subsidy
    what is given. Where a year's ratio is not the whole plan's, that year is folded by its own."""
    parts: dict[str, int] = {}
    for line in dict.fromkeys(voucher.line for voucher in accepted):
        own = [v for v in accepted if v.line == line and not v.self_borne]
        own.sort(key=lambda voucher: voucher.year)  # stable: keeps the order of audit
        parts.update(_fold(own, budget.get(line, NO_BUDGET)))
    return {voucher.voucher_id: parts.get(voucher.voucher_id, 0) for voucher in accepted}


def month_shares(accepted: Sequence[Accepted], parts: Mapping[str, int]) -> dict[str, int]:
    """Month of the voucher -> the government's part of what was spent in it."""
    months: dict[str, int] = {}
    for voucher in accepted:
        months[voucher.month] = months.get(voucher.month, 0) + parts[voucher.voucher_id]
    return dict(sorted(months.items()))


def _fold(own: Sequence[Accepted], line: LineBudget) -> dict[str, int]:
    parts: dict[str, int] = {}
    spent = spent_before = 0  # of the line; up to the year that is being folded
    left = line.whole.subsidy_twd  # two years of different ratios never give more than the whole
    year = 0
    for voucher in own:
        if voucher.year != year and not line.one_ratio:
            year, spent_before = voucher.year, spent
        ratio = _ratio_of(line, voucher.year)
        most = line.whole.total_twd - spent_before
        before = ratio.part_of(spent - spent_before, most)
        spent += voucher.net_twd
        part = min(left, ratio.part_of(spent - spent_before, most) - before)
        parts[voucher.voucher_id] = part
        left -= part
    return parts


def _ratio_of(line: LineBudget, year: int) -> Ratio:
    if line.one_ratio or year >= len(line.years) or not line.years[year].total_twd:
        return line.whole
    return line.years[year]
