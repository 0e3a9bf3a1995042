"""The parties (共同申請單位) of a contract: one applicant, or several with money of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.finance.domain import events as e


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One of them, with its own amounts (NT$)."""

    ubn: str
    name: str
    lead: bool
    total_twd: int
    subsidy_twd: int
    self_twd: int

    def as_dict(self) -> dict[str, Any]:
        """As the rules read it."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def parties_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Party, ...]:
    """The parties as rows of an event tell them, the lead first."""
    parties = tuple(Party(**{k: row[k] for k in Party.__dataclass_fields__}) for row in rows)
    return tuple(sorted(parties, key=lambda party: not party.lead))


@dataclass(frozen=True, slots=True)
class Shares:
    """Part of the contract: what of it may go to each party (NT$); empty without parties."""

    twd: Mapping[str, int] = field(default_factory=dict)

    def apply(self, event: object) -> Shares:
        """Fold one fact in."""
        match event:
            case e.ContractSigned():
                return Shares(_by_party(event.instalments))
            case e.ContractAmountReduced():
                taken = _by_party(event.by_party)
                return Shares({ubn: twd - taken.get(ubn, 0) for ubn, twd in self.twd.items()})
        return self


def shares_of(amount_twd: int, parts: Sequence[int]) -> list[int]:
    """An amount in the ratio of the parts, rounded down; the first takes what is left over.

    Named method `share-by-party`: the amounts of a reduced contract whose change did not say whose
    money it takes.
    """
    whole = sum(parts)
    shares = [amount_twd * part // whole for part in parts]
    return [shares[0] + amount_twd - sum(shares), *shares[1:]]


def _by_party(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    shares: dict[str, int] = {}
    for row in rows:
        if party_ubn := row.get("party_ubn"):
            shares[party_ubn] = shares.get(party_ubn, 0) + row["amount_twd"]
    return shares
