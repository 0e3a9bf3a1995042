"""CEL behind one adapter: the only module that imports `cel`.

What the package does and what is done about it: its errors name neither clause nor row (the caller
adds them); own functions that raise print and lose their cause (they are wrapped: the first fault
is kept and the expression fails, also where CEL would have swallowed it); every change of a Context
rebuilds it (facts go in once; names that change are resolved on demand).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import cel

from shared.programmes.expression import SyntaxFault, parse
from shared.programmes.functions import FUNCTIONS

Program = cel.Program


class ExpressionFault(Exception):
    """An expression that cannot be compiled or evaluated; the text says why, not where."""


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Program:
    """Compile once; the same text gives the same program. Raises ExpressionFault."""
    try:
        parse(text)
        return cel.compile(text)
    except SyntaxFault as fault:
        raise ExpressionFault(str(fault)) from fault
    except ValueError as fault:
        raise ExpressionFault(" ".join(str(fault).split())) from fault


def compile_rows(rows: str, clauses: Sequence[tuple[str | None, str]]) -> Program:
    """One program that answers for every row of a list and every (applies, require): 1 holds,
    0 does not, 2 does not apply. One walk over the rows: each step of it copies the row."""
    verdicts = []
    for applies, require in clauses:
        verdict = f"(({require}) ? 1 : 0)"
        verdicts.append(verdict if applies is None else f"(({applies}) ? {verdict} : 2)")
    return cel.compile(f"{rows}.map(row, [{', '.join(verdicts)}])")


class Session:
    """One evaluation: one shared Context over the facts, plus names bound as it goes on."""

    def __init__(self, facts: Mapping[str, Any]):
        self._bound: dict[str, Any] = {}
        self._fault: Exception | None = None
        self._context = cel.Context()
        self._context.update(dict(facts))
        self._context.update({name: self._guarded(f.call) for name, f in FUNCTIONS.items()})
        self._context.set_variable_resolver(self._bound.get)

    def bind(self, name: str, value: Any) -> None:
        """Give a name a value for the next evaluations; cheap, unlike a change of the facts."""
        self._bound[name] = value

    def settle(self, name: str) -> None:
        """Move a bound name into the facts: it will not change any more and is read often."""
        self._context.add_variable(name, self._bound.pop(name))

    def evaluate(self, program: Program) -> Any:
        """The result as str, int, bool, None, datetime, list or dict. Raises ExpressionFault."""
        self._fault = None
        try:
            result = program.execute(self._context)
        except (TypeError, ValueError, LookupError, RuntimeError, ArithmeticError) as error:
            raise ExpressionFault(self._reason(error)) from error
        if self._fault is not None:
            raise ExpressionFault(self._reason(self._fault)) from self._fault
        return plain(result)

    def truth(self, program: Program) -> bool:
        """As evaluate, for an expression that must be true or false."""
        result = self.evaluate(program)
        if type(result) is not bool:
            raise ExpressionFault(f"gives {type(result).__name__}, not true or false")
        return result

    def _guarded(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: Any) -> Any:
            try:
                result = call(*arguments)
                # the package takes fixed offsets only, no zoneinfo
                return result.astimezone(UTC) if isinstance(result, datetime) else result
            except Exception as error:  # noqa: BLE001  CEL would print it and lose its cause
                self._fault = self._fault or FunctionFault(call.__name__, error)
                return None

        return guarded

    def _reason(self, error: Exception) -> str:
        if self._fault is not None:
            error = self._fault
        if isinstance(error, KeyError):
            return f"there is no {error.args[0]}"
        return " ".join(str(error).split())[:300]


class FunctionFault(Exception):
    """One of our own functions refused its arguments."""

    def __init__(self, name: str, cause: Exception):
        super().__init__(f"{name}(): {type(cause).__name__}: {cause}")


def plain(result: Any) -> Any:
    """A CEL result as our values; raises ExpressionFault for a double or an unknown type."""
    if result is None or isinstance(result, str | bool) or type(result) is int:
        return result
    if isinstance(result, datetime):
        return result if result.tzinfo else result.replace(tzinfo=UTC)
    if isinstance(result, list | tuple):
        return [plain(item) for item in result]
    if isinstance(result, dict):
        return {str(key): plain(item) for key, item in result.items()}
    raise ExpressionFault(f"gives a {type(result).__name__}, which a pack may not use")
