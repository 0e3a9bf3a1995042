"""`grantcase case|call papers|paper`: the documents the system writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from grantcase.cli.opening import Against, Store, backend, console, fail
from grantcase.papers.model import Paper

call_app = typer.Typer(help="徵案之文件 papers of a call", no_args_is_help=True)

FORMATS = ("pdf", "docx")

Case = Annotated[str, typer.Argument(help="案號 case number, such as CP112-0001")]
Call = Annotated[str, typer.Argument(help="徵案代號 code of the call, such as 112-1")]
Kind = Annotated[str, typer.Argument(help="文件種類 kind, as `papers` lists them")]
Format = Annotated[str, typer.Option("--format", help="pdf 或 docx pdf or docx")]
Out = Annotated[Path, typer.Option("--out", help="寫入之檔案 file to write")]
AsOf = Annotated[
    str | None,
    typer.Option(help="當日結束時的事實 what was true at the end of that day, YYYY-MM-DD"),
]
Item = Annotated[
    int | None, typer.Option(help="第幾件（預設最近一件） which of several, from 1; the newest")
]


def case_papers(
    case: Case, as_of: AsOf = None, against: Against = "embedded", store: Store = None
) -> None:
    """The papers that can be written of a case, and why the others cannot yet."""
    from grantcase.papers.desk import offers

    with backend(against, store) as services:
        _listed(offers(services, case, _day(as_of)))


def case_paper(
    case: Case,
    kind: Kind,
    out: Out,
    form: Format = "pdf",
    item: Item = None,
    as_of: AsOf = None,
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Write one paper of a case as PDF or DOCX."""
    from grantcase.papers.desk import case_paper as written

    _must_be_a_format(form)
    with backend(against, store) as services:
        _write(written(services, case, kind, item=item, as_of=_day(as_of)), form, out)


@call_app.command("papers")
def call_papers(call: Call, against: Against = "embedded", store: Store = None) -> None:
    """The papers that can be written of a call."""
    from grantcase.papers.desk import call_offers

    with backend(against, store) as services:
        _listed(call_offers(services, call))


@call_app.command("paper")
def call_paper(
    call: Call,
    kind: Kind,
    out: Out,
    form: Format = "pdf",
    as_of: AsOf = None,
    against: Against = "embedded",
    store: Store = None,
) -> None:
    """Write one paper of a call as PDF or DOCX."""
    from grantcase.papers.desk import call_paper as written

    _must_be_a_format(form)
    with backend(against, store) as services:
        _write(written(services, call, kind, as_of=_day(as_of)), form, out)


def _listed(offers: Sequence[object]) -> None:
    from grantcase.papers.desk import Offer

    for offer in offers:
        assert isinstance(offer, Offer)
        label = f"{offer.label['zh-Hant']} {offer.label['en']}"
        if offer.missing is None:
            many = f"（{offer.items} 件，--item 1–{offer.items}）" if offer.items > 1 else ""
            console.print(f"✓ {offer.kind:<22} {label}{many}", markup=False, soft_wrap=True)
        else:
            zh, en = offer.missing
            console.print(f"– {offer.kind:<22} {label}", markup=False, soft_wrap=True)
            console.print(f"    {zh} {en}", markup=False, soft_wrap=True)


def _write(paper: Paper, form: str, out: Path) -> None:
    if form == "pdf":
        from grantcase.papers.pdf import pdf as made
    else:
        from grantcase.papers.word import word as made
    content = made(paper)
    try:
        out.write_bytes(content)
    except OSError as error:
        fail(f"無法寫入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}")
    console.print(f"✓ {out}　{paper.title}", markup=False, soft_wrap=True)


def _must_be_a_format(form: str) -> None:
    if form not in FORMATS:
        fail(f"--format 須為 pdf 或 docx：{form}", f"--format is pdf or docx, not {form}")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        fail(f"日期須為 YYYY-MM-DD：{text}", f"a date is YYYY-MM-DD: {text}")
