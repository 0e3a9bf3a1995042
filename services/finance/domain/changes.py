"""What an approved plan change does to a contract: a lower amount, other enterprises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.finance.domain import events as e
from services.finance.domain.contract import Contract
from services.finance.domain.instalments import Instalment, reduced


def reduce_amount(
    contract: Contract, change_id: UUID, amount_twd: int, fresh: Mapping[int, int]
) -> Sequence[object]:
    """A plan change lowered the amount; `fresh` are the pack's instalments for it, of every party.
    The same or a higher amount yields no event: a change never raises it."""
    if (
        contract.signed is None
        or change_id in contract.changes
        or amount_twd >= contract.amount_twd
    ):
        return ()
    before = tuple(contract.payments.instalments.by_no.values())
    amounts: dict[int, int] = {}
    excess, by_party = 0, []
    for party_ubn in dict.fromkeys(i.party_ubn for i in before):
        own = [i for i in before if i.party_ubn == party_ubn]
        total = amount_twd if party_ubn is None else sum(fresh[i.no] for i in own)
        lowered, above = reduced(own, fresh, total)
        amounts.update(lowered)
        excess += above
        by_party.append({"party_ubn": party_ubn, "amount_twd": _taken(own, lowered)})
    return (
        e.ContractAmountReduced(
            case_id=contract.signed.case_id,
            change_id=change_id,
            amount_twd=amount_twd,
            reduced_by_twd=_taken(before, amounts),
            excess_twd=excess,
            instalments=tuple(_row(i, amounts[i.no]) for i in before),
            by_party=tuple(by_party) if contract.parties else (),
        ),
    )


def change_list(
    contract: Contract, change_id: UUID, removed: Sequence[str], added: Sequence[str]
) -> Sequence[object]:
    """A plan change replaced enterprises; one that changes none yields no event."""
    out = tuple(sorted(contract.enterprise_ubns.intersection(removed)))
    new = tuple(sorted(set(added) - contract.enterprise_ubns))
    if contract.signed is None or change_id in contract.list_changes or not (out or new):
        return ()
    return (
        e.EnterprisesChanged(
            case_id=contract.signed.case_id, change_id=change_id, removed_ubns=out, added_ubns=new
        ),
    )


def _taken(before: Sequence[Instalment], amounts: Mapping[int, int]) -> int:
    return sum(i.amount_twd - amounts[i.no] for i in before)


def _row(instalment: Instalment, amount_twd: int) -> dict[str, Any]:
    row = {"no": instalment.no, "checkpoint": instalment.checkpoint, "amount_twd": amount_twd}
    whose = {"party_ubn": instalment.party_ubn} if instalment.party_ubn else {}
    return {**row, **whose}
