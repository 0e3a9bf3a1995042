"""A pack made ready to run: programs and shapes per moment, compiled once per digest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shared.kernel.errors import RuleError
from shared.programmes.cel_adapter import (
    ExpressionFault,
    Program,
    compile_expression,
    compile_rows,
)
from shared.programmes.expression import parse, paths
from shared.programmes.facts import check_facts, moment_shape, parameter_shape
from shared.programmes.pack import Clause, Pack, Value
from shared.programmes.shapes import ListShape, MapShape, Shape

FactPath = tuple[str, ...]


class UnknownMoment(RuleError):
    """The pack has no moment of that id."""


@dataclass(frozen=True, slots=True)
class CompiledClause:
    """A clause with its programs; `rows` answers for all rows of a for_each at once."""

    clause: Clause
    applies: Program | None
    require: Program
    rows: Program | None
    row_path: FactPath
    reads: tuple[FactPath, ...]


@dataclass(frozen=True)
class CompiledMoment:
    """What is evaluated at one moment, in order: values, then clauses."""

    id: str
    shape: MapShape
    values: tuple[tuple[Value, Program], ...]
    clauses: tuple[CompiledClause, ...]

    @cached_property
    def refs(self) -> tuple[str, ...]:
        """Every clause of the moment, sorted: CP-TRK-02/a."""
        return tuple(sorted(compiled.clause.ref for compiled in self.clauses))


class CompiledPack:
    """Moments compiled on first use. Raises RuleError when an expression does not compile."""

    def __init__(self, pack: Pack):
        self.pack = pack
        self.parameters = parameter_shape(pack)
        self.parameter_values = check_facts(self.parameters, pack.parameters, complete=True)
        self._moments: dict[str, CompiledMoment] = {}

    def moment(self, moment_id: str) -> CompiledMoment:
        """The compiled moment. Raises UnknownMoment."""
        if moment_id not in self._moments:
            if moment_id not in self.pack.moments:
                raise UnknownMoment(f"{self.pack.id} has no moment {moment_id}")
            self._moments[moment_id] = self._compile(moment_id)
        return self._moments[moment_id]

    def _compile(self, moment_id: str) -> CompiledMoment:
        return CompiledMoment(
            id=moment_id,
            shape=moment_shape(self.pack, self.pack.moments[moment_id]),
            values=tuple(
                (value, _program(f"{self.pack.id}: {value.rule}, value {value.name}", value.expr))
                for value in self.pack.values
                if value.moment == moment_id
            ),
            clauses=tuple(
                _compiled_clause(self.pack.id, clause)
                for clause in self.pack.clauses
                if clause.moment == moment_id
            ),
        )


def row_shape(shape: Shape | None) -> Shape | None:
    """The shape of a row of a list; None when it is no list."""
    return shape.item if isinstance(shape, ListShape) else None


def _program(place: str, text: str) -> Program:
    try:
        return compile_expression(text)
    except ExpressionFault as fault:
        raise RuleError(f"{place}: {fault}") from fault


def _compiled_clause(pack_id: str, clause: Clause) -> CompiledClause:
    place = f"{pack_id}: {clause.ref}"
    applies = None if clause.applies is None else _program(place, clause.applies)
    require = _program(place, clause.require)
    read = [*paths(parse(clause.require))]
    if clause.applies is not None:
        read += paths(parse(clause.applies))
    rows = None
    if clause.for_each is not None and ("row_number",) not in read:
        rows = compile_rows(clause.for_each, clause.applies, clause.require)
    return CompiledClause(
        clause=clause,
        applies=applies,
        require=require,
        rows=rows,
        row_path=() if clause.for_each is None else tuple(clause.for_each.split(".")),
        reads=tuple(dict.fromkeys(read)),
    )
