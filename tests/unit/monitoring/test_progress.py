"""Named methods of KPI: attainment and weighted progress (CP-KPI-23, -24)."""

from __future__ import annotations

import pytest

from services.monitoring.domain.progress import attainment_bp, weighted_progress_bp
from tests.support.monitoring_events import kpi


def test_progress_is_weight_times_share_of_the_target():
    plan = (kpi("B1", 5000, 4000), kpi("B6", 300, 6000))
    assert weighted_progress_bp(plan, {"B1": 5000, "B6": 100}) == 6000


def test_more_than_the_target_counts_as_the_target():
    assert weighted_progress_bp((kpi("B1", 100, 10_000),), {"B1": 250}) == 10_000


def test_what_is_not_reported_counts_nothing():
    assert weighted_progress_bp((kpi("B1", 100, 5000), kpi("B2", 100, 5000)), {"B1": 100}) == 5000


def test_progress_is_rounded_half_up_once_at_the_end():
    thirds = (kpi("B1", 3, 3333), kpi("B2", 3, 3333), kpi("B3", 3, 3334))
    assert weighted_progress_bp(thirds, {"B1": 1, "B2": 1, "B3": 1}) == 3333
    half = (kpi("B1", 2, 1), kpi("B2", 2, 9999))
    assert weighted_progress_bp(half, {"B1": 1}) == 1


@pytest.mark.parametrize(("actual", "expected"), [(3499, 3499), (3500, 3500)])
def test_cp_t111_the_boundary_of_checkpoint_1_is_exact(actual: int, expected: int):
    assert weighted_progress_bp((kpi("B1", 10_000, 10_000),), {"B1": actual}) == expected


def test_attainment_is_half_up_and_may_exceed_100_percent():
    assert attainment_bp(1, 3) == 3333
    assert attainment_bp(2, 3) == 6667
    assert attainment_bp(300, 200) == 15_000


def test_a_target_of_zero_has_no_attainment():
    with pytest.raises(ValueError, match="above 0"):
        attainment_bp(1, 0)
