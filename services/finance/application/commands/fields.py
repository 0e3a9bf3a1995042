"""Fields that several commands of finance share, with their labels and examples."""

from __future__ import annotations

from typing import Any

from shared.kernel.command_fields import arg

CASE = "6a0f3c6e-5f5b-5f0e-9c57-6a1c1f3b2a10"
ID = "0b2f4f6a-7a0e-5a2e-8a64-0d6c2b1f9c11"
UBN = "12345676"


def case() -> Any:
    """The case."""
    return arg("案件編號", "case id", CASE)


def own_id(zh: str, en: str) -> Any:
    """An id: chosen by the sender for what is new, named for what exists."""
    return arg(zh, en, ID)


def money(zh: str = "金額(元)", en: str = "amount, NT$") -> Any:
    """A positive number of NT$."""
    return arg(zh, en, 525000, minimum=1)


def reason() -> Any:
    """Why, for the file."""
    return arg("理由", "reason", "詳附件說明", max_length=2000)


def bank_reference() -> Any:
    """The bank's reference."""
    return arg("銀行交易序號", "bank reference", "20230801-000123", max_length=60)


def digest() -> Any:
    """What the checker saw."""
    return arg("摘要", "digest of what is approved", "0" * 64, pattern="^[0-9a-f]{64}$")
