"""review's real handlers, schemas and rules over the in-memory store: no database, no broker.

Over 200 lines: the steps that tests skip stand beside the desk that takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from services.review.application.ports import ReviewPorts
from services.review.domain.events import EVENTS
from services.review.domain.events.review import ReviewFileOpened
from services.review.domain.review_case import ReviewCase
from services.review.publishing import publish
from services.review.schemas import COMMANDS, REACTIONS
from shared.bus.door import do
from shared.bus.pack_forms import PackForms
from shared.bus.service_core import ServiceCore
from shared.eventstore.memory import MemoryStore
from shared.eventstore.memory_keys import MemoryKeyStore
from shared.eventstore.registry import TypeRegistry
from shared.eventstore.unit_of_work import UnitOfWorkFactory
from shared.kernel.clock import TAIPEI, instant_text
from shared.kernel.envelope import Actor, CommandEnvelope, PublicEvent, RecordedEvent
from shared.kernel.ids import derived_id, seeded_ids
from shared.programmes.evaluation import PackRules
from shared.programmes.examples import form_example, nth_ubn
from shared.programmes.pack import Pack, load_pack
from tests.support.memory_timers import MemoryTimers

PROGRAMMES = Path(__file__).parents[2] / "programmes"
CALL = derived_id("call", "112-1")
OFFICER = Actor(id="officer-1", roles=("programme_officer",))
CHAIR = Actor(id="reviewer-1", roles=("reviewer", "chair"))
REVIEWERS = tuple(Actor(id=f"reviewer-{n}", roles=("reviewer",)) for n in (1, 2, 3, 4))
NOTICE = datetime(2023, 3, 21, 9, 0, tzinfo=TAIPEI)
SLOT = datetime(2023, 3, 28, 10, 0, tzinfo=TAIPEI)
LATER = datetime(2023, 3, 30, 15, 0, tzinfo=TAIPEI)
DEADLINE = datetime(2023, 3, 16, 17, 0, tzinfo=TAIPEI)
_BACKGROUNDS = ("industry", "academia", "research", "industry")


@lru_cache(maxsize=1)
def coprosperity() -> Pack:
    """The pack of coprosperity-112, read once."""
    return load_pack(PROGRAMMES / "coprosperity-112")


class _Packs:
    def document(self, digest: str) -> Mapping[str, Any]:
        assert digest == coprosperity().digest
        return coprosperity().document

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        parameters = coprosperity().calls[0]["parameters"]
        return {"pack_digest": coprosperity().digest, "parameters": parameters}


class _Files:
    """The Files port, filled as an inline projection."""

    NAME = "files"

    def __init__(self) -> None:
        self.opened: list[ReviewFileOpened] = []

    def project(self, connection: Any, recorded: RecordedEvent) -> None:
        if isinstance(recorded.event, ReviewFileOpened):
            self.opened.append(recorded.event)

    def of_call(self, call_id: UUID, track: str | None = None) -> list[UUID]:
        found = [f for f in self.opened if f.call_id == call_id and track in (None, f.track)]
        return [f.case_id for f in sorted(found, key=lambda f: (f.submitted_at, f.case_number))]


class Desk:
    """One review service, and the steps that a test is not about."""

    def __init__(self) -> None:
        self.files = _Files()
        registry = TypeRegistry(EVENTS)
        self.units = UnitOfWorkFactory(
            MemoryStore(),
            registry,
            MemoryKeyStore(),
            (self.files,),
            seeded_ids("review"),
        )
        packs = _Packs()
        rules = PackRules(packs)
        self.core = ServiceCore(
            name="review",
            commands=COMMANDS,
            reactions=REACTIONS,
            units=self.units,
            bind=lambda unit: ReviewPorts(
                streams=unit.streams,
                rules=rules,
                packs=packs,
                timers=MemoryTimers(),
                forms=PackForms(packs, {}),
                files=self.files,
            ),
            publish=publish,
        )
        self._new_id = seeded_ids("commands")

    def do(
        self,
        name: str,
        actor: Actor,
        at: datetime = LATER,
        *,
        command_id: UUID | None = None,
        expected_version: int | None = None,
        **payload: Any,
    ) -> Mapping[str, Any]:
        """One command through the door."""
        return do(
            self.core,
            CommandEnvelope(
                command_id=command_id or self._new_id(),
                name=name,
                actor=actor,
                received_at=at,
                payload=payload,
                expected_version=expected_version,
            ),
        )

    def hears(self, source: str, type: str, data: Mapping[str, Any], actor: str = "x") -> None:
        """Another service's public event arrives."""
        event = PublicEvent(
            id=self._new_id(),
            source=source,
            type=type,
            schema_version=1,
            feed_sequence=1,
            occurred_at=DEADLINE,
            data=data,
            subject=UUID(data["case_id"]),
            actor_id=actor,
        )
        for command in REACTIONS[source, type](event):
            with self.units.begin() as unit:
                COMMANDS[command.__class__.__name__].handler(command, self.core.bind(unit))
                unit.commit()

    def case(self, case_id: UUID) -> ReviewCase:
        """The review as it stands."""
        with self.units.begin() as unit:
            return unit.streams.load(ReviewCase, "review", case_id)[0]

    def history(self, category: str, id: UUID | str) -> list[RecordedEvent]:
        """Everything in one stream."""
        return self.units.reader.history(category, id)

    def submitted(
        self, number: int, track: str, count: int, requested_twd: int, **more: Any
    ) -> UUID:
        """intake published ProposalSubmitted."""
        case_id = derived_id("case", number)
        self.hears(
            "intake", "ProposalSubmitted", _submitted(number, track, count, requested_twd, **more)
        )
        return case_id

    def accepted(self, number: int, track: str, ubns: list[str], **more: Any) -> UUID:
        """intake published ProposalSubmitted and, by screening-1, ProposalAccepted."""
        requested_twd = more.pop("requested_twd", 1_500_000)
        submitted_at = more.pop("submitted_at", DEADLINE)
        submitted = _submitted(number, track, len(ubns), requested_twd, submitted_at=submitted_at)
        self.hears("intake", "ProposalSubmitted", submitted)
        accepted = {**submitted, **_accepted(ubns, more)}
        self.hears("intake", "ProposalAccepted", accepted, actor="screening-1")
        return derived_id("case", number)

    def panel(self, track: str, members: int = 3) -> None:
        """Appoint reviewer-1, -2, ... for a track."""
        self.do(
            "AppointPanel",
            OFFICER,
            NOTICE,
            call_id=str(CALL),
            track=track,
            members=[
                {"member_id": f"reviewer-{n}", "background": _BACKGROUNDS[n - 1]}
                for n in range(1, members + 1)
            ],
        )

    def presented(self, case_id: UUID) -> None:
        """Notified, and presented by the project manager."""
        self.notified(case_id)
        self.do("RecordAttendance", OFFICER, SLOT, **attendance(case_id))

    def notified(self, case_id: UUID) -> None:
        """The slot is sent."""
        self.do(
            "NotifyMeeting",
            OFFICER,
            NOTICE,
            case_id=str(case_id),
            slot_at=instant_text(SLOT),
            mode="on-site",
        )

    def scored(self, case_id: UUID, totals: tuple[int, ...] = (7650, 7650, 7650)) -> None:
        """Sheets of reviewer-1, -2, ... with these totals."""
        for reviewer, total in zip(REVIEWERS, totals, strict=False):
            self.do("RecordScore", reviewer, case_id=str(case_id), scores_centi=sheet(total))

    def ranked(self, track: str, **payload: Any) -> Mapping[str, Any]:
        """The chair closes the scoring of a track."""
        return self.do("CloseScoring", CHAIR, call_id=str(CALL), track=track, **payload)


