"""Named methods for KPI: attainment and the weighted progress of a plan, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from services.monitoring.domain.events import KpiPlan
from shared.kernel.money import half_up

FULL_BP = 10_000


def attainment_bp(actual_centi: int, target_centi: int) -> int:
    """actual / target in basis points, half up; above 100 % when more was reached. A KPI that
    is to go down has the promised reduction as target and the achieved one as actual.
    Raises ValueError for a target that is not above 0."""
    if target_centi <= 0:
        raise ValueError("the target must be above 0")
    return half_up(FULL_BP * actual_centi, target_centi)


def weighted_progress_bp(plan: Sequence[KpiPlan], actuals: Mapping[str, int]) -> int:
    """Project progress: the sum of weight x min(1, actual / target) over all KPIs, in percent
    with two decimals, rounded half up once at the end; the answer is in basis points.

    actuals: KPI code -> hundredths reached since the start; what is not reported counts 0.
    """
    reached = sum(
        (
            kpi.weight_bp * min(Fraction(1), Fraction(actuals.get(kpi.code, 0), kpi.total_centi))
            for kpi in plan
            if kpi.total_centi > 0
        ),
        Fraction(0),
    )
    return half_up(reached.numerator, reached.denominator)
