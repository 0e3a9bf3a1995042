"""The parties of a case: who holds it, with what share of the money.

A row is {ubn, name, lead, total_twd, subsidy_twd, self_twd}; exactly one leads, and it is the
applicant. A case that came in by a call has one party: the applicant with the approved amount.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Party = Mapping[str, Any]


def alone(
    ubn: str, name: str, subsidy_twd: int, total_twd: int | None = None
) -> tuple[dict[str, Any], ...]:
    """The applicant as the only party; without a total nothing but the subsidy is spent."""
    total = subsidy_twd if total_twd is None else total_twd
    return (
        {
            "ubn": ubn,
            "name": name,
            "lead": True,
            "total_twd": total,
            "subsidy_twd": subsidy_twd,
            "self_twd": total - subsidy_twd,
        },
    )


def numbers_of(applicant_ubn: str, parties: Sequence[Party]) -> tuple[str, ...]:
    """統一編號 of all who act as the applicant of the case, sorted."""
    return tuple(sorted({applicant_ubn, *(str(party["ubn"]) for party in parties)}))
