"""The facts of intake's moments, from what the case and the registers hold.

Longer than a page: one builder per moment, to be read beside moments/intake.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from services.intake.application.ports import IntakePorts
from services.intake.application.sections import (
    moment_of,
    participants,
    registered,
    roster_ubns,
)
from services.intake.domain import events as e
from services.intake.domain.proposal import Proposal
from shared.kernel.envelope import Command
from shared.kernel.steps.taking import plain, steps_of

_DOCUMENT = (
    "kind",
    "party",
    "owner_ubn",
    "about",
    "file_name",
    "media_type",
    "size_bytes",
    "pages",
    "sha256",
    "scan",
    "encrypted",
    "readable",
    "period",
    "uploaded_at",
)


def base(ports: IntakePorts, proposal: Proposal, command: Command, moment: str) -> dict[str, Any]:
    """now, call, actor and the forms that the moment asks for."""
    call = ports.packs.call(proposal.call_id) if proposal.call_id else None
    wanted = moment_of(ports, proposal.pack_digest, moment).get("forms") or []
    facts: dict[str, Any] = {
        "now": command.received_at,
        "call": call["parameters"] if call else {},
        "actor": {"id": command.actor.id, "organisation": command.actor.organisation},
        "steps": steps_of(ports, proposal.id, proposal.pack_digest) if proposal.id else {},
        **registered(proposal),
    }
    if wanted:
        facts["forms"] = {
            form: plain(proposal.forms[form]) for form in wanted if form in proposal.forms
        }
    return facts


def step(ports: IntakePorts, proposal: Proposal, command: Command) -> dict[str, Any]:
    """Moments of steps: the proposal with its forms, documents and the officer's answers."""
    return {
        "now": command.received_at,
        "call": ports.packs.call(proposal.call_id)["parameters"] if proposal.call_id else {},
        "actor": {"id": command.actor.id, "organisation": command.actor.organisation},
        "forms": plain(proposal.forms),
        "case": _case(proposal),
        "documents": document_facts(proposal),
        "registers": {"bars": bars(ports, proposal), "officer": _officer(proposal)},
        **registered(proposal),
    }


def register(
    ports: IntakePorts, proposal: Proposal, command: Command, forms: Mapping[str, Any]
) -> dict[str, Any]:
    """The moment of the pack's section `registration`; `proposal` as it would stand."""
    document = ports.packs.document(proposal.pack_digest)
    declared = moment_of(ports, proposal.pack_digest, document["registration"]["moment"])
    wanted = declared.get("forms") or ()
    return {
        "now": command.received_at,
        "call": ports.packs.call(proposal.call_id)["parameters"] if proposal.call_id else {},
        "actor": {"id": command.actor.id, "organisation": command.actor.organisation},
        "case": {"number": proposal.case_number or None, "state": "none"},
        "forms": {form: content for form, content in forms.items() if form in wanted},
        "registers": {"bars": bars(ports, proposal)},
        **registered(proposal),
    }


def document_facts(proposal: Proposal) -> list[dict[str, Any]]:
    """The current version of each file, with the number of its versions."""
    return [
        document_fact(document, proposal.versions_of(document))
        for document in proposal.current_documents()
    ]


def document_fact(document: e.DocumentUploaded, versions: int) -> dict[str, Any]:
    """One file as the rules see it."""
    issued_on = document.issued_on.isoformat() if document.issued_on else None
    known = {name: getattr(document, name) for name in _DOCUMENT}
    return {**known, "issued_on": issued_on, "versions": versions}


def draft(
    ports: IntakePorts,
    proposal: Proposal,
    command: Command,
    document: e.DocumentUploaded | None = None,
) -> dict[str, Any]:
    """Moment `draft`: opening and editing."""
    files = []
    if document is not None:
        files = [document_fact(document, proposal.versions_of(document) + 1)]
    return {
        **base(ports, proposal, command, "draft"),
        "case": {
            "number": proposal.case_number or None,
            "state": proposal.state or "none",
            "command": type(command).__name__,
            "channel": "online",
        },
        "documents": files,
    }


def submit(ports: IntakePorts, proposal: Proposal, command: Command) -> dict[str, Any]:
    """Moment `submit`: the whole proposal, the bars, and who else names these enterprises."""
    facts = base(ports, proposal, command, "submit")
    facts.setdefault("forms", {})
    return {
        **facts,
        "case": {
            "number": proposal.case_number,
            "state": proposal.state,
            "track": None,
            "submitted_at": _submitted_at(proposal),
            "upload_in_progress": 0,
            "channel": "online",
            "is_first_submit": proposal.submission is None,
        },
        "documents": document_facts(proposal),
        "registers": {
            "bars": bars(ports, proposal),
            "same_call": _same_call(ports, proposal),
        },
    }


