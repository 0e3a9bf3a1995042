"""Findings, values and decisions: all that domain and application see of the rule engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One clause that spoke: architecture.md 5, `rules check` prints this shape."""

    rule: str
    clause: str
    severity: str  # block | warn | manual | info
    blocks: str  # command | claim | signing | closing | counting (only when severity is block)
    message: Mapping[str, str]  # zh-Hant, en
    source: str
    subject: Mapping[str, Any]  # {"path": "/forms/F19/3/employees", "row": 4, "ubn": "..."}
    facts: tuple[Mapping[str, Any], ...] = ()  # ({"path", "value"}, ...) that the clause read
    audience: str = "applicant"  # or "officers": then never shown to the applicant
    role: str | None = None  # manual only: the system role that decides
    evidence: Mapping[str, str] | None = None  # manual only: what is to be looked at

    def as_dict(self) -> dict[str, Any]:
        """The wire shape; audience, role and evidence only where they say something."""
        extra: dict[str, Any] = {"role": self.role} if self.role else {}
        if self.evidence:
            extra["evidence"] = dict(self.evidence)
        if self.audience != "applicant":
            extra["audience"] = self.audience
        return {
            "rule": self.rule,
            "clause": self.clause,
            "severity": self.severity,
            "blocks": self.blocks,
            "message": dict(self.message),
            "source": self.source,
            "subject": dict(self.subject),
            "facts": [dict(fact) for fact in self.facts],
            **extra,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The outcome of all clauses of one moment: findings sorted by rule, clause, path."""

    programme: str
    digest: str
    moment: str
    facts_digest: str
    findings: tuple[Finding, ...]
    values: Mapping[str, Any]
    clauses: tuple[str, ...] = ()  # every clause that was evaluated, "CP-TRK-02/a"

    def blocking(self, blocks: str = "command") -> tuple[Finding, ...]:
        """Findings of severity block that refuse the given thing."""
        return tuple(f for f in self.findings if f.severity == "block" and f.blocks == blocks)

    def of(self, severity: str) -> tuple[Finding, ...]:
        """Findings of one severity."""
        return tuple(f for f in self.findings if f.severity == severity)

    def decision(self, *rules: str, note: str | None = None) -> Decision:
        """What an event records of this evaluation. `rules` names further rules that decided
        (workflow guards); the clauses that spoke are always there."""
        return Decision(
            programme=self.programme,
            digest=self.digest,
            moment=self.moment,
            facts_digest=self.facts_digest,
            rules=rules,
            findings=self.findings,
            values=self.values,
            clauses=self.clauses,
            note=note,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Recorded in the metadata of the event a decision produced, so that it can be explained."""

    programme: str
    digest: str
    moment: str | None
    facts_digest: str | None = None
    rules: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    values: Mapping[str, Any] | None = None
    clauses: tuple[str, ...] = ()
    note: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The stored shape; also `decided_by` of public events (see summary)."""
        return {
            "programme": self.programme,
            "pack_digest": self.digest,
            "moment": self.moment,
            "facts_digest": self.facts_digest,
            "rules": list(self.rules),
            "findings": [finding.as_dict() for finding in self.findings],
            "values": dict(self.values or {}),
            "clauses": list(self.clauses),
            "note": self.note,
        }
