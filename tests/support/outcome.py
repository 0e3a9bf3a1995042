"""What a run of the four services came to, so that two runs can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.finance.domain.ledger import entries_of
from shared.bus import queries
from shared.bus.service_core import ServiceCore
from shared.kernel.clock import instant_text
from shared.projection.timers import TimerTable
from tests.support.distributed import normalised

EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """streams: service -> stream -> its events, without ids, hashes and places in the log that
    differ from run to run. trial_twd: debits less credits after each event of finance, in the
    order of its log. due: service -> its next timer."""

    streams: Mapping[str, Mapping[str, list[dict[str, Any]]]]
    public: Mapping[str, int]
    ledger: Mapping[str, Any]
    trial_twd: tuple[int, ...]
    due: Mapping[str, str | None]


def outcome_of(cores: Mapping[str, ServiceCore]) -> Outcome:
    """Read from the stores of settled services."""
    ledger = queries.answer(cores["finance"], "ledger", {})
    return Outcome(
        streams={name: _streams(core) for name, core in cores.items()},
        public={name: core.units.store.log_tail().feed_size for name, core in cores.items()},
        ledger={"balances": ledger["balances"], "rows": normalised(ledger["rows"])},
        trial_twd=_trial(cores["finance"]),
        due={name: _next_due(core) for name, core in cores.items()},
    )


def _streams(core: ServiceCore) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for recorded in core.units.reader.log(0, EVERYTHING):
        document = queries.event_document(core.name, recorded)
        found.setdefault(recorded.stream, []).append(document)
    return {stream: normalised(events) for stream, events in found.items()}


def _trial(finance: ServiceCore) -> tuple[int, ...]:
    trial, sums = 0, []
    for recorded in finance.units.reader.log(0, EVERYTHING):
        lines = [line for entry in entries_of(recorded.event) for line in entry.lines]
        trial += sum(line.debit_twd - line.credit_twd for line in lines)
        sums.append(trial)
    return tuple(sums)


def _next_due(core: ServiceCore) -> str | None:
    with core.units.begin() as unit:
        due = TimerTable(unit.connection).next_due()
    return instant_text(due) if due else None
