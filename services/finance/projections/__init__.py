"""Read models of finance, written in the command's own transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.finance.projections import contracts, invoices, journal, vouchers
from services.finance.projections.tables import METADATA

INLINE = (contracts, invoices, journal, vouchers)
"""Inline projections, in the order they are written."""

QUERIES: Mapping[str, Callable[..., Any]] = {
    "contracts": contracts.contracts,
    "contract": contracts.contract,
    "ledger": journal.ledger,
    "balances": journal.balances_of,
    "vouchers": vouchers.vouchers_of,
    "account": vouchers.account_of,
}
"""What the command line may ask: name -> function(unit, **params)."""

__all__ = ["INLINE", "METADATA", "QUERIES"]
