"""Every expression and every message of a pack, checked at rest against the shapes of its facts.

Works on a pack that has passed its schema and its references; yields (pointer, zh-Hant, English).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.programmes.expression import SyntaxFault, parse
from shared.programmes.expression_types import Typed, type_of
from shared.programmes.facts import call_shape, moment_shape, parameter_shape
from shared.programmes.messages import FORMATS, LANGUAGES, placeholders
from shared.programmes.pack import Clause, Pack
from shared.programmes.references import Found
from shared.programmes.shapes import (
    ListShape,
    MapShape,
    Scalar,
    Shape,
    at_path,
    is_personal,
)
from shared.programmes.type_families import ANY, INT, family

_DATE = Scalar("date", nullable=True)
_CASE_DATES = {
    name: _DATE for name in ("announced_on", "signed_on", "enrolled_on", "closed_on", "ends_on")
}


def expression_faults(pack: Pack) -> Iterator[Found]:
    """Faults of expressions and messages, moment by moment, then of the other sections."""
    for moment in pack.moments.values():
        yield from _Moment(pack, moment).faults()
    param = parameter_shape(pack)
    names: dict[str, Shape] = {
        "contract": MapShape({"amount_twd": Scalar("money")}),
        "previous_twd": Scalar("money"),
        "param": param,
    }
    for index, instalment in enumerate(pack.document.get("instalments") or ()):
        path = f"/instalments/{index}/amount"
        yield from typed_faults(instalment["amount"], names, path, "number")
    names = {"call": call_shape(pack), "param": param, "case": MapShape(_CASE_DATES)}
    for index, obligation in enumerate(pack.document.get("obligations") or ()):
        wanted = ("number",) if obligation["every"] == "month" else ("text", "instant")
        yield from typed_faults(obligation["due"], names, f"/obligations/{index}/due", *wanted)


def typed_faults(
    text: str, names: Mapping[str, Shape], path: str, *families: str
) -> Iterator[Found]:
    """Faults of one expression; `families` says what it must give."""
    typed, found = typed_expression(text, names, path)
    yield from found
    if not found and family(typed.shape) not in (*families, "any"):
        gives = f"gives {family(typed.shape)}, not {' or '.join(families)}"
        yield path, f"結果型別不符：{gives}", gives


def typed_expression(text: str, names: Mapping[str, Shape], path: str) -> tuple[Typed, list[Found]]:
    """The type of an expression and its faults."""
    try:
        typed = type_of(parse(text), names)
    except SyntaxFault as fault:
        place = f"（第 {fault.offset + 1} 字）", f" (character {fault.offset + 1})"
        return Typed(), [(path, fault.zh + place[0], str(fault) + place[1])]
    return typed, [
        (
            path,
            f"{fault.zh}（第 {fault.offset + 1} 字）",
            f"{fault.en} (character {fault.offset + 1})",
        )
        for fault in typed.faults
    ]


class _Moment:
    """The values and clauses of one moment, in the order in which they are evaluated."""

    def __init__(self, pack: Pack, moment: Mapping[str, Any]):
        self.pack = pack
        self.moment = moment
        self.values: dict[str, Shape] = {}
        self.names: dict[str, Shape] = {
            **moment_shape(pack, moment).fields,
            "param": parameter_shape(pack),
            "value": MapShape(self.values),
        }

    def faults(self) -> Iterator[Found]:
        for value in self.pack.values:
            if value.moment == self.moment["id"]:
                path = f"{value.pointer}/expr"
                typed, found = typed_expression(value.expr, self.names, path)
                yield from found
                if typed.personal and family(typed.shape) not in ("bool", "number"):
                    yield self._leak(path, typed.personal[0])
                self.values[value.name] = typed.shape
        for clause in self.pack.clauses:
            if clause.moment == self.moment["id"]:
                yield from self._clause(clause)

    def _clause(self, clause: Clause) -> Iterator[Found]:
        names, row = self.names, None
        if clause.for_each is not None:
            typed, found = typed_expression(clause.for_each, names, f"{clause.pointer}/for_each")
            yield from found
            if not isinstance(typed.shape, ListShape):
                if not found:
                    path = f"{clause.pointer}/for_each"
                    yield path, "for_each 應為清單", "for_each is not a list"
                return
            row = typed.shape.item
            names = {**names, "row": row, "row_number": INT}
        for key, text in (("applies", clause.applies), ("require", clause.require)):
            if text is not None:
                yield from self._condition(clause, text, names, f"{clause.pointer}/{key}")
        yield from self._subject(clause, row)
        yield from self._messages(clause, names)

    def _condition(
        self, clause: Clause, text: str, names: Mapping[str, Shape], path: str
    ) -> Iterator[Found]:
        yield from typed_faults(text, names, path, "bool")
        typed, _ = typed_expression(text, names, path)
        owners = {self.moment["owner"], clause.owner} - {"all", "intake"}
        if typed.personal and owners:
            name = typed.personal[0]
            yield (
                path,
                f"{name} 為個資，只有 intake 的條款可讀取",
                f"{name} is personal: only clauses of intake may read it",
            )

    def _subject(self, clause: Clause, row: Shape | None) -> Iterator[Found]:
        steps = [step for step in clause.subject.replace(".", "/").split("/") if step]
        path = f"{clause.pointer}/subject"
        if row is not None:
            start = row
        elif not clause.subject:
            return
        elif not clause.subject.startswith("/"):
            yield path, "subject 應為 JSON pointer", "the subject is a JSON pointer (/forms/F19)"
            return
        else:
            start = MapShape(self.names)
        if at_path(start, steps) is None:
            yield path, f"沒有 {clause.subject}", f"there is no {clause.subject}"

    def _messages(self, clause: Clause, names: Mapping[str, Shape]) -> Iterator[Found]:
        for language in LANGUAGES:
            here = f"{clause.pointer}/message/{language}"
            for path, form in placeholders(clause.message[language]):
                shown = at_path(MapShape(dict(names)), path)
                name = ".".join(path)
                if shown is None and not _through_any(names, path):
                    yield here, f"訊息中沒有 {name}", f"{{{name}}} names no fact"
                elif is_personal(shown):
                    yield self._leak(here, name)
                elif form is not None and (form not in FORMATS or family(shown or ANY) not in _NUM):
                    yield here, f"格式 {form} 不適用", f"the format {form} does not fit {name}"

    def _leak(self, path: str, name: str) -> Found:
        return (
            path,
            f"{name} 為個資，不得寫入訊息或計算值",
            f"{name} is personal: neither messages nor values may carry it",
        )


_NUM = ("number", "any")


def _through_any(names: Mapping[str, Shape], path: tuple[str, ...]) -> bool:
    """True when the path leads through a value whose type is not known."""
    heads = (at_path(MapShape(dict(names)), path[:length]) for length in range(1, len(path)))
    return any(head is not None and family(head) == "any" for head in heads)
