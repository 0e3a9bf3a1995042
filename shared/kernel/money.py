"""Integer NT$ arithmetic: every rounding has a name, and the name stands in the pack."""

from __future__ import annotations

from collections.abc import Sequence


def half_up(numerator: int, denominator: int) -> int:
    """numerator/denominator rounded to an integer, halves away from zero."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def floor_div(numerator: int, denominator: int) -> int:
    """numerator/denominator rounded toward minus infinity."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    return numerator // denominator


def ceil_div(numerator: int, denominator: int) -> int:
    """numerator/denominator rounded toward plus infinity."""
    if denominator <= 0:
        raise ValueError("denominator must be positive")
    return -((-numerator) // denominator)


def largest_remainder(parts: Sequence[int], total: int) -> list[int]:
    """Split `total` in proportion to `parts` (all >= 0), exactly; ties go to the earlier part."""
    whole = sum(parts)
    if whole <= 0:
        raise ValueError("the parts must not sum to zero")
    shares = [part * total // whole for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (-(parts[i] * total % whole), i))
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares
