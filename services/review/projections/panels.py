"""The panels: one row per call and track, from the panel's own stream."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.review.domain.events import committee as c
from services.review.projections.tables import panel_list
from shared.kernel.canonical import canonical_json
from shared.kernel.envelope import RecordedEvent

NAME = "review.panels"
TABLES = (panel_list,)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """Members as last appointed; closed once the track is ranked."""
    match recorded.event:
        case c.PanelAppointed() as event:
            connection.execute(panel_list.delete().where(*_key(event.call_id, event.track)))
            connection.execute(
                panel_list.insert().values(
                    call_id=str(event.call_id),
                    track=event.track,
                    members=canonical_json([dict(member) for member in event.members]),
                    closed=False,
                )
            )
        case c.RankingClosed() as event:
            connection.execute(
                panel_list.update().where(*_key(event.call_id, event.track)).values(closed=True)
            )


def _key(call_id: UUID, track: str) -> tuple[Any, Any]:
    return panel_list.c.call_id == str(call_id), panel_list.c.track == track
