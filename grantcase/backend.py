"""Where commands go: the embedded services, or the running ones. Both answer alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from shared.kernel.envelope import CommandEnvelope

SERVICES = ("intake", "review", "finance", "monitoring")


class Refused(Exception):
    """A command or query was answered with an error document (DomainError.as_dict())."""

    def __init__(self, answer: Mapping[str, Any]):
        self.answer = dict(answer)
        text = answer.get("message", {})
        super().__init__(text.get("en") or str(answer.get("error")))


class Backend(Protocol):
    """The four services, however they run."""

    def do(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        """One command; raises Refused."""
        ...

    def query(self, service: str, name: str, **params: Any) -> Any:
        """One query of a service's read models (its QUERIES) or of shared.bus.queries."""
        ...

    def advance(self, to: datetime) -> None:
        """Simulated clock only: fire every timer due up to `to`, in order, and settle all feeds
        after each; then stand at `to`."""
        ...

    def now(self) -> datetime:
        """The clock that stamps commands here."""
        ...

    def settle(self) -> None:
        """Wait until every event is sealed and every cursor stands at its feed's head."""
        ...
