"""What verify can find, in words: each problem names one record."""

from __future__ import annotations

from dataclasses import dataclass

from shared.eventstore.sealing import AuditRow, SignedHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One bad record. `kind`: sequence, feed, position, event, leaf, canonical, column, node,
    head, truncated, unsealed, stream. Texts in both languages."""

    kind: str
    zh: str
    en: str
    sequence: int | None = None
    position: int | None = None
    event_id: str | None = None
    head: int | None = None


def row_problem(kind: str, row: AuditRow, zh: str, en: str) -> Problem:
    """A problem that names a row."""
    where = f"sequence {row.sequence}" if row.sequence else f"unsealed, position {row.position}"
    what = f"{row.stream} v{row.version} {row.type}" if row.id else f"position {row.position}"
    return Problem(
        kind=kind,
        zh=f"{where}（{what}）：{zh}",
        en=f"{where} ({what}): {en}",
        sequence=row.sequence or None,
        position=row.position,
        event_id=row.id,
    )


def missing_record(sequence: int) -> Problem:
    """A hole in the sealed order."""
    return Problem(
        kind="sequence",
        zh=f"sequence {sequence}：紀錄缺失",
        en=f"sequence {sequence}: the record is missing",
        sequence=sequence,
    )


def bad_node(level: int, index: int) -> Problem:
    """A stored hash of the tree that the leaves do not lead to."""
    last = (index + 1) << level
    return Problem(
        kind="node",
        zh=f"雜湊樹節點 {level}/{index}（至 sequence {last}）遭變更或缺失",
        en=f"tree node {level}/{index} (up to sequence {last}) was changed or lost",
        sequence=last,
    )


def bad_head(head: SignedHead, zh: str, en: str) -> Problem:
    """A head that does not hold."""
    return Problem(
        kind="head",
        zh=f"head {head.number}：{zh}",
        en=f"head {head.number}: {en}",
        head=head.number,
    )


def no_head() -> Problem:
    """Records without any head: the first seal signs one."""
    en = "head 1: the log has records, but no signed head at all"
    return Problem(kind="head", zh="head 1：有紀錄而無任何簽章", en=en, head=1)


def truncated(size: int, head: SignedHead) -> Problem:
    """A log shorter than a head says."""
    return Problem(
        kind="truncated",
        zh=f"sequence {size + 1}：尾端遭截斷，head {head.number} 簽署了 {head.size} 筆",
        en=f"sequence {size + 1}: the tail was cut off, head {head.number} signs {head.size}",
        sequence=size + 1,
        head=head.number,
    )
