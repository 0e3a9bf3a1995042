"""Following one source: deliveries in order, gaps filled from the feed, faults waited out.

The broker's message is only the fast path. What it lost, shuffled or repeated is put right by
the cursor and the source's feed; therefore an event is never given back to the broker to be
tried again: it waits here, in order, and its message stays unacknowledged meanwhile.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from shared.bus.event_text import from_json
from shared.bus.feeds import Feed, catch_up
from shared.bus.inbox import INFRASTRUCTURE, Outcome, position, receive, receive_together
from shared.bus.rpc_client import CallFailed, RemoteFault, RpcClient
from shared.bus.service_core import ServiceCore
from shared.kernel.envelope import PublicEvent

TOGETHER = 50
"""Deliveries that wait are applied so many to a transaction."""

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.1, 5
_STEP_SECONDS = 0.1

_log = logging.getLogger(__name__)


class Stopping(Exception):
    """The process ends: what is not finished stays with the broker."""


class FeedRefused(Exception):
    """The source answered the feed call with an error document."""


RETRIED = (*INFRASTRUCTURE, CallFailed, RemoteFault, FeedRefused)
"""Waited out, with growing pauses and without limit."""


class Follower:
    """Applies one source's public events to a service, one after the other."""

    def __init__(
        self,
        core: ServiceCore,
        source: str,
        feed_of: Feed,
        *,
        stopping: Callable[[], bool] = lambda: False,
        seen: Callable[[str, str], None] = lambda source, outcome: None,
    ):
        self._core = core
        self._source = source
        self._feed_of = feed_of
        self._stopping = stopping
        self._seen = seen  # told every outcome, for the metrics
        self.behind = False

    def take(self, events: Iterable[PublicEvent]) -> None:
        """Return when every event is applied, dropped as old, or parked. Raises Stopping."""
        ordered = sorted(events, key=lambda event: event.feed_sequence)
        for first in range(0, len(ordered), TOGETHER):
            self._take_some(ordered[first : first + TOGETHER])

    def _take_some(self, events: Sequence[PublicEvent]) -> None:
        if len(events) > 1 and receive_together(self._core, events):
            for _ in events:
                self._seen(self._source, "together")
            return
        for event in events:
            self._until_done(partial(self._try, event))

    def catch_up(self) -> None:
        """Apply what the feed holds beyond our cursor. `behind` says whether that failed and has
        to be tried again."""
        self.behind = not self._attempt(self._read_feed)

    def _read_feed(self) -> bool:
        catch_up(self._core, self._source, self._feed_of)
        return True

    def _try(self, event: PublicEvent) -> bool:
        outcome = receive(self._core, event)
        self._seen(self._source, outcome.value)
        if outcome is Outcome.GAP:
            self._read_feed()
            outcome = receive(self._core, event)
        if outcome is Outcome.GAP and self._log_ends_here():
            _log.error(
                "%s: dropped: the log of %s does not reach %s (%s), it was forged or the log is a "
                "restored one",
                self._core.name,
                self._source,
                event.feed_sequence,
                event.id,
            )
            return True
        return outcome in (Outcome.OLD, Outcome.APPLIED, Outcome.PARKED)

    def _log_ends_here(self) -> bool:
        """The source has nothing behind our cursor. What is published was sealed before."""
        return not self._feed_of(position(self._core, self._source), 1)

    def _until_done(self, attempt: Callable[[], bool]) -> None:
        pause: float = FIRST_WAIT_SECONDS
        while not self._attempt(attempt):
            self._wait(pause)
            pause = min(2 * pause, LONGEST_WAIT_SECONDS)

    def _attempt(self, attempt: Callable[[], bool]) -> bool:
        try:
            return attempt()
        except RETRIED as error:
            self._seen(self._source, "fault")
            _log.warning(
                "%s from %s: %s: %s", self._core.name, self._source, type(error).__name__, error
            )
            return False

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stopping():
                raise Stopping
            time.sleep(min(left, _STEP_SECONDS))


def remote_feed(client: RpcClient, source: str, credential: str) -> Feed:
    """The feed of a service elsewhere, by RPC."""

    def feed(after: int, limit: int) -> list[PublicEvent]:
        reply: Any = client.call(source, "feed", credential=credential, after=after, limit=limit)
        if "error" in reply:
            raise FeedRefused(f"{source}: {reply['error']}")
        try:
            return [from_json(text) for text in reply["answer"]]
        except (KeyError, ValueError, TypeError) as error:
            raise FeedRefused(f"{source}: not an event: {error}") from error

    return feed
