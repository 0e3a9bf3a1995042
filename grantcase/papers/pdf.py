"""A paper as PDF: HTML by Jinja2 (page.html, page.css), set by WeasyPrint.

The same paper gives the same bytes: no clock, no random identifier.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import jinja2
from markupsafe import Markup, escape
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

from grantcase.papers import model
from grantcase.papers.charts import drawn
from grantcase.papers.equipment import must_be_complete
from grantcase.papers.wording import FORMATS, ordinal

_CODE = re.compile(r"\b[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+\b")
"""Rule ids and case numbers: never broken at their hyphens."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Attached files carry no time of their own."""

_HERE = Path(__file__).parent


def pdf(paper: model.Paper) -> bytes:
    """The document. Raises NotEquipped."""
    must_be_complete()
    fonts = FontConfiguration()
    document = HTML(string=html(paper), base_url=str(_HERE))
    style = CSS(string=(_HERE / "page.css").read_text("utf-8"), font_config=fonts)
    written: bytes = document.write_pdf(
        stylesheets=[style],
        font_config=fonts,
        attachments=_attachments(paper.blocks),
        pdf_identifier=hashlib.sha256(repr(paper).encode()).digest()[:16],
    )
    return written


def html(paper: model.Paper) -> str:
    """The page before it is set."""
    return _environment().get_template("page.html").render(paper=paper)


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        lines=_lines,
        shares=_shares,
        image=_image,
        ordinal=ordinal,
        digest=FORMATS["digest"],
        signed=model.Signature.lines,
    )
    return made


def _lines(text: str) -> Markup:
    lines = "<br>".join(str(escape(line)) for line in str(text).split("\n"))
    return Markup(_CODE.sub(r'<span class="whole-code">\g<0></span>', lines))


def _shares(columns: Sequence[model.Column]) -> list[str]:
    whole = sum(column.width for column in columns)
    return [
        f"{column.width * 1000 // whole // 10}.{column.width * 1000 // whole % 10}%"
        for column in columns
    ]


def _image(chart: model.Chart) -> Markup:
    code = base64.b64encode(drawn(chart, "svg")).decode()
    return Markup('<img src="data:image/svg+xml;base64,{}">').format(code)


def _attachments(blocks: Sequence[model.Block]) -> list[Attachment]:
    return [
        Attachment(
            string=block.document,
            name=block.file_name,
            description="收據 receipt",
            created=_EPOCH,
            modified=_EPOCH,
        )
        for block in blocks
        if isinstance(block, model.Proof) and block.document
    ]
