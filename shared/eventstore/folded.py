"""Folded states kept for the next command on the same stream: only what came since is read.

A stream never changes below its version, so a kept state is right for ever; it is dropped after
KEEP_SECONDS nonetheless, because it may hold personal values whose key is destroyed meanwhile by
another process. Only committed versions are kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

KEEP = 256
KEEP_SECONDS = 60


class FoldedStates:
    """(aggregate class, stream) -> (version, state); the least recently used goes first."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic):
        self._monotonic = monotonic
        self._kept: OrderedDict[tuple[type, str], tuple[int, Any, float]] = OrderedDict()

    def get(self, aggregate: type, stream: str) -> tuple[int, Any]:
        """The newest kept (version, state); (0, a blank aggregate) when there is none."""
        version, state, since = self._kept.get((aggregate, stream), (0, None, 0.0))
        if version == 0 or self._monotonic() - since > KEEP_SECONDS:
            return 0, aggregate()
        return version, state

    def keep(self, aggregate: type, stream: str, version: int, state: Any) -> None:
        """Keep a state of committed events."""
        key = (aggregate, stream)
        since = self._kept[key][2] if key in self._kept else self._monotonic()
        if self._monotonic() - since > KEEP_SECONDS:
            since = self._monotonic()
        self._kept[key] = (version, state, since)
        self._kept.move_to_end(key)
        while len(self._kept) > KEEP:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything: a key was destroyed."""
        self._kept.clear()
