"""From a stored event to its public data: the fields of the contract, and decided_by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from shared.contracts.catalogue import SOURCES, check_data
from shared.eventstore.codec import encode
from shared.kernel.canonical import NotCanonical, must_be_canonical
from shared.kernel.envelope import RecordedEvent

_SUMMARY = ("pack_digest", "moment", "rules", "values", "note")


class BrokenContract(Exception):
    """An event that is not what its contract promises; names source, type and fault."""


class Publication:
    """Publishes the events whose short name stands in the service's contract.

    left_out: fields that stay inside the service, by type. The unit of work calls it for every
    event before it commits: what is stored can be published.
    """

    def __init__(self, source: str, left_out: Mapping[str, Collection[str]] | None = None):
        self._source = source
        self._left_out = left_out or {}
        self._promised = {
            name: frozenset(schema._declared_fields) for name, schema in SOURCES[source].items()
        }

    def __call__(self, recorded: RecordedEvent) -> tuple[str, Mapping[str, Any]] | None:
        """(short name, data as JSON values), None for a private event. The data passes its
        schema and holds no personal value, or BrokenContract is raised."""
        if recorded.type not in self._promised:
            return None
        data = self._select(
            recorded.type, encode(recorded.event), recorded.id, recorded.metadata.decision
        )
        try:
            must_be_canonical(data)  # a Personal value is none: nothing personal ever leaves
            check_data(self._source, recorded.type, data)
        except (NotCanonical, ValidationError) as error:
            raise BrokenContract(f"{self._source}.{recorded.type}: {error}") from error
        return recorded.type, data

    def of_stored(
        self, type: str, data: Mapping[str, Any], event_id: UUID, decision: Any
    ) -> dict[str, Any] | None:
        """The same data from the stored JSON tree, which has passed the contract when it was
        appended: in its newest schema version, with nothing personal or erased in it. None when
        its fields are not those of the contract: then the event is to be decoded."""
        public = self._select(type, data, event_id, decision)
        return public if public.keys() == self._promised.get(type) else None

    def _select(
        self, type: str, data: Mapping[str, Any], event_id: UUID, decision: Any
    ) -> dict[str, Any]:
        left_out = self._left_out.get(type, ())
        public = {name: value for name, value in data.items() if name not in left_out}
        if "decided_by" in self._promised.get(type, ()):
            public["decided_by"] = decided_by(event_id, decision or {})
        return public


def decided_by(event_id: UUID, decision: Mapping[str, Any]) -> dict[str, Any]:
    """Who may ask why: pack digest, moment, the rules that spoke, the values, and the event id
    under which the owner explains the rest."""
    spoke = {f"{f['rule']}/{f['clause']}" for f in decision.get("findings", ())}
    return {
        "event_id": str(event_id),
        **{name: decision.get(name) for name in _SUMMARY},
        "clauses": sorted(spoke),
    }
