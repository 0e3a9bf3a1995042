"""Tables of a DOCX paper, and the paragraph they share with the rest of it."""

from __future__ import annotations

from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from grantcase.papers import model
from grantcase.papers.wording import FORMATS

_ALIGN = {
    model.LEFT: ALIGN.LEFT,
    model.CENTER: ALIGN.CENTER,
    model.RIGHT: ALIGN.RIGHT,
    model.CODE: ALIGN.LEFT,
}


def paragraph_of(document: Any, text: str, *, size: int | None = None, strong: bool = False) -> Any:
    paragraph = document.add_paragraph()
    set_run(paragraph, text, size=size, strong=strong)
    return paragraph


def set_run(paragraph: Any, text: str, *, size: int | None = None, strong: bool = False) -> None:
    run = paragraph.add_run(text)
    run.bold = strong or None
    if size:
        run.font.size = Pt(size)


def write_fields(document: Any, block: model.FieldTable) -> None:
    lines = [
        block.rows[start : start + block.columns]
        for start in range(0, len(block.rows), block.columns)
    ]
    shares = (18, 32) * 2 if block.columns == 2 else (24, 76)
    table = _grid(document, len(lines), shares)
    for cells, line in zip(table.rows, lines, strict=True):
        for place, (label, text) in enumerate(line):
            _cell(cells.cells[2 * place], label, fill="EEF1F4")
            _cell(cells.cells[2 * place + 1], text)
        if len(line) < block.columns:
            cells.cells[1].merge(cells.cells[-1])
    _gap(document)


def write_table(document: Any, block: model.Table) -> None:
    if block.caption:
        caption = paragraph_of(document, block.caption, strong=True)
        caption.paragraph_format.keep_with_next = True
    size = 8 if block.small else 10
    rows = [*block.rows, *([block.total] if block.total else [])]
    table = _grid(document, 1 + max(len(rows), 1), [column.width for column in block.columns])
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _cell(cell, column.label, size=size, fill="E4E9EE", strong=True, align=model.CENTER)
    _repeat(table.rows[0])
    for line, texts in zip(table.rows[1:], rows, strict=False):
        strong = bool(block.total) and texts is rows[-1]
        _whole(line)
        for cell, text, column in zip(line.cells, texts, block.columns, strict=True):
            _cell(cell, text, size=size, align=column.align, strong=strong)
    if not rows:
        line = table.rows[1].cells
        _cell(line[0].merge(line[-1]), block.empty, align=model.CENTER)
    if block.note:
        paragraph_of(document, block.note, size=9)
    _gap(document)


def _grid(document: Any, lines: int, shares: Any) -> Any:
    section = document.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    table = document.add_table(rows=lines, cols=len(shares), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(shares)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = width * share // whole
    widths = [width * share // whole for share in shares]
    for row in table._tbl.tr_lst:  # row.cells is slow on long tables
        for cell, own in zip(row.tc_lst, widths, strict=True):
            cell.width = own
    return table


def _cell(
    cell: Any,
    text: str,
    *,
    size: int = 10,
    fill: str = "",
    strong: bool = False,
    align: str = model.LEFT,
) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Table Text"
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    set_run(paragraph, text, size=size, strong=strong)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    if fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), fill)
        cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    """The row is shown again on every page of its table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _gap(document: Any) -> None:
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def write_signature(document: Any, block: model.Signature) -> None:
    if len(block.places) == 1:
        paragraph = paragraph_of(document, "　".join(filter(None, block.places[0])), size=16)
        paragraph.paragraph_format.space_before = Pt(36)
        return
    lines = block.lines()
    table = _grid(document, 2 * len(lines), [1] * len(lines[0]))
    for number, line in enumerate(lines):
        for place, (who, name) in enumerate(line):
            _cell(table.cell(2 * number, place), who, fill="EEF1F4", align=model.CENTER)
            _cell(table.cell(2 * number + 1, place), name, align=model.CENTER)
        table.rows[2 * number + 1].height = Mm(17)
    for row in table.rows:
        _whole(row)
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    _gap(document)


def write_proof(document: Any, block: model.Proof) -> None:
    digest = FORMATS["digest"]
    path = "\n".join(f"{n}. {digest(step)}" for n, step in enumerate(block.path, 1))
    write_fields(document, model.FieldTable((*block.rows, ("證明路徑", path))))
