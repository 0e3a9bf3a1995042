"""Declaring a command's fields once: type, bilingual label, example, limits.

shared.bus.command_schema makes the marshmallow schema, the JSON Schema and the example payload
of `grantcase do` from these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, field
from typing import Any


def arg(
    zh: str,
    en: str,
    example: Any,
    *,
    default: Any = MISSING,
    minimum: int | None = None,
    maximum: int | None = None,
    choices: Sequence[str] | None = None,
    pattern: str | None = None,
    max_length: int | None = None,
) -> Any:
    """A dataclass field of a command. `example` is the JSON value of a valid payload; a field
    with a default may be left out. Text limits are in code points, numbers inclusive."""
    metadata = {
        "zh": zh,
        "en": en,
        "example": example,
        "minimum": minimum,
        "maximum": maximum,
        "choices": tuple(choices) if choices else None,
        "pattern": pattern,
        "max_length": max_length,
    }
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)
