"""Checking one run of log rows against their events: the part of verify that scales with data."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.eventstore.audit_problem import Problem, missing_record, row_problem
from shared.eventstore.audit_text import are_plain_names, canonical_object
from shared.eventstore.hashing import event_hash, hashed_text
from shared.eventstore.merkle import leaf_hash
from shared.eventstore.sealing import AuditRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkState:
    """What the rows before said: the last sequence, position and feed_sequence."""

    sequence: int = 0
    position: int = 0
    feed_sequence: int = 0


def after(rows: Sequence[AuditRow], state: ChunkState) -> ChunkState:
    """The state behind a chunk that was found good."""
    public = [row.feed_sequence for row in rows if row.feed_sequence is not None]
    return ChunkState(
        sequence=rows[-1].sequence,
        position=rows[-1].position,
        feed_sequence=public[-1] if public else state.feed_sequence,
    )


def check_chunk(
    rows: Sequence[AuditRow], state: ChunkState, public_types: Collection[str] | None
) -> Problem | None:
    """The first problem among the rows, or None."""
    position, feed_sequence = state.position, state.feed_sequence
    for sequence, row in enumerate(rows, start=state.sequence + 1):
        if row.sequence != sequence:
            return missing_record(sequence)
        problem = (
            _place_problem(row, position, feed_sequence)
            or _leaf_problem(row)
            or content_problem(row)
            or _type_problem(row, public_types)
        )
        if problem:
            return problem
        position = row.position
        if row.feed_sequence is not None:
            feed_sequence = row.feed_sequence
    return None


def content_problem(row: AuditRow) -> Problem | None:
    """What is wrong with an event as stored, its leaf aside."""
    metadata = canonical_object(row.metadata)
    if metadata is None or canonical_object(row.data) is None or not are_plain_names(row):
        return row_problem(
            "canonical",
            row,
            "內容不是標準 JSON，或欄位格式不符",
            "its stored text is not canonical JSON, or a column is malformed",
        )
    if metadata.get("correlation_id") != row.correlation_id:
        return row_problem(
            "column",
            row,
            "correlation_id 與中繼資料不符",
            "its column correlation_id differs from its metadata",
        )
    return None


def _place_problem(row: AuditRow, position: int, feed_sequence: int) -> Problem | None:
    """What is wrong with where a row stands, behind `position` and `feed_sequence`."""
    if row.position <= position:
        return row_problem("position", row, "順序被調換", "it stands in the wrong order")
    if row.event_position is None:
        return row_problem("event", row, "事件已被刪除或移動", "its event was deleted or moved")
    if row.feed_sequence is not None and row.feed_sequence != feed_sequence + 1:
        return row_problem(
            "feed",
            row,
            f"feed_sequence 應為 {feed_sequence + 1}，實為 {row.feed_sequence}",
            f"feed_sequence {feed_sequence + 1} is wanted, {row.feed_sequence} is stored",
        )
    return None


def _leaf_problem(row: AuditRow) -> Problem | None:
    if leaf_hash(event_hash(hashed_text(*row[5:13]))) == row.leaf:
        return None
    return row_problem(
        "leaf", row, "事件內容與雜湊不符", "the event and its leaf in the tree disagree"
    )


def _type_problem(row: AuditRow, public_types: Collection[str] | None) -> Problem | None:
    if public_types is None or (row.type in public_types) == (row.feed_sequence is not None):
        return None
    return row_problem(
        "feed", row, "公開與否與型別不符", "public or private, it is not what its type says"
    )
