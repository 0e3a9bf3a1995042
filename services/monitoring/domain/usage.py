"""Usage logs of a case: stream `usage-<case id>`, apart from the case because it grows.

A record counts once (enterprise, solution, kind, instant, source id), when an agreed kind of it
was made on the enterprise's side, between its adoption and the end of counting, and not in the
future. The rest is stored with the batch and not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.monitoring.domain.errors import UnreadableUsage
from services.monitoring.domain.events import UsageBatchIngested, UsageRowsStored
from shared.kernel.canonical import digest_of, sha256_hex
from shared.kernel.clock import parse_instant, taipei_date

FIELDS = ("ubn", "solution", "kind", "actor_side", "at", "source_id", "uses")
CONSUMER, KIND, UNADOPTED, OUTSIDE, FUTURE, DUPLICATE = (
    "other-side",
    "other-kind",
    "not-adopted",
    "outside-period",
    "in-the-future",
    "duplicate",
)


@dataclass(frozen=True, slots=True)
class UsageRecord:
    """One row of a batch; `uses` is how many uses it stands for (1 or more)."""

    ubn: str
    solution: str
    kind: str
    actor_side: str
    at: datetime
    source_id: str
    uses: int

    @property
    def key(self) -> str:
        """The record's identity, as 16 hex digits."""
        parts = (self.ubn, self.solution, self.kind, self.at.isoformat(), self.source_id)
        return sha256_hex("\x1f".join(parts))[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What counts, of this case and programme."""

    adopted: Mapping[str, datetime]
    sides: Collection[str]
    kinds: Collection[str]
    until: datetime  # first instant that no longer counts
    now: datetime


def read_rows(raw: object) -> list[UsageRecord]:
    """Rows as handed in: a list of {ubn, solution, kind, actor_side, at, source_id, uses}.
    Raises UnreadableUsage with row and field."""
    if not isinstance(raw, list):
        raise UnreadableUsage(1, "", "須為清單", "the rows must be a list")
    return [_record(number, row) for number, row in enumerate(raw, 1)]


@dataclass(frozen=True, slots=True)
class Usage:
    """Counted uses per enterprise and day, and the keys of the records counted so far."""

    uses: Mapping[str, Mapping[date, int]] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    batches: int = 0
    not_counted: Mapping[str, int] = field(default_factory=dict)

    def ingest(
        self,
        case_id: UUID,
        batch_id: UUID,
        head: Mapping[str, Any],
        records: Sequence[UsageRecord],
        counting: Counting,
    ) -> tuple[UsageBatchIngested, UsageRowsStored] | tuple[()]:
        """Count a batch. One that was sent before and brings nothing new yields no event; sent
        again after an adoption was recorded, it counts what counts now."""
        rows = [_compact(record) for record in records]
        digest = digest_of([dict(head), rows])
        counted: dict[str, dict[str, int]] = {}
        keys: dict[str, None] = {}
        missed: Counter[str] = Counter()
        for record in records:
            reason = self._why_not(record, keys, counting)
            if reason is not None:
                missed[reason] += 1
                continue
            keys[record.key] = None
            day = taipei_date(record.at).isoformat()
            days = counted.setdefault(record.ubn, {})
            days[day] = days.get(day, 0) + record.uses
        if digest in self.digests and not keys:
            return ()
        months = sorted({taipei_date(record.at).isoformat()[:7] for record in records})
        summary = UsageBatchIngested(
            case_id=case_id,
            batch_id=batch_id,
            digest=digest,
            solution_name=str(head["solution_name"]),
            months=tuple(months),
            counted=counted,
            keys=tuple(keys),
            not_counted=dict(sorted(missed.items())),
        )
        return summary, UsageRowsStored(case_id=case_id, batch_id=batch_id, head=head, rows=rows)

    def last_used(self, ubn: str) -> date | None:
        """The last day with a counted use."""
        return max(self.uses.get(ubn, {}), default=None)

    def _why_not(
        self, record: UsageRecord, fresh: Collection[str], counting: Counting
    ) -> str | None:
        if record.actor_side not in counting.sides:
            return CONSUMER
        if record.kind not in counting.kinds:
            return KIND
        if (adopted_at := counting.adopted.get(record.ubn)) is None:
            return UNADOPTED
        if record.at > counting.now:
            return FUTURE
        if not adopted_at <= record.at < counting.until:
            return OUTSIDE
        key = record.key
        return DUPLICATE if key in self.keys or key in fresh else None

    def apply(self, event: object) -> Usage:
        """Fold one fact in."""
        match event:
            case UsageBatchIngested():
                missed = Counter(self.not_counted)
                missed.update(event.not_counted)
                return replace(
                    self,
                    uses=_added(self.uses, event.counted),
                    keys=self.keys.union(event.keys),
                    digests=self.digests | {event.digest},
                    months=self.months.union(event.months),
                    batches=self.batches + 1,
                    not_counted=dict(missed),
                )
        return self


def _added(
    uses: Mapping[str, Mapping[date, int]], counted: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[date, int]]:
    total = {ubn: dict(days) for ubn, days in uses.items()}
    for ubn, days in counted.items():
        own = total.setdefault(ubn, {})
        for text, count in days.items():
            day = date.fromisoformat(text)
            own[day] = own.get(day, 0) + count
    return total


def _compact(record: UsageRecord) -> list[Any]:
    texts = [record.ubn, record.solution, record.kind, record.actor_side]
    return [*texts, record.at.isoformat(), record.source_id, record.uses]


def _record(number: int, row: object) -> UsageRecord:
    if not isinstance(row, dict) or set(row) - {"uses"} != set(FIELDS) - {"uses"}:
        raise UnreadableUsage(
            number, "", f"欄位須為 {'、'.join(FIELDS)}", f"the fields are {', '.join(FIELDS)}"
        )
    for name in FIELDS[:6]:
        if not isinstance(row[name], str) or not row[name]:
            raise UnreadableUsage(number, name, "必填文字", "a text is required")
    try:
        at = parse_instant(row["at"])
    except ValueError:
        raise UnreadableUsage(
            number, "at", "須為含時區的時間", "an instant with its offset is required"
        ) from None
    uses = row.get("uses", 1)
    if type(uses) is not int or uses < 1:
        raise UnreadableUsage(number, "uses", "須為正整數", "a whole number of 1 or more")
    return UsageRecord(
        row["ubn"], row["solution"], row["kind"], row["actor_side"], at, row["source_id"], uses
    )
