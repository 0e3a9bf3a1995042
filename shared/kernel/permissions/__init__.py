"""One declared table: command x role x relation to the case. The services enforce it.

Relations: ANY; OWN (the actor's organisation is the case's applicant, or another party of it);
UNCONFLICTED (a reviewer without a declared conflict, and only on the own sheet); NOT_MAKER (not
the person who made what is approved). The door checks the role; a handler of a command with a
relation calls `permit` once it has loaded the case.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shared.kernel.envelope import Actor
from shared.kernel.errors import NotPermitted
from shared.kernel.permissions import finance, intake, monitoring, review
from shared.kernel.permissions.relations import ANY, NOT_MAKER, OWN, ROLES, UNCONFLICTED, Grants

GRANTS_OF: Mapping[str, Grants] = {
    "intake": intake.GRANTS,
    "review": review.GRANTS,
    "finance": finance.GRANTS,
    "monitoring": monitoring.GRANTS,
}
"""Service -> the grants of its commands."""

TABLE: Grants = {name: row for grants in GRANTS_OF.values() for name, row in grants.items()}

__all__ = [
    "ANY",
    "GRANTS_OF",
    "NOT_MAKER",
    "OWN",
    "ROLES",
    "TABLE",
    "UNCONFLICTED",
    "check_role",
    "permit",
]


def check_role(command: str, actor: Actor) -> None:
    """Raises NotPermitted when none of the actor's roles may give the command."""
    allowed = {role for role, _ in TABLE[command]}
    if not allowed.intersection(actor.roles):
        raise NotPermitted(
            f"「{command}」須由 {'、'.join(sorted(allowed))} 執行；{actor.id} 的角色為 "
            f"{'、'.join(actor.roles) or '無'}",
            f"{command} needs the role {' or '.join(sorted(allowed))}; {actor.id} has "
            f"{', '.join(actor.roles) or 'none'}",
            field="actor.roles",
        )


def permit(
    command: str,
    actor: Actor,
    *,
    applicant_ubn: str | None = None,
    parties: Collection[str] = (),
    conflicted: Collection[str] = (),
    makers: Collection[str] = (),
) -> None:
    """Raises NotPermitted unless one grant of the actor's roles has its relation satisfied.
    `parties`: 統一編號 of all who hold the case, where several do."""
    holds = {
        ANY: True,
        OWN: actor.organisation is not None and actor.organisation in {applicant_ubn, *parties},
        UNCONFLICTED: actor.id not in conflicted,
        NOT_MAKER: actor.id not in makers,
    }
    grants = [relation for role, relation in TABLE[command] if role in actor.roles]
    if any(holds[relation] for relation in grants):
        return
    reasons = {
        OWN: ("僅限本案提案單位", "only the case's own applicant"),
        UNCONFLICTED: ("有利益衝突者須迴避", "a conflicted reviewer stays away"),
        NOT_MAKER: ("經辦人不得覆核自己的案件", "the maker may not check the own work"),
    }
    zh, en = reasons.get(grants[0] if grants else OWN, reasons[OWN])
    raise NotPermitted(f"「{command}」{zh}", f"{command}: {en}", field="actor")
