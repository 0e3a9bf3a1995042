"""Bad input tried on the services: what each probe expects, and what went otherwise.

A probe sends one wrong command and looks at the answer (a document in both languages that names
the field) and at the store (nothing is written). `ProbingBackend` tries them all on every command
of a story, just before its first valid use, when the case is in the very state that allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from grantcase.backend import Refused
from grantcase.embedded import Embedded
from shared.bus.command_schema import example, load_command
from shared.bus.door import do
from shared.kernel.envelope import Actor, CommandEnvelope
from shared.kernel.errors import DomainError, error_document
from shared.kernel.ids import random_id
from shared.kernel.permissions import NOT_MAKER, OWN, TABLE
from shared.kernel.streams import UnknownPack
from tests.support.embedded import difference, stored_in
from tests.support.embedded_payloads import other_contents, strange_contents

STRANGER = Actor(id="stranger", roles=("applicant",), organisation="04595257")


class Fault(AssertionError):
    """A probe was answered otherwise than it must be."""


def refused_document(embedded: Embedded, service: str, envelope: CommandEnvelope) -> Any:
    """The error document of a command that must be refused. Raises Fault for anything else."""
    try:
        answer = do(embedded.cores[service], envelope)
    except DomainError as refusal:
        return bilingual(refusal.as_dict())
    except Exception as error:
        raise Fault(f"{type(error).__name__}: {error}") from error
    raise Fault(f"it was accepted: {answer}")


def bilingual(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document, when it says what is wrong in both languages. Raises Fault."""
    texts = document.get("message", {})
    zh, en = texts.get("zh-Hant", ""), texts.get("en", "")
    if not any("\u4e00" <= sign <= "\u9fff" for sign in zh) or not any(s.isalpha() for s in en):
        raise Fault(f"not in both languages: {document}")
    if "Traceback" in str(document):
        raise Fault(f"a traceback: {document}")
    return document


