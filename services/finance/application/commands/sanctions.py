"""Commands of findings, hearings, sanctions, bars and recoveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.finance.application.commands.fields import (
    bank_reference,
    case,
    digest,
    money,
    own_id,
    reason,
)
from shared.kernel.command_fields import arg
from shared.kernel.envelope import Command

Row = Mapping[str, Any]

OWN_KINDS = ("abandoned", "overpaid", "selection-revoked")
"""Kinds of findings that the workflow itself knows; the others are the pack's."""
EFFECTS = ("none", "terminate", "rescind")


def _facts() -> Any:
    return arg("事實", "facts", "經查核，未依契約執行", max_length=4000)


def _rules() -> Any:
    return arg("依據規則", "rule ids", ["EX-SAN-02"])


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFinding(Command):
    """Open a finding; payments stop until it is decided."""

    case_id: UUID = case()
    finding_id: UUID = own_id("查證編號", "finding id, new")
    kind: str = arg("種類", "kind", "breach", max_length=60)
    facts: str = _facts()
    rules: tuple[str, ...] = _rules()
    evidence: tuple[Row, ...] = arg(
        "證據", "evidence: kind, document", [{"kind": "visit", "document": "訪視紀錄.pdf"}]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveSanctionNotice(Command):
    """The written notice of facts, with the period to answer."""

    case_id: UUID = case()
    finding_id: UUID = own_id("查證編號", "finding id")
    facts: str = _facts()
    rules: tuple[str, ...] = _rules()
    effects: tuple[str, ...] = arg("可能處分", "what may follow", ["終止契約", "追回款項"])


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSanctionNotice(Command):
    """The party's answer (陳述意見)."""

    case_id: UUID = case()
    finding_id: UUID = own_id("查證編號", "finding id")
    text: str = arg("陳述意見", "answer", "本公司說明如下…", max_length=8000)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideSanction(Command):
    """Decide a finding after the hearing."""

    case_id: UUID = case()
    finding_id: UUID = own_id("查證編號", "finding id")
    effect: str = arg("契約效果", "effect on the contract", "terminate", choices=EFFECTS)
    recover_twd: int = arg("追回金額(元)", "amount to recover, NT$", 525000, minimum=0)
    figures: Row | None = arg("認定數值", "figures stated, by name", None, default=None)
    figures_by_party: Row | None = arg(
        "各單位認定數值", "figures of other parties, by number", None, default=None
    )
    barred_ubns: tuple[str, ...] = arg("停權單位", "parties barred", [], default=())
    bar: bool = arg("停權", "bar the applicant", False)
    force_majeure: bool = arg("不可抗力", "force majeure", False, default=False)
    damages_reserved: bool = arg("保留損害賠償", "damages reserved", False, default=False)
    facts: str = _facts()
    rules: tuple[str, ...] = _rules()
    remedy: str = arg("救濟教示", "remedy", "得於三十日內申請復查", max_length=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBar(Command):
    """End a bar early, by a new decision."""

    case_id: UUID = case()
    bar_id: UUID = own_id("停權編號", "bar id")
    reason: str = reason()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRecovery(Command):
    """The maker's demand of a decided recovery."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
    amount_twd: int = money("追回金額(元)", "amount, NT$")
    account: str = arg("繳還帳戶", "account to pay to", "004-000000000001", max_length=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRecovery(Command):
    """The checker approves exactly the digest that DemandRecovery answered."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
    digest: str = digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveRecovery(Command):
    """Money came back."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
    amount_twd: int = money("繳還金額(元)", "amount, NT$")
    received_on: date = arg("入帳日", "received on", "2023-11-30")
    bank_reference: str = bank_reference()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindRecovery(Command):
    """Timer: the due day has passed."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffRecovery(Command):
    """The maker proposes to give up what is outstanding."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
    authority: str = arg("核准文號", "authority", "113-審-0001", max_length=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveWriteOff(Command):
    """The checker agrees."""

    case_id: UUID = case()
    recovery_id: UUID = own_id("追回編號", "recovery id")
