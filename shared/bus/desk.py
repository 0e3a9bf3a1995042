"""What a service answers over RPC, without the RPC: every reply is a document.

    {"answer": value}        or the error document of DomainError.as_dict(): {"error", "message"}

Faults of ours are answered as `rule-error`, `busy`, `unavailable` or `internal-error`, and the
trace stays in the service's log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.bus import clockwork, envelope_text, feeds, inbox, queries
from shared.bus.door import do
from shared.bus.event_text import to_json
from shared.bus.health import status
from shared.bus.service_core import ServiceCore
from shared.eventstore.proofs import NotProvable
from shared.kernel.clock import Clock, SimulatedClock, instant_text, parse_instant
from shared.kernel.errors import (
    DomainError,
    InvalidInput,
    RuleError,
    VersionConflict,
    error_document,
)
from shared.kernel.streams import UnknownPack

Reply = dict[str, Any]

_TOLD = (RuleError, UnknownPack, VersionConflict)
_UNAVAILABLE = (
    "unavailable",
    "服務暫時無法使用，請重送相同指令",
    "unavailable; send the same again",
)
_NOT_SIGNED_YET = (
    "busy",
    "尚無簽章涵蓋此事件（約需一秒），請再試一次",
    "no signed head covers the event yet (about a second); ask again",
)
_INTERNAL = ("internal-error", "系統內部錯誤，已記錄", "an internal fault; it was logged")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk:
    """One service at its counter."""

    core: ServiceCore
    clock: Clock

    def do(self, envelope: Any, arrived_at: datetime) -> Reply:
        """One command; arrived_at was stamped when the request came in."""
        return self._reply(
            lambda: dict(do(self.core, envelope_text.from_json(envelope, self.clock, arrived_at)))
        )

    def feed(self, after: int, limit: int) -> Reply:
        """Public events with feed_sequence > after, in order, at most 500."""
        return self._reply(lambda: [to_json(e) for e in feeds.feed(self.core, after, limit)])

    def query(self, name: str, params: Mapping[str, Any]) -> Reply:
        """A query of the service's read models or of shared.bus.queries."""
        return self._reply(lambda: self._query(name, params))

    def next_due(self) -> Reply:
        """The earliest due instant of all timers, or null."""
        return self._reply(self._next_due)

    def fire_due(self, until: str) -> Reply:
        """Fire the timers due up to then; how many. Simulated clock only."""
        return self._reply(lambda: clockwork.fire_due(self._simulated(), parse_instant(until)))

    def set_clock(self, to: str) -> Reply:
        """Move the simulated clock forward."""
        return self._reply(lambda: self._set_clock(parse_instant(to)))

    def position(self, source: str) -> Reply:
        """The last feed_sequence of the source that this service finished."""
        return self._reply(lambda: inbox.position(self.core, source))

    def status(self) -> Reply:
        """See shared.bus.health.status."""
        return self._reply(lambda: status(self.core, self.clock))

    def _query(self, name: str, params: Mapping[str, Any]) -> Any:
        try:
            return queries.answer(self.core, name, params)
        except (KeyError, TypeError) as error:
            raise InvalidInput(
                f"無法查詢「{name}」：{error}", f"cannot ask {name}: {error}", field="name"
            ) from error

    def _next_due(self) -> str | None:
        due = clockwork.next_due(self.core)
        return instant_text(due) if due else None

    def _set_clock(self, to: datetime) -> str:
        self._simulated()
        if isinstance(self.clock, SimulatedClock) and to > self.clock.now():
            self.clock.set(to)
        return instant_text(self.clock.now())

    def _simulated(self) -> ServiceCore:
        if not self.clock.simulated:
            raise InvalidInput(
                "此服務使用系統時鐘，不接受調整",
                "this service runs on the system clock, which nobody moves",
                field="clock",
            )
        return self.core

    def _reply(self, answer: Callable[[], Any]) -> Reply:
        try:
            return {"answer": answer()}
        except DomainError as refusal:
            return refusal.as_dict()
        except Exception as fault:  # the caller gets a document, the log gets the trace
            _log.exception("%s: %s", self.core.name, fault)
            return fault_document(fault)


def fault_document(fault: Exception) -> Reply:
    """The error document of a fault that is not the caller's."""
    if isinstance(fault, _TOLD):
        return error_document(fault)
    code, zh, en = _words(fault)
    return {"error": code, "message": {"zh-Hant": zh, "en": en}}


def _words(fault: Exception) -> tuple[str, str, str]:
    if isinstance(fault, NotProvable):
        return _NOT_SIGNED_YET
    return _UNAVAILABLE if isinstance(fault, inbox.INFRASTRUCTURE) else _INTERNAL
