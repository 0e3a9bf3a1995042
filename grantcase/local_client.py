"""The running services as a Backend: commands and queries by RPC, time by a loop of ours."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from grantcase.backend import SERVICES, Refused
from grantcase.resting import Rest
from shared.bus import envelope_text
from shared.bus.rpc_client import CallFailed, RpcClient
from shared.kernel.clock import Clock, SimulatedClock, instant_text, parse_instant
from shared.kernel.envelope import CommandEnvelope

_REPEATED = ("unavailable", "busy")
_FAULTS = (*_REPEATED, "internal-error")
_TRIES = 5


class ServiceFault(ConnectionError):
    """A service could not do its work: its database is away, or the fault is in its log."""


class LocalBackend:
    """The four services over a broker. Every command is repeated with its own id until it is
    answered, which is safe: the same id gives the same answer."""

    def __init__(
        self,
        amqp_url: str,
        credential: str,
        clock: Clock,
        must_run: Callable[[], None] = lambda: None,
    ):
        """must_run raises when no answer can come, because a service does not run."""
        self.clock = clock
        self._must_run = must_run
        self._credential = credential
        self._client = RpcClient(amqp_url)
        self._rest = Rest(self.status)
        self._written = ""  # the service that was given the last commands
        self._types: set[str] = set()  # what those wrote

    def do(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        """One command. With the simulated clock its reactions have happened before another
        service is asked anything, as in the embedded runner; commands to the same service follow
        one another without a wait. Raises Refused, and ConnectionError without an answer."""
        if service != self._written:
            self._await_reactions()
        simulated = self.clock.simulated
        answer = self._ask(
            service, "do", envelope=envelope_text.to_json(envelope, simulated=simulated)
        )
        if simulated:
            self._written = service
            self._types |= {event["type"] for event in answer.get("events", ())}
        return dict(answer)

    def query(self, service: str, name: str, **params: Any) -> Any:
        """One query of a service. Raises Refused."""
        self._await_reactions()
        return self._ask(service, "query", name=name, params=params)

    def now(self) -> datetime:
        """The clock that stamps commands here; with the system clock the service stamps again."""
        return self.clock.now()

    def advance(self, to: datetime) -> None:
        """Fire the timers up to `to`, earliest first over all services, settling after each."""
        clock = self._simulated()
        self._await_reactions()
        while (due := self._next_due()) and (first := min(due.values())) <= to:
            clock.set(max(first, clock.now()))
            self._ask_all("set_clock", to=instant_text(clock.now()))
            for service, instant in due.items():
                if instant == first:
                    self._ask(service, "fire_due", until=instant_text(first))
            self.settle()
        clock.set(max(to, clock.now()))
        self._ask_all("set_clock", to=instant_text(clock.now()))

    def settle(self) -> None:
        """Wait until every event is sealed and every cursor stands at its feed's head."""
        self._rest.of_all()

    def status(self, services: tuple[str, ...] = SERVICES) -> Mapping[str, Mapping[str, Any]]:
        """Each service's shared.bus.health.status."""
        return self._ask_all("status", services)

    def close(self) -> None:
        """Wait for the reactions to the last commands, and drop the connection."""
        try:
            self._await_reactions()
        finally:
            self._client.close()

    def _await_reactions(self) -> None:
        types, self._types = self._types, set()
        if types:
            self._rest.after(self._written, types)

    def _next_due(self) -> dict[str, datetime]:
        found = self._ask_all("next_due")
        return {service: parse_instant(text) for service, text in found.items() if text}

    def _simulated(self) -> SimulatedClock:
        if not isinstance(self.clock, SimulatedClock):
            raise RuntimeError("the system clock does not advance on command")
        return self.clock

    def _ask(self, service: str, method: str, **arguments: Any) -> Any:
        return self._ask_all(method, (service,), **arguments)[service]

    def _ask_all(
        self, method: str, services: tuple[str, ...] = SERVICES, **arguments: Any
    ) -> dict[str, Any]:
        replies = self._repeated(
            lambda: self._client.call_all(
                services, method, credential=self._credential, **arguments
            )
        )
        for service, reply in replies.items():
            if reply.get("error") in _FAULTS:
                text = reply["message"]
                raise ServiceFault(f"{service}: {text['zh-Hant']}\n{service}: {text['en']}")
            if "answer" not in reply:
                raise Refused(reply)
        return {service: reply["answer"] for service, reply in replies.items()}

    def _repeated(self, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        for tries_left in reversed(range(_TRIES)):
            try:
                replies = ask()
            except CallFailed as failure:
                self._must_run()
                if not tries_left:
                    raise ConnectionError(f"服務沒有回應 no answer: {failure}") from failure
            else:
                if not tries_left or all(r.get("error") not in _REPEATED for r in replies.values()):
                    return replies
            time.sleep(1)
        raise AssertionError("the last try returns or raises")
