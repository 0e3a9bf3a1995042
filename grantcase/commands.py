"""Every command of the four services by name, and the envelope of one given by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any
from uuid import UUID

from grantcase.backend import SERVICES, Refused
from shared.bus.service_core import CommandSpec
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.errors import InvalidInput
from shared.kernel.permissions import ROLES, TABLE


@cache
def catalogue() -> Mapping[str, tuple[str, CommandSpec]]:
    """Command name -> (service, spec)."""
    found: dict[str, tuple[str, CommandSpec]] = {}
    for service in SERVICES:
        schemas = import_module(f"services.{service}.schemas")
        found.update({name: (service, spec) for name, spec in schemas.COMMANDS.items()})
    return found


def find(command: str) -> tuple[str, CommandSpec]:
    """The service and spec of a command. Raises Refused with the nearest names."""
    known = catalogue()
    if command in known:
        return known[command]
    near = [name for name in known if command.lower() in name.lower()] or sorted(known)[:8]
    raise Refused(
        {
            "error": "unknown",
            "field": "command",
            "message": {
                "zh-Hant": f"沒有「{command}」這個指令；相近者：{'、'.join(near)}",
                "en": f"there is no command {command}; near ones: {', '.join(near)}",
            },
        }
    )


def roles_of(command: str) -> list[str]:
    """Who may give it: "role (relation)"."""
    return [f"{role} ({relation})" for role, relation in TABLE[command]]


def parse_actor(text: str) -> Actor:
    """An actor from `id:role[+role...][@organisation]`, such as `ann:applicant@12345676`.

    Raises InvalidInput naming what is missing or the role that does not exist.
    """
    head, _, organisation = text.partition("@")
    id, _, roles_text = head.partition(":")
    roles = tuple(role for role in roles_text.split("+") if role)
    unknown = [role for role in roles if role not in ROLES]
    if not id or not roles or unknown:
        wrong = f"：{unknown[0]}" if unknown else ""
        raise InvalidInput(
            f"--as 須為 代號:角色[+角色][@統一編號]{wrong}；角色：{'、'.join(ROLES)}",
            f"--as wants id:role[+role][@organisation]{wrong.replace('：', ': ')}; "
            f"roles: {', '.join(ROLES)}",
            field="--as",
        )
    return Actor(id=id, roles=roles, organisation=organisation or None)


def envelope(
    command: str,
    payload: Any,
    actor: Actor,
    received_at: datetime,
    command_id: UUID,
    expected_version: int | None = None,
) -> CommandEnvelope:
    """The envelope of a command given at this edge; received_at is this edge's stamp."""
    return CommandEnvelope(
        command_id=command_id,
        name=command,
        actor=actor,
        received_at=received_at,
        payload=payload,
        expected_version=expected_version,
    )
