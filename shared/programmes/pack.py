"""A programme pack: the parsed document as plain JSON, its digest, typed access to its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from shared.kernel.canonical import digest_of
from shared.programmes.pack_folder import read_folder
from shared.programmes.reading import UnreadablePack


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause of a rule, as written; `pointer` is its place in the document."""

    rule: str
    id: str
    moment: str
    severity: str
    require: str
    source: str
    message: Mapping[str, str]
    pointer: str
    owner: str = ""
    blocks: str = "command"
    applies: str | None = None
    for_each: str | None = None
    subject: str = ""
    role: str | None = None
    evidence: Mapping[str, str] | None = None
    audience: str = "applicant"

    @property
    def ref(self) -> str:
        """CP-TRK-02/a."""
        return f"{self.rule}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A computed value of a moment; later expressions of the moment see `value.NAME`."""

    rule: str
    name: str
    moment: str
    expr: str
    pointer: str


@dataclass(frozen=True)
class Pack:
    """One version of a programme. Two packs with the same document have the same digest."""

    document: Mapping[str, Any]
    digest: str
    calls: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Pack:
        """A pack as PackPublished carried it."""
        return cls(document, digest_of(document))

    @property
    def id(self) -> str:
        """coprosperity-112."""
        return str(self.document["id"])

    @property
    def version(self) -> int:
        """1, 2, ..."""
        return int(self.document["version"])

    @cached_property
    def moments(self) -> Mapping[str, Mapping[str, Any]]:
        """Moment id -> moment, in file order."""
        return {moment["id"]: moment for moment in self.document.get("moments", ())}

    @cached_property
    def forms(self) -> Mapping[str, Mapping[str, Any]]:
        """Form id -> form."""
        forms: Mapping[str, Mapping[str, Any]] = self.document.get("forms", {})
        return forms

    @cached_property
    def rules(self) -> Mapping[str, Mapping[str, Any]]:
        """Rule id -> rule, in file order."""
        return {rule["id"]: rule for rule in self.document.get("rules", ())}

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """Parameter name -> value: `param` in expressions; with the township groups as a table."""
        values = {name: p["value"] for name, p in self.document.get("parameters", {}).items()}
        groups = self.document.get("township_groups")
        return values if groups is None else {**values, "township_groups": groups}

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in file order; one of several moments once for each."""
        return tuple(
            _clause(rule, {**clause, "moment": moment}, f"/rules/{i}/clauses/{j}")
            for i, rule in enumerate(self.document.get("rules", ()))
            for j, clause in enumerate(rule.get("clauses") or ())
            for moment in moments_of(clause)
        )

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every value, in file order; one of several moments once for each."""
        return tuple(
            Value(
                rule=rule["id"],
                pointer=f"/rules/{i}/values/{j}",
                **{**value, "moment": moment},
            )
            for i, rule in enumerate(self.document.get("rules", ()))
            for j, value in enumerate(rule.get("values") or ())
            for moment in moments_of(value)
        )

    @cached_property
    def steps(self) -> Mapping[str, Mapping[str, Any]]:
        """Step id -> step, in file order."""
        return {step["id"]: step for step in self.document.get("steps", ())}


def moments_of(written: Mapping[str, Any]) -> tuple[str, ...]:
    """The moments of a written clause or value: one, or a list."""
    moment = written["moment"]
    return (moment,) if isinstance(moment, str) else tuple(moment)


def load_pack(folder: Path) -> Pack:
    """Read a pack from its folder. Raises UnreadablePack (with places) when it cannot be read;
    that it is also right is what `validation.validate` checks."""
    read = read_folder(folder)
    if read.faults:
        raise UnreadablePack(read.faults)
    return Pack(read.document, digest_of(read.document), tuple(read.calls))


def _clause(rule: Mapping[str, Any], clause: Mapping[str, Any], path: str) -> Clause:
    return Clause(
        rule=rule["id"], source=rule["source"], owner=rule["owner"], pointer=path, **clause
    )
