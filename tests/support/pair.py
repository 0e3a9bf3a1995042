"""An invented pair of services that stands for the four where only messaging is tested.

    intake   CloseScreening (a command)  ->  ProposalRejected (public)
    review   follows it: NoteRejection   ->  RejectionNoted, ProposalNotSelected (public)
    intake   follows that: NoteReturn    ->  ReturnNoted

Each counts in a table what it has done per case, which must be one for each event, whatever
happened on the way. In review a rejection for the reason "broken" fails for an unknown cause
until `mended` stands in the table `switches`; one for "refused" is refused by a DomainError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.bus.publication import Publication
from shared.bus.service_core import CommandSpec, ServiceCore, derived_command, sources_of
from shared.bus.settings import ServiceSettings, open_units
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command, PublicEvent, RecordedEvent
from shared.kernel.errors import WrongState
from shared.kernel.ids import derived_id
from shared.kernel.refusals import CommandRefused

METADATA = sa.MetaData()
tally = sa.Table(
    "tally",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("done", sa.Integer, nullable=False),
)
switches = sa.Table("switches", METADATA, sa.Column("name", sa.String(40), primary_key=True))

EXAMPLE = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRejected:
    case_id: UUID
    case_number: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNoted:
    case_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionNoted:
    case_id: UUID
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalNotSelected:
    case_id: UUID
    case_number: str
    rank: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Lines:
    """An aggregate that only counts its events."""

    count: int = 0

    def apply(self, event: Any) -> Lines:
        return Lines(self.count + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseScreening(Command):
    case_id: UUID = arg("案件", "case", EXAMPLE)
    reason: str = arg("理由", "reason", "late")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRejection(Command):
    case_id: UUID = arg("案件", "case", EXAMPLE)
    case_number: str = arg("案號", "case number", "CP112-0001")
    reason: str = arg("理由", "reason", "late")
    event_id: UUID = arg("事件", "event", EXAMPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteReturn(Command):
    case_id: UUID = arg("案件", "case", EXAMPLE)


@dataclass(frozen=True, slots=True)
class Ports:
    streams: Any
    connection: Any


def close_screening(command: CloseScreening, ports: Ports) -> Mapping[str, Any]:
    _append(
        ports,
        "screening",
        command,
        ProposalRejected(
            case_id=command.case_id, case_number="CP112-0001", reasons=(command.reason,)
        ),
    )
    return {"case_id": str(command.case_id)}


def note_rejection(command: NoteRejection, ports: Ports) -> None:
    if command.reason == "refused":
        raise WrongState("不受理", "not taken")
    if command.reason == "broken" and not _mended(ports.connection):
        raise ZeroDivisionError("a fault nobody foresaw")
    _append(
        ports,
        "rejection",
        command,
        RejectionNoted(case_id=command.case_id, event_id=command.event_id),
        ProposalNotSelected(
            case_id=command.case_id,
            case_number=command.case_number,
            rank=None,
            reason=command.reason,
        ),
    )


def note_return(command: NoteReturn, ports: Ports) -> None:
    _append(ports, "screening", command, ReturnNoted(case_id=command.case_id))


def build_intake(settings: ServiceSettings) -> ServiceCore:
    """The invented intake."""
    return _core(
        settings,
        "intake",
        (ProposalRejected, ReturnNoted, CommandRefused),
        {CloseScreening: (close_screening, "screening"), NoteReturn: (note_return, "screening")},
        REACTIONS["intake"],
        counted=ReturnNoted,
    )


def build_review(settings: ServiceSettings) -> ServiceCore:
    """The invented review."""
    return _core(
        settings,
        "review",
        (RejectionNoted, ProposalNotSelected, CommandRefused),
        {NoteRejection: (note_rejection, "rejection")},
        REACTIONS["review"],
        counted=RejectionNoted,
    )


BUILDERS = {"intake": build_intake, "review": build_review}


class Tally:
    """Inline projection: how many events of one type a case has."""

    NAME = "tally"

    def __init__(self, counted: type):
        self._counted = counted

    def project(self, connection: Any, recorded: RecordedEvent) -> None:
        if not isinstance(recorded.event, self._counted):
            return
        key = tally.c.case_id == str(recorded.event.case_id)
        if not connection.execute(tally.update().where(key).values(done=tally.c.done + 1)).rowcount:
            connection.execute(tally.insert().values(case_id=str(recorded.event.case_id), done=1))


def _core(
    settings: ServiceSettings,
    name: str,
    events: tuple[type, ...],
    commands: Mapping[type[Command], tuple[Any, str]],
    reactions: Mapping[tuple[str, str], Any],
    counted: type,
) -> ServiceCore:
    publish = Publication(name)
    return ServiceCore(
        name=name,
        commands={
            command.__name__: CommandSpec(command, handler, _target(category))
            for command, (handler, category) in commands.items()
        },
        reactions=reactions,
        units=open_units(settings, events, (Tally(counted),), publish),
        bind=lambda unit: Ports(unit.streams, unit.connection),
        publish=publish,
        queries={"tally": _tally},
    )


def _target(category: str) -> Any:
    return lambda command: (category, command.case_id)


def _append(ports: Ports, category: str, command: Any, *events: object) -> None:
    _, version = ports.streams.load(Lines, category, command.case_id)
    ports.streams.append(
        category,
        command.case_id,
        events,
        expected_version=version,
        caused_by=command,
        case=command.case_id,
    )


def _on_rejected(event: PublicEvent) -> tuple[Command, ...]:
    return (
        derived_command(
            NoteRejection,
            event,
            derived_id(event.id, "NoteRejection"),
            case_id=UUID(event.data["case_id"]),
            case_number=event.data["case_number"],
            reason=event.data["reasons"][0],
            event_id=event.id,
        ),
    )


def _on_not_selected(event: PublicEvent) -> tuple[Command, ...]:
    return (
        derived_command(
            NoteReturn,
            event,
            derived_id(event.id, "NoteReturn"),
            case_id=UUID(event.data["case_id"]),
        ),
    )


REACTIONS = {
    "intake": {("review", "ProposalNotSelected"): _on_not_selected},
    "review": {("intake", "ProposalRejected"): _on_rejected},
}


LISTENERS = {name: sources_of(name, reactions) for name, reactions in REACTIONS.items()}


def _mended(connection: Any) -> bool:
    return connection.execute(sa.select(switches)).first() is not None


def _tally(unit: Any) -> dict[str, int]:
    return {row.case_id: row.done for row in unit.connection.execute(sa.select(tally))}
