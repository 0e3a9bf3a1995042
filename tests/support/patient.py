"""A driver that gives the same again until it is answered, whatever dies under it meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from grantcase.backend import Backend
from shared.kernel.envelope import CommandEnvelope

PATIENCE_SECONDS = 120
_NEVER = ("internal fault",)


class Patient:
    """A Backend over another one. `before` names steps that are taken, once each, before the nth
    command; with `twice` every command is given twice and has to be answered alike."""

    def __init__(
        self,
        inner: Backend,
        before: Mapping[int, Callable[[], None]] | None = None,
        *,
        twice: bool = False,
    ):
        self._inner = inner
        self._before = before or {}
        self._twice = twice
        self.given = 0
        self.repeated = 0  # because nobody answered

    def do(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        self.given += 1
        if step := self._before.get(self.given):
            step()
        answer: Mapping[str, Any] = self._patiently(lambda: self._inner.do(service, envelope))
        if self._twice:
            again = self._patiently(lambda: self._inner.do(service, envelope))
            assert again == answer, (answer, again)
        return answer

    def query(self, service: str, name: str, **params: Any) -> Any:
        return self._patiently(lambda: self._inner.query(service, name, **params))

    def advance(self, to: datetime) -> None:
        self._patiently(lambda: self._inner.advance(to))

    def now(self) -> datetime:
        return self._inner.now()

    def settle(self) -> None:
        self._patiently(self._inner.settle)

    def _patiently(self, ask: Callable[[], Any]) -> Any:
        """After a failure everything comes to rest first: the failed step may have been done, and
        its reactions come before the next one. Raises what is no fault of the surroundings."""
        deadline, attempt = time.monotonic() + PATIENCE_SECONDS, ask
        while True:
            try:
                return attempt()
            except ConnectionError as fault:
                if time.monotonic() > deadline or any(text in str(fault) for text in _NEVER):
                    raise
            self.repeated += 1
            time.sleep(0.2)
            attempt = lambda: (self._inner.settle(), ask())[1]  # noqa: E731
