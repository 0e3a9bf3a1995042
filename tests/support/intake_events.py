"""Builders of intake's events with full defaults: a test names only what it is about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from services.intake.domain import events as e
from services.intake.domain.proposal import Proposal
from shared.kernel.clock import TAIPEI
from shared.kernel.ids import derived_id

CASE = derived_id("case")
CALL = derived_id("call")
NUMBER = "EX-0001"
CLOSES = datetime(2023, 3, 16, 17, 0, tzinfo=TAIPEI)
SHOP = "12345676"


def case_registered(**changes: Any) -> e.CaseRegistered:
    """A draft was opened."""
    fields: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "call_id": CALL,
        "programme_id": "example-1",
        "pack_digest": "0" * 64,
        "applicant_ubn": SHOP,
        "applicant_name": "共好資訊股份有限公司",
        "entry": "call",
    }
    return e.CaseRegistered(**{**fields, **changes})


def document_uploaded(**changes: Any) -> e.DocumentUploaded:
    """A clean PDF of ten pages."""
    fields: dict[str, Any] = {
        "case_id": CASE,
        "document_id": derived_id("document", changes.get("sha256", "")),
        "kind": "proposal",
        "party": "proposer",
        "owner_ubn": SHOP,
        "about": None,
        "file_name": "提案計畫書_共好資訊.pdf",
        "media_type": "application/pdf",
        "size_bytes": 1000,
        "pages": 10,
        "sha256": "a" * 64,
        "scan": "clean",
        "encrypted": False,
        "readable": True,
        "period": None,
        "uploaded_at": CLOSES,
    }
    return e.DocumentUploaded(**{**fields, **changes})


def proposal_submitted(**changes: Any) -> e.ProposalSubmitted:
    """Submitted at the last instant."""
    fields: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "call_id": CALL,
        "programme_id": "example-1",
        "pack_digest": "0" * 64,
        "applicant_ubn": SHOP,
        "applicant_name": "共好資訊股份有限公司",
        "track": "POP",
        "enterprise_count": 1,
        "enterprise_ubns": (SHOP,),
        "requested_twd": 1_500_000,
        "submitted_at": CLOSES,
    }
    return e.ProposalSubmitted(**{**fields, **changes})


def letter_attached(**changes: Any) -> e.LetterAttached:
    """A complete letter of one shop."""
    fields: dict[str, Any] = {
        "case_id": CASE,
        "ubn": SHOP,
        "content": {"ubn": SHOP},
        "complete": True,
        "missing": (),
        "signed_on": date(2023, 3, 10),
        "uploaded_at": CLOSES,
        "after_grace": False,
        "sha256": None,
    }
    return e.LetterAttached(**{**fields, **changes})


def proposal_accepted(**changes: Any) -> e.ProposalAccepted:
    """Eligible."""
    fields: dict[str, Any] = {
        "case_id": CASE,
        "case_number": NUMBER,
        "call_id": CALL,
        "programme_id": "example-1",
        "pack_digest": "0" * 64,
        "applicant_ubn": SHOP,
        "applicant_name": "共好資訊股份有限公司",
        "track": "POP",
        "tier": "A",
        "cap_twd": 1_500_000,
        "requested_twd": 1_500_000,
        "submitted_at": CLOSES,
        "enterprises": ({"ubn": SHOP},),
        "letters": (SHOP,),
        "participant_ubns": (SHOP,),
        "tasks": (),
        "forms": {"F01": {"track": "POP"}},
    }
    return e.ProposalAccepted(**{**fields, **changes})


def proposal(*events: object) -> Proposal:
    """The proposal after these facts."""
    state = Proposal()
    for event in events:
        state = state.apply(event)
    return state
