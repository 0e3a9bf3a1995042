"""Loading and appending a contract, the same way in every handler."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.finance.application.ports import FinancePorts
from services.finance.domain.contract import Contract
from services.finance.domain.errors import UnknownPart
from shared.kernel.decisions import Decision
from shared.kernel.envelope import Command
from shared.kernel.permissions import permit
from shared.kernel.separations import acts_of, must_be_separate, pairs_of

CATEGORY = "contract"


def load(ports: FinancePorts, case_id: UUID) -> tuple[Contract, int]:
    """The contract and its version. Raises UnknownContract."""
    contract, version = ports.streams.load(Contract, CATEGORY, case_id)
    contract.must_exist()
    return contract, version


def load_own(ports: FinancePorts, case_id: UUID, command: Command) -> tuple[Contract, int]:
    """As load, for the case's own applicant and its other parties. Raises NotPermitted."""
    contract, version = load(ports, case_id)
    own = contract.signing.file.applicant_ubn
    name = type(command).__name__
    permit(name, command.actor, applicant_ubn=own, parties=contract.party_ubns)
    return contract, version


def load_party(
    ports: FinancePorts, case_id: UUID, command: Command, party_ubn: str
) -> tuple[Contract, int]:
    """As load, for what one party does with its own money. Raises UnknownPart, NotPermitted."""
    contract, version = load(ports, case_id)
    if party_ubn not in contract.party_ubns:
        raise UnknownPart("單位", "party", party_ubn, field="party_ubn")
    permit(type(command).__name__, command.actor, applicant_ubn=party_ubn)
    return contract, version


def append(
    ports: FinancePorts,
    command: Command,
    case_id: UUID,
    loaded: tuple[Contract, int],
    events: Sequence[object],
    decision: Decision | None = None,
) -> Contract:
    """Append the facts and, when nothing is left to do, the settlement they complete.

    Raises DutiesSeparated when the pack wants another person for this.
    """
    contract, version = loaded
    if events and contract.signing.opened is not None:
        _must_be_separate(ports, command, case_id, contract, events)
    for event in events:
        contract = contract.apply(event)
    settled = contract.settlement() if events else ()
    ports.streams.append(
        CATEGORY,
        case_id,
        (*events, *settled),
        expected_version=version,
        caused_by=command,
        case=case_id,
        decision=decision,
    )
    return contract


def _must_be_separate(
    ports: FinancePorts,
    command: Command,
    case_id: UUID,
    contract: Contract,
    events: Sequence[object],
) -> None:
    document = ports.packs.document(contract.signing.file.pack_digest)
    if pairs := pairs_of(document, command):
        acts = acts_of("finance", ports.streams.history(CATEGORY, case_id))
        must_be_separate(pairs, command.actor.id, acts, events)
