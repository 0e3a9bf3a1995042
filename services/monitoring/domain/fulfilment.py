"""Which recorded fact fulfils an obligation: a closed list of names that a pack may use.

counselling-started    a counselling visit or an adoption is on record
assessments-before     every enterprise has its assessment before
assessments-after      every enterprise has its assessment after
letters                every enterprise has its letter on file
adopted                every enterprise has adopted the tool
checkpoint-reported:X  checkpoint X was reported
briefing-held:X        the briefing of checkpoint X was held
progress-reported      the month of the obligation was reported
usage-logged           usage logs cover the month (none are due before the first adoption)
follow-up-filed        the follow-up of that year was filed
activity:X             an activity of kind X is on record
archive                the clock archives the case; nobody else can fulfil it
milestone              nothing is handed in on that day
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.monitoring.domain.checkpoints import DUE
from services.monitoring.domain.events import Obligation
from services.monitoring.domain.monitored_case import MonitoredCase
from services.monitoring.domain.usage import Usage
from shared.kernel.clock import taipei_date

ARCHIVE, MILESTONE = "archive", "milestone"

Fact = Callable[[MonitoredCase, Usage, Obligation, str], bool]


def _counselling_started(case: MonitoredCase, _: Usage, __: Obligation, ___: str) -> bool:
    return bool(case.records.visits or case.records.adoptions)


def _assessments(phase: str) -> Fact:
    def fact(case: MonitoredCase, _: Usage, __: Obligation, ___: str) -> bool:
        return all(case.records.assessed(ubn, phase) for ubn in case.enrolment.enterprises)

    return fact


def _letters(case: MonitoredCase, _: Usage, __: Obligation, ___: str) -> bool:
    return len(case.enrolment.on_file()) == len(case.enrolment.enterprises)


def _adopted(case: MonitoredCase, _: Usage, __: Obligation, ___: str) -> bool:
    return all(ubn in case.records.adoptions for ubn in case.enrolment.enterprises)


def _reported(case: MonitoredCase, _: Usage, __: Obligation, checkpoint: str) -> bool:
    return case.checkpoints.state(checkpoint).state != DUE


def _briefed(case: MonitoredCase, _: Usage, __: Obligation, checkpoint: str) -> bool:
    return checkpoint in case.records.briefings


def _month_reported(case: MonitoredCase, _: Usage, obligation: Obligation, __: str) -> bool:
    return obligation.period in case.records.progress


def _usage_logged(case: MonitoredCase, usage: Usage, obligation: Obligation, _: str) -> bool:
    month = obligation.period or ""
    started = any(
        taipei_date(row.activated_at).isoformat()[:7] <= month
        for row in case.records.adoptions.values()
    )
    return month in usage.months or not started


def _filed(case: MonitoredCase, _: Usage, obligation: Obligation, __: str) -> bool:
    return obligation.period in case.filed


def _activity(case: MonitoredCase, _: Usage, __: Obligation, kind: str) -> bool:
    return any(activity.kind == kind for activity in case.records.activities)


def _never(_: MonitoredCase, __: Usage, ___: Obligation, ____: str) -> bool:
    return False


def _always(_: MonitoredCase, __: Usage, ___: Obligation, ____: str) -> bool:
    return True


FACTS: Mapping[str, Fact] = {
    "counselling-started": _counselling_started,
    "assessments-before": _assessments("PRE"),
    "assessments-after": _assessments("POST"),
    "letters": _letters,
    "adopted": _adopted,
    "checkpoint-reported": _reported,
    "briefing-held": _briefed,
    "progress-reported": _month_reported,
    "usage-logged": _usage_logged,
    "follow-up-filed": _filed,
    "activity": _activity,
    ARCHIVE: _never,
    MILESTONE: _always,
}


def is_fulfilled(case: MonitoredCase, usage: Usage, obligation: Obligation) -> bool:
    """True when the obligation's fact is on record. Raises KeyError for a name not in FACTS
    (checked when the case is opened)."""
    name, _, about = obligation.fulfilled_by.partition(":")
    return FACTS[name](case, usage, obligation, about)