def sheet(total_centi: int) -> dict[str, int]:
    """Six scores in steps of half a point with this sum (a multiple of 50, 5000 to 10000)."""
    weights = {c["id"]: c["weight_centi"] for c in coprosperity().document["scoring"]["criteria"]}
    scores = dict(weights)
    missing = sum(weights.values()) - total_centi
    for criterion, weight in weights.items():
        scores[criterion] = weight - min(weight, missing)
        missing -= weight - scores[criterion]
    return scores


def attendance(case_id: UUID, **given: Any) -> dict[str, Any]:
    """The payload of RecordAttendance."""
    fields = {"manager_present": True, "mode": "on-site", "identity_checked": True}
    return {"case_id": str(case_id), **fields, **given}


def ubns(count: int, start: int = 1) -> list[str]:
    """Valid business numbers."""
    return [nth_ubn(n) for n in range(start, start + count)]


def _submitted(
    number: int, track: str, count: int, requested_twd: int, submitted_at: datetime = DEADLINE
) -> dict[str, Any]:
    return {
        "case_id": str(derived_id("case", number)),
        "case_number": f"CP112-{number:04d}",
        "call_id": str(CALL),
        "programme_id": "coprosperity-112",
        "pack_digest": coprosperity().digest,
        "applicant_ubn": nth_ubn(9000 + number),
        "applicant_name": f"提案單位{number}",
        "track": track,
        "enterprise_count": count,
        "requested_twd": requested_twd,
        "submitted_at": instant_text(submitted_at),
        "decided_by": {},
    }


def _accepted(numbers: list[str], more: Mapping[str, Any]) -> dict[str, Any]:
    employees = more.get("employees", {})
    row = form_example(coprosperity().forms["F19"])[0]
    return {
        "tier": "A",
        "cap_twd": 1_500_000,
        "enterprises": [
            {**row, "ubn": number, "no": place, "employees": employees.get(number, 4)}
            for place, number in enumerate(numbers, 1)
        ],
        "letters": numbers[:5],
        "participant_ubns": ["12345676"],
        "tasks": [],
        "forms": {"F08": form_example(coprosperity().forms["F08"])},
        **{name: value for name, value in more.items() if name != "employees"},
    }
