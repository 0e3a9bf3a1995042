"""Packs by digest and calls by id, as each service has stored them from intake's feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.kernel.canonical import canonical_json
from shared.kernel.streams import UnknownPack
from shared.projection.tables import calls, packs


class PackShelf:
    """The Packs port over one connection. A stored pack never changes: its digest names it."""

    def __init__(self, connection: sa.Connection):
        self._connection = connection

    def store(self, programme_id: str, version: int, digest: str, document: Any) -> None:
        """Keep a published pack; the same digest again changes nothing."""
        if self._text(digest) is None:
            self._connection.execute(
                packs.insert().values(
                    programme_id=programme_id,
                    version=version,
                    digest=digest,
                    document=canonical_json(document),
                )
            )

    def document(self, digest: str) -> Mapping[str, Any]:
        """The parsed pack. Raises UnknownPack."""
        if (text := self._text(digest)) is None:
            raise UnknownPack(digest)
        return _parsed(text)

    def store_call(self, call_id: UUID, document: Mapping[str, Any]) -> None:
        """Keep a published call (the data of CallPublished); the same id again changes nothing."""
        if self._call_text(call_id) is None:
            self._connection.execute(
                calls.insert().values(call_id=str(call_id), document=canonical_json(document))
            )

    def call(self, call_id: UUID) -> Mapping[str, Any]:
        """The data of CallPublished. Raises UnknownPack: the call has not arrived yet."""
        if (text := self._call_text(call_id)) is None:
            raise UnknownPack(str(call_id))
        return dict(json.loads(text))

    def _text(self, digest: str) -> str | None:
        query = sa.select(packs.c.document).where(packs.c.digest == digest)
        return self._connection.execute(query).scalar()

    def _call_text(self, call_id: UUID) -> str | None:
        query = sa.select(calls.c.document).where(calls.c.call_id == str(call_id))
        return self._connection.execute(query).scalar()


@lru_cache(maxsize=32)
def _parsed(text: str) -> Mapping[str, Any]:
    return dict(json.loads(text))
