"""The facts of review's moments, from what the case, the panel and the pack hold.

Over 200 lines: one builder per moment, to be read beside moments/review.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.review.application import sections
from services.review.application.commands import (
    AppointPanel,
    DecideAbsence,
    DeclareConflict,
    RecordAttendance,
)
from services.review.application.ports import ReviewPorts
from services.review.domain.panel import Panel
from services.review.domain.review_case import SELECTED, ReviewCase
from shared.kernel.envelope import Command
from shared.kernel.steps.taking import steps_of

Facts = dict[str, Any]


def base(ports: ReviewPorts, case: ReviewCase, command: Command, moment: str) -> Facts:
    """now, call, actor, the forms that the moment asks for, and what is known of the case."""
    facts = {
        **of_call(ports, case.filed.call_id, command),
        "steps": steps_of(ports, case.filed.case_id, case.filed.pack_digest),
        "case": {
            "number": case.number,
            "state": case.state,
            "track": case.filed.track,
            "requested_twd": case.opened.requested_twd if case.opened else 0,
            "rank": case.standing.rank if case.standing else None,
            "base_centi": case.standing.base_centi if case.standing else 0,
            "passed": bool(case.standing and case.standing.passed),
        },
    }
    declared = ports.packs.document(case.filed.pack_digest)["moments"]
    wanted = next((m.get("forms") for m in declared if m["id"] == moment), None) or ()
    if wanted:
        held = case.opened.forms if case.opened else {}
        facts["forms"] = {form: held[form] for form in wanted if form in held}
    return facts


def step(ports: ReviewPorts, case: ReviewCase, command: Command) -> Facts:
    """Moments of steps: the case as it stands, with all forms it came with."""
    held = case.opened.forms if case.opened else {}
    return {**base(ports, case, command, ""), "forms": dict(held)}


def of_call(ports: ReviewPorts, call_id: Any, command: Command) -> Facts:
    """now, call and actor."""
    return {
        "now": command.received_at,
        "call": ports.packs.call(call_id)["parameters"],
        "actor": {"id": command.actor.id, "organisation": command.actor.organisation},
    }


def panel(ports: ReviewPorts, digest: str, command: AppointPanel) -> Facts:
    """Moment `panel`: the members, and the sheet they will fill in."""
    return {
        **of_call(ports, command.call_id, command),
        "registers": {
            "track": command.track,
            "members": [
                {"member_id": m.member_id, "background": m.background} for m in command.members
            ],
            "criteria": _criteria(ports, digest, command.track),
        },
    }


def opening(ports: ReviewPorts, case: ReviewCase, command: Command, rows: Sequence[Any]) -> Facts:
    """Moment `open-review`: what the committee has to look at."""
    return {
        **base(ports, case, command, "open-review"),
        "registers": {"enterprises": [sections.enterprise(ports, case, row) for row in rows]},
    }


def meeting(ports: ReviewPorts, case: ReviewCase, command: Any) -> Facts:
    """Moment `meeting`: a slot and its mode."""
    return {
        **base(ports, case, command, "meeting"),
        "registers": {"meeting": {"slot_at": command.slot_at, "mode": command.mode}},
    }


def attendance(ports: ReviewPorts, case: ReviewCase, command: RecordAttendance) -> Facts:
    """Moment `attendance`: who came."""
    return {
        **base(ports, case, command, "attendance"),
        "registers": {
            "attendance": {
                "manager_present": command.manager_present,
                "delegate_present": command.delegate_present,
                "delegate_allowed": bool(case.meeting and case.meeting.delegate_allowed),
                "mode": command.mode,
                "identity_checked": command.identity_checked,
            }
        },
    }


def absence(ports: ReviewPorts, case: ReviewCase, command: DecideAbsence) -> Facts:
    """Moment `absence`: the reason, and what is granted."""
    return {
        **base(ports, case, command, "absence"),
        "registers": {
            "absence": {
                "good_reason": command.good_reason,
                "reason": command.reason or None,
                "remedy": command.remedy,
                "consent": command.consent,
            }
        },
    }


def score(
    ports: ReviewPorts,
    case: ReviewCase,
    members: Panel,
    command: Command,
    scores_centi: Mapping[str, int],
    correction: str | None,
) -> Facts:
    """Moment `score`: one sheet, its member, and the reason when it is a correction."""
    criteria = _criteria(ports, case.filed.pack_digest, case.filed.track)
    known = {criterion["id"] for criterion in criteria}
    own = members.members.get(command.actor.id, {})
    return {
        **base(ports, case, command, "score"),
        "registers": {
            "criteria": [{**row, "score_centi": scores_centi.get(row["id"])} for row in criteria],
            "unknown": sorted(set(scores_centi) - known),
            "member": {
                "conflict": case.conflicts.get(command.actor.id),
                "participant": case.takes_part(own.get("organisation")),
            },
            "correction": {"made": correction is not None, "reason": correction or None},
        },
    }


def conflict(ports: ReviewPorts, case: ReviewCase, command: DeclareConflict) -> Facts:
    """Moment `conflict`: a member's relation to the case, and when it ended."""
    ended_on = command.ended_on.isoformat() if command.ended_on else None
    return {
        **base(ports, case, command, "conflict"),
        "registers": {"relation": {"kind": command.kind, "ended_on": ended_on}},
    }


