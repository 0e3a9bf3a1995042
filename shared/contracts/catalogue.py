"""All public events by source; read_event checks data against its schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from shared.contracts import finance, intake, monitoring, review
from shared.contracts.event_schema import PublicEventSchema

SOURCES: Mapping[str, Mapping[str, type[PublicEventSchema]]] = {
    "intake": intake.EVENTS,
    "review": review.EVENTS,
    "finance": finance.EVENTS,
    "monitoring": monitoring.EVENTS,
}


def public_types(source: str) -> frozenset[str]:
    """The short names a service publishes: the sequencer numbers these in the feed."""
    return frozenset(SOURCES[source])


def check_data(source: str, type: str, data: Mapping[str, Any]) -> None:
    """Raises marshmallow.ValidationError when the data breaks the contract. The wire keeps JSON
    values: ids, dates and instants travel as text."""
    _schema(source, type).load(dict(data))


@cache
def _schema(source: str, type: str) -> PublicEventSchema:
    """One instance per type: making it costs more than using it."""
    return SOURCES[source][type]()
