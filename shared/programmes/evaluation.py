"""Evaluate the clauses of a moment: the Rules port over CEL (architecture.md 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.kernel.canonical import digest_of
from shared.kernel.decisions import Evaluation, Finding
from shared.kernel.errors import NotOfProgramme, RefusedByRules, RuleError
from shared.kernel.streams import Packs
from shared.programmes.cel_adapter import ExpressionFault, Session, compile_expression
from shared.programmes.compiled import CompiledClause, CompiledMoment, CompiledPack, RowGroup
from shared.programmes.facts import call_values, canonical_facts, check_facts
from shared.programmes.finding_text import FindingWriter
from shared.programmes.pack import Pack

_KEPT = 16  # packs held compiled
COMMON_LINE = frozenset(
    {"open-review", "panel", "meeting", "attendance", "ranking", "announce", "call", "draft"}
)
"""Acts that every case goes through: where a programme asks nothing there, nothing speaks."""


class ClauseFailure(RuleError):
    """A clause or value that could not be evaluated: our fault, the command fails.

    Names programme, digest, rule, clause (or value), and the row where there is one.
    """

    def __init__(self, pack: Pack, moment: str, what: str, reason: str, row: int | None = None):
        where = f"{what}, row {row}" if row is not None else what
        super().__init__(f"rule-error: {pack.id} ({pack.digest[:12]}), {moment}: {where}: {reason}")
        self.what = what
        self.row = row
        self.reason = reason


class PackRules:
    """The Rules port: packs by digest from a Packs port, compiled once each."""

    def __init__(self, packs: Packs, compiled: dict[str, CompiledPack] | None = None):
        """`compiled` is a cache that outlives this object: packs by digest never change."""
        self._packs = packs
        self._compiled = {} if compiled is None else compiled

    def evaluate(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """All clauses of the moment; absent form fields are filled in from the form.

        Raises NotOfProgramme for a moment that the pack lacks (but COMMON_LINE), and rule errors.
        """
        compiled = self.compiled(digest)
        if moment not in compiled.pack.moments:
            if moment in COMMON_LINE:
                return _silence(compiled, moment)
            raise NotOfProgramme(compiled.pack.id, moment)
        return evaluate(compiled, moment, facts)

    def enforce(self, digest: str, moment: str, facts: Mapping[str, Any]) -> Evaluation:
        """As evaluate, but raises RefusedByRules when a finding blocks the command."""
        evaluation = self.evaluate(digest, moment, facts)
        if evaluation.blocking():
            raise RefusedByRules(evaluation)
        return evaluation

    def compute(self, digest: str, expression: str, variables: Mapping[str, Any]) -> Any:
        """One expression of the pack outside a moment (an instalment's amount, an obligation's
        due date) over the given names and `param`. Raises RuleError."""
        compiled = self.compiled(digest)
        names = {**variables, "param": compiled.parameter_values}
        if "call" in names:
            names["call"] = call_values(compiled.pack, names["call"])
        try:
            return Session(names).evaluate(compile_expression(expression))
        except ExpressionFault as fault:
            raise ClauseFailure(compiled.pack, "-", expression, str(fault)) from fault

    def compiled(self, digest: str) -> CompiledPack:
        """The pack of that digest, compiled. Raises UnknownPack."""
        if digest not in self._compiled:
            if len(self._compiled) >= _KEPT:
                self._compiled.pop(next(iter(self._compiled)))
            self._compiled[digest] = CompiledPack(Pack(self._packs.document(digest), digest))
        return self._compiled[digest]


def evaluate(
    compiled: CompiledPack, moment_id: str, facts: Mapping[str, Any], *, complete: bool = False
) -> Evaluation:
    """All clauses of a moment. With `complete` every key must be in the facts (`rules check`)."""
    moment = compiled.moment(moment_id)
    checked = check_facts(moment.shape, facts, complete=complete)
    canonical = canonical_facts(checked)
    run = _Run(compiled, moment, checked)
    values = run.values()
    found = list(run.findings())
    return Evaluation(
        programme=compiled.pack.id,
        digest=compiled.pack.digest,
        moment=moment_id,
        facts_digest=digest_of(canonical),
        findings=tuple(finding for _, finding in sorted(found, key=lambda pair: pair[0])),
        values=canonical_facts(values),
        clauses=moment.refs,
    )


def _silence(compiled: CompiledPack, moment: str) -> Evaluation:
    """Nothing was asked, on no facts."""
    return Evaluation(
        programme=compiled.pack.id,
        digest=compiled.pack.digest,
        moment=moment,
        facts_digest=digest_of({}),
        findings=(),
        values={},
    )


SortKey = tuple[str, str, int, str]


class _Run:
    """One evaluation of one moment."""

    def __init__(self, compiled: CompiledPack, moment: CompiledMoment, facts: dict[str, Any]):
        self.pack = compiled.pack
        self.moment = moment
        self.names: dict[str, Any] = {**facts, "param": compiled.parameter_values, "value": {}}
        self.session = Session({key: self.names[key] for key in self.names if key != "value"})
        self.session.bind("value", self.names["value"])
        self.writer = FindingWriter(compiled, moment, self.names)

    def values(self) -> dict[str, Any]:
        """Compute the values in file order; later ones see earlier ones."""
        values: dict[str, Any] = self.names["value"]
        for compiled in self.moment.values:
            value = compiled.value
            # only what it reads: a resolved name is converted each time it is met
            self.session.bind(
                "value", {name: values[name] for name in compiled.uses if name in values}
            )
            try:
                values[value.name] = self.session.evaluate(compiled.program)
            except ExpressionFault as fault:
                raise self._failure(f"{value.rule}, value {value.name}", fault) from fault
        self.session.bind("value", values)
        self.session.settle("value")
        return values

    def findings(self) -> Iterator[tuple[SortKey, Finding]]:
        """What the clauses have to say, each with its place in the order of findings."""
        for compiled in self.moment.single:
            if compiled.row_path:
                for index in self._failing_rows(compiled):
                    yield self._written(compiled, index)
            elif not self._holds(compiled, None):
                yield self._written(compiled, None)
        for group in self.moment.row_groups:
            for compiled, index in self._failing(group):
                yield self._written(compiled, index)

    def _failing(self, group: RowGroup) -> list[tuple[CompiledClause, int]]:
        try:
            rows = self.session.evaluate(group.program)
        except ExpressionFault:  # once more, clause by clause and row by row, to name what fails
            return [(c, i) for c in group.clauses for i in self._failing_rows(c)]
        return [
            (compiled, index)
            for index, verdicts in enumerate(rows)
            for compiled, verdict in zip(group.clauses, verdicts, strict=True)
            if verdict == 0
        ]

    def _failing_rows(self, compiled: CompiledClause) -> list[int]:
        rows = self.names
        for step in compiled.row_path:
            rows = rows[step]
        return [i for i, row in enumerate(rows) if not self._row_holds(compiled, i, row)]

    def _row_holds(self, compiled: CompiledClause, index: int, row: Any) -> bool:
        self.session.bind("row", row)
        self.session.bind("row_number", index + 1)
        return self._holds(compiled, index + 1)

    def _holds(self, compiled: CompiledClause, row: int | None) -> bool:
        try:
            if compiled.applies is not None and not self.session.truth(compiled.applies):
                return True
            return self.session.truth(compiled.require)
        except ExpressionFault as fault:
            raise self._failure(compiled.clause.ref, fault, row) from fault

    def _written(self, compiled: CompiledClause, index: int | None) -> tuple[SortKey, Finding]:
        finding = self.writer.finding(compiled, index)
        row = -1 if index is None else index
        return (finding.rule, finding.clause, row, finding.subject["path"]), finding

    def _failure(self, what: str, fault: ExpressionFault, row: int | None = None) -> ClauseFailure:
        return ClauseFailure(self.pack, self.moment.id, what, str(fault), row)
