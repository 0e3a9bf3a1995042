"""Separations of duty that a pack adds: who gave one command on a case may not give another.

A pack's section `separations` is a list of {first, second, per, rule, text}. `first` is a command
that the service of `second` has on record: one of its own, or one that another service's event
carried over (CARRIED). With `per`, the name of an event's field, only acts about the same value of
it are held against each other: whoever passed the checkpoint of instalment 1 may approve
instalment 2. That the checker is never the maker is no separation of a pack: no pack can lift it
(shared.kernel.permissions, NOT_MAKER).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel.envelope import Command, RecordedEvent
from shared.kernel.errors import NotPermitted

Pairs = Sequence[Mapping[str, Any]]

CARRIED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "review": {"CloseScreening": ("ReviewOpened", "screened_by")},
    "finance": {"DecideCheckpoint": ("InstalmentBecamePayable", "accepted_by")},
    "monitoring": {},
}
"""Enforcing service -> command of another service -> (own event type, field naming the actor)."""


class DutiesSeparated(NotPermitted):
    """The same person may not do both on one case."""

    def __init__(self, rule: str, text: Mapping[str, str]):
        super().__init__(text["zh-Hant"], text["en"], field="actor.id", rule=rule)


@dataclass(frozen=True, slots=True)
class Act:
    """Who gave a command, and the event that it left."""

    command: str
    actor: str
    event: object


def acts_of(service: str, history: Iterable[RecordedEvent]) -> list[Act]:
    """Every act that a stream shows, those of other services included."""
    carried = {type_: (name, by) for name, (type_, by) in CARRIED[service].items()}
    acts = []
    for recorded in history:
        event = recorded.event
        if recorded.metadata.command is not None:
            acts.append(Act(recorded.metadata.command, recorded.metadata.actor.id, event))
        if recorded.type in carried:
            name, by = carried[recorded.type]
            acts.append(Act(name, getattr(event, by), event))
    return acts


def pairs_of(document: Mapping[str, Any], command: Command) -> Pairs:
    """The pack's separations that this command has to respect; none for the clock."""
    if "clock" in command.actor.roles:
        return ()
    name = type(command).__name__
    return [pair for pair in document.get("separations") or () if pair["second"] == name]


def must_be_separate(
    pairs: Pairs, actor: str, acts: Iterable[Act], events: Sequence[object]
) -> None:
    """Raises DutiesSeparated when the actor gave the `first` of a pair, about the same thing as
    the events that are to be appended now."""
    own = [act for act in acts if act.actor == actor]
    for pair in pairs:
        per = pair.get("per")
        about = {getattr(event, per, None) for event in events} - {None} if per else set()
        for act in own:
            if act.command != pair["first"]:
                continue
            if per is None or getattr(act.event, per, None) in about:
                raise DutiesSeparated(str(pair["rule"]), pair["text"])
