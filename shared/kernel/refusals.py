"""CommandRefused: a command was refused by the programme's rules; it changes no state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRefused:
    """A refusal by clauses (or, for a reaction, by a DomainError). The findings, values and
    digests stand in the metadata's decision."""

    command: str
    rules: tuple[str, ...]
    message: Mapping[str, str]
    occurred_at: datetime
