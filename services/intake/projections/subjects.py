"""Which cases and applicants hold personal data of which data subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain import events as e
from services.intake.projections.cases import OPEN
from services.intake.projections.tables import case_list, subjects
from shared.eventstore.codec import encode
from shared.kernel.envelope import Erased, Personal, RecordedEvent

NAME = "intake.subjects"
TABLES = (subjects,)
_KEEP = sa.text(
    "INSERT INTO intake_subjects (subject, holder) VALUES (:subject, :holder)"
    " ON CONFLICT DO NOTHING"
)


def project(connection: Any, recorded: RecordedEvent) -> None:
    """One row per subject and case, from the events that carry personal fields."""
    match recorded.event:
        case e.FormSaved() | e.TableImported() | e.LetterAttached() as event:
            _keep(connection, event, str(event.case_id))
        case e.ApplicantRegistered() as event:
            _keep(connection, event, f"applicant-{event.ubn}")


class SubjectTable:
    """The Subjects port over one unit of work."""

    def __init__(self, unit: Any):
        self._unit = unit

    def known(self, subject_id: str) -> bool:
        """Whether a personal field of the subject is stored."""
        query = sa.select(subjects.c.subject).where(subjects.c.subject == subject_id).limit(1)
        return self._unit.connection.execute(query).first() is not None

    def held_by(self, subject_id: str) -> Sequence[str]:
        """Numbers of the open cases that name the subject, or whose applicant it belongs to."""
        return [c["case_number"] for c in _cases(self._unit, subject_id) if c["open"]]

    def destroy_key(self, subject_id: str, at: datetime) -> None:
        """After the commit: a key is destroyed for what is recorded, never before."""
        self._unit.after_commit.append(lambda: self._unit.keys.destroy(subject_id, at))


def subjects_of_case(unit: Any, case_id: str) -> list[dict[str, Any]]:
    """[{subject, cases: [{case_number, state, open}]}] of a case and its applicant."""
    ubn = sa.select(case_list.c.applicant_ubn).where(case_list.c.case_id == case_id)
    applicant = unit.connection.execute(ubn).scalar()
    query = (
        sa.select(subjects.c.subject)
        .where(subjects.c.holder.in_([case_id, f"applicant-{applicant}"]))
        .order_by(subjects.c.subject)
        .distinct()
    )
    found = unit.connection.execute(query).scalars().all()
    return [{"subject": subject, "cases": _cases(unit, subject)} for subject in found]


def _cases(unit: Any, subject_id: str) -> list[dict[str, Any]]:
    holder = sa.or_(
        subjects.c.holder == case_list.c.case_id,
        subjects.c.holder == "applicant-" + case_list.c.applicant_ubn,
    )
    query = (
        sa.select(case_list.c.case_number, case_list.c.state)
        .join(subjects, holder)
        .where(subjects.c.subject == subject_id)
        .order_by(case_list.c.case_number)
        .distinct()
    )
    return [
        {"case_number": row.case_number, "state": row.state, "open": row.state in OPEN}
        for row in unit.connection.execute(query)
    ]


def _keep(connection: Any, event: object, holder: str) -> None:
    rows = [{"subject": s, "holder": holder} for s in sorted(set(_subjects_in(encode(event))))]
    if rows:
        connection.execute(_KEEP, rows)


def _subjects_in(tree: Any) -> Iterator[str]:
    if isinstance(tree, Personal | Erased):
        yield tree.subject
    elif isinstance(tree, Mapping):
        for item in tree.values():
            yield from _subjects_in(item)
    elif isinstance(tree, list | tuple):
        for item in tree:
            yield from _subjects_in(item)
