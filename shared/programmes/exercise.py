"""Run every expression of a pack: on its moment's example, with each optional field empty, and on
facts varied at random (from a fixed seed).

Run as a child process (`python -m shared.programmes.exercise`), because an expression can bring the
CEL package down: the pack's document and calls come as JSON on stdin; one JSON line per pointer
begun and per failure goes to stdout, so that the parent knows what a crash was about. (Over 200
lines: what one child process runs.)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from random import Random
from typing import Any

from shared.kernel.canonical import digest_of
from shared.kernel.errors import RuleError
from shared.programmes.cel_adapter import ExpressionFault, Session, compile_expression
from shared.programmes.compiled import (
    CompiledClause,
    CompiledMoment,
    CompiledPack,
    CompiledValue,
    FactPath,
)
from shared.programmes.examples import call_example, example_facts, form_example
from shared.programmes.expression import parse, paths
from shared.programmes.facts import call_values, check_facts
from shared.programmes.pack import Pack
from shared.programmes.variants import shuffled, variants

AMOUNTS_TWD = (0, 1, 99, 100, 999_999, 1_234_567)
ROUNDS = 80
ANYTHING: FactPath = ("*",)
"""Stands for facts varied at random."""
Report = Callable[..., None]


class Exerciser:
    """One moment of one pack."""

    def __init__(self, compiled: CompiledPack, moment: CompiledMoment, report: Report):
        self.compiled = compiled
        self.moment = moment
        self.report = report
        self.written = example_facts(compiled.pack, moment.id)
        self.example = check_facts(moment.shape, self.written, complete=True)
        self.values: dict[str, Any] = {}
        self.failed: set[str] = set()

    def run(self) -> None:
        """The example first, then every variant; only what reads the varied field runs again."""
        for compiled in self.moment.values:
            self.report(at=compiled.value.pointer)
        for clause in self.moment.clauses:
            self.report(at=clause.clause.pointer)
        self._evaluate(self.example, None)
        for path, facts in variants(self.moment.shape, self.example):
            self._evaluate(facts, path)
        random = Random(self.moment.id)
        for _ in range(ROUNDS):
            facts = shuffled(self.moment.shape, self.written, random)
            self._evaluate(check_facts(self.moment.shape, facts, complete=True), ANYTHING)

    def _evaluate(self, facts: Mapping[str, Any], varied: FactPath | None) -> None:
        values, clauses = self._affected(varied)
        if not values and not clauses:
            return
        names = dict(self.values)
        session = Session({**facts, "param": self.compiled.parameter_values})
        session.bind("value", names)
        for value in values:

            def compute(value: CompiledValue = value) -> None:
                names[value.value.name] = session.evaluate(value.program)

            told = paths(parse(value.value.expr))
            self._try(
                f"{value.value.pointer}/expr", varied, compute, told, {**facts, "value": names}
            )
        if varied is None:
            self.values = dict(names)
        for clause in clauses:
            self._clause(session, clause, {**facts, "value": names}, varied)

    def _affected(
        self, varied: FactPath | None
    ) -> tuple[list[CompiledValue], list[CompiledClause]]:
        if varied in (None, ANYTHING):
            return list(self.moment.values), list(self.moment.clauses)
        changed, values = {varied}, []
        for compiled in self.moment.values:
            if _touched(set(paths(parse(compiled.value.expr))), changed):
                changed.add(("value", compiled.value.name))
                values.append(compiled)
        return values, [c for c in self.moment.clauses if _touched(_reads(c), changed)]

    def _clause(
        self, session: Session, compiled: CompiledClause, facts: Any, varied: FactPath | None
    ) -> None:
        rows: Any = [None]
        if compiled.row_path:
            rows = facts
            for step in compiled.row_path:
                rows = rows[step]

        def whole() -> None:
            if compiled.applies is None or session.truth(compiled.applies):
                session.truth(compiled.require)

        for number, row in enumerate(rows[:2], start=1):
            session.bind("row", row)
            session.bind("row_number", number)
            seen = {**facts, "row": row}
            self._try(f"{compiled.clause.pointer}/require", varied, whole, compiled.reads, seen)

    def _try(
        self,
        pointer: str,
        varied: FactPath | None,
        run: Callable[[], None],
        reads: Iterable[FactPath],
        facts: Mapping[str, Any],
    ) -> None:
        if varied == ANYTHING and pointer in self.failed:
            return
        try:
            run()
        except ExpressionFault as fault:
            self.failed.add(pointer)
            line: dict[str, Any] = {"fault": pointer, "empty": None, "reason": str(fault)}
            if varied == ANYTHING:
                line["seen"] = ", ".join(_seen(path, facts) for path in reads)
            elif varied is not None:
                line["empty"] = "/" + "/".join(varied)
            self.report(**line)


def _seen(path: FactPath, facts: Mapping[str, Any]) -> str:
    value: Any = facts
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    text = str(value)
    return f"{'.'.join(path)} = {text if len(text) <= 40 else text[:40] + '…'}"


def _reads(compiled: CompiledClause) -> set[FactPath]:
    full = {
        (*compiled.row_path, *path[1:]) if path[0] == "row" else path for path in compiled.reads
    }
    return full | ({compiled.row_path} if compiled.row_path else set())


def _touched(reads: set[FactPath], changed: set[FactPath]) -> bool:
    return any(_overlap(read, path) for read in reads for path in changed)


def _overlap(read: FactPath, path: FactPath) -> bool:
    names = tuple(step for step in path if not step.isdigit())
    shared = min(len(read), len(names))
    return read[:shared] == names[:shared]


def exercise(pack: Pack, report: Report) -> None:
    """Every moment, every instalment amount; reports as keyword arguments."""
    compiled = CompiledPack(pack)
    for index, moment_id in enumerate(pack.moments):
        try:
            Exerciser(compiled, compiled.moment(moment_id), report).run()
        except RuleError as error:
            report(fault=f"/moments/{index}", empty=None, reason=str(error))
    _instalments(compiled, report)
    _days(compiled, report)


CASE_DAYS: Mapping[str, str] = {
    "announced_on": "2023-04-06",
    "signed_on": "2023-04-20",
    "enrolled_on": "2023-04-20",
    "execution_start": "2023-04-06",
    "execution_end": "2023-11-30",
}
"""What `case` holds where a due day is worked out; here with invented days."""


def _days(compiled: CompiledPack, report: Report) -> None:
    """The due days of signing, checkpoints and steps, on the first call and the forms' examples;
    that of a step may be null."""
    document = compiled.pack.document
    names = {
        "call": call_values(compiled.pack, call_example(compiled.pack)),
        "case": dict(CASE_DAYS),
        "plan": {name: form_example(form) for name, form in compiled.pack.forms.items()},
        "param": compiled.parameter_values,
    }
    found = [("/signing/due", (document.get("signing") or {}).get("due"))]
    found += [
        (f"/checkpoints/{index}/due_on", checkpoint.get("due_on"))
        for index, checkpoint in enumerate(document.get("checkpoints") or ())
    ]
    found += [
        (f"/steps/{index}/due", step.get("due"))
        for index, step in enumerate(document.get("steps") or ())
        if not step.get("due", "").count("case.")  # its case is that of its service
    ]
    for pointer, expression in found:
        if expression is None:
            continue
        report(at=pointer)
        try:
            day = Session(names).evaluate(compile_expression(expression))
            if day is not None or not pointer.startswith("/steps"):
                date.fromisoformat(day)
        except (ExpressionFault, TypeError, ValueError) as fault:
            report(fault=pointer, empty=None, reason=f"no date: {fault}")


def _instalments(compiled: CompiledPack, report: Report) -> None:
    instalments = compiled.pack.document.get("instalments") or []
    for amount in AMOUNTS_TWD if instalments else ():
        previous = 0
        for index, instalment in enumerate(instalments):
            pointer = f"/instalments/{index}/amount"
            report(at=pointer)
            names = {
                "contract": {"amount_twd": amount},
                "previous_twd": previous,
                "param": compiled.parameter_values,
            }
            try:
                part = Session(names).evaluate(compile_expression(instalment["amount"]))
            except ExpressionFault as fault:
                report(fault=pointer, empty=None, reason=str(fault))
                return
            if type(part) is not int or part < 0:
                report(fault=pointer, empty=None, reason=f"gives {part} of NT${amount}")
                return
            previous += part
        if previous != amount:
            reason = f"the instalments of NT${amount} sum to NT${previous}"
            report(fault="/instalments", empty=None, reason=reason)
            return


def main() -> None:
    """The child process."""
    given = json.load(sys.stdin)

    def report(**line: Any) -> None:
        print(json.dumps(line, ensure_ascii=False), flush="at" in line)

    document = given["document"]
    exercise(Pack(document, digest_of(document), tuple(given["calls"])), report)
    report(done=True)


if __name__ == "__main__":
    main()
