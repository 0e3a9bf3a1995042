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
from shared.programmes.shapes import MapShape

FactPath = tuple[str, ...]


class UnknownMoment(RuleError):
    """The pack has no moment of that id."""


@dataclass(frozen=True, slots=True)
class CompiledValue:
    """A value with its program; `uses` are the earlier values it reads."""

    value: Value
    program: Program
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledClause:
    """A clause with its programs; row_path is empty unless it is evaluated per row."""

    clause: Clause
    applies: Program | None
    require: Program
    row_path: FactPath
    reads: tuple[FactPath, ...]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The clauses over one list: `program` gives per row one verdict per clause."""

    row_path: FactPath
    program: Program
    clauses: tuple[CompiledClause, ...]


@dataclass(frozen=True)
class CompiledMoment:
    """What is evaluated at one moment, in order: values, then clauses."""

    id: str
    shape: MapShape
    values: tuple[CompiledValue, ...]
    clauses: tuple[CompiledClause, ...]

    @cached_property
    def refs(self) -> tuple[str, ...]:
        """Every clause of the moment, sorted: CP-TRK-02/a."""
        return tuple(sorted(compiled.clause.ref for compiled in self.clauses))

    @cached_property
    def row_groups(self) -> tuple[RowGroup, ...]:
        """Clauses over the same list together, less those that ask for the row's number."""
        lists: dict[FactPath, list[CompiledClause]] = {}
        for compiled in self.clauses:
            if compiled.row_path and ("row_number",) not in compiled.reads:
                lists.setdefault(compiled.row_path, []).append(compiled)
        return tuple(_row_group(path, tuple(clauses)) for path, clauses in lists.items())

    @cached_property
    def single(self) -> tuple[CompiledClause, ...]:
        """The clauses that are in no row group."""
        grouped = {id(compiled) for group in self.row_groups for compiled in group.clauses}
        return tuple(compiled for compiled in self.clauses if id(compiled) not in grouped)


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
                _compiled_value(self.pack.id, value)
                for value in self.pack.values
                if value.moment == moment_id
            ),
            clauses=tuple(
                _compiled_clause(self.pack.id, clause)
                for clause in self.pack.clauses
                if clause.moment == moment_id
            ),
        )


def _program(place: str, text: str) -> Program:
    try:
        return compile_expression(text)
    except ExpressionFault as fault:
        raise RuleError(f"{place}: {fault}") from fault


def _compiled_value(pack_id: str, value: Value) -> CompiledValue:
    program = _program(f"{pack_id}: {value.rule}, value {value.name}", value.expr)
    read = {path[1] for path in paths(parse(value.expr)) if path[0] == "value" and path[1:]}
    return CompiledValue(value, program, tuple(sorted(read)))


def _row_group(path: FactPath, clauses: tuple[CompiledClause, ...]) -> RowGroup:
    conditions = [(compiled.clause.applies, compiled.clause.require) for compiled in clauses]
    return RowGroup(path, compile_rows(".".join(path), conditions), clauses)


def _compiled_clause(pack_id: str, clause: Clause) -> CompiledClause:
    place = f"{pack_id}: {clause.ref}"
    applies = None if clause.applies is None else _program(place, clause.applies)
    require = _program(place, clause.require)
    read = [*paths(parse(clause.require))]
    if clause.applies is not None:
        read += paths(parse(clause.applies))
    return CompiledClause(
        clause=clause,
        applies=applies,
        require=require,
        row_path=() if clause.for_each is None else tuple(clause.for_each.split(".")),
        reads=tuple(dict.fromkeys(read)),
    )
