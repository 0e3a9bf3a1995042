"""A paper as DOCX by python-docx: real headings, tables, page fields; editable by an office.

The same paper gives the same bytes: the package is zipped anew without the time of writing.
(Longer than a page: one function per block.)
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Mm, Pt

from grantcase.papers import model
from grantcase.papers.charts import WIDTH_IN, drawn
from grantcase.papers.equipment import SERIF, must_be_complete
from grantcase.papers.word_tables import (
    paragraph_of,
    set_run,
    write_fields,
    write_proof,
    write_signature,
    write_table,
)
from grantcase.papers.wording import ordinal

LATIN, CHINESE = "Times New Roman", SERIF
_EPOCH = (1980, 1, 1, 0, 0, 0)


def word(paper: model.Paper) -> bytes:
    """The document. Raises NotEquipped (its charts need the fonts)."""
    must_be_complete()
    document = docx.Document()
    _set_up(document, paper)
    _head(document, paper)
    for block in paper.blocks:
        if isinstance(block, model.Signature):  # a letter names its copies above who signs
            for label, text in paper.copies:
                paragraph_of(document, f"{label}：{text}", size=10)
        _WRITE[type(block)](document, block)
    held = io.BytesIO()
    document.save(held)
    return _zipped_anew(held.getvalue())


def _set_up(document: Any, paper: model.Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(25)
    if paper.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    for name, size in (("Normal", 11), ("Heading 1", 14), ("Heading 2", 12), ("Title", 18)):
        _font(document.styles[name], size, strong=name != "Normal")
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    document.styles["Normal"].paragraph_format.line_spacing = 1
    _font(document.styles.add_style("Table Text", WD_STYLE_TYPE.PARAGRAPH), 10)
    _properties(document.core_properties, paper)
    _running(section, paper)


def _font(style: Any, size: int, *, strong: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = LATIN, Pt(size), strong
    style.font.color.rgb = docx.shared.RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:ascii"), LATIN)
    fonts.set(qn("w:hAnsi"), LATIN)
    fonts.set(qn("w:eastAsia"), CHINESE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-TW")  # another font than ours is then chosen for Taiwan
    style.element.get_or_add_rPr().append(language)


def _properties(properties: Any, paper: model.Paper) -> None:
    properties.title = f"{paper.title} {paper.case_number}".strip()
    properties.author = properties.last_modified_by = paper.issuer
    properties.subject, properties.comments, properties.language = paper.programme, "", "zh-TW"
    properties.created = properties.modified = datetime(*_EPOCH)  # noqa: DTZ001 the package's own form


def _running(section: Any, paper: model.Paper) -> None:
    """Programme and case number above, page of pages below."""
    top = section.header.paragraphs[0]
    reference = f"案號 {paper.case_number}" if paper.case_number else ""
    top.style = section.footer.paragraphs[0].style = "Normal"  # theirs have tab stops of their own
    width = section.page_width - section.left_margin - section.right_margin
    top.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    top.add_run(f"{paper.programme}\t{reference}").font.size = Pt(9)
    below = section.footer.paragraphs[0]
    below.alignment = ALIGN.CENTER
    for text, code in (("第 ", "PAGE"), (" 頁，共 ", "NUMPAGES"), (" 頁", "")):
        below.add_run(text).font.size = Pt(9)
        if code:
            _page_field(below.add_run(), code)


def _page_field(run: Any, code: str) -> None:
    run.font.size = Pt(9)
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            text = OxmlElement("w:instrText")
            text.text = code
            run._r.append(text)
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)


def _head(document: Any, paper: model.Paper) -> None:
    if paper.style == "letter":
        title = document.add_paragraph()
        set_run(title, f"{paper.issuer}　{paper.title}", size=20)
        title.alignment = ALIGN.CENTER
        for line in paper.contact:
            paragraph_of(document, line, size=10).paragraph_format.left_indent = Mm(88)
    else:
        issuer = paragraph_of(document, paper.issuer, size=14)
        title = document.add_paragraph()
        set_run(title, paper.title, size=18, strong=True)
        issuer.alignment = title.alignment = ALIGN.CENTER
    if paper.addressee:
        paragraph_of(
            document, f"受文者：{paper.addressee}", size=14 if paper.style == "letter" else 12
        )
    for text in _dated(paper):
        paragraph_of(document, text, size=10)


def _dated(paper: model.Paper) -> Iterator[str]:
    letter = paper.style == "letter"
    yield f"{'發文日期' if letter else paper.date_label}：{paper.date}"
    if paper.number:
        yield f"{'發文字號' if letter else '文件編號'}：{paper.number}"
    for label, text in paper.head:
        yield f"{label}：{text}"


def _write_heading(document: Any, block: model.Heading) -> None:
    document.add_heading(block.text, block.level).paragraph_format.space_before = Pt(12)


def _write_paragraph(document: Any, block: model.Paragraph) -> None:
    small = 10 if block.style == "small" else None
    text = f"{block.marker}{block.text}"
    paragraph = paragraph_of(document, text, size=small, strong=block.style == "strong")
    if block.style == "plain":
        paragraph.paragraph_format.first_line_indent = Pt(22)
    if block.style == "item":
        _hang(paragraph, 22)
    if block.style == "center":
        paragraph.alignment = ALIGN.CENTER


def _write_clauses(document: Any, block: model.Clauses) -> None:
    if len(block.texts) == 1:
        paragraph = paragraph_of(document, f"{block.label}：{block.texts[0]}", size=13)
        _hang(paragraph, 39)
        return
    paragraph_of(document, f"{block.label}：", size=13)
    for number, text in enumerate(block.texts, 1):
        _hang(paragraph_of(document, f"{ordinal(number)}、{text}", size=13), 26, 26)


def _hang(paragraph: Any, by: int, left: int = 0) -> None:
    paragraph.paragraph_format.left_indent = Pt(left + by)
    paragraph.paragraph_format.first_line_indent = Pt(-by)


def _write_figure(document: Any, block: model.Figure) -> None:
    document.add_picture(io.BytesIO(drawn(block.chart, "png")), width=Inches(WIDTH_IN))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    paragraph_of(document, block.caption, size=10).alignment = ALIGN.CENTER


def _write_break(document: Any, block: model.PageBreak) -> None:
    document.add_page_break()


_WRITE: Mapping[type, Callable[[Any, Any], None]] = {
    model.Heading: _write_heading,
    model.Paragraph: _write_paragraph,
    model.Clauses: _write_clauses,
    model.FieldTable: write_fields,
    model.Table: write_table,
    model.Figure: _write_figure,
    model.Signature: write_signature,
    model.Proof: write_proof,
    model.PageBreak: _write_break,
}


def _zipped_anew(package: bytes) -> bytes:
    """The same files in the same order, none with a time of its own."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return held.getvalue()
