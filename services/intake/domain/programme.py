"""A programme and its published pack versions; a call of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from services.intake.domain.errors import AlreadyPublished
from services.intake.domain.events import CallPublished, PackPublished


@dataclass(frozen=True, slots=True)
class Programme:
    """Stream `programme-<pack id>`."""

    versions: Mapping[int, str] | None = None  # version -> digest

    def publish(self, document: Mapping[str, Any], digest: str) -> Sequence[PackPublished]:
        """Publish one version; the same version and digest again yields no event.

        Raises AlreadyPublished when the version exists with other content.
        """
        version = int(document["version"])
        known = (self.versions or {}).get(version)
        if known == digest:
            return ()
        if known is not None:
            raise AlreadyPublished(f"{document['id']} v{version}")
        return (
            PackPublished(
                programme_id=document["id"], version=version, digest=digest, pack=document
            ),
        )

    def apply(self, event: object) -> Programme:
        """Fold one fact in."""
        match event:
            case PackPublished():
                return replace(
                    self, versions={**(self.versions or {}), event.version: event.digest}
                )
        return self


@dataclass(frozen=True, slots=True)
class Call:
    """Stream `call-<id>`."""

    id: UUID | None = None
    programme_id: str = ""
    pack_digest: str = ""
    parameters: Mapping[str, Any] | None = None

    def publish(
        self,
        call_id: UUID,
        code: str,
        document: Mapping[str, Any],
        digest: str,
        title: Mapping[str, str],
        parameters: Mapping[str, Any],
    ) -> Sequence[CallPublished]:
        """Publish the call once. Raises AlreadyPublished."""
        if self.id is not None:
            raise AlreadyPublished(code)
        return (
            CallPublished(
                call_id=call_id,
                call_code=code,
                programme_id=document["id"],
                pack_digest=digest,
                title=title,
                parameters=parameters,
            ),
        )

    def apply(self, event: object) -> Call:
        """Fold one fact in."""
        match event:
            case CallPublished():
                return replace(
                    self,
                    id=event.call_id,
                    programme_id=event.programme_id,
                    pack_digest=event.pack_digest,
                    parameters=event.parameters,
                )
        return self
