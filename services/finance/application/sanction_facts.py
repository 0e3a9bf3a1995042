"""The facts of moment `sanction`, once for the contract or once for each of its parties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.finance.application import facts
from services.finance.application.commands import DecideSanction
from services.finance.application.ports import FinancePorts
from services.finance.domain.contract import Contract
from services.finance.domain.sanctions import Finding
from shared.kernel.errors import InvalidInput


def sanction(
    ports: FinancePorts,
    contract: Contract,
    command: DecideSanction,
    finding: Finding,
    party: Mapping[str, Any],
    figures: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Moment `sanction`; money and figures are those of the party."""
    notice = finding.notice
    whose = party["ubn"] if contract.parties else None
    paid = contract.payments.net_paid_to(whose) if whose else contract.payments.net_paid_twd
    return {
        **facts.base(ports, contract, command),
        "case": {
            "number": contract.signing.file.case_number,
            "state": contract.state,
            "track": contract.signing.file.track,
            "paid_twd": paid,
            "recoverable_twd": contract.recoverable_of(whose),
            "subsidy_twd": party["subsidy_twd"],
            "stops": list(contract.stops()),
        },
        "party": dict(party),
        "finding": {
            "kind": finding.opened.kind,
            "evidence": [str(row.get("kind")) for row in finding.opened.evidence],
            "notice_on": facts.text(notice.given_on if notice else None),
            "answer_by": facts.text(notice.answer_by if notice else None),
            "answered": bool(finding.answers),
        },
        "decision": {
            "effect": command.effect,
            "recover_twd": command.recover_twd,
            "bar": command.bar,
            "force_majeure": command.force_majeure,
            "damages_reserved": command.damages_reserved,
            "facts": command.facts,
            "rules": list(command.rules),
            "remedy": command.remedy,
            "figures": stated(ports, contract, figures),
        },
    }


def stated(
    ports: FinancePorts, contract: Contract, figures: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The figures that the moment declares; those not stated are null, or 0 where they may not be.

    Raises InvalidInput for a figure it does not declare, or that is no whole number.
    """
    moments = facts.document(ports, contract)["moments"]
    declared: Mapping[str, Any] = next((m["facts"] for m in moments if m["id"] == "sanction"), {})
    names: Mapping[str, Any] = (declared.get("decision") or {}).get("figures") or {}
    for name, value in (figures or {}).items():
        if name not in names or (value is not None and type(value) is not int):
            known = "、".join(names) or "無"
            raise InvalidInput(
                f"認定數值 {name} 不符；可填：{known}",
                f"figure {name} is not a whole number of: {', '.join(names) or 'none'}",
                field=f"/figures/{name}",
            )
    empty = {name: None if str(shape).endswith("?") else 0 for name, shape in names.items()}
    return {**empty, **(figures or {})}