class ProbingBackend:
    """A Backend over the embedded services that tries bad input around every first valid use of a
    command. `faults` maps command -> what was answered otherwise; `seen` counts the probes."""

    def __init__(self, embedded: Embedded, folder: Path):
        self._embedded = embedded
        self._folder = folder
        self.faults: dict[str, list[str]] = {}
        self.seen: dict[str, int] = {}
        self.last: dict[str, CommandEnvelope] = {}
        self.tried_aside: set[str] = set()  # never given in the story, accepted when tried
        self._known: dict[str, Any] = {}  # the newest value of every payload field

    def do(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        """One command, with its probes when it is new."""
        if envelope.name in self.seen:
            return self._given(service, envelope)
        self._probe(envelope.name, self._before(service, envelope))
        answer = self._given(service, envelope)
        self.last[envelope.name] = envelope
        self._known.update(envelope.payload)
        self._probe(envelope.name, self._after(service, envelope, answer))
        return answer

    def _given(self, service: str, envelope: CommandEnvelope) -> Mapping[str, Any]:
        """A refusal by rules leaves exactly one CommandRefused, and its answer for a retry."""
        before = stored_in(self._folder)
        try:
            return self._embedded.do(service, envelope)
        except Refused as refusal:
            added = difference(before, stored_in(self._folder))
            self._check_refusal(service, envelope, refusal.answer, added)
            raise

    def query(self, service: str, name: str, **params: Any) -> Any:
        """As the embedded services."""
        return self._embedded.query(service, name, **params)

    def advance(self, to: datetime) -> None:
        """As the embedded services."""
        self._embedded.advance(to)

    def now(self) -> datetime:
        """As the embedded services."""
        return self._embedded.now()

    def settle(self) -> None:
        """As the embedded services."""
        self._embedded.settle()

    def _probe(self, command: str, probes: Iterator[tuple[str, Any]]) -> None:
        for what, probe in probes:
            before = stored_in(self._folder)
            self.seen[command] = self.seen.get(command, 0) + 1
            try:
                probe()
            except Fault as fault:
                self.faults.setdefault(command, []).append(f"{what}: {fault}")
            if added := difference(before, stored_in(self._folder)):
                self.faults.setdefault(command, []).append(f"{what}: stored {added}")

    def _before(self, service: str, valid: CommandEnvelope) -> Iterator[tuple[str, Any]]:
        def sent(code: str, field: str | None, **changes: Any) -> Any:
            return lambda: self._must_say(service, code, field, valid, changes)

        if ("applicant", OWN) in TABLE[valid.name] and "applicant" in valid.actor.roles:
            yield "as another organisation", sent("not-permitted", "actor", actor=STRANGER)
            nobody = replace(STRANGER, organisation=None)
            yield "without an organisation", sent("not-permitted", "actor", actor=nobody)
        if any(relation == NOT_MAKER for _, relation in TABLE[valid.name]):
            maker = replace(valid.actor, id="finance.tsai")
            yield "as the maker", sent("not-permitted", "actor", actor=maker)
        version = self._version(service, valid)
        for stale in {version + 1, max(version - 1, 0)} - {version}:
            yield f"version {stale}", sent("stale-version", "expected_version", version=stale)
        for what, payload in strange_contents(valid.payload):
            strange = replace(valid, payload=payload)
            yield what, lambda strange=strange: self._dry(service, strange)

    def _must_say(
        self,
        service: str,
        code: str,
        field: str | None,
        valid: CommandEnvelope,
        changes: Mapping[str, Any],
    ) -> None:
        envelope = replace(
            valid,
            command_id=random_id(),
            payload=changes.get("payload", valid.payload),
            actor=changes.get("actor", valid.actor),
            expected_version=changes.get("version"),
        )
        document = refused_document(self._embedded, service, envelope)
        named = str(document.get("field", ""))
        if document["error"] != code:
            raise Fault(f"{document['error']} instead of {code}: {document['message']['en']}")
        if field and field not in named and field not in document.get("problems", {}):
            raise Fault(f"names {named!r} instead of {field!r}")

    def _after(
        self, service: str, valid: CommandEnvelope, answer: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        core = self._embedded.cores[service]

        def again() -> None:
            try:
                repeated = do(core, valid)
            except Exception as error:
                raise Fault(f"{type(error).__name__}: {error}") from error
            if repeated != answer:
                raise Fault(f"another answer: {repeated}")

        yield "the same id again", again
        for other in other_contents(core.commands[valid.name].command, valid):
            yield (
                "the id with other content",
                lambda other=other: self._reused(service, other),
            )
        yield "in the state after it", lambda: self._dry(service, valid)
        for name in sorted(core.commands.keys() - self.seen.keys()):
            yield f"{name} in that state", lambda name=name: self._aside(service, name, valid)

    def _reused(self, service: str, other: CommandEnvelope) -> None:
        document = refused_document(self._embedded, service, other)
        if document["error"] != "command-id-reused" or document.get("field") != "command_id":
            raise Fault(str(document))

    def _dry(self, service: str, valid: CommandEnvelope) -> None:
        """The handler again, rolled back: a refusal in words or an acceptance, no other fault."""
        dry_run(self._embedded, service, valid)

    def _aside(self, service: str, name: str, given: CommandEnvelope) -> None:
        """A command the story never gives, with the ids it knows of; once accepted, also with
        strange contents."""
        spec = self._embedded.cores[service].commands[name]
        payload = {f: self._known.get(f, value) for f, value in example(spec.command).items()}
        actor = Actor(
            id="someone-else",
            roles=tuple(role for role, _ in TABLE[name]),
            organisation=given.actor.organisation or self._owner(given),
        )
        envelope = replace(given, name=name, payload=payload, actor=actor)
        if dry_run(self._embedded, service, envelope)[:1] in ([], ["<invalid-input>"]):
            return
        if all(role == "clock" for role, _ in TABLE[name]):
            self.tried_aside.add(name)  # its contents come from a contract, not from people
            return
        for what, strange in strange_contents(payload):
            try:
                dry_run(self._embedded, service, replace(envelope, payload=strange))
            except Fault as fault:
                raise Fault(f"{what}: {fault}") from fault
        self.tried_aside.add(name)

    def _owner(self, given: CommandEnvelope) -> str | None:
        case_id = str(given.payload.get("case_id", ""))
        case = self._embedded.query("intake", "case", case=case_id)
        return case["applicant_ubn"] if case else None

    def _version(self, service: str, valid: CommandEnvelope) -> int:
        core = self._embedded.cores[service]
        spec = core.commands[valid.name]
        with core.units.begin() as unit:
            return unit.version_of(*spec.target(load_command(spec.command, valid)))

    def _check_refusal(
        self,
        service: str,
        envelope: CommandEnvelope,
        document: Mapping[str, Any],
        added: Mapping[str, int],
    ) -> None:
        expected: dict[str, int] = {}
        if document["error"] == "refused-by-rules":
            expected = {f"{service}.events": 1, f"{service}.commands": 1}
        kept = {name: n for name, n in added.items() if name.rpartition(".")[2] not in _SEALING}
        if kept != expected:
            self.faults.setdefault(envelope.name, []).append(f"a refusal stored {added}")
        try:
            bilingual(document)
        except Fault as fault:
            self.faults.setdefault(envelope.name, []).append(str(fault))


_SEALING = ("log", "log_nodes")


def dry_run(embedded: Embedded, service: str, envelope: CommandEnvelope) -> list[str]:
    """The types of the events a command would append, or its refusal's code in angle brackets;
    nothing is stored. Raises Fault for a fault of ours."""
    core = embedded.cores[service]
    spec = core.commands[envelope.name]
    try:
        command = load_command(spec.command, replace(envelope, command_id=random_id()))
        with core.units.begin() as unit:
            spec.handler(command, core.bind(unit))
            return [recorded.type for recorded in unit.recorded]
    except (DomainError, UnknownPack) as refusal:
        return [f"<{bilingual(error_document(refusal))['error']}>"]
    except Exception as error:
        raise Fault(f"{type(error).__name__}: {error}") from error
