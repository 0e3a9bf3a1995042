"""A command given twice gets its first answer; the same id with other content is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.eventstore.store import StoredEvent, Transaction
from shared.kernel.errors import CommandIdReused


def reused(command_id: UUID) -> CommandIdReused:
    """The refusal, in both languages."""
    return CommandIdReused(
        f"指令編號 {command_id} 已用於不同內容的指令",
        f"command id {command_id} was used before with other content",
        field="command_id",
    )


def summary_of(rows: Sequence[StoredEvent]) -> dict[str, Any]:
    """What append_once remembers as its answer."""
    return {"first_version": rows[0].version, "last_version": rows[-1].version}


def first_answer(
    transaction: Transaction, stream: str, command_id: UUID, digest: str
) -> Sequence[StoredEvent] | None:
    """The rows of the first time, or None when the id is new. Raises CommandIdReused."""
    known = transaction.answer_of(command_id)
    if known is None:
        return None
    if known[0] != digest:
        raise reused(command_id)
    return rows_of(known[1], transaction.read_stream(stream))


def rows_of(answer: Mapping[str, Any], rows: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
    """Those rows of a stream that the answer speaks of."""
    first, last = answer["first_version"], answer["last_version"]
    return [row for row in rows if first <= row.version <= last]
