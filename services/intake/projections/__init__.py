"""Read models of intake, written in the command's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.intake.projections import bars, cases, enterprises, pack_shelf, subjects
from services.intake.projections.tables import METADATA

INLINE = (pack_shelf, cases, enterprises, bars, subjects)
"""Inline projections, in the order they are written."""

QUERIES: Mapping[str, Callable[..., Any]] = {
    "cases": cases.cases,
    "case": cases.case,
    "bars": bars.bars,
    "subjects": subjects.subjects_of_case,
}
"""What the command line may ask: name -> function(unit, **params)."""

__all__ = ["INLINE", "METADATA", "QUERIES"]
