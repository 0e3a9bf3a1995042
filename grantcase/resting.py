"""When a simulated run may go on: whom an event makes act, and whether those have finished.

The embedded runner finishes all reactions before it answers. Over a broker the driver waits for
the same, but asks only the services that have something to do: most events make nobody act.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from grantcase.backend import SERVICES

SETTLE_SECONDS = 60
_POLL_SECONDS = 0.01
_TO_ALL = ("PackPublished", "CallPublished", "SubjectErased")
"""What every service takes from intake without declaring a reaction (shared.bus.inbox)."""

Statuses = Mapping[str, Mapping[str, Any]]
Ask = Callable[[tuple[str, ...]], Statuses]
"""shared.bus.health.status of each of these services."""


class NotSettled(ConnectionError):
    """The services did not come to rest: one does not run, or a feed is stuck."""


class Rest:
    """Waits; remembers how long each feed was at the last rest, to see who has published since."""

    def __init__(self, ask: Ask):
        self._ask = ask
        self._public: dict[str, int] = {}

    def of_all(self) -> None:
        """Until every event is sealed and every cursor stands at its feed's head."""
        self._await(set(SERVICES))

    def after(self, service: str, types: Collection[str]) -> None:
        """Until what these new events of a service lead to has happened. Raises NotSettled."""
        acting = {name for type_ in types for name in acting_on(service, type_)}
        if acting:
            self._await({service, *acting}, {service})

    def _await(self, involved: set[str], seen: Collection[str] = ()) -> None:
        """Until those involved are at rest with one another, and so is everyone who listens to
        one of them that has published; `seen` are those whose listeners are involved already."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while True:
            statuses = self._ask(tuple(sorted(involved)))
            if at_rest(statuses):
                spoke = {n for n, s in statuses.items() if s["public"] > self._public.get(n, 0)}
                wider = involved | {one for name in spoke - {*seen} for one in listeners_of(name)}
                if wider == involved:
                    self._public.update({n: one["public"] for n, one in statuses.items()})
                    return
                involved = wider
            elif time.monotonic() > deadline:
                raise NotSettled(f"not at rest within {SETTLE_SECONDS} s: {statuses}")
            else:
                time.sleep(_POLL_SECONDS)


def at_rest(statuses: Statuses) -> bool:
    """True when these services have sealed everything and followed one another to the end."""
    return all(
        one["unsealed"] == 0
        and all(
            statuses[source]["public"] == at
            for source, at in one["cursors"].items()
            if source in statuses
        )
        for one in statuses.values()
    )


@cache
def acting_on(source: str, type_: str) -> frozenset[str]:
    """The services that do something when this public event reaches them."""
    if type_ in _TO_ALL:
        return listeners_of(source)
    return frozenset(name for name in SERVICES if (source, type_) in _reactions(name))


@cache
def listeners_of(source: str) -> frozenset[str]:
    """The services that do something with some event of the source."""
    found = {name for name in SERVICES if any(key[0] == source for key in _reactions(name))}
    return frozenset(found | (set(SERVICES) - {source} if source == "intake" else set()))


def _reactions(service: str) -> Mapping[tuple[str, str], Any]:
    reactions: Mapping[tuple[str, str], Any] = import_module(
        f"services.{service}.schemas"
    ).REACTIONS
    return reactions
