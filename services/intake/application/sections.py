"""What the pack says of a case: its moments, and the section `intake` with what stands where.

Every part of the section may be missing, and the section too: then the programme has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.application.ports import IntakePorts
from services.intake.domain.proposal import Proposal
from shared.kernel.errors import NotOfProgramme
from shared.kernel.steps.taking import plain


def moment_of(ports: IntakePorts, digest: str, moment: str) -> Mapping[str, Any]:
    """The declaration of a moment in the pack. Raises NotOfProgramme."""
    document = ports.packs.document(digest)
    for declared in document["moments"]:
        if declared["id"] == moment:
            found: Mapping[str, Any] = declared
            return found
    raise NotOfProgramme(document["id"], moment)


def has_moment(ports: IntakePorts, digest: str, moment: str) -> bool:
    """Whether the programme asks anything there: `call` and `draft` may be left out."""
    return any(declared["id"] == moment for declared in ports.packs.document(digest)["moments"])


def participants(ports: IntakePorts, proposal: Proposal) -> list[str]:
    """統一編號 of proposer, parties, providers and partners: where the pack says they stand."""
    found = set(proposal.parties)
    for place in intake_section(ports, proposal).get("participants") or ():
        content = plain(proposal.forms.get(place["form"])) or []
        rows = content if isinstance(content, list) else [content]
        found.update(row[place["field"]] for row in rows if row.get(place["field"]))
    return sorted(found)


def roster(ports: IntakePorts, proposal: Proposal) -> list[Mapping[str, Any]]:
    """The rows of the planned enterprise list; none where the programme has no list."""
    section = intake_section(ports, proposal).get("roster")
    return list(plain(proposal.forms.get(section["form"])) or []) if section else []


def roster_ubns(ports: IntakePorts, proposal: Proposal) -> list[str]:
    """The keys of those rows that have one."""
    section = intake_section(ports, proposal).get("roster")
    rows = roster(ports, proposal)
    return [row[section["ubn"]] for row in rows if row.get(section["ubn"])] if section else []


def intake_section(ports: IntakePorts, proposal: Proposal) -> Mapping[str, Any]:
    """The pack's section `intake`: where the roster, letters, participants and windows stand;
    each of them may be missing, and the section too."""
    section: Mapping[str, Any] = ports.packs.document(proposal.pack_digest).get("intake") or {}
    return section


def named_value(
    ports: IntakePorts, proposal: Proposal, values: Mapping[str, Any], name: str, neutral: Any
) -> Any:
    """A value of the evaluation under the name that section `intake` gives it; `neutral` where
    the programme has none."""
    names = intake_section(ports, proposal).get("values") or {}
    return values[names[name]] if name in names else neutral


def registered(proposal: Proposal) -> dict[str, Any]:
    """`registration`, and its parties, of a case that came in at the award or the contract."""
    given = proposal.registration
    if given is None:
        return {}
    fact = {name: value for name, value in given.items() if name not in ("conditions", "forms")}
    opinions = [{**row, "no": no} for no, row in enumerate(given["conditions"], start=1)]
    fact = {**fact, "opinions": opinions, "applicant_ubn": proposal.applicant_ubn}
    return {"registration": fact, "parties": given["parties"]}
