"""The draft: opening it, its forms, its tables and its documents (a registered case's, too)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.intake.application import commands as c
from services.intake.application import facts, sections
from services.intake.application.handlers.files import decoded, must_fit_its_kind
from services.intake.application.handlers.loading import append, load_editable
from services.intake.application.ports import IntakePorts
from services.intake.domain.applicant import Applicant
from services.intake.domain.errors import NotRegistered, OtherEntry
from services.intake.domain.events import CaseRegistered, DocumentUploaded, TableImported
from services.intake.domain.proposal import Proposal
from shared.kernel.canonical import sha256_hex
from shared.kernel.clock import instant_text, parse_instant
from shared.kernel.decisions import Decision
from shared.kernel.envelope import Command
from shared.kernel.ids import derived_id
from shared.kernel.permissions import permit

CALL = "call"
_MICROSECOND = timedelta(microseconds=1)


def open_draft(command: c.OpenDraft, ports: IntakePorts) -> dict[str, Any]:
    """Open a draft in a call, give it its case number, and set the timer of its window."""
    permit("OpenDraft", command.actor, applicant_ubn=command.applicant_ubn)
    applicant, _ = ports.streams.load(Applicant, "applicant", command.applicant_ubn)
    if applicant.ubn is None:
        raise NotRegistered(command.applicant_ubn)
    call = ports.packs.call(command.call_id)
    document = ports.packs.document(call["pack_digest"])
    if document["entry"] != CALL:
        raise OtherEntry(document["id"], document["entry"])
    proposal, version = ports.streams.load(Proposal, "proposal", command.case_id)
    blank = Proposal(call_id=command.call_id, pack_digest=call["pack_digest"])
    decision = _decision(ports, blank, command)
    opened = CaseRegistered(
        case_id=command.case_id,
        case_number=proposal.case_number or ports.numbers.next(document["case_prefix"]),
        call_id=command.call_id,
        programme_id=document["id"],
        pack_digest=call["pack_digest"],
        applicant_ubn=command.applicant_ubn,
        applicant_name=applicant.name,
        entry=document["entry"],
    )
    append(ports, command, version, proposal.open(opened), decision)
    closes = sections.intake_section(ports, blank).get("windows", {}).get("closes")
    if closes is not None:
        ports.timers.schedule(
            derived_id(command.case_id, "lapse"),
            parse_instant(call["parameters"][closes]) + _MICROSECOND,  # after an inclusive deadline
            "LapseDraft",
            {"case_id": str(command.case_id)},
        )
    return {"case_id": str(command.case_id), "case_number": opened.case_number}


def save_form(command: c.SaveForm, ports: IntakePorts) -> None:
    """Save one form; types and field names are checked, being complete is not."""
    proposal, version = load_editable(ports, command)
    decision = _may_edit(command, ports, proposal)
    content = ports.forms.checked(proposal.pack_digest, command.form, command.content)
    sealed = ports.forms.sealed(proposal.pack_digest, command.form, content, command.case_id)
    append(ports, command, version, proposal.save_form(command.form, sealed), decision)


def import_table(command: c.ImportTable, ports: IntakePorts) -> dict[str, Any]:
    """Import a table of a form; a file with faults is refused, each with its cell."""
    proposal, version = load_editable(ports, command)
    decision = _may_edit(command, ports, proposal)
    digest, file = proposal.pack_digest, decoded(command.file_base64, "file_base64")
    roster = sections.intake_section(ports, proposal).get("roster") or {}
    key = roster.get("ubn") if roster.get("form") == command.table else None
    held = facts.plain(proposal.forms)
    form, content, rows = ports.forms.read_table(
        digest, command.table, (command.file_name, file), held, key
    )
    checked = ports.forms.checked(digest, form, content)
    event = TableImported(
        case_id=command.case_id,
        form=form,
        table=command.table,
        content=ports.forms.sealed(digest, form, checked, command.case_id),
        rows=rows,
        source_digest=sha256_hex(file),
    )
    append(ports, command, version, proposal.import_table(event), decision)
    return {"rows": rows}


def upload_document(command: c.UploadDocument, ports: IntakePorts) -> dict[str, Any]:
    """Take the bytes; a new version of a file leaves the earlier ones in the history."""
    proposal, version = load_editable(ports, command)
    must_fit_its_kind(command, ports.packs.document(proposal.pack_digest)["documents"])
    document = received_file(command, ports)
    decision = _decision(ports, proposal, command, document)
    append(ports, command, version, proposal.upload(document), decision)
    return {
        "document_id": str(document.document_id),
        "sha256": document.sha256,
        "size_bytes": document.size_bytes,
        "media_type": document.media_type,
        "pages": document.pages,
        "scan": document.scan,
        "uploaded_at": instant_text(document.uploaded_at),
    }


def received_file(command: c.UploadDocument, ports: IntakePorts) -> DocumentUploaded:
    """Store the bytes and say what the server measured of them."""
    measured = ports.documents.store(decoded(command.file_base64, "file_base64"))
    return DocumentUploaded(
        case_id=command.case_id,
        document_id=derived_id(command.case_id, command.command_id, "document"),
        kind=command.kind,
        party=command.party,
        owner_ubn=command.owner_ubn,
        about=command.about,
        file_name=command.file_name,
        media_type=measured.media_type,
        size_bytes=measured.size_bytes,
        pages=measured.pages,
        sha256=measured.sha256,
        scan=measured.scan,
        encrypted=measured.encrypted,
        readable=measured.readable,
        period=command.period,
        uploaded_at=command.received_at,
        issued_on=command.issued_on,
    )


def _may_edit(command: Command, ports: IntakePorts, proposal: Proposal) -> Decision | None:
    proposal.must_be_editable()
    return _decision(ports, proposal, command)


def _decision(
    ports: IntakePorts,
    proposal: Proposal,
    command: Command,
    document: DocumentUploaded | None = None,
) -> Decision | None:
    """What moment `draft` says; nothing where the programme has none."""
    digest = proposal.pack_digest
    if not sections.has_moment(ports, digest, "draft"):
        return None
    found = facts.draft(ports, proposal, command, document)
    return ports.rules.enforce(digest, "draft", found).decision()
