"""Events of packs and calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPublished:
    """A programme version came into force; `pack` is the parsed document under its digest."""

    programme_id: str
    version: int
    digest: str
    pack: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPublished:
    """A call of a pack version with the call's own parameters."""

    call_id: UUID
    call_code: str
    programme_id: str
    pack_digest: str
    title: Mapping[str, str]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpretationIssued:
    """The executing body's reading of a rule, with its number."""

    programme_id: str
    number: str
    issued_on: date
    text: str
    rules: tuple[str, ...]
