"""What a service answers over RPC, without the RPC: every reply is a document.

    {"answer": value}        or the error document of DomainError.as_dict(): {"error", "message"}

Faults of ours are answered as `rule-error`, `unavailable`, `conflict` or `internal-error`, and
the trace stays in the service's log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.bus import clockwork, envelope_text, feeds, inbox, lanes, queries, redrive
from shared.bus.door import do
from shared.bus.event_text import to_json
from shared.bus.health import status
from shared.bus.service_core import ServiceCore
from shared.kernel.clock import Clock, SimulatedClock, instant_text, parse_instant
from shared.kernel.errors import DomainError, InvalidInput, RuleError, VersionConflict
from shared.kernel.streams import UnknownPack

Reply = dict[str, Any]

_FAULTS: Mapping[type[Exception], tuple[str, str, str]] = {
    RuleError: ("rule-error", "規則無法評估，已通知維運人員", "a rule could not be evaluated"),
    UnknownPack: ("unknown-pack", "此服務尚未收到該規則包", "the rule pack has not arrived here"),
    VersionConflict: ("conflict", "資料同時被更新，請重試", "others changed it meanwhile; repeat"),
}
_UNAVAILABLE = ("unavailable", "服務暫時無法使用，請重試", "temporarily unavailable; repeat")
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
        due = lambda: clockwork.next_due(self.core)  # noqa: E731
        return self._reply(lambda: instant_text(at) if (at := due()) else None)

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

    def parked(self) -> Reply:
        """Parked rows, see lanes.waiting."""
        return self._reply(self._parked)

    def retry_lane(self, lane: str) -> Reply:
        """How many parked events of the lane were handled now."""
        return self._reply(lambda: redrive.retry(self.core, lane))

    def skip_parked(self, lane: str, reason: str) -> Reply:
        """The event that was given up."""
        return self._reply(lambda: to_json(redrive.skip(self.core, lane, reason)))

    def _query(self, name: str, params: Mapping[str, Any]) -> Any:
        try:
            return queries.answer(self.core, name, params)
        except (KeyError, TypeError) as error:
            raise InvalidInput(
                f"無法查詢「{name}」：{error}", f"cannot ask {name}: {error}", field="name"
            ) from error

    def _parked(self) -> Any:
        with self.core.units.begin() as unit:
            return [dict(row) for row in lanes.waiting(unit.connection)]

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
    infrastructure = isinstance(fault, inbox.INFRASTRUCTURE)
    code, zh, en = _FAULTS.get(type(fault), _UNAVAILABLE if infrastructure else _INTERNAL)
    detail = f"{en}: {fault}" if type(fault) in _FAULTS else en
    return {"error": code, "message": {"zh-Hant": zh, "en": detail}}
