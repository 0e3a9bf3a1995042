"""Registering a case that enters the line at its award or contract (the pack's `entry`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from services.intake.application import facts
from services.intake.application.handlers import steps
from services.intake.application.handlers.loading import append
from services.intake.application.ports import IntakePorts
from services.intake.application.registration_commands import RegisterCase
from services.intake.domain.errors import OtherEntry, UnknownCall
from services.intake.domain.events import CaseRegistered
from services.intake.domain.proposal import Proposal
from services.intake.domain.registration import AWARD, CONTRACT, must_be_registrable
from shared.kernel.errors import InvalidInput, NotOfProgramme
from shared.kernel.parties import alone
from shared.kernel.streams import UnknownPack

_COPIED = ("applicant_name", "track", "document_no", "total_twd", "contract_number")
_DAYS = ("decided_on", "execution_start", "execution_end", "signed_on")


def register_case(command: RegisterCase, ports: IntakePorts) -> dict[str, Any]:
    """Register the case, give it its number, keep its forms; finance opens the contract from the
    event. The same content again changes nothing."""
    try:
        call = ports.packs.call(command.call_id)
    except UnknownPack:
        raise UnknownCall(command.call_id) from None
    digest, document = call["pack_digest"], ports.packs.document(call["pack_digest"])
    if document["entry"] not in (AWARD, CONTRACT):
        raise OtherEntry(document["id"], document["entry"])
    if "registration" not in document:
        raise NotOfProgramme(document["id"], "registration")
    forms = _forms(command, ports, digest, document)
    given = {**_given(command), "forms": ports.forms.without_personal(digest, forms)}
    must_be_registrable(document, command.applicant_ubn, given)
    proposal, version = ports.streams.load(Proposal, "proposal", command.case_id)
    opened = CaseRegistered(
        case_id=command.case_id,
        case_number=proposal.case_number,
        call_id=command.call_id,
        programme_id=document["id"],
        pack_digest=digest,
        applicant_ubn=command.applicant_ubn,
        applicant_name=command.applicant_name,
        entry=document["entry"],
        registration=given,
    )
    sealed = {
        name: ports.forms.sealed(digest, name, content, command.case_id)
        for name, content in forms.items()
    }
    if proposal.id is not None:
        append(ports, command, version, proposal.register(opened, sealed))
        return _answer(command, proposal.case_number)
    evaluation = ports.rules.enforce(
        digest,
        document["registration"]["moment"],
        facts.register(ports, replace(Proposal().apply(opened), forms=forms), command, forms),
    )
    numbered = replace(opened, case_number=ports.numbers.next(document["case_prefix"]))
    events = proposal.register(numbered, sealed)
    append(ports, command, version, events, evaluation.decision())
    steps.plan(ports, command, command.case_id)
    found = [finding.as_dict() for finding in evaluation.findings]
    return {**_answer(command, numbered.case_number), "findings": found}


def _forms(
    command: RegisterCase, ports: IntakePorts, digest: str, document: Mapping[str, Any]
) -> dict[str, Any]:
    """The forms handed in, complete; one that is not registered here is named."""
    wanted = document["registration"].get("forms") or ()
    for name in command.forms:
        if name not in wanted:
            raise InvalidInput(
                f"登錄不收表單 {name}；可用：{'、'.join(wanted) or '無'}",
                f"no form {name} is registered here; there are: {', '.join(wanted) or 'none'}",
                field=f"forms/{name}",
            )
    return {name: ports.forms.checked(digest, name, command.forms[name]) for name in command.forms}


def _given(command: RegisterCase) -> dict[str, Any]:
    """The registration as the event carries it, without its forms."""
    parties = [asdict(party) for party in command.parties] or list(
        alone(
            command.applicant_ubn, command.applicant_name, command.approved_twd, command.total_twd
        )
    )
    days = {name: getattr(command, name) for name in _DAYS}
    return {
        **{name: getattr(command, name) for name in _COPIED},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "amount_twd": command.approved_twd,
        "parties": parties,
        "conditions": [asdict(row) for row in command.conditions],
        "enterprises": [dict(row) for row in command.enterprises],
        "instalments": [asdict(row) for row in command.instalments],
    }


def _answer(command: RegisterCase, number: str) -> dict[str, Any]:
    return {"case_id": str(command.case_id), "case_number": number}
