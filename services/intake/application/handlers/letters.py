"""Letters of intent (企業合作意向書): attached, verified, and closed at the end of their window."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.intake.application import commands as c
from services.intake.application import facts, sections
from services.intake.application.handlers.drafts import received_file
from services.intake.application.handlers.loading import append, load, load_own
from services.intake.application.ports import IntakePorts
from services.intake.domain.events import DocumentUploaded, LetterAttached
from services.intake.domain.proposal import SUBMITTED
from shared.kernel.errors import NotOfProgramme


def attach_letter(command: c.AttachLetter, ports: IntakePorts) -> dict[str, Any]:
    """Keep a letter; what makes it incomplete is kept with it, clause by clause."""
    proposal, version = load_own(ports, command)
    section = sections.intake_section(ports, proposal).get("letters")
    if section is None:
        raise NotOfProgramme(proposal.programme_id, "letters")
    digest, form = proposal.pack_digest, section["form"]
    content = ports.forms.checked(digest, form, command.content)
    file = _file(command, ports, section)
    evaluation = ports.rules.enforce(
        digest, "letter", facts.letter(ports, proposal, command, form, content, file)
    )
    missing = tuple(
        f"{finding.rule}/{finding.clause}" for finding in evaluation.blocking("counting")
    )
    signed_on = content.get(section.get("signed_on"))
    letter = LetterAttached(
        case_id=command.case_id,
        ubn=content[section["ubn"]] or "",
        content=ports.forms.sealed(digest, form, content, command.case_id),
        complete=not missing,
        missing=missing,
        signed_on=date.fromisoformat(signed_on) if signed_on else None,
        uploaded_at=command.received_at,
        after_grace=bool(
            sections.named_value(ports, proposal, evaluation.values, "after_grace", False)
        ),
        sha256=file.sha256 if file else None,
    )
    append(ports, command, version, proposal.attach_letter(letter), evaluation.decision())
    return {"ubn": letter.ubn, "complete": letter.complete, "missing": list(missing)}


def verify_letter(command: c.VerifyLetter, ports: IntakePorts) -> None:
    """An officer has seen the letter."""
    proposal, version = load(ports, command.case_id)
    append(ports, command, version, proposal.verify_letter(command.ubn, command.verified))


def close_letters(command: c.CloseLetters, ports: IntakePorts) -> None:
    """Timer: the base set of letters is fixed at the end of the grace window."""
    proposal, version = load(ports, command.case_id)
    if proposal.state != SUBMITTED or proposal.letter_base is not None:
        return
    evaluation = ports.rules.evaluate(
        proposal.pack_digest, "loi-close", facts.letters_close(ports, proposal, command)
    )
    base = sections.named_value(ports, proposal, evaluation.values, "letter_base", ())
    events = proposal.close_letters(tuple(base))
    append(ports, command, version, events, evaluation.decision())


def _file(command: c.AttachLetter, ports: IntakePorts, section: Any) -> DocumentUploaded | None:
    if command.file_base64 is None or "document" not in section:
        return None
    upload = c.UploadDocument(
        command_id=command.command_id,
        actor=command.actor,
        received_at=command.received_at,
        case_id=command.case_id,
        kind=section["document"],
        file_name=command.file_name or section["document"],
        file_base64=command.file_base64,
    )
    return received_file(upload, ports)
