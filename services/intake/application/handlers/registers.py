"""Applicants, the register of bars, and the erasure of a data subject."""

from __future__ import annotations

from services.intake.application import commands as c
from services.intake.application.handlers.loading import append, load
from services.intake.application.ports import IntakePorts
from services.intake.domain.applicant import Applicant, BarRegister
from services.intake.domain.errors import LegalHold, UnknownSubject
from services.intake.domain.events import SubjectErased
from shared.kernel.envelope import Personal
from shared.kernel.ids import derived_id
from shared.kernel.permissions import permit


def register_applicant(command: c.RegisterApplicant, ports: IntakePorts) -> None:
    """Register the actor's own organisation."""
    permit("RegisterApplicant", command.actor, applicant_ubn=command.ubn)
    applicant, version = ports.streams.load(Applicant, "applicant", command.ubn)
    subject = str(derived_id("applicant", command.ubn, "contact"))
    contact = {
        "name": Personal(subject, command.contact_name),
        "email": Personal(subject, command.contact_email),
    }
    ports.streams.append(
        "applicant",
        command.ubn,
        applicant.register(command.ubn, command.name, contact),
        expected_version=version,
        caused_by=command,
    )


def register_bar(command: c.RegisterBar, ports: IntakePorts) -> None:
    """finance decided a bar: intake keeps the register and refuses."""
    register, version = ports.streams.load(BarRegister, "bar", command.ubn)
    ports.streams.append(
        "bar",
        command.ubn,
        register.register(
            command.bar_id,
            command.ubn,
            command.programme_id,
            command.decided_on,
            command.until,
            command.reason,
            command.years_roc,
        ),
        expected_version=version,
        caused_by=command,
    )


def lift_registered_bar(command: c.LiftRegisteredBar, ports: IntakePorts) -> None:
    """finance lifted a bar."""
    register, version = ports.streams.load(BarRegister, "bar", command.ubn)
    ports.streams.append(
        "bar",
        command.ubn,
        register.lift(command.bar_id, command.ubn, command.reason),
        expected_version=version,
        caused_by=command,
    )


def erase_subject(command: c.EraseSubject, ports: IntakePorts) -> None:
    """Tell every service to destroy the subject's key; repeatable. Raises LegalHold."""
    subject = command.subject_id
    _, version = ports.streams.load(BarRegister, "subject", subject)
    if not ports.subjects.known(subject):
        raise UnknownSubject(subject)
    if version == 0 and (cases := ports.subjects.held_by(subject)):
        raise LegalHold(subject, cases)
    ports.streams.append(
        "subject",
        subject,
        [SubjectErased(subject_id=subject)] if version == 0 else [],
        expected_version=version,
        caused_by=command,
    )
    ports.subjects.destroy_key(subject, command.received_at)
    ports.timers.schedule(
        derived_id(subject, "destroy-key"),
        command.received_at,
        "DestroyKey",
        {"subject_id": subject},
    )


def destroy_key(command: c.DestroyKey, ports: IntakePorts) -> None:
    """Timer: after a crash between the record and the destruction. Only what is recorded."""
    _, version = ports.streams.load(BarRegister, "subject", command.subject_id)
    if version:
        ports.subjects.destroy_key(command.subject_id, command.received_at)


def note_case_ended(command: c.NoteCaseEnded, ports: IntakePorts) -> None:
    """Another service ended the case: its data subjects are held no longer."""
    proposal, version = load(ports, command.case_id)
    append(ports, command, version, proposal.end(command.how))


def note_case_resumed(command: c.NoteCaseResumed, ports: IntakePorts) -> None:
    """A reserve was called up: the hold is back."""
    proposal, version = load(ports, command.case_id)
    append(ports, command, version, proposal.resume())
