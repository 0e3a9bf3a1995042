"""Read models of review, written in the command's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.review.projections import panels, queries, reviews
from services.review.projections.tables import METADATA

INLINE = (reviews, panels)
"""Inline projections, in the order they are written."""

QUERIES: Mapping[str, Callable[..., Any]] = {
    "reviews": queries.reviews,
    "review_case": queries.review_case,
    "ranking": queries.ranking,
    "panels": queries.panels,
    "opinions": queries.opinions,
}
"""What the command line may ask: name -> function(unit, **params)."""

__all__ = ["INLINE", "METADATA", "QUERIES"]
