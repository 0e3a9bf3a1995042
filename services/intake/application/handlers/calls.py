"""Packs, calls and interpretations."""

from __future__ import annotations

from services.intake.application import commands as c
from services.intake.application import sections
from services.intake.application.ports import IntakePorts
from services.intake.domain.events import InterpretationIssued
from services.intake.domain.programme import Call, Programme
from shared.kernel.canonical import digest_of
from shared.kernel.decisions import Decision


def publish_pack(command: c.PublishPack, ports: IntakePorts) -> dict[str, object]:
    """Put a pack version in force; its digest is that of its canonical JSON."""
    document = command.document
    ports.forms.must_be_pack(document)
    digest = digest_of(document)
    programme, version = ports.streams.load(Programme, "programme", document["id"])
    ports.streams.append(
        "programme",
        document["id"],
        programme.publish(document, digest),
        expected_version=version,
        caused_by=command,
    )
    return {"programme": document["id"], "version": document["version"], "digest": digest}


def publish_call(command: c.PublishCall, ports: IntakePorts) -> dict[str, object]:
    """Publish a call, once the rules of moment `call` hold for its parameters."""
    document = ports.packs.document(command.pack_digest)
    ports.forms.must_be_call(command.pack_digest, command.parameters)
    decision = _decision(command, ports)
    call, version = ports.streams.load(Call, "call", command.call_id)
    ports.streams.append(
        "call",
        command.call_id,
        call.publish(
            command.call_id,
            command.code,
            document,
            command.pack_digest,
            command.title,
            command.parameters,
        ),
        expected_version=version,
        caused_by=command,
        decision=decision,
    )
    return {"call_id": str(command.call_id)}


def _decision(command: c.PublishCall, ports: IntakePorts) -> Decision | None:
    """What moment `call` says; nothing where the programme has none."""
    if not sections.has_moment(ports, command.pack_digest, "call"):
        return None
    found = {
        "now": command.received_at,
        "call": dict(command.parameters),
        "actor": {"id": command.actor.id, "organisation": command.actor.organisation},
        "registers": {"announcement": {"cites": list(command.cites)}},
    }
    return ports.rules.enforce(command.pack_digest, "call", found).decision()


def issue_interpretation(command: c.IssueInterpretation, ports: IntakePorts) -> None:
    """Record a reading of the rules with its number."""
    programme, version = ports.streams.load(Programme, "programme", command.programme_id)
    ports.streams.append(
        "programme",
        command.programme_id,
        [
            InterpretationIssued(
                programme_id=command.programme_id,
                number=command.number,
                issued_on=command.issued_on,
                text=command.text,
                rules=command.rules,
            )
        ],
        expected_version=version,
        caused_by=command,
    )
