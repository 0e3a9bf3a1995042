"""Moving a running case to a later version of its pack."""

from __future__ import annotations

from typing import Any

from services.intake.application.handlers.loading import append, load
from services.intake.application.ports import IntakePorts
from services.intake.application.rebinding_commands import RebindCase
from services.intake.domain.errors import CannotRebind
from services.intake.domain.rebinding import rebind
from shared.kernel.decisions import Decision
from shared.kernel.streams import UnknownPack


def rebind_case(command: RebindCase, ports: IntakePorts) -> dict[str, Any]:
    """Bind the case to a later published version; every service that holds it is told."""
    proposal, version = load(ports, command.case_id)
    now = ports.packs.document(proposal.pack_digest)
    try:
        later = ports.packs.document(command.to_digest)
    except UnknownPack:
        raise CannotRebind.unknown(proposal.case_number, command.to_digest) from None
    events = rebind(proposal, now, later, command.to_digest, command.reason)
    decision = Decision(
        programme=proposal.programme_id,
        digest=command.to_digest,
        moment=None,
        note=command.reason,
    )
    append(ports, command, version, events, decision)
    return {"from_digest": proposal.pack_digest, "to_digest": command.to_digest}
