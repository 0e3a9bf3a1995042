"""Checking one run of log rows against their events: the part of verify that scales with data.

Fast path: a chunk is checked as a whole (one JSON parse of all its texts, lists compared at once);
only when a chunk disagrees are its rows looked at one by one, to name the first bad one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from shared.eventstore import merkle
from shared.eventstore.hashing import STREAM, TYPE, event_hash, hashed_text
from shared.eventstore.sealing import AuditRow

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkState:
    """What the rows before said: the last sequence, position and feed_sequence."""

    sequence: int = 0
    position: int = 0
    feed_sequence: int = 0


def after(rows: Sequence[AuditRow], state: ChunkState) -> ChunkState:
    """The state behind a chunk that was found good."""
    last = rows[-1]
    public = [row.feed_sequence for row in rows if row.feed_sequence is not None]
    return ChunkState(
        sequence=last.sequence,
        position=last.position,
        feed_sequence=public[-1] if public else state.feed_sequence,
    )


def check_chunk(
    rows: Sequence[AuditRow], state: ChunkState, public_types: Collection[str] | None
) -> Problem | None:
    """The first problem among the rows, or None."""
    if _numbers_agree(rows, state) and _types_agree(rows, public_types):
        try:
            if _contents_agree(rows):
                return None
        except (ValueError, TypeError, RecursionError):
            pass  # something does not parse: found below, row by row
    return _first_problem(rows, state, public_types)


def content_problem(row: AuditRow) -> Problem | None:
    """What is wrong with an event as stored, its leaf aside."""
    text = _text(row)
    if not (_is_name(row) and _is_canonical(text, row)):
        return problem(
            "canonical",
            row,
            "內容不是標準 JSON，或欄位格式不符",
            "its stored text is not canonical JSON, or a column is malformed",
        )
    if json.loads(text)["metadata"].get("correlation_id") != row.correlation_id:
        return problem(
            "column",
            row,
            "correlation_id 與中繼資料不符",
            "its column correlation_id differs from its metadata",
        )
    return None


def problem(kind: str, row: AuditRow, zh: str, en: str) -> Problem:
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


def _numbers_agree(rows: Sequence[AuditRow], state: ChunkState) -> bool:
    first = state.sequence + 1
    feed = [row.feed_sequence for row in rows if row.feed_sequence is not None]
    positions = [state.position, *(row.position for row in rows)]
    return (
        [row.sequence for row in rows] == list(range(first, first + len(rows)))
        and feed == list(range(state.feed_sequence + 1, state.feed_sequence + 1 + len(feed)))
        and all(a < b for a, b in pairwise(positions))
        and [row.event_position for row in rows] == positions[1:]
    )


def _types_agree(rows: Sequence[AuditRow], public_types: Collection[str] | None) -> bool:
    return public_types is None or all(
        (row.type in public_types) == (row.feed_sequence is not None) for row in rows
    )


def _contents_agree(rows: Sequence[AuditRow]) -> bool:
    texts = [_text(row) for row in rows]
    if [merkle.leaf_hash(event_hash(text)) for text in texts] != [row.leaf for row in rows]:
        return False
    whole = f"[{','.join(texts)}]"
    trees = json.loads(whole, parse_float=_refuse, parse_constant=_refuse)
    return _canonical(trees) == whole and [_columns_of(tree) for tree in trees] == [
        _columns(row) for row in rows
    ]


def _columns_of(tree: Any) -> tuple[Any, ...]:
    # Read from the parsed text: proves that no column smuggled JSON into the spliced whole.
    return (
        tree["id"],
        tree["stream"],
        tree["version"],
        tree["type"],
        tree["schema_version"],
        tree["recorded_at"],
        tree["metadata"].get("correlation_id"),
        len(tree),
    )


def _columns(row: AuditRow) -> tuple[Any, ...]:
    return (
        row.id,
        row.stream,
        row.version,
        row.type,
        row.schema_version,
        row.recorded_at,
        row.correlation_id,
        8,
    )


def _text(row: AuditRow) -> str:
    return hashed_text(*row[5:13])


def _is_name(row: AuditRow) -> bool:
    return bool(STREAM.fullmatch(row.stream) and TYPE.fullmatch(row.type))


def _is_canonical(text: str, row: AuditRow) -> bool:
    try:
        tree = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
        return _canonical(tree) == text and _columns_of(tree)[:6] == _columns(row)[:6]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def _refuse(text: str) -> Any:
    raise ValueError(f"{text} is not an integer")


def _first_problem(
    rows: Sequence[AuditRow], state: ChunkState, public_types: Collection[str] | None
) -> Problem | None:
    for row in rows:
        found = _row_problem(row, state, public_types)
        if found:
            return found
        state = after([row], state)
    return None


def _row_problem(
    row: AuditRow, state: ChunkState, public_types: Collection[str] | None
) -> Problem | None:
    if row.sequence != state.sequence + 1:
        missing = state.sequence + 1
        return Problem(
            kind="sequence",
            zh=f"sequence {missing}：紀錄缺失，其後為 {row.sequence}",
            en=f"sequence {missing}: the record is missing, {row.sequence} follows",
            sequence=missing,
        )
    if row.position <= state.position:
        return problem("position", row, "順序被調換", "it stands in the wrong order")
    if row.event_position is None:
        return problem("event", row, "事件已被刪除或移動", "its event was deleted or moved")
    if row.feed_sequence is not None and row.feed_sequence != state.feed_sequence + 1:
        return problem(
            "feed",
            row,
            f"feed_sequence 應為 {state.feed_sequence + 1}，實為 {row.feed_sequence}",
            f"feed_sequence {state.feed_sequence + 1} is wanted, {row.feed_sequence} is stored",
        )
    if merkle.leaf_hash(event_hash(_text(row))) != row.leaf:
        return problem(
            "leaf", row, "事件內容與雜湊不符", "the event and its leaf in the tree disagree"
        )
    found = content_problem(row)
    if found is None and not _types_agree([row], public_types):
        return problem(
            "feed", row, "公開與否與型別不符", "public or private, it is not what its type says"
        )
    return found
