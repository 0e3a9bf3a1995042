"""A past command read again from the events it yielded.

Most events repeat the fields of their command by the same name. Where one says the same in another
way, a reading below says how; where it leaves a choice open (a yes or no), each possibility is a
reading, and the digest of the facts tells which it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from grantcase.listening import NotRebuilt
from shared.kernel.envelope import Command, Erased, Metadata, Personal, RecordedEvent

ByType = Mapping[str, Any]
"""The events of one command by their type."""

Reading = Callable[[ByType], Sequence[Mapping[str, Any]]]


def _one(events: ByType) -> Sequence[Mapping[str, Any]]:
    return ({},)


def _attendance(events: ByType) -> Sequence[Mapping[str, Any]]:
    came = events.get("PresentationGiven")
    if came is not None:
        delegate = {"manager_present": not came.by_delegate}
        return tuple({**delegate, "delegate_present": flag} for flag in (came.by_delegate, False))
    absent = events.get("AbsenceRecorded")
    if absent is None:
        return ({},)
    stated = {"manager_present": False, "delegate_present": absent.delegate_came}
    return tuple(
        {**stated, "mode": mode, "identity_checked": checked}
        for mode in ("on-site", "online")
        for checked in (True, False)
    )


def _absence(events: ByType) -> Sequence[Mapping[str, Any]]:
    return ({"good_reason": "ProposalForfeited" not in events},)


def _signing(events: ByType) -> Sequence[Mapping[str, Any]]:
    checked = events.get("ExclusionsChecked")
    return ({"exclusions_checked_on": checked.checked_on if checked else None},)


def _upload(events: ByType) -> Sequence[Mapping[str, Any]]:
    return ({"file_base64": ""},)


READINGS: Mapping[str, Reading] = {
    "RecordAttendance": _attendance,
    "DecideAbsence": _absence,
    "SignContract": _signing,
    "UploadDocument": _upload,
}
"""Command -> what its events say in other words."""


class _Measured:
    """The Documents port of intake: the bytes are not read again, their measure was recorded."""

    def __init__(self, uploaded: Any):
        self._uploaded = uploaded

    def store(self, content: bytes) -> Any:
        """What was measured when the file came in."""
        return self._uploaded


def _by_type(together: Sequence[RecordedEvent]) -> ByType:
    return {recorded.type: recorded.event for recorded in together}


def commands_of(
    command_class: type[Command], together: Sequence[RecordedEvent]
) -> Sequence[Command]:
    """The commands that may have yielded these events: one, unless an event leaves something open.
    Raises NotRebuilt naming the field that none has."""
    readings = READINGS.get(command_class.__name__, _one)(_by_type(together))
    return [_command(command_class, together, known) for known in readings]


def stand_ins(together: Sequence[RecordedEvent]) -> dict[str, Any]:
    """Ports in the place of those that read a file: they say what was measured then."""
    uploaded = _by_type(together).get("DocumentUploaded")
    return {"documents": _Measured(uploaded)} if uploaded else {}


def _command(
    command_class: type[Command], together: Sequence[RecordedEvent], known: Mapping[str, Any]
) -> Command:
    metadata = together[0].metadata
    given: dict[str, Any] = {
        "command_id": metadata.command_id,
        "actor": metadata.actor,
        "received_at": metadata.occurred_at,
        "causation_id": metadata.causation_id,
        **known,
    }
    for field in fields(command_class):
        if field.name in given or field.name == "expected_version":
            continue
        value = _value(field.name, together, metadata)
        if value is not MISSING:
            given[field.name] = value
        elif field.default is MISSING and field.default_factory is MISSING:
            name = f"{command_class.__name__}.{field.name}"
            raise NotRebuilt(f"事件未載明 {name}", f"no event repeats {name}")
    return command_class(**given)


def _value(name: str, together: Sequence[RecordedEvent], metadata: Metadata) -> Any:
    for recorded in together:
        if hasattr(recorded.event, name):
            return _plain(getattr(recorded.event, name))
    return metadata.correlation_id if name == "case_id" else MISSING


def _plain(value: Any) -> Any:
    """As it was given: personal values in clear. Raises NotRebuilt for an erased one."""
    if isinstance(value, Personal):
        return _plain(value.value)
    if isinstance(value, Erased):
        raise NotRebuilt("所需個人資料已刪除", "personal data it was given were erased")
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_plain(item) for item in value)
    return value
