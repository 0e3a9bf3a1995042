"""A new version of a pack on the past cases of a call: who flips, by which clause, what it does to
the money. Nothing is written (grantcase.replaying says how the past is had again)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from grantcase.embedded import Embedded, projections_of
from grantcase.listening import NotRebuilt, Verdict
from grantcase.replaying import Past, Replay
from shared.kernel.clock import instant_text
from shared.kernel.envelope import RecordedEvent
from shared.programmes.compiled import CompiledPack
from shared.programmes.pack import Pack
from shared.projection.packs import PackShelf
from shared.projection.tables import calls

MONEY = "_twd"
"""Values of this ending are NT$."""

SAME, CHANGED, FLIPPED, NOT_REBUILT = "same", "changed", "flipped", "not-rebuilt"
PASSED, REFUSED = "passed", "refused"

Progress = Callable[[str, int], object]
"""(service, events read or decisions done)."""


class NoSuchCall(Exception):
    """No call of that id or code was published for the programme."""


@dataclass(frozen=True, slots=True)
class Call:
    """A published call: its data (CallPublished) and the numbers of its cases by case id."""

    data: Mapping[str, Any]
    cases: Mapping[UUID, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One past decision under the new version."""

    case_id: UUID
    case_number: str
    service: str
    event_id: UUID
    command: str
    moment: str
    decided_at: str
    digest: str
    status: str
    before: str = PASSED
    after: str = PASSED
    clauses: tuple[str, ...] = ()  # that speak on one side only; blocking ones decide a flip
    values: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)  # name -> before, after
    reason: Mapping[str, str] | None = None
    after_flip: bool = False  # the case would not have come here

    def money(self) -> dict[str, int]:
        """What changes in NT$, by value."""
        return {
            name: int(after or 0) - int(before or 0)
            for name, (before, after) in self.values.items()
            if name.endswith(MONEY) and _whole(before) and _whole(after)
        }


def call_of(store: Embedded, programme: str, wanted: str) -> Call:
    """The call of that id or code, with its cases. Raises NoSuchCall."""
    core = store.cores["intake"]
    with core.units.begin() as unit:
        rows = unit.connection.execute(sa.select(calls.c.call_id)).scalars().all()
        known = [PackShelf(unit.connection).call(UUID(row)) for row in rows]
    for data in known:
        if data["programme_id"] == programme and wanted in (data["call_code"], data["call_id"]):
            return Call(data, dict(_cases(store, str(data["call_id"]))))
    codes = [f"{data['call_code']} ({data['programme_id']})" for data in known]
    raise NoSuchCall("、".join(codes) or "-")


def simulate(
    store: Embedded,
    new: Pack,
    cases: Mapping[UUID, str],
    *,
    moments: Collection[str] = (),
    progress: Progress = lambda service, done: None,
) -> Iterator[Outcome]:
    """Every decision by rules that the cases met, service by service, under `new`."""
    compiled, flipped = CompiledPack(new), set[UUID]()

    def wanted(recorded: RecordedEvent) -> bool:
        decision = recorded.metadata.decision or {}
        ours = recorded.metadata.correlation_id in cases and decision.get("programme") == new.id
        return ours and (not moments or decision.get("moment") in moments)

    for service, core in store.cores.items():
        replay = Replay(core, projections_of(service).METADATA)
        try:
            for past in replay.run(wanted, partial(progress, service)):
                outcome = _outcome(service, replay, past, compiled, cases, flipped)
                if outcome.status == FLIPPED and outcome.after == REFUSED:
                    flipped.add(outcome.case_id)
                yield outcome
        finally:
            replay.close()


def _cases(store: Embedded, call_id: str) -> Iterator[tuple[UUID, str]]:
    reader, after = store.cores["intake"].units.reader, 0
    while page := reader.log(after, 500):
        after = page[-1].sequence
        for recorded in page:
            if recorded.type == "CaseRegistered" and str(recorded.event.call_id) == call_id:
                yield recorded.event.case_id, recorded.event.case_number


def _outcome(
    service: str,
    replay: Replay,
    past: Past,
    new: CompiledPack,
    cases: Mapping[UUID, str],
    flipped: Collection[UUID],
) -> Outcome:
    recorded, decision = past.recorded, past.decision
    case_id = recorded.metadata.correlation_id
    if case_id is None:
        raise AssertionError("only decisions on cases are wanted")
    known: dict[str, Any] = {
        "case_id": case_id,
        "case_number": cases[case_id],
        "service": service,
        "event_id": recorded.id,
        "command": str(recorded.metadata.command),
        "moment": decision["moment"],
        "decided_at": instant_text(recorded.metadata.occurred_at),
        "digest": decision["pack_digest"],
        "after_flip": case_id in flipped,
    }
    try:
        verdict = replay.verdict(past, new)
    except NotRebuilt as why:
        reason = {"zh-Hant": why.zh, "en": why.en}
        return Outcome(status=NOT_REBUILT, reason=reason, **known)
    return Outcome(**known, **_compared(decision, verdict))


def _compared(decision: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    blocked = _refusing(decision["findings"])
    before = REFUSED if blocked else PASSED
    if verdict.evaluation is None:
        refusal = verdict.refusal
        text = {"zh-Hant": refusal.zh, "en": refusal.en} if refusal else None
        status = CHANGED if before == REFUSED else FLIPPED
        return {"status": status, "before": before, "after": REFUSED, "reason": text}
    findings = [finding.as_dict() for finding in verdict.evaluation.findings]
    blocks = _refusing(findings)
    after = REFUSED if blocks else PASSED
    spoke, speaks = _spoke(decision["findings"]), _spoke(findings)
    one_sided = blocked ^ blocks if before != after else spoke ^ speaks
    old, new = decision["values"] or {}, verdict.evaluation.values
    values = {
        name: (old.get(name), new.get(name))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    }
    changed = CHANGED if one_sided or values else SAME
    return {
        "status": FLIPPED if before != after else changed,
        "before": before,
        "after": after,
        "clauses": tuple(sorted({f"{rule}/{clause}" for rule, clause, *_ in one_sided})),
        "values": values,
    }


def _refusing(findings: Any) -> set[tuple[str, str]]:
    """Clauses that refuse the command itself."""
    return {
        (f["rule"], f["clause"])
        for f in findings
        if f["severity"] == "block" and f["blocks"] == "command"
    }


def _spoke(findings: Any) -> set[tuple[str, str, str]]:
    """Clause by clause and place by place."""
    return {(f["rule"], f["clause"], str(f["subject"].get("path"))) for f in findings}


def _whole(value: Any) -> bool:
    return value is None or type(value) is int
