"""The command that moves a running case to a later version of its pack."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class RebindCase(Command):
    """Bind a running case to a later published version of its pack, in every service."""

    case_id: UUID = arg("案件編號", "case id", "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10")
    to_digest: str = arg(
        "新版規則包摘要", "digest of the later pack", "0" * 64, pattern="^[0-9a-f]{64}$"
    )
    reason: str = arg("理由", "reason", "規則修正公告", max_length=1000)
