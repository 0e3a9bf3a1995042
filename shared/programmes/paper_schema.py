"""Schemas of a pack's section `papers`: what a programme writes (docs/reference/papers.md).

A paper may leave out what the default paper of its id says, so only its label must be there. What a
block holds is checked by its kind; that its texts can be filled shows when the paper is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.programmes.expression import parse
from shared.programmes.schema_fields import FIELD, KEBAB, Strict, named, nested, text, words
from shared.programmes.syntax_nodes import SyntaxFault

KINDS: Mapping[str, tuple[str, ...]] = {
    "heading": ("level",),
    "paragraph": ("style", "marker"),
    "clauses": ("texts",),
    "proof": ("fields",),
    "fields": ("columns",),
    "table": ("columns", "caption", "total", "empty", "note", "small"),
    "gantt": ("columns", "column", "label", "bar_note", "marks", "caption"),
    "curve": ("column", "series", "unit", "axis", "caption"),
    "shares": ("label", "value", "caption"),
    "panels": (
        "columns",
        "column",
        "title",
        "subtitle",
        "values",
        "axis",
        "threshold",
        "threshold_name",
        "caption",
    ),
    "each": ("blocks",),
    "signature": (),
    "page": (),
}
"""Kind of block, named by its key -> what else it may say (`when` is allowed everywhere)."""

_EXPRESSIONS = ("when", "table", "gantt", "curve", "shares", "panels", "each", "proof", "marks")


class Need(Strict):
    """An event that must have happened: one of `event`, with these fields."""

    event = fields.Raw(required=True)
    where = fields.Dict(keys=fields.String(validate=FIELD))
    unless = words(required=False)


class Paper(Strict):
    """One kind of paper."""

    label = words()
    per = text(validate.OneOf(("case", "call")), required=False)
    needs = nested(Need, required=False, many=True)
    about = nested(Need, required=False)
    style = text(validate.OneOf(("letter", "form", "report")), required=False)
    landscape = fields.Boolean()
    title = text(required=False)
    issuer = text(required=False)
    addressee = text(required=False)
    number = text(required=False)
    reference = text(required=False)
    date = text(required=False)
    date_label = text(required=False)
    proof = text(required=False)
    head = fields.List(fields.List(fields.String(), validate=validate.Length(equal=2)))
    copies = fields.List(fields.List(fields.String(), validate=validate.Length(equal=2)))
    blocks = fields.List(fields.Dict(keys=fields.String()))

    @validates_schema
    def _known_blocks(self, data: Mapping[str, Any], **_: Any) -> None:
        faults = block_faults(data.get("blocks") or [])
        if faults:
            raise ValidationError({"blocks": faults})


class PaperHead(Strict):
    """What stands on every letter: who issues it, lines of contact, who signs."""

    issuer = text(required=False)
    contact = fields.List(fields.String())
    signatory = text(required=False)


def block_faults(blocks: list[Mapping[str, Any]]) -> dict[int, Any]:
    """Number of a block -> what is wrong with it."""
    faults: dict[int, Any] = {}
    for number, block in enumerate(blocks):
        if found := _faults(block):
            faults[number] = found
    return faults


def _faults(block: Mapping[str, Any]) -> dict[str, Any]:
    kind = next((name for name in KINDS if name in block), None)
    if kind is None:
        return {"_schema": [f"Unknown field: no kind of block among {', '.join(block)}"]}
    allowed = {kind, "when", *KINDS[kind]}
    faults: dict[str, Any] = {key: ["Unknown field."] for key in block if key not in allowed}
    for key in (*_EXPRESSIONS, *(("columns",) if kind in ("gantt", "panels") else ())):
        if key in block and key not in faults and (fault := _expression_fault(block[key])):
            faults[key] = [fault]
    if kind == "each" and (inner := block_faults(block.get("blocks") or [])):
        faults["blocks"] = inner
    return faults


def _expression_fault(written: Any) -> str | None:
    if not isinstance(written, str):
        return "Not a valid expression."
    try:
        parse(written)
    except SyntaxFault as fault:
        return f"Not a valid expression: {fault}"
    return None


papers = named(nested(Paper), keys=KEBAB, required=False)
paper_words = fields.Dict(keys=fields.String(), values=fields.String())
paper_head = nested(PaperHead, required=False)
