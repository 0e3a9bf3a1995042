"""The committee of one track of a call: stream `panel-<call id>-<track>`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from services.review.domain.errors import NotAMember, RankingIsClosed, UnknownPanel
from services.review.domain.events.committee import PanelAppointed, RankingClosed
from services.review.domain.ranking import Ranking


def panel_id(call_id: UUID, track: str) -> str:
    """The id inside the category `panel`."""
    return f"{call_id}-{track}"


@dataclass(frozen=True, slots=True)
class Panel:
    """Members by id: {member_id, background, organisation}; closed once the track is ranked."""

    members: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    closed: bool = False

    def appoint(
        self, call_id: UUID, track: str, members: Sequence[Mapping[str, Any]]
    ) -> Sequence[PanelAppointed]:
        """Appoint, or replace before the ranking; the same members yield no event.

        Raises RankingIsClosed.
        """
        if self.closed:
            raise RankingIsClosed(track)
        if self.members == {member["member_id"]: member for member in members}:
            return ()
        return (PanelAppointed(call_id=call_id, track=track, members=tuple(members)),)

    def must_hold(self, actor_id: str, track: str) -> Mapping[str, Any]:
        """The member. Raises UnknownPanel, NotAMember."""
        if not self.members:
            raise UnknownPanel(track)
        if actor_id not in self.members:
            raise NotAMember(actor_id, track)
        return self.members[actor_id]

    def close(
        self, call_id: UUID, track: str, ranking: Ranking, tie_reason: str | None
    ) -> Sequence[RankingClosed]:
        """Close the ranking, once. Raises RankingIsClosed."""
        if self.closed:
            raise RankingIsClosed(track)
        return (
            RankingClosed(
                call_id=call_id,
                track=track,
                ranking=tuple(
                    {
                        "case_id": str(one.case_id),
                        "case_number": one.case_number,
                        "rank": ranking.ranks[one.case_id],
                    }
                    for one in ranking.places
                ),
                ties=tuple(
                    tuple(one.case_number for one in group) for group in ranking.decided_ties
                ),
                tie_reason=tie_reason if ranking.decided_ties else None,
            ),
        )

    def apply(self, event: object) -> Panel:
        """Fold one fact in."""
        match event:
            case PanelAppointed():
                return replace(self, members={m["member_id"]: m for m in event.members})
            case RankingClosed():
                return replace(self, closed=True)
        return self