def enterprise(ports: ReviewPorts, case: ReviewCase, row: Mapping[str, Any], command: Any) -> Facts:
    """Moment `enterprise`: the committee's verdict on one enterprise."""
    return {
        **base(ports, case, command, "enterprise"),
        "registers": {
            "verdict": {
                **sections.enterprise(ports, case, row),
                "approved": command.approved,
                "reason": command.reason or None,
            }
        },
    }


def ranking_of_case(
    ports: ReviewPorts, case: ReviewCase, members: Panel, command: Command
) -> Facts:
    """Moment `rank`: the counted sheets, the solutions, and where the enterprises are."""
    rejected = {u for u, verdict in case.enterprise_decisions.items() if not verdict.approved}
    asked = questions(ports, case)
    return {
        **base(ports, case, command, "rank"),
        "registers": {
            "sheets": [
                {
                    "reviewer": sheet.reviewer_id,
                    "total_centi": sheet.total_centi,
                    "answers": {name: sheet.answers.get(name) for name in asked},
                }
                for sheet in case.counted_sheets(members.members)
            ],
            "enterprises": [
                sections.enterprise(ports, case, row)
                for row in case.dossier.enterprises
                if row["ubn"] not in rejected
            ],
        },
    }


def select(
    ports: ReviewPorts,
    case: ReviewCase,
    command: Command,
    decision: Mapping[str, Any],
    excluded: Sequence[str],
    awarded_twd: int,
) -> Facts:
    """Moment `select`: what is decided, the list it leaves, the tiers of the track, and what the
    call has already awarded. decision: {outcome, approved_count, approved_twd}."""
    rows = case.opened.enterprises if case.opened else ()
    track = sections.track_of(ports, case)
    return {
        **base(ports, case, command, "select"),
        "registers": {
            "decision": dict(decision),
            "enterprises": [
                {
                    **sections.enterprise(ports, case, row),
                    "verdict": _verdict(case, row["ubn"]),
                    "excluded": row["ubn"] in excluded,
                }
                for row in rows
            ],
            "track": {"minimum": track["minimum"], "tiers": list(track["tiers"])},
            "awarded_twd": awarded_twd,
        },
    }


def revoke(ports: ReviewPorts, case: ReviewCase, command: Any) -> Facts:
    """Moment `revoke`: what was found, and whether the applicant was heard about it."""
    notice = case.notice
    return {
        **base(ports, case, command, "revoke"),
        "registers": {
            "finding": {"found": command.finding or None, "reason": command.reason or None},
            "notice": {
                "finding": notice.finding if notice else None,
                "given_on": notice.given_on.isoformat() if notice else None,
                "answer_by": notice.answer_by.isoformat() if notice else None,
                "answered": case.heard,
            },
        },
    }


def result(case: ReviewCase, given_up: Sequence[str], track: Mapping[str, Any]) -> Facts:
    """One row of moment `announce`. track: {minimum, tier, cap_twd} for what would be approved."""
    chosen = case.decision if case.outcome == SELECTED else None
    return {
        "case_number": case.number,
        "track": case.filed.track,
        "state": case.state,
        "outcome": case.outcome,
        "rank": case.standing.rank if case.standing else None,
        "passed": bool(case.standing and case.standing.passed),
        "approved_count": chosen.approved_count - len(given_up) if chosen else 0,
        "approved_twd": chosen.approved_twd if chosen else 0,
        "given_up": list(given_up),
        **track,
    }


def questions(ports: ReviewPorts, case: ReviewCase) -> list[str]:
    """Ids of the yes-or-no questions of the score sheet."""
    scoring = ports.packs.document(case.filed.pack_digest)["scoring"]
    return [question["id"] for question in scoring.get("answers") or ()]


def _criteria(ports: ReviewPorts, digest: str, track: str) -> list[dict[str, Any]]:
    scoring = ports.packs.document(digest)["scoring"]
    return [
        {
            "id": criterion["id"],
            "weight_centi": _weight(criterion["weight_centi"], track),
            "judged": (criterion.get("judged") or {}).get(track, {}).get("zh-Hant"),
        }
        for criterion in scoring["criteria"]
    ]


def _weight(written: int | Mapping[str, int], track: str) -> int:
    return written if isinstance(written, int) else written[track]


def _verdict(case: ReviewCase, ubn: str) -> str:
    decided = case.enterprise_decisions.get(ubn)
    if decided is None:
        return "open"
    return "approved" if decided.approved else "rejected"
