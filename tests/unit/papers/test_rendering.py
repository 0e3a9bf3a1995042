"""One paper with every kind of block, as PDF and as DOCX."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from grantcase.papers import equipment, model
from grantcase.papers.charts import drawn
from grantcase.papers.errors import NotEquipped
from grantcase.papers.pdf import pdf
from grantcase.papers.word import word

CHARTS: tuple[model.Chart, ...] = (
    model.Gantt(("3月", "4月"), (model.Bar("甲工作", 0, 1, "50%"),), ((1, "查核點"),)),
    model.Curve(
        ("3月", "4月"), (model.Series("預定", (0, 5_000)), model.Series("實際", (0, None)))
    ),
    model.Curve(("3月", "4月"), (model.Series("次數", (3, 5)),), unit="次", axis="次"),
    model.Shares((("甲指標", 4_000), ("乙指標", 12_000))),
    model.Panels(("5/1", "5/8"), (model.Panel("甲店", "商／方案", (3, None)),), "次", 4, "標準"),
)
PAPER = model.Paper(
    kind="test",
    style="form",
    title="測試文件",
    issuer="示範單位",
    addressee="甲公司",
    number="T1-0001-X",
    date="中華民國112年5月1日",
    date_label="製表日期",
    case_number="T1-0001",
    programme="示範計畫",
    blocks=(
        model.Heading("一、標題"),
        model.Paragraph("內文 <b>不是標籤</b>"),
        model.Paragraph("項目", "item", "1."),
        model.Clauses("主旨", ("一件事",)),
        model.Clauses("說明", ("第一", "第二")),
        model.FieldTable((("欄", "值"), ("欄二", "值二"), ("欄三", "值三")), 2),
        model.Table((model.Column("甲"), model.Column("乙", 5, model.RIGHT)), (("a", "1,000"),)),
        model.Table((model.Column("規則", 1, model.CODE),), (("依 TE-TRK-15 辦理\n次行",),)),
        model.Table((model.Column("甲"),), (), "空表"),
        *(model.Figure(chart, "圖") for chart in CHARTS),
        model.Signature((("經辦", ""), ("覆核", ""))),
        model.PageBreak(),
        model.Proof((("雜湊值", "abcd"),), ("0" * 64,), "{}", "receipt.json"),
    ),
)


def pdf_text(content: bytes) -> str:
    """All text of a PDF, without white space."""
    return "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages
    )


@pytest.mark.parametrize("style", ["letter", "form", "report"])
def test_a_pdf_holds_every_text(style: str) -> None:
    text = pdf_text(pdf(replace(PAPER, style=style)))
    for expected in (
        "測試文件",
        "T1-0001",
        "一、標題",
        "<b>不是標籤</b>",
        "二、第二",
        "值三",
        "1,000",
    ):
        assert expected.replace(" ", "") in text
    assert "依TE-TRK-15辦理次行" in text
    assert "（無）" in text
    assert "第1頁，共" in text


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert pdf(PAPER) == pdf(PAPER)
    assert word(PAPER) == word(PAPER)


def test_a_pdf_carries_the_proof_as_an_attached_file() -> None:
    assert PdfReader(io.BytesIO(pdf(PAPER))).attachments["receipt.json"] == [b"{}"]


def test_only_the_faces_of_taiwan_are_embedded() -> None:
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(io.BytesIO(pdf(PAPER))).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert fonts
    assert all("CJK-TC" in font for font in fonts), fonts


def test_a_docx_holds_headings_tables_pictures_and_running_heads() -> None:
    document = docx.Document(io.BytesIO(word(PAPER)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert "內文 <b>不是標籤</b>" in texts
    assert "二、第二" in texts
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 1"] == ["一、標題"]
    assert len(document.inline_shapes) == len(CHARTS)
    assert "T1-0001" in document.sections[0].header.paragraphs[0].text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"值三", "1,000", "（無）", "經辦", "abcd"} <= set(cells)


def test_a_landscape_paper_is_wider_than_high() -> None:
    box = PdfReader(io.BytesIO(pdf(replace(PAPER, landscape=True)))).pages[0].mediabox
    section = docx.Document(io.BytesIO(word(replace(PAPER, landscape=True)))).sections[0]
    assert box.width > box.height
    assert section.page_width > section.page_height


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: type(chart).__name__)
def test_a_chart_is_drawn_the_same_twice(chart: model.Chart) -> None:
    assert drawn(chart, "svg") == drawn(chart, "svg")
    assert drawn(chart, "png") == drawn(chart, "png")


def test_a_chart_is_lettered_in_the_face_of_taiwan() -> None:
    assert equipment.SANS.encode() in drawn(CHARTS[0], "svg")


def test_missing_fonts_name_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(equipment, "FOLDERS", (tmp_path,))
    monkeypatch.setenv("HOME", str(tmp_path))
    equipment.missing.cache_clear()
    try:
        with pytest.raises(NotEquipped) as refused:
            pdf(PAPER)
    finally:
        equipment.missing.cache_clear()
    assert "apt-get install fonts-noto-cjk" in refused.value.zh
    assert "fonts-noto-cjk" in refused.value.en


def test_a_missing_library_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equipment, "LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    equipment.missing.cache_clear()
    try:
        assert equipment.missing() == ("libnowhere9",)
    finally:
        equipment.missing.cache_clear()
