"""The steps of one case in one service: what was taken, and whether the next may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.kernel.errors import InvalidInput, WrongState
from shared.kernel.steps.events import StepMissed, StepNoted, StepRecorded

Declared = Mapping[str, Any]
"""A step as the pack declares it."""


class StepOutOfPlace(WrongState):
    """The step may not be taken now."""


@dataclass(frozen=True, slots=True)
class Taking:
    """The last time a step was taken under one key."""

    key: str
    number: int
    at: datetime
    by: str
    forms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepState:
    """One step: `count` over all keys; `returned` until it is taken again."""

    count: int = 0
    first_at: datetime | None = None
    last: Taking | None = None
    rows: Mapping[str, Taking] = field(default_factory=dict)
    returned: bool = False
    missed: bool = False

    @property
    def stands(self) -> bool:
        """Taken and not sent back since."""
        return self.count > 0 and not self.returned


_BLANK = StepState()


@dataclass(frozen=True, slots=True)
class StepBook:
    """Folded from stream `steps-<case id>`."""

    states: Mapping[str, StepState] = field(default_factory=dict)

    def state(self, step: str) -> StepState:
        """One step, taken or not."""
        return self.states.get(step, _BLANK)

    def apply(self, event: object) -> StepBook:
        """Fold one fact in."""
        match event:
            case StepRecorded() | StepNoted():
                return self._taken(event)
            case StepMissed(step=step):
                return self._with(step, replace(self.state(step), missed=True))
        return self

    def take(
        self,
        declared: Declared,
        *,
        case_id: UUID,
        key: str,
        forms: Mapping[str, Any],
        at: datetime,
        by: str,
    ) -> tuple[StepRecorded, ...]:
        """The step as taken now; () when it stands with the same content. Raises StepOutOfPlace,
        and InvalidInput for a key that is missing or too much."""
        self._must_fit(declared, key)
        row = self.state(declared["id"]).rows.get(key)
        if row is not None and self.state(declared["id"]).stands:
            if row.forms == forms and forms:
                return ()
            if declared.get("repeat", "once") == "once":
                raise _out(declared, "已完成，未經退回不得重辦", "stands; it was not sent back")
        return (
            StepRecorded(
                case_id=case_id,
                step=declared["id"],
                key=key,
                number=row.number + 1 if row else 1,
                forms=forms,
                taken_at=at,
                taken_by=by,
                returns=tuple(declared.get("returns") or ()),
            ),
        )

    def miss(self, case_id: UUID, step: str, due_on: date) -> tuple[StepMissed, ...]:
        """The due day has passed: recorded once, and only for a step that does not stand."""
        state = self.state(step)
        if state.stands or state.missed:
            return ()
        return (StepMissed(case_id=case_id, step=step, due_on=due_on),)

    def note(self, told: StepNoted) -> tuple[StepNoted, ...]:
        """Another service's step; an older one, or the same again, changes nothing."""
        row = self.state(told.step).rows.get(told.key)
        return () if row is not None and row.number >= told.number else (told,)

    def _must_fit(self, declared: Declared, key: str) -> None:
        keyed = declared.get("repeat") == "keyed"
        if keyed != bool(key):
            zh = "逐一登載，須填 key" if keyed else "不分項，不得填 key"
            en = "is taken for each key: name it" if keyed else "has no keys"
            raise InvalidInput(f"步驟 {declared['id']} {zh}", f"{declared['id']} {en}", field="key")
        for name in declared.get("after") or ():
            if not self.state(name).stands:
                raise _out(declared, f"須先完成 {name}", f"comes after {name}")
        for name in declared.get("until") or ():
            if self.state(name).stands:
                raise _out(declared, f"{name} 後不得辦理", f"is too late after {name}")

    def _taken(self, event: StepRecorded | StepNoted) -> StepBook:
        before = self.state(event.step)
        taking = Taking(event.key, event.number, event.taken_at, event.taken_by, event.forms)
        after = replace(
            before,
            count=before.count + 1,
            first_at=before.first_at or event.taken_at,
            last=taking,
            rows={**before.rows, event.key: taking},
            returned=False,
        )
        book = self._with(event.step, after)
        for name in event.returns:
            book = book._with(name, replace(book.state(name), returned=True))
        return book

    def _with(self, step: str, state: StepState) -> StepBook:
        return StepBook({**self.states, step: state})


def _out(declared: Declared, zh: str, en: str) -> StepOutOfPlace:
    label = declared["label"]
    return StepOutOfPlace(
        f"步驟「{label['zh-Hant']}」{zh}",
        f"step {declared['id']} ({label['en']}) {en}",
        field="step",
    )
