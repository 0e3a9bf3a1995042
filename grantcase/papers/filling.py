"""A template and facts become a paper: placeholders are filled, CEL chooses rows and conditions.

`{path|format}` in a text is the value at a dotted path of the facts (a number is a place in a
list), in the words of wording.FORMATS; in a table the row is `row`, in a repeated part its element
is `each`.
(Longer than a page: the blocks of one template language.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from grantcase.papers import model
from grantcase.papers.errors import FaultyTemplate
from grantcase.papers.templates import Template, default_words
from grantcase.papers.wording import worded
from shared.programmes.cel_adapter import ExpressionFault, Session, compile_expression

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w-]*(?:\.[\w-]+)*)(?:\|([a-z]+))?\}")
PANELS_PER_FIGURE = 15
DENSE = 7
"""Tables of more columns than this are set smaller."""


def filled(kind: str, template: Template, facts: Mapping[str, Any]) -> model.Paper:
    """The paper. Raises FaultyTemplate naming the block that cannot be filled."""
    fill = Filler(kind, facts)
    head = facts["head"]
    return model.Paper(
        kind=kind,
        style=template.get("style", "report"),
        title=fill.text(template["title"]),
        issuer=fill.text(template.get("issuer") or head.get("issuer", "{pack.name}")),
        addressee=fill.text(template.get("addressee", "")),
        number=fill.text(template.get("number", "")),
        date=fill.text(template.get("date", "{today|fulldate}")),
        date_label=template.get("date_label", "製表日期"),
        head=tuple((label, fill.text(text)) for label, text in template.get("head", ())),
        contact=tuple(fill.text(line) for line in head.get("contact", ())),
        blocks=tuple(fill.blocks(template["blocks"], f"{kind}/blocks")),
        case_number=fill.text(template.get("reference", "{case.number}")),
        programme=fill.text("{pack.name}"),
        landscape=bool(template.get("landscape", False)),
        copies=tuple((label, fill.text(text)) for label, text in template.get("copies", ())),
    )


class Filler:
    """One filling: the facts, one CEL session over them, and what is bound at the moment."""

    def __init__(self, kind: str, facts: Mapping[str, Any]):
        self._facts = facts
        self._words = {**default_words(), **facts.get("words", {})}
        self._session = Session(facts)
        self._bound: dict[str, Any] = {}
        self._where = kind

    def blocks(self, written: Sequence[Mapping[str, Any]], where: str) -> Iterator[model.Block]:
        """The blocks whose `when` holds, in order."""
        for number, block in enumerate(written):
            self._where = f"{where}/{number}"
            if "when" in block and self.expression(block["when"]) is not True:
                continue
            name = next((key for key in _BLOCKS if key in block), None)
            if name is None:
                raise FaultyTemplate(self._where, f"no block: {', '.join(block)}")
            yield from _BLOCKS[name](self, block, f"{where}/{number}")

    def text(self, template: str, row: Any = None) -> str:
        """The template with its values."""

        def replacement(match: re.Match[str]) -> str:
            try:
                return worded(self._at(match[1], row), match[2], self._words)
            except (KeyError, ValueError, TypeError) as error:
                raise FaultyTemplate(self._where, f"{match[0]}: {error}") from error

        return _PLACEHOLDER.sub(replacement, template)

    def expression(self, text: str) -> Any:
        """What a CEL expression gives over the facts."""
        try:
            return self._session.evaluate(compile_expression(text))
        except ExpressionFault as fault:
            raise FaultyTemplate(self._where, f"{text}: {fault}") from fault

    def rows(self, text: str) -> list[Any]:
        """What a CEL expression gives, as rows; nothing gives none."""
        found = self.expression(text)
        if found is None:
            return []
        return found if isinstance(found, list) else [found]

    def each(self, row: Any) -> None:
        """Bind the element of a repeated part."""
        self._bound["each"] = row
        self._session.bind("each", row)

    def _at(self, path: str, row: Any) -> Any:
        first, *rest = path.split(".")
        here = row if first == "row" else self._bound.get(first, self._facts.get(first))
        for name in rest:
            if isinstance(here, Mapping):
                here = here.get(name)
            elif isinstance(here, list) and name.isdigit():
                here = here[int(name)] if int(name) < len(here) else None
            else:
                return None
        return here


Block = Mapping[str, Any]
Blocks = Iterator[model.Block]


def _heading(fill: Filler, block: Block, where: str) -> Blocks:
    yield model.Heading(fill.text(block["heading"]), block.get("level", 1))


def _paragraph(fill: Filler, block: Block, where: str) -> Blocks:
    yield model.Paragraph(
        fill.text(block["paragraph"]), block.get("style", "plain"), block.get("marker", "")
    )


def _clauses(fill: Filler, block: Block, where: str) -> Blocks:
    texts = []
    for written in block["texts"]:
        when, text = (
            (None, written) if isinstance(written, str) else (written["when"], written["text"])
        )
        if when is None or fill.expression(when) is True:
            texts.append(fill.text(text))
    yield model.Clauses(fill.text(block["clauses"]), tuple(texts))


def _fields(fill: Filler, block: Block, where: str) -> Blocks:
    rows = tuple((label, fill.text(text)) for label, text in block["fields"])
    yield model.FieldTable(rows, block.get("columns", 1))


def _table(fill: Filler, block: Block, where: str) -> Blocks:
    columns = block["columns"]
    rows = [
        tuple(fill.text(column["text"], row) for column in columns)
        for row in fill.rows(block["table"])
    ]
    yield model.Table(
        columns=tuple(
            model.Column(c["label"], c.get("width", 10), c.get("align", model.LEFT))
            for c in columns
        ),
        rows=tuple(rows),
        caption=fill.text(block.get("caption", "")),
        total=tuple(fill.text(text) for text in block.get("total", ())) if rows else (),
        empty=block.get("empty", "（無）"),
        note=fill.text(block.get("note", "")),
        small=bool(block.get("small")) or len(columns) > DENSE,
    )


def _gantt(fill: Filler, block: Block, where: str) -> Blocks:
    columns = fill.rows(block["columns"])
    place = {column: index for index, column in enumerate(columns)}
    bars = tuple(
        model.Bar(
            fill.text(block["label"], row),
            place[row["start"]],
            place[row["end"]],
            fill.text(block.get("bar_note", ""), row),
        )
        for row in fill.rows(block["gantt"])
        if row["start"] in place and row["end"] in place
    )
    marks = tuple(
        (place[row["at"]], fill.text("{row.name}", row))
        for row in fill.rows(block.get("marks", "[]"))
        if row["at"] in place
    )
    names = tuple(fill.text(block["column"], column) for column in columns)
    if bars:
        yield model.Figure(model.Gantt(names, bars, marks), fill.text(block.get("caption", "")))


def _curve(fill: Filler, block: Block, where: str) -> Blocks:
    rows = fill.rows(block["curve"])
    series = tuple(
        model.Series(one["name"], tuple(row.get(one["value"]) for row in rows))
        for one in block["series"]
    )
    names = tuple(fill.text(block["column"], row) for row in rows)
    if rows:
        chart = model.Curve(names, series, block.get("unit", "%"), block.get("axis", ""))
        yield model.Figure(chart, fill.text(block.get("caption", "")))


def _shares(fill: Filler, block: Block, where: str) -> Blocks:
    rows = tuple(
        (fill.text(block["label"], row), row[block["value"]])
        for row in fill.rows(block["shares"])
        if row.get(block["value"]) is not None
    )
    if rows:
        yield model.Figure(model.Shares(rows), fill.text(block.get("caption", "")))


def _panels(fill: Filler, block: Block, where: str) -> Blocks:
    columns = tuple(fill.text(block["column"], column) for column in fill.rows(block["columns"]))
    panels = [
        model.Panel(
            fill.text(block["title"], row),
            fill.text(block.get("subtitle", ""), row),
            tuple(row[block["values"]]),
        )
        for row in fill.rows(block["panels"])
    ]
    threshold = fill.expression(block["threshold"]) if "threshold" in block else None
    for start in range(0, len(panels) if columns else 0, PANELS_PER_FIGURE):
        part = tuple(panels[start : start + PANELS_PER_FIGURE])
        chart = model.Panels(
            columns,
            part,
            block.get("axis", ""),
            threshold,
            fill.text(block.get("threshold_name", "")),
        )
        shown = f"（{start + 1}－{start + len(part)}／{len(panels)}）"
        yield model.Figure(chart, fill.text(block.get("caption", "")) + shown)


def _each(fill: Filler, block: Block, where: str) -> Blocks:
    for row in fill.rows(block["each"]):
        fill.each(row)
        yield from fill.blocks(block["blocks"], f"{where}/blocks")


def _signature(fill: Filler, block: Block, where: str) -> Blocks:
    yield model.Signature(
        tuple((fill.text(who), fill.text(name)) for who, name in block["signature"])
    )


def _proof(fill: Filler, block: Block, where: str) -> Blocks:
    proof = fill.expression(block["proof"])
    yield model.Proof(
        tuple((label, fill.text(text, proof)) for label, text in block["fields"]),
        tuple(f"{step}" for step in proof["path"]),
        proof["document"],
        proof["file_name"],
    )


def _page(fill: Filler, block: Block, where: str) -> Blocks:
    yield model.PageBreak()


_BLOCKS: Mapping[str, Callable[[Filler, Block, str], Blocks]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "clauses": _clauses,
    "table": _table,
    "gantt": _gantt,
    "curve": _curve,
    "shares": _shares,
    "panels": _panels,
    "each": _each,
    "signature": _signature,
    "proof": _proof,
    "page": _page,
    "fields": _fields,
}
