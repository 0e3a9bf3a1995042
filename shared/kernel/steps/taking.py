"""What every service's handlers do about steps: check the forms, ask the rules, append.

Over 200 lines: taking a step from its command to its events, on one page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.kernel.clock import after_day
from shared.kernel.envelope import Actor, Erased, Personal
from shared.kernel.errors import InvalidInput, NotPermitted
from shared.kernel.ids import derived_id
from shared.kernel.steps.book import Declared, StepBook, StepOutOfPlace
from shared.kernel.steps.commands import CheckStep, NoteStep, TakeStep
from shared.kernel.steps.events import StepNoted, StepRecorded, StepTaken
from shared.kernel.streams import Ports

CATEGORY = "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCase:
    """What a service knows of the case; `facts` makes the base facts of its moments."""

    case_id: UUID
    number: str
    digest: str
    service: str
    state: str
    parties: Collection[str]  # 統一編號 whose people act as applicant
    facts: Callable[[], Mapping[str, Any]]


def take_step(command: TakeStep, ports: Ports, case: StepCase) -> Mapping[str, Any]:
    """Take one step. Raises InvalidInput, NotPermitted, StepOutOfPlace, RefusedByRules."""
    document = ports.packs.document(case.digest)
    declared = _declared(document, command.step, case.service)
    _must_be_permitted(declared, command.actor, case)
    if declared.get("states") and case.state not in declared["states"]:
        raise StepOutOfPlace(
            f"案件狀態 {case.state} 不得辦理「{declared['label']['zh-Hant']}」",
            f"{declared['id']} is not for a case that is {case.state}",
            field="step",
        )
    content = _checked(command, ports, case.digest, declared)
    book, version = ports.streams.load(StepBook, CATEGORY, command.case_id)
    sealed = {
        name: ports.forms.sealed(case.digest, name, value, command.case_id)
        for name, value in content.items()
    }
    events: tuple[StepRecorded | StepTaken, ...] = book.take(
        declared,
        case_id=command.case_id,
        key=command.key,
        forms=sealed,
        at=command.received_at,
        by=command.actor.id,
    )
    if not events:
        return {"step": command.step, "findings": []}
    decision, findings = None, []
    if declared.get("moment"):
        facts = _facts(case, document, declared["moment"], content, book.apply(events[0]))
        evaluation = ports.rules.enforce(case.digest, declared["moment"], facts)
        decision = evaluation.decision()
        findings = [finding.as_dict() for finding in evaluation.findings]
    taken = events[0]
    assert isinstance(taken, StepRecorded)
    ports.streams.append(
        CATEGORY,
        command.case_id,
        (taken, *_told(declared, taken, case.number)),
        expected_version=version,
        caused_by=command,
        case=command.case_id,
        decision=decision,
    )
    return {"step": command.step, "number": taken.number, "findings": findings}


def note_step(command: NoteStep, ports: Ports) -> None:
    """Keep what another service told."""
    book, version = ports.streams.load(StepBook, CATEGORY, command.case_id)
    told = StepNoted(
        case_id=command.case_id,
        step=command.step,
        key=command.key,
        number=command.number,
        forms=command.forms,
        taken_at=command.taken_at,
        taken_by=command.taken_by,
        returns=command.returns,
    )
    _append(ports, command, book.note(told), version)


def check_step(command: CheckStep, ports: Ports) -> bool:
    """Whether the step was missed: recorded once."""
    book, version = ports.streams.load(StepBook, CATEGORY, command.case_id)
    missed = book.miss(command.case_id, command.step, command.due_on)
    _append(ports, command, missed, version)
    return bool(missed)


def plan_steps(ports: Ports, case: StepCase, command: str) -> None:
    """Set the timers of the steps that are due some day; `command` is the service's CheckStep.
    Called when the case opens here."""
    steps = ports.packs.document(case.digest).get("steps") or ()
    dated = [step for step in steps if step["owner"] == case.service and step.get("due")]
    facts = case.facts() if dated else {}
    for declared in dated:
        names = {"call": facts["call"], "case": facts["case"]}
        due_on = ports.rules.compute(case.digest, declared["due"], names)
        if due_on is not None:
            ports.timers.schedule(
                derived_id(case.case_id, command, declared["id"]),
                after_day(date.fromisoformat(due_on)),
                command,
                {"case_id": str(case.case_id), "step": declared["id"], "due_on": due_on},
            )


def steps_of(ports: Ports, case_id: UUID, digest: str) -> dict[str, Any]:
    """The fact `steps` of a case, for the base facts of every moment; {} where the pack has no
    steps."""
    document = ports.packs.document(digest)
    if not document.get("steps"):
        return {}
    book, _ = ports.streams.load(StepBook, CATEGORY, case_id)
    return step_facts(book, document)


def step_facts(book: StepBook, document: Mapping[str, Any]) -> dict[str, Any]:
    """Every declared step as it stands."""
    return {step["id"]: _fact(book, step["id"]) for step in document.get("steps") or ()}


def plain(tree: Any) -> Any:
    """Form content as rules read it: personal values in clear, erased ones as null."""
    if isinstance(tree, Personal):
        return tree.value
    if isinstance(tree, Erased):
        return None
    if isinstance(tree, Mapping):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [plain(item) for item in tree]
    return tree


def _fact(book: StepBook, name: str) -> dict[str, Any]:
    state = book.state(name)
    last = state.last
    return {
        "stands": state.stands,
        "count": state.count,
        "first_at": state.first_at,
        "at": last.at if last else None,
        "by": last.by if last else None,
        "missed": state.missed,
        "forms": plain(last.forms) if last else {},
        "rows": [
            {"key": row.key, "at": row.at, "by": row.by, "forms": plain(row.forms)}
            for row in state.rows.values()
        ],
    }


def _facts(
    case: StepCase,
    document: Mapping[str, Any],
    moment: str,
    content: Mapping[str, Any],
    book: StepBook,
) -> dict[str, Any]:
    """What the moment of a step sees: the case, the forms handed in, the steps as if taken."""
    declared = next(item for item in document["moments"] if item["id"] == moment)
    facts = case.facts()
    held = {**facts.get("forms", {}), **content}
    forms = {name: held[name] for name in declared.get("forms") or () if name in held}
    return {**facts, "forms": forms, "steps": step_facts(book, document)}


def _declared(document: Mapping[str, Any], name: str, service: str) -> Declared:
    own = [step for step in document.get("steps") or () if step["owner"] == service]
    for step in own:
        if step["id"] == name:
            found: Declared = step
            return found
    known = ", ".join(step["id"] for step in own) or "-"
    raise InvalidInput(
        f"{document['id']} 沒有步驟「{name}」；可用：{known}",
        f"{document['id']} has no step {name} here; there are: {known}",
        field="step",
    )


def _must_be_permitted(declared: Declared, actor: Actor, case: StepCase) -> None:
    roles = set(declared["roles"]).intersection(actor.roles)
    if roles - {"applicant"} or (roles and actor.organisation in case.parties):
        return
    wanted = "、".join(declared["roles"])
    own = "，且限本案單位" if "applicant" in declared["roles"] else ""
    raise NotPermitted(
        f"「{declared['label']['zh-Hant']}」須由 {wanted} 辦理{own}",
        f"{declared['id']} is for {', '.join(declared['roles'])}"
        + (", applicants on their own case only" if own else ""),
        field="actor",
    )


def _checked(command: TakeStep, ports: Ports, digest: str, declared: Declared) -> dict[str, Any]:
    wanted = declared.get("forms") or ()
    for name in command.forms:
        if name not in wanted:
            raise InvalidInput(
                f"步驟 {declared['id']} 沒有表單 {name}；須附：{'、'.join(wanted) or '無'}",
                f"{declared['id']} takes no form {name}; it takes {', '.join(wanted) or 'none'}",
                field=f"forms/{name}",
            )
    for name in wanted:
        if name not in command.forms:
            raise InvalidInput(
                f"步驟 {declared['id']} 缺表單 {name}",
                f"{declared['id']} lacks the form {name}",
                field=f"forms/{name}",
            )
    return {name: ports.forms.checked(digest, name, command.forms[name]) for name in wanted}


def _told(declared: Declared, taken: StepRecorded, case_number: str) -> tuple[StepTaken, ...]:
    shared_with = tuple(declared.get("shared_with") or ())
    if not shared_with:
        return ()
    return (
        StepTaken(
            case_id=taken.case_id,
            case_number=case_number,
            step=taken.step,
            key=taken.key,
            number=taken.number,
            forms=taken.forms,
            taken_at=taken.taken_at,
            taken_by=taken.taken_by,
            returns=taken.returns,
            shared_with=shared_with,
        ),
    )


def _append(ports: Ports, command: NoteStep | CheckStep, events: Any, version: int) -> None:
    ports.streams.append(
        CATEGORY,
        command.case_id,
        events,
        expected_version=version,
        caused_by=command,
        case=command.case_id,
    )
