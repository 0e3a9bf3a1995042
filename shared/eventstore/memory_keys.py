"""The in-memory twin of the key store, for unit tests."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from datetime import datetime

from shared.eventstore.subject_keys import DataKey, KeyState, SubjectErased
from shared.kernel.clock import instant_text
from shared.kernel.ids import random_id


class MemoryKeyStore:
    """The in-memory twin."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._states: dict[str, KeyState] = {}

    def key_for(self, subject: str) -> DataKey:
        """See KeyStore."""
        key_id = self._ids.setdefault(subject, str(random_id()))
        state = self._states.setdefault(key_id, KeyState(os.urandom(32)))
        if state.secret is None:
            raise SubjectErased(subject)
        return DataKey(key_id, state.secret)

    def find(self, key_ids: Collection[str]) -> Mapping[str, KeyState]:
        """See KeyStore."""
        return {id: self._states[id] for id in key_ids if id in self._states}

    def destroy(self, subject: str, at: datetime) -> bool:
        """See KeyStore."""
        key_id = self._ids.setdefault(subject, str(random_id()))
        state = self._states.get(key_id)
        if state is not None and state.secret is None:
            return False
        self._states[key_id] = KeyState(None, instant_text(at))
        return True
