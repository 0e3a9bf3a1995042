"""A running case is moved to a later version of its pack: intake decides it and says so, every
service that holds the case takes note. Decisions made before keep their own digest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shared.kernel.command_fields import arg
from shared.kernel.decisions import Decision
from shared.kernel.envelope import Command
from shared.kernel.streams import Aggregate, Ports

_CASE = "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRebinding(Command):
    """Reaction to intake.CaseRebound; each service has its own subclass."""

    case_id: UUID = arg("案件編號", "case id", _CASE)
    programme_id: str = arg("計畫", "programme", "example-1")
    to_digest: str = arg("新版規則包摘要", "digest of the later pack", "0" * 64)
    reason: str = arg("理由", "reason", "規則修正")


@dataclass(frozen=True, slots=True, kw_only=True)
class RebindingNoted:
    """From here on this service decides the case by that version."""

    case_id: UUID
    to_digest: str


class Bound(Protocol):
    """A file that says which pack a case is bound to: a frozen dataclass."""

    @property
    def pack_digest(self) -> str:
        """Of the pack."""
        ...


B = TypeVar("B", bound=Bound)


def rebound(file: B | None, to_digest: str | None) -> B | None:
    """The file under the later version. A service may hear of the rebinding before it has the
    case: the file that comes then still names the earlier version."""
    if file is None or to_digest is None:
        return file
    changes: dict[str, Any] = {"pack_digest": to_digest}
    return replace(file, **changes)  # type: ignore[type-var]


def note(command: NoteRebinding, ports: Ports, aggregate: type[Aggregate], category: str) -> None:
    """Record it on the case's stream, also when the case has not come here yet. Raises
    UnknownPack: then the lane waits for the pack."""
    ports.packs.document(command.to_digest)
    _, version = ports.streams.load(aggregate, category, command.case_id)
    ports.streams.append(
        category,
        command.case_id,
        [RebindingNoted(case_id=command.case_id, to_digest=command.to_digest)],
        expected_version=version,
        caused_by=command,
        case=command.case_id,
        decision=Decision(
            programme=command.programme_id,
            digest=command.to_digest,
            moment=None,
            note=command.reason,
        ),
    )
