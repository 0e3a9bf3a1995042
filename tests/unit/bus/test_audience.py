"""Who reads which findings: one rule for answers, refusals and their repetitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.bus.desk import Desk
from shared.bus.door import do
from shared.bus.envelope_text import to_json
from shared.bus.service_core import ServiceCore
from shared.kernel.audience import for_everyone
from shared.kernel.clock import SimulatedClock
from shared.kernel.decisions import Evaluation, Finding
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.errors import DomainError, RefusedByRules
from tests.unit.bus.conftest import NOON, OFFICER, Pair, case_id, envelope, with_handler

APPLICANT = Actor(id="wu", roles=("screening_officer", "applicant"))
"""The pair knows no command of applicants; who is one among other things reads as one."""


def finding(rule: str, severity: str, audience: str = "applicant", **changes: Any) -> Finding:
    given: dict[str, Any] = {
        "rule": rule,
        "clause": "a",
        "severity": severity,
        "blocks": "command",
        "message": {"zh-Hant": f"{rule} 說明", "en": f"{rule} says"},
        "source": "section 1",
        "subject": {"path": "/forms/F19/3/ubn"},
        "facts": ({"path": "/forms/F19/3/ubn", "value": "12345676"},),
        "audience": audience,
    }
    return Finding(**{**given, **changes})


LATE = finding("XX-01", "block")
SHARED_SHOP = finding("XX-02", "warn", "officers")
ON_A_LIST = finding("XX-00", "block", "officers")


def evaluation(*findings: Finding) -> Evaluation:
    return Evaluation(
        programme="x", digest="d", moment="m", facts_digest="f", findings=findings, values={}
    )


def refusing(services: Pair, *findings: Finding, blocks: str = "command") -> ServiceCore:
    def handler(command: Any, ports: Any) -> None:
        raise RefusedByRules(evaluation(*findings), blocks)

    return with_handler(services.intake, "CloseScreening", handler)


def answering(services: Pair, *findings: Finding) -> ServiceCore:
    def handler(command: Any, ports: Any) -> dict[str, Any]:
        return {"findings": [one.as_dict() for one in findings]}

    return with_handler(services.intake, "CloseScreening", handler)


def told(core: ServiceCore, given: CommandEnvelope) -> dict[str, Any]:
    """The answer or error document at the embedded door; over RPC it is the same."""
    try:
        document = dict(do(core, given))
    except DomainError as refusal:
        document = refusal.as_dict()
    reply = Desk(core, SimulatedClock(NOON)).do(to_json(given, simulated=True), NOON)
    assert reply == (document if "error" in document else {"answer": document})
    return document


def rules(document: dict[str, Any]) -> list[str]:
    return [one["rule"] for one in document["findings"]]


@pytest.mark.parametrize(("actor", "seen"), [(OFFICER, ["XX-01", "XX-02"]), (APPLICANT, ["XX-01"])])
def test_a_refusal_shows_officers_all_and_applicants_their_own(
    services: Pair, actor: Actor, seen: list[str]
) -> None:
    document = told(refusing(services, LATE, SHARED_SHOP), envelope("a", actor=actor))
    assert rules(document) == seen
    assert ("XX-02" in repr(document)) == (actor is OFFICER)
    assert (document["error"], document["rule"]) == ("refused-by-rules", "XX-01")


@pytest.mark.parametrize(("actor", "seen"), [(OFFICER, ["XX-02", "XX-03"]), (APPLICANT, ["XX-03"])])
def test_an_accepted_command_does_so_too(services: Pair, actor: Actor, seen: list[str]) -> None:
    core = answering(services, SHARED_SHOP, finding("XX-03", "warn"))
    assert rules(told(core, envelope("a", actor=actor))) == seen


def test_a_repeated_command_id_is_answered_by_who_asks_now(services: Pair) -> None:
    """The id and content are the same; what its sender may read has changed meanwhile."""
    core = refusing(services, LATE, SHARED_SHOP)
    first = envelope("a", actor=APPLICANT)
    assert rules(told(core, first)) == rules(told(core, first)) == ["XX-01"]
    assert rules(told(core, replace(first, actor=OFFICER))) == ["XX-01", "XX-02"]
    accepted = answering(services, SHARED_SHOP)
    second = envelope("b", actor=OFFICER)
    assert rules(told(accepted, second)) == ["XX-02"]
    assert rules(told(accepted, replace(second, actor=APPLICANT))) == []


def test_what_blocks_is_never_hidden_without_a_word(services: Pair) -> None:
    core = refusing(services, ON_A_LIST, SHARED_SHOP)
    document = told(core, envelope("a", actor=APPLICANT))
    assert "XX-" not in repr(document)
    assert "12345676" not in repr(document)
    assert "rule" not in document
    assert "only officers may read" in document["message"]["en"]
    assert "僅供承辦人員" in document["message"]["zh-Hant"]
    assert [(one["severity"], one["blocks"]) for one in document["findings"]] == [
        ("block", "command")
    ]
    assert told(core, envelope("b"))["message"]["en"] == "XX-00 says"


def test_beside_a_hidden_reason_the_open_ones_are_told_in_full(services: Pair) -> None:
    core = refusing(services, ON_A_LIST, LATE, *(finding(f"XX-1{n}", "block") for n in range(9)))
    document = told(core, envelope("a", actor=APPLICANT))
    assert document["rule"] == "XX-01"
    assert document["message"]["en"].startswith("a condition that only officers may read")
    assert "XX-01 says" in document["message"]["en"]
    assert "XX-00" not in repr(document)


def test_the_message_is_about_what_is_refused(services: Pair) -> None:
    closing = finding("XX-05", "block", blocks="closing")
    core = refusing(services, LATE, SHARED_SHOP, closing, blocks="closing")
    document = told(core, envelope("a", actor=APPLICANT))
    assert (document["blocks"], document["message"]["en"]) == ("closing", "XX-05 says")


def test_the_stored_refusal_keeps_everything(services: Pair) -> None:
    told(refusing(services, ON_A_LIST, SHARED_SHOP), envelope("a", actor=APPLICANT))
    (recorded,) = services.intake.units.reader.history("screening", case_id("a"))
    assert recorded.event.rules == ("XX-00",)
    assert recorded.event.message["en"] == "XX-00 says"
    stored = recorded.metadata.decision["findings"]
    assert [one["rule"] for one in stored] == ["XX-00", "XX-02"]


def test_a_refusal_whose_reader_is_not_known_tells_what_is_for_everyone() -> None:
    refusal = RefusedByRules(evaluation(LATE, SHARED_SHOP))
    assert rules(refusal.as_dict()) == ["XX-01"]
    assert rules(refusal.in_full()) == ["XX-01", "XX-02"]


@pytest.mark.parametrize("answer", [{}, {"findings": []}, {"error": "busy", "message": {}}])
def test_an_answer_without_such_findings_is_left_as_it_is(answer: dict[str, Any]) -> None:
    assert for_everyone(answer) == answer