def letter(
    ports: IntakePorts,
    proposal: Proposal,
    command: Command,
    form: str,
    content: Mapping[str, Any],
    file: e.DocumentUploaded | None = None,
) -> dict[str, Any]:
    """Moment `letter`: one enterprise's letter of intent."""
    facts = base(ports, proposal, command, "letter")
    return {
        **facts,
        "forms": {**facts.get("forms", {}), form: content},
        "case": {
            "number": proposal.case_number,
            "state": proposal.state,
            "submitted_at": _submitted_at(proposal),
        },
        "documents": [document_fact(file, 1)] if file else [],
        "registers": {
            "letters": [
                {"ubn": ubn, "after_grace": letter.after_grace}
                for ubn, letter in sorted(proposal.letters.items())
            ]
        },
    }


def letters_close(ports: IntakePorts, proposal: Proposal, command: Command) -> dict[str, Any]:
    """Moment `loi-close`: what the letters are at the end of their grace window."""
    facts = base(ports, proposal, command, "loi-close")
    facts.pop("actor")
    return {
        **facts,
        "case": _case(proposal),
        "registers": {"letters": [_letter(proposal, ubn, full=True) for ubn in _ubns(proposal)]},
    }


def screen(ports: IntakePorts, proposal: Proposal, command: Command) -> dict[str, Any]:
    """Moment `screen`: the proposal with everything the officer looked up and answered."""
    return {
        **base(ports, proposal, command, "screen"),
        "case": _case(proposal),
        "documents": document_facts(proposal),
        "registers": {
            "bars": bars(ports, proposal),
            "same_call": _same_call(ports, proposal),
            "lookups": [_lookup(one, ubn) for one in proposal.lookups for ubn in one.ubns],
            "letters": [_letter(proposal, ubn, full=False) for ubn in _ubns(proposal)],
            "officer": _officer(proposal),
        },
    }


def _officer(proposal: Proposal) -> list[dict[str, Any]]:
    return [
        {"check": c.check, "outcome": c.outcome, "note": c.note or None, "ubn": c.ubn}
        for c in proposal.checks.values()
    ]


def _case(proposal: Proposal) -> dict[str, Any]:
    return {
        "number": proposal.case_number,
        "state": proposal.state,
        "track": proposal.submission.track if proposal.submission else None,
        "submitted_at": _submitted_at(proposal),
    }


def _submitted_at(proposal: Proposal) -> Any:
    return proposal.submission.submitted_at if proposal.submission else None


def _ubns(proposal: Proposal) -> list[str]:
    return sorted(proposal.letters)


def _letter(proposal: Proposal, ubn: str, *, full: bool) -> dict[str, Any]:
    attached = proposal.letters[ubn]
    seen = asdict(attached)
    fact = {
        "ubn": ubn,
        "complete": attached.complete,
        "missing": list(attached.missing),
        "signed_on": attached.signed_on.isoformat() if attached.signed_on else None,
        "uploaded_at": attached.uploaded_at,
        "after_grace": attached.after_grace,
        "verified": proposal.is_verified(ubn),
    }
    if full:
        content = plain(seen["content"])
        fact["employees"] = content.get("employees")
        fact["name"] = content.get("enterprise_name")
        fact["form_code"] = content.get("enterprise_form")
    return fact


def _lookup(lookup: e.LookupRecorded, ubn: str) -> dict[str, Any]:
    names = ("list", "year_roc", "plan", "outcome", "checked_on", "employees_centi")
    fact = {name: lookup.content.get(name) for name in (*names, "capital_twd", "sme")}
    return {"ubn": ubn, **fact}


def bars(ports: IntakePorts, proposal: Proposal) -> list[dict[str, Any]]:
    numbers = participants(ports, proposal)
    return ports.bars.of(numbers, proposal.programme_id)


def _same_call(ports: IntakePorts, proposal: Proposal) -> list[dict[str, str]]:
    if proposal.call_id is None or proposal.id is None:
        return []
    numbers = roster_ubns(ports, proposal)
    return ports.enterprises.others(proposal.call_id, proposal.id, numbers)
