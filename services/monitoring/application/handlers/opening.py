"""What the other services decide: a contract signed, letters, recoveries, the contract's end."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.monitoring.application import calendar, cases, plan
from services.monitoring.application import reactions as r
from services.monitoring.application.handlers import steps
from services.monitoring.application.ports import MonitoringPorts
from services.monitoring.domain.events import (
    FollowUpOpened,
    LetterBaseNoted,
    LetterNoted,
    MonitoringOpened,
)
from services.monitoring.domain.monitored_case import TERMINATED, MonitoredCase
from shared.kernel.clock import taipei_date
from shared.kernel.decisions import Decision
from shared.kernel.parties import numbers_of

MOOT = "契約已終止，示警已無實益 moot: the contract has ended"


def open_monitoring(command: r.OpenMonitoring, ports: MonitoringPorts) -> None:
    """A contract was signed: freeze the plan, date the obligations, set their timers."""
    case, version = _load(ports, command)
    opened = _opened(command, ports)
    events = case.open(opened)
    decision = Decision(
        programme=command.programme_id,
        digest=command.pack_digest,
        moment=None,
        rules=tuple(sorted({duty.clause for duty in opened.obligations})),
    )
    cases.append(ports, command, version, events, decision)
    if events:
        calendar.set_timers(ports, command.case_id, opened.obligations, command.received_at)
        steps.plan(ports, command, command.case_id)


def note_letter_base(command: r.NoteLetterBase, ports: MonitoringPorts) -> None:
    """The proposal was accepted with these letters."""
    case, version = _load(ports, command)
    if case.enrolment.base is not None:
        return
    noted = LetterBaseNoted(case_id=command.case_id, base=command.letters)
    cases.append(ports, command, version, [noted])


def note_letter(command: r.NoteLetter, ports: MonitoringPorts) -> None:
    """A letter came in, or an officer's verdict on it changed."""
    case, version = _load(ports, command)
    if command.on_file is (command.ubn in case.enrolment.letters):
        return
    noted = LetterNoted(case_id=command.case_id, ubn=command.ubn, on_file=command.on_file)
    if case.opened is None:
        cases.append(ports, command, version, [noted])
    else:
        cases.record(ports, command, case, version, [noted])


def stop_monitoring(command: r.StopMonitoring, ports: MonitoringPorts) -> None:
    """The contract has ended: what was due of its execution is moot; after a termination the
    yearly follow-up is still owed."""
    case, version = _load(ports, command)
    on = taipei_date(command.received_at)
    events: list[Any] = [*case.stop(command.outcome, command.reason, on)]
    if not events:
        return
    events += case.alerts.clear_all(MOOT)
    followed = bool(cases.section(ports, case, "follow_up"))
    if command.outcome == TERMINATED and case.follow_up is None and followed:
        events.append(follow_up(ports, command, case))
    cases.append(ports, command, version, events)


def note_recovery(command: r.NoteRecovery, ports: MonitoringPorts) -> None:
    """Money is claimed back, or came back: an open recovery stops the closing."""
    case, version = _load(ports, command)
    events = case.note_recovery(command.recovery_id, command.outstanding_twd)
    cases.append(ports, command, version, events)


def follow_up(ports: MonitoringPorts, command: Any, case: MonitoredCase) -> FollowUpOpened:
    """The years after the end, counted from today; sets their timers."""
    counted_from = taipei_date(command.received_at)
    names = _case_days(case.plan, counted_from)
    call = cases.call_parameters(ports, case.plan.call_id)
    days = calendar.Days(ports, case.plan.pack_digest, call, names)
    duties = calendar.of_follow_up(days, counted_from)
    steps = tuple(days.document["follow_up"]["overdue_days"])
    calendar.set_timers(ports, command.case_id, duties, command.received_at, steps)
    return FollowUpOpened(
        case_id=command.case_id,
        counted_from=counted_from,
        ends_on=max(duty.due_on for duty in duties),
        obligations=duties,
    )


def _load(ports: MonitoringPorts, command: Any) -> tuple[MonitoredCase, int]:
    return ports.streams.load(MonitoredCase, "monitoring", command.case_id)


def _case_days(
    signed: r.OpenMonitoring | MonitoringOpened, closed_on: date | None
) -> dict[str, str | None]:
    """`case` where the pack works out a due day."""
    return {
        "announced_on": signed.execution_start.isoformat(),
        "signed_on": signed.signed_on.isoformat(),
        "enrolled_on": signed.signed_on.isoformat(),
        "execution_start": signed.execution_start.isoformat(),
        "execution_end": signed.execution_end.isoformat(),
        "closed_on": closed_on.isoformat() if closed_on else None,
    }


def _opened(command: r.OpenMonitoring, ports: MonitoringPorts) -> MonitoringOpened:
    call = cases.call_parameters(ports, command.call_id)
    days = calendar.Days(ports, command.pack_digest, call, _case_days(command, None))
    where = days.document.get("monitoring") or {}
    first = max(command.signed_on, command.execution_start)
    return MonitoringOpened(
        case_id=command.case_id,
        forms=command.forms,
        case_number=command.case_number,
        contract_number=command.contract_number,
        call_id=command.call_id,
        programme_id=command.programme_id,
        pack_digest=command.pack_digest,
        applicant_ubn=command.applicant_ubn,
        applicant_name=command.applicant_name,
        track=command.track,
        amount_twd=command.amount_twd,
        approved_count=command.approved_count,
        enterprises=command.enterprises,
        letters=command.letters,
        parties=command.parties,
        participants=plan.participants(
            where, command.forms, numbers_of(command.applicant_ubn, command.parties)
        ),
        signed_on=command.signed_on,
        execution_start=command.execution_start,
        execution_end=command.execution_end,
        counted_until=plan.counted_until(days.document, call, command.execution_end),
        standard=plan.standard(command.usage_standard),
        kpis=plan.kpis(where, command.forms, command.approved_count),
        progress=plan.progress(where, command.forms),
        checkpoints=plan.checkpoints(days, command.forms),
        obligations=calendar.of_contract(days, first, command.execution_end),
    )
