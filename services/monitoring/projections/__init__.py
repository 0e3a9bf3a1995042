"""Read models of monitoring, written in the command's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.monitoring.projections import alerts, cases, standing
from services.monitoring.projections.tables import METADATA

INLINE = (cases, alerts)
"""Inline projections, in the order they are written."""

QUERIES: Mapping[str, Callable[..., Any]] = {
    "cases": cases.cases,
    "alerts": alerts.alerts,
    "obligations": standing.obligations,
    "checkpoints": standing.checkpoints,
    "usage": standing.usage,
}
"""What the command line may ask: name -> function(unit, **params)."""

__all__ = ["INLINE", "METADATA", "QUERIES"]
