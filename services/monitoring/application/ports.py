"""What the handlers of monitoring may see of the outside; see services/monitoring/wiring.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.kernel.streams import Packs, Rules, Streams, Timers


class Shelf(Packs, Protocol):
    """Packs by digest, and the calls published so far."""

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        """The data of CallPublished. Raises UnknownPack."""
        ...


class ComputingRules(Rules, Protocol):
    """Rules, and single expressions of a pack outside a moment."""

    def compute(self, digest: str, expression: str, variables: Mapping[str, Any]) -> Any:
        """An obligation's due date over {call, case} and `param`. Raises RuleError."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPorts:
    """Bound to one unit of work."""

    streams: Streams
    rules: ComputingRules
    packs: Shelf
    timers: Timers
