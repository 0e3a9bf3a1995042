"""`rules simulate`: a later version of the programme on 1,000 past cases of a call, one core.

One draft with a roster of 50 is made through the ordinary door; the others are copies of its events
with their own ids and business numbers, so that no two hold the same enterprise. Each is then
submitted and screened by the rules, through the door: the decisions that are simulated.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from grantcase import commands
from grantcase.demo import people, proposals, proposing
from grantcase.demo.proposing import Stage
from grantcase.simulating import NOT_REBUILT, call_of, simulate
from shared.bus.door import do
from shared.bus.service_core import CLOCK
from shared.kernel.business_number import is_valid_ubn
from shared.kernel.envelope import Actor, Command, Personal
from shared.kernel.errors import DomainError
from shared.kernel.ids import derived_id
from shared.programmes.pack import load_pack
from tests.support.embedded import Office, opened, prepared
from tests.support.later_version import later_version

CASES, TARGET_S = 1_000, 60
KEY, CALL = "sharp", "112-1"
MOMENTS = ("submit", "loi-close", "screen")
Row = tuple[str, str, str, bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied(Command):
    """In the place of the commands that made the first draft."""


def run(smoke: bool) -> list[Row]:
    """CPU seconds of this process (one core) for all decisions of all cases, once."""
    wanted = 4 if smoke else CASES
    with tempfile.TemporaryDirectory() as folder:
        new = load_pack(later_version(Path(folder) / "coprosperity-112"))
        stage = prepared(Path(folder) / "store")
        with opened(Path(folder) / "store", stage) as office:
            _fill(office, stage, wanted)
            call = call_of(office.embedded, new.id, CALL)
            started, cpu = time.perf_counter(), time.process_time()
            found = Counter(
                outcome.status
                for outcome in simulate(office.embedded, new, call.cases, moments=MOMENTS)
            )
            seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    if found[NOT_REBUILT]:
        raise AssertionError(f"facts of generated cases were not rebuilt: {found}")
    label = f"rules simulate: {len(call.cases)} past cases, {sum(found.values())} decisions"
    value = f"{cpu_seconds:.1f} s of one core ({seconds:.1f} s); {dict(found)}"
    return [(label, value, f"< {TARGET_S} s", cpu_seconds < TARGET_S)]


def _fill(office: Office, stage: Stage, wanted: int) -> None:
    office.at("2023-03-01T10:00:00+08:00")
    proposing.draft(office.script, stage, KEY)
    core, numbers = office.embedded.cores["intake"], _numbers()
    first = core.units.reader.history("proposal", stage.case(KEY))
    own = proposals.BY_KEY[KEY]
    named = [own.ubn, *(shop.ubn for shop in proposals.roster_of(own))]
    for index in range(wanted):
        case_id = derived_id("bench", "simulate", index)
        given: dict[Any, Any] = dict(zip(named, islice(numbers, len(named)), strict=True))
        given[stage.case(KEY)] = case_id
        given[stage.numbers[KEY]] = f"CP112-{index + 1001:04}"
        with core.units.begin() as unit:
            unit.streams.append(
                "proposal",
                case_id,
                [_renamed(recorded.event, given) for recorded in first],
                expected_version=0,
                caused_by=Copied(
                    command_id=derived_id("bench", "copied", index),
                    actor=people.applicant(given[own.ubn]),
                    received_at=office.embedded.now(),
                ),
                case=case_id,
            )
            unit.commit()
        _decided(office, case_id, given[own.ubn], [given[ubn] for ubn in named[1:]])
    sequencer = office.embedded._sequencers["intake"]
    while sequencer.seal():
        pass


def _decided(office: Office, case_id: UUID, applicant: str, ubns: list[str]) -> None:
    """Submitted, letters closed, shops looked up, screened: as far as the rules let it go."""
    lookup = {"ubns": ubns, "content": proposing.CLEAR}
    steps: tuple[tuple[Actor, str, int, Mapping[str, Any]], ...] = (
        (people.applicant(applicant), "SubmitProposal", 0, {}),
        (CLOCK, "CloseLetters", 19, {}),
        (people.SCREENER, "RecordLookup", 20, lookup),
        (people.SCREENER, "CloseScreening", 20, {}),
    )
    for actor, name, days, payload in steps:
        envelope = commands.envelope(
            name,
            {"case_id": str(case_id), **payload},
            actor,
            office.embedded.now() + timedelta(days=days),
            derived_id("bench", case_id, name),
        )
        try:
            do(office.embedded.cores["intake"], envelope)
        except DomainError:
            return  # refused: that is a decision, too


def _numbers() -> Iterator[str]:
    return (text for text in (str(number) for number in count(30_000_000)) if is_valid_ubn(text))


def _renamed(value: Any, given: Mapping[Any, Any]) -> Any:
    """The same with other ids, deep."""
    if isinstance(value, str | UUID):
        return given.get(value, value)
    if isinstance(value, Personal):
        return Personal(value.subject, _renamed(value.value, given))
    if isinstance(value, Mapping):
        return {key: _renamed(item, given) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_renamed(item, given) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: _renamed(getattr(value, f.name), given) for f in fields(value)}
        return replace(value, **changes)
    return value
