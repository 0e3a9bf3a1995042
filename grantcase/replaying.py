"""A service's past replayed beside its store: what every decision was taken on, once more.

The facts of a decision are not stored, only their digest. So the log is folded into a store in
memory, event by event; before the events of a command are folded in, the command is given again to
its own handler, with rules that only listen. When the handler asks the rules about the moment and
facts whose digest the decision recorded, the facts are found, and proven by that digest. The
command's fields are not stored either: they are read from the events it yielded, and a field that
no event repeats makes the decision one that cannot be rebuilt, which is said, never guessed.
Nothing is written to the service's store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from grantcase.listening import Aliased, Compiled, Found, Listening, NotRebuilt, Verdict
from grantcase.past_store import PastShelf, PastStreams, PastUnit
from grantcase.rereading import commands_of, stand_ins
from shared.bus.service_core import ServiceCore
from shared.kernel.envelope import Command, RecordedEvent
from shared.kernel.errors import DomainError, RuleError
from shared.programmes.compiled import CompiledPack
from shared.projection.packs import PackShelf
from shared.projection.tables import METADATA

PAGE = 500

Decided = Mapping[str, Any]
"""A recorded decision (shared.kernel.decisions.Decision.as_dict)."""


@dataclass(frozen=True, slots=True)
class Past:
    """A decision by the rules of a moment, the events of its command, and where it stands."""

    decision: Decided
    recorded: RecordedEvent
    together: Sequence[RecordedEvent]


class Replay:
    """One service's log, folded again from its beginning."""

    def __init__(self, core: ServiceCore, tables: sa.MetaData):
        self._core = core
        self._engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
        METADATA.create_all(self._engine)
        tables.create_all(self._engine)
        self._connection = self._engine.connect()
        self._streams = PastStreams()
        self._aliases: dict[tuple[str, str], Compiled] = {}
        self._copy_packs()
        self._shelf = PastShelf(PackShelf(self._connection))

    def run(
        self, wanted: Callable[[RecordedEvent], bool], progress: Callable[[int], object]
    ) -> Iterator[Past]:
        """Every decision by rules that `wanted` names, with this store as it was before it."""
        log = self._log(progress)
        together = _together(log, wanted)
        started: set[Any] = set()
        for recorded in log:
            command_id = recorded.metadata.command_id
            if command_id in together and command_id not in started:
                started.add(command_id)
                yield from _decisions(together[command_id], wanted)
            self._fold(recorded)

    def verdict(self, past: Past, other: CompiledPack) -> Verdict:
        """The same command on the same facts under another version. Raises NotRebuilt."""
        command, place = self._proven(past)
        digest = past.decision["pack_digest"]
        compiled = self._aliases.setdefault((digest, other.pack.digest), {digest: other})
        aliased = Aliased(self._bound(), past.decision, other, compiled)
        verdict: Verdict = self._attempt(
            command, aliased.ports(place, **stand_ins(past.together)), aliased.verdict
        )
        return verdict

    def close(self) -> None:
        """Let go of the memory."""
        self._connection.close()
        self._engine.dispose()

    def _proven(self, past: Past) -> tuple[Command, int]:
        """The reading of the events whose facts have the recorded digest. Raises NotRebuilt."""
        failed: NotRebuilt | None = None
        for command in self._commands(past):
            listening = Listening(self._bound(), past.decision)
            ports = listening.ports(**stand_ins(past.together))
            try:
                return command, self._attempt(command, ports, listening.found)
            except NotRebuilt as reason:
                failed = reason
        raise failed or AssertionError("a command has one reading at least")

    def _attempt(
        self, command: Command, ports: Any, outcome: Callable[[Exception | None], Any]
    ) -> Any:
        """Give the command to its handler and take everything back."""
        handler = self._core.commands[type(command).__name__].handler
        self._connection.exec_driver_sql("SAVEPOINT attempt")
        try:
            handler(command, ports)
        except Found as found:
            return found.what
        except (DomainError, RuleError) as error:
            return outcome(error)
        except Exception as error:  # a handler that met what it never meets: told, not hidden
            raise NotRebuilt(
                f"重演失敗：{error}", f"the replay failed: {type(error).__name__}: {error}"
            ) from error
        finally:
            self._connection.exec_driver_sql("ROLLBACK TO attempt")
            self._connection.exec_driver_sql("RELEASE attempt")
        return outcome(None)

    def _bound(self) -> Any:
        bound = self._core.bind(PastUnit(self._connection, self._streams, self._core))
        return replace(bound, packs=self._shelf)

    def _commands(self, past: Past) -> Sequence[Command]:
        name = str(past.recorded.metadata.command)
        if name not in self._core.commands:
            raise NotRebuilt(f"沒有指令 {name}", f"there is no command {name} any more")
        return commands_of(self._core.commands[name].command, past.together)

    def _log(self, progress: Callable[[int], object]) -> list[RecordedEvent]:
        after, found = 0, []
        while page := self._core.units.reader.log(after, PAGE):
            found += page
            after = page[-1].sequence
            progress(len(found))
        return found

    def _fold(self, recorded: RecordedEvent) -> None:
        self._streams.fold(recorded)
        for projection in self._core.units.inline:
            projection.project(self._connection, recorded)

    def _copy_packs(self) -> None:
        """Packs and calls never change: they may all be there from the beginning."""
        with self._core.units.begin() as unit:
            for table in (METADATA.tables["packs"], METADATA.tables["calls"]):
                rows = unit.connection.execute(sa.select(table)).mappings().all()
                if rows:
                    self._connection.execute(table.insert(), [dict(row) for row in rows])


def _together(
    log: Sequence[RecordedEvent], wanted: Callable[[RecordedEvent], bool]
) -> dict[Any, list[RecordedEvent]]:
    """Command id -> its events, of commands that recorded a decision by the rules of a moment."""
    ids = {
        recorded.metadata.command_id
        for recorded in log
        if (recorded.metadata.decision or {}).get("facts_digest") and wanted(recorded)
    }
    found: dict[Any, list[RecordedEvent]] = {}
    for recorded in log:
        if recorded.metadata.command_id in ids:
            found.setdefault(recorded.metadata.command_id, []).append(recorded)
    return found


def _decisions(
    together: Sequence[RecordedEvent], wanted: Callable[[RecordedEvent], bool]
) -> Iterator[Past]:
    """One per decision: the events of one append share theirs."""
    seen: set[tuple[str, str]] = set()
    for recorded in together:
        decision = recorded.metadata.decision or {}
        key = (str(decision.get("moment")), str(decision.get("facts_digest")))
        if decision.get("facts_digest") and key not in seen and wanted(recorded):
            seen.add(key)
            yield Past(decision, recorded, together)
