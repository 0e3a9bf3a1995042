"""A case was moved to a later version of its pack."""

from __future__ import annotations

from services.finance.application.ports import FinancePorts
from services.finance.application.rebinding_commands import NoteContractRebinding
from services.finance.domain.contract import Contract
from shared.kernel.rebinding import note


def note_contract_rebinding(command: NoteContractRebinding, ports: FinancePorts) -> None:
    """Decide by the later version from here on."""
    note(command, ports, Contract, "contract")
