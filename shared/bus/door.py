"""The one door: every command of a service, from whichever runner, in one unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from shared.bus.command_schema import load_command
from shared.bus.service_core import Answer, CommandSpec, ServiceCore
from shared.kernel.audience import answer_to, reads_as_officer
from shared.kernel.canonical import digest_of
from shared.kernel.clock import instant_text
from shared.kernel.envelope import Command, CommandEnvelope
from shared.kernel.errors import (
    CommandIdReused,
    DomainError,
    InvalidInput,
    RefusedByRules,
    StaleVersion,
    UnknownThing,
    VersionConflict,
)
from shared.kernel.permissions import check_role
from shared.kernel.refusals import CommandRefused

REPEATS = 3
"""How often a unit of work is repeated after a version conflict (architecture.md 4.4)."""


Done = TypeVar("Done")


class RememberedRefusal(DomainError):
    """A repeated command id whose first answer was a refusal: the same refusal again."""

    code = "refused-by-rules"

    def __init__(self, answer: Mapping[str, Any]):
        text = answer["message"]
        super().__init__(text["zh-Hant"], text["en"], rule=answer.get("rule"))
        self._answer = dict(answer)

    def as_dict(self) -> dict[str, Any]:
        """The first answer, as its reader may have it."""
        return self._answer


def do(core: ServiceCore, envelope: CommandEnvelope) -> Answer:
    """Carry out one command and return its answer {command_id, occurred_at, stream, version,
    events: [{type, id, hash}], ...}. The same command id again returns the first answer. Answers
    and refusals hold the findings that the actor may read (shared.kernel.audience).

    Raises DomainError (nothing stored, except the CommandRefused of a refusal by rules), RuleError,
    and VersionConflict when four tries met other writers.
    """
    spec = core.commands.get(envelope.name)
    if spec is None:
        raise UnknownThing(
            f"{core.name} 沒有「{envelope.name}」這個指令",
            f"{core.name} has no command {envelope.name}",
            field="command",
        )
    check_role(envelope.name, envelope.actor)
    if not isinstance(envelope.payload, Mapping):
        raise InvalidInput("內容須為物件", "the payload must be an object", field="/")
    command = load_command(spec.command, envelope)
    digest = content_digest(envelope)
    try:
        answer = repeat_on_conflict(lambda: _once(core, spec, command, digest))
    except RefusedByRules as refusal:
        refusal.to_officer = reads_as_officer(command.actor)
        raise
    return answer_to(command.actor, answer)


def content_digest(envelope: CommandEnvelope) -> str:
    """What "the same content" means for a repeated id: name, payload, actor, expected version."""
    return digest_of(
        {
            "name": envelope.name,
            "payload": dict(envelope.payload),
            "actor": envelope.actor.id,
            "expected_version": envelope.expected_version,
        }
    )


def repeat_on_conflict(attempt: Callable[[], Done]) -> Done:
    """Run a whole unit of work again after a version conflict, at most three times."""
    for _ in range(REPEATS):
        try:
            return attempt()
        except VersionConflict:
            continue
    return attempt()


def _once(core: ServiceCore, spec: CommandSpec, command: Command, digest: str) -> Answer:
    try:
        with core.units.begin() as unit:
            if (known := unit.answer_of(command.command_id)) is not None:
                return _remembered(known, digest, command)
            _check_expected_version(unit, spec, command)
            extra = spec.handler(command, core.bind(unit)) or {}
            answer = _answer(command, unit.recorded, extra)
            unit.remember(command.command_id, digest, answer)
            unit.commit()
            return answer
    except RefusedByRules as refusal:
        _record_refusal(core, spec, command, refusal, digest)
        raise


def _remembered(known: tuple[str, Mapping[str, Any]], digest: str, command: Command) -> Answer:
    first_digest, answer = known
    if first_digest != digest:
        raise CommandIdReused(
            f"指令編號 {command.command_id} 已用於不同內容",
            f"command id {command.command_id} was already used with other content",
            field="command_id",
        )
    if "error" in answer:
        raise RememberedRefusal(answer_to(command.actor, answer))
    return answer


def _check_expected_version(unit: Any, spec: CommandSpec, command: Command) -> None:
    if command.expected_version is None:
        return
    version = unit.version_of(*spec.target(command))
    if version != command.expected_version:
        raise StaleVersion(
            f"資料已更新：您依據第 {command.expected_version} 版，現為第 {version} 版",
            f"you decided on version {command.expected_version}, the stream is at {version}",
            field="expected_version",
        )


def _answer(command: Command, recorded: Any, extra: Mapping[str, Any]) -> dict[str, Any]:
    last = recorded[-1] if recorded else None
    return {
        "command_id": str(command.command_id),
        "occurred_at": instant_text(command.received_at),
        "stream": last.stream if last else None,
        "version": last.version if last else None,
        "events": [
            {"type": event.type, "id": str(event.id), "hash": event.event_hash}
            for event in recorded
        ],
        **extra,
    }


def _record_refusal(
    core: ServiceCore, spec: CommandSpec, command: Command, refusal: RefusedByRules, digest: str
) -> None:
    """One CommandRefused on the command's target stream, and the answer for a retry."""

    def attempt() -> None:
        with core.units.begin() as unit:
            if unit.answer_of(command.command_id) is not None:
                return
            append_refusal(core, unit, spec, command, refusal)
            unit.remember(command.command_id, digest, refusal.in_full())
            unit.commit()

    repeat_on_conflict(attempt)


def append_refusal(
    core: ServiceCore, unit: Any, spec: CommandSpec, command: Command, refusal: DomainError
) -> None:
    """Record a refusal as our own fact: of a command by rules, of a reaction by any DomainError."""
    category, id = spec.target(command)
    evaluation = getattr(refusal, "evaluation", None)
    blocking = getattr(refusal, "blocking", ())
    event = CommandRefused(
        command=type(command).__name__,
        rules=tuple(sorted({finding.rule for finding in blocking})),
        message={"zh-Hant": refusal.zh, "en": refusal.en},
        occurred_at=command.received_at,
    )
    unit.streams.append(
        category,
        id,
        [event],
        expected_version=unit.version_of(category, id),
        caused_by=command,
        case=core.case_of(command),
        decision=evaluation.decision() if evaluation else None,
    )
