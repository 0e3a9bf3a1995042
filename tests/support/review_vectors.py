"""Running a vector's commands through review in memory, with the pack's own rules."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from services.review.projections import INLINE, METADATA, QUERIES
from shared.kernel.envelope import Actor
from shared.kernel.errors import DomainError
from tests.support.review_desk import REVIEWERS, Desk, sheet, ubns

APPLICANT = Actor(id="applicant", roles=("applicant",), organisation="12345676")


class _ReadModels:
    """Every inline projection of review, over a database of its own beside the desk's store."""

    NAME = "read-models"

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def project(self, _: Any, recorded: Any) -> None:
        for projection in INLINE:
            projection.project(self._connection, recorded)


class ReviewRun:
    """One vector: each step's outcome and what the applicant's view of the opinions then shows."""

    def __init__(self, connection: sa.Connection) -> None:
        METADATA.create_all(connection)
        self._connection = connection
        self._desk = Desk()
        self._desk.units.inline = (*self._desk.units.inline, _ReadModels(connection))
        self._case = self._desk.accepted(1, "POP", ubns(50))
        self._desk.panel("POP")
        self._desk.presented(self._case)

    def step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """What came of it, under the keys that the step expects."""
        before = len(self._history())
        try:
            self._give(step)
            outcome = "ok" if len(self._history()) > before else "nothing"
        except DomainError as refusal:
            outcome = "unknown-command" if refusal.field == "command" else "refused"
        shown = QUERIES["opinions"](self._unit(), case=str(self._case))
        named = any(reviewer.id in str(shown) for reviewer in REVIEWERS)
        found = {"expect": outcome, "opinions": len(shown), "member_shown": named}
        return {key: found[key] for key in step if key in found}

    def _give(self, step: Mapping[str, Any]) -> None:
        actor = APPLICANT if step["as"] == "applicant" else REVIEWERS[0]
        payload: dict[str, Any] = {"case_id": str(self._case)}
        match step["do"]:
            case "RecordScore":
                payload["scores_centi"] = sheet(8000)
            case "GiveOpinion":
                payload["text"] = "請補充"
        self._desk.do(step["do"], actor, **payload)

    def _unit(self) -> Any:
        with self._desk.units.begin() as opened:
            return SimpleNamespace(connection=self._connection, streams=opened.streams)

    def _history(self) -> list[Any]:
        return self._desk.history("review", self._case)
