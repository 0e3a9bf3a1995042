"""From a stored event to its public data: the fields of the contract, and decided_by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from shared.contracts.catalogue import SOURCES, check_data
from shared.eventstore.codec import encode
from shared.kernel.canonical import must_be_canonical
from shared.kernel.envelope import RecordedEvent

_SUMMARY = ("pack_digest", "moment", "rules", "clauses", "values", "note")


class Publication:
    """Publishes the events whose short name stands in the service's contract.

    left_out: fields that stay inside the service, by type. added: functions of the recorded
    event that supply what is not stored, by type.
    """

    def __init__(
        self,
        source: str,
        left_out: Mapping[str, Collection[str]] | None = None,
        added: Mapping[str, Callable[[RecordedEvent], Mapping[str, Any]]] | None = None,
    ):
        self._source = source
        self._left_out = left_out or {}
        self._added = added or {}
        self._with_decision = {
            name
            for name, schema in SOURCES[source].items()
            if "decided_by" in schema._declared_fields
        }

    def __call__(self, recorded: RecordedEvent) -> tuple[str, Mapping[str, Any]] | None:
        """(short name, data as JSON values), None for a private event. The data passes its
        schema and holds no personal value, or ValidationError or NotCanonical is raised."""
        if recorded.type not in SOURCES[self._source]:
            return None
        left_out = self._left_out.get(recorded.type, ())
        data = {k: v for k, v in encode(recorded.event).items() if k not in left_out}
        if recorded.type in self._added:
            data.update(self._added[recorded.type](recorded))
        if recorded.type in self._with_decision:
            data["decided_by"] = decided_by(recorded)
        must_be_canonical(data)  # a Personal value is none: nothing personal ever leaves
        check_data(self._source, recorded.type, data)
        return recorded.type, data


def decided_by(recorded: RecordedEvent) -> dict[str, Any]:
    """Who may ask why: pack digest, moment, the rules that spoke, the values, and the event id
    under which the owner explains the rest."""
    decision = recorded.metadata.decision or {}
    spoke = sorted({f"{f['rule']}/{f['clause']}" for f in decision.get("findings", [])})
    return {
        "event_id": str(recorded.id),
        **{name: decision.get(name) for name in _SUMMARY if name != "clauses"},
        "clauses": spoke,
    }
