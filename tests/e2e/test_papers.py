"""Every paper of the demo's cases, in both formats: the facts that decide stand in its text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from grantcase.backend import Backend
from grantcase.papers.desk import call_offers, call_paper, case_paper, offers
from grantcase.papers.model import Paper
from grantcase.papers.pdf import pdf
from grantcase.papers.word import word
from grantcase.store_folder import open_store
from tests.support.embedded import copied
from tests.support.embedded_demo import Told
from tests.support.embedded_terminal import Terminal, terminal

PAID, LATE, BROKEN, GIVEN_UP, REJECTED = (f"CP112-000{n}" for n in (1, 2, 3, 4, 6))

PAPERS = [
    (
        PAID,
        "submission-receipt",
        ("送件收據", "112年3月10日10:00:00", "新臺幣壹佰陸拾參萬捌仟元整", "紀錄樹根值", "80家"),
    ),
    (PAID, "screening-notice", ("經資格審查符合規定", "新臺幣2,000,000元", "112年3月20日")),
    (REJECTED, "screening-notice", ("不予受理", "CP-TRK-15", "48家", "CP-ELIG-10", "不予計列")),
    (PAID, "opinion-replies", ("請補充店家續用誘因", "續約享九折並持續輔導", "接受並修正")),
    (
        PAID,
        "contract",
        (
            "112-共好-0001",
            "新臺幣壹佰陸拾參萬元整",
            "570,500",
            "1,059,500",
            "每家企業每週至少4次",
            "112.04.06－112.11.30",
            "表二查核點",
            "20100007",
        ),
    ),
    (PAID, "payment-request", ("第二期款請款單", "CD20000001", "新臺幣壹佰零伍萬玖仟伍佰元整")),
    (LATE, "checkpoint-report", ("100.00%", "112.12.08", "績效指標達成率")),
    (
        PAID,
        "closing-report",
        (
            "一、委員審查意見及回覆",
            "工作項目甘特圖",
            "預定與實際工作進度曲線",
            "十五、結論",
            "實際計入38,400次",
            "112.12.14",
            "受輔導企業使用流量折線圖",
            "資服廠商名稱",
            "使用紀錄規劃檔",
            "（76－80／80）",
        ),
    ),
    (LATE, "cure-notice", ("第一次查核點報告逾期未繳", "112年8月15日前", "112年7月30日列管紀錄")),
    (BROKEN, "sanction-notice", ("112年9月12日前以書面陳述意見", "CP-SAN-08", "追回款項")),
    (BROKEN, "sanction-decision", ("查證屬實", "終止契約", "新臺幣伍拾萬零伍佰元整", "CP-FIN-19")),
    (GIVEN_UP, "sanction-decision", ("114年10月2日止", "新臺幣507,500元", "CP-SAN-03")),
    (BROKEN, "termination-letter", ("自112年9月14日起終止契約", "人力不足，確有委外。")),
    (
        BROKEN,
        "recovery-letter",
        ("新臺幣伍拾萬零伍佰元整", "中華民國112年10月14日", "004-000000000001", "CP-SAN-08"),
    ),
    (LATE, "follow-up-reminder", ("結案後第2年追蹤填報", "114年12月20日前", "115年1月3日")),
    (LATE, "dossier", ("大事紀", "1,290,000", "CP-MON-32", "追蹤期滿，已歸檔")),
]


@pytest.fixture(scope="module")
def store(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """The services over a copy of the told store."""
    with open_store(copied(told.folder, tmp_path_factory.mktemp("papers") / "store")) as services:
        yield services


def pdf_text(paper: Paper) -> str:
    """The text of the PDF without white space."""
    reader = PdfReader(io.BytesIO(pdf(paper)))
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def word_text(paper: Paper) -> str:
    """The text of the DOCX without white space."""
    document = docx.Document(io.BytesIO(word(paper)))
    return "".join("".join(document.element.body.itertext()).split())


@pytest.mark.parametrize(("case", "kind", "facts"), PAPERS, ids=lambda value: str(value)[:40])
def test_a_paper_states_its_facts_in_both_formats(
    store: Backend, case: str, kind: str, facts: tuple[str, ...]
) -> None:
    paper = case_paper(store, case, kind)
    for text in (pdf_text(paper), word_text(paper)):
        missing = [fact for fact in facts if fact not in text]
        assert not missing
        assert case in text or paper.style == "form"
        assert "{" not in text
        assert "<" not in text


def test_every_kind_that_is_offered_can_be_written(store: Backend) -> None:
    tried = set()
    for number in (
        PAID,
        LATE,
        BROKEN,
        GIVEN_UP,
        "CP112-0005",
        REJECTED,
        "CP112-0007",
        "CP112-0008",
    ):
        for offer in offers(store, number):
            for item in range(1, offer.items + 1):
                case_paper(store, number, offer.kind, item=item)
                tried.add(offer.kind)
    assert tried == {kind for _, kind, _ in PAPERS}


def test_the_selection_list_ranks_the_selected_of_each_track(store: Backend) -> None:
    assert [offer.missing for offer in call_offers(store, "112-1")] == [None]
    text = pdf_text(call_paper(store, "112-1", "selection-list"))
    assert "數位普及輔導：入選3案" in text
    assert text.index(PAID) < text.index(BROKEN) < text.index(GIVEN_UP)
    assert "1,630,000" in text
    assert "CP112-0005" not in text


def test_a_paper_about_one_event_says_what_was_true_then(store: Backend) -> None:
    first = pdf_text(case_paper(store, LATE, "checkpoint-report", item=1))
    assert "112.08.10" in first
    assert "112.12.08" not in first


def test_as_of_a_day_only_earlier_facts_are_told(store: Backend) -> None:
    early = date(2023, 4, 10)
    offered = {o.kind: o.missing for o in offers(store, PAID, early)}
    assert offered["opinion-replies"] is None
    assert offered["contract"] == ("尚未簽約", "no contract is signed")
    dossier = case_paper(store, PAID, "dossier", as_of=early)
    assert dossier.date == "中華民國112年4月10日"
    assert "1,630,000" not in pdf_text(dossier).split("大事紀")[0]


def test_the_same_store_and_day_give_the_same_bytes(store: Backend) -> None:
    day = date(2024, 1, 31)
    one, other = (case_paper(store, PAID, "dossier", as_of=day) for _ in range(2))
    assert one == other
    assert pdf(one) == pdf(other)
    assert word(one) == word(other)


@pytest.fixture
def run(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """grantcase on a copy of the told store."""
    return terminal(monkeypatch, capsys, copied(told.folder, tmp_path / "store"))


def test_the_list_says_what_can_be_written_and_why_the_rest_cannot(run: Terminal) -> None:
    said = run("case", "papers", LATE)
    assert said.code == 0
    assert "✓ closing-report" in said.out
    assert "本案無追回款項 nothing is recovered in this case" in said.out
    assert "✓ selection-list" in run("call", "papers", "112-1").out


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_a_paper_is_written_to_a_file(
    run: Terminal, tmp_path: Path, form: str, begins: bytes
) -> None:
    out = tmp_path / f"letter.{form}"
    said = run("case", "paper", BROKEN, "recovery-letter", "--format", form, "--out", out)
    assert said.code == 0
    assert out.read_bytes().startswith(begins)
    out = tmp_path / f"list.{form}"
    assert run("call", "paper", "112-1", "selection-list", "--format", form, "--out", out).code == 0
    assert out.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "told_why"),
    [
        (("case", "paper", PAID, "poem"), "there is no paper poem"),
        (("case", "paper", PAID, "selection-list"), "there is no paper selection-list"),
        (("call", "paper", "112-1", "contract"), "there is no paper contract"),
        (("case", "paper", PAID, "recovery-letter"), "nothing is recovered"),
        (("case", "paper", PAID, "payment-request", "--item", "3"), "there is no item 3"),
        (("case", "paper", PAID, "payment-request", "--item", "0"), "there is no item 0"),
        (("case", "paper", PAID, "contract", "--as-of", "2023-04-01"), "no contract is signed"),
        (("case", "paper", PAID, "contract", "--as-of", "1 April"), "a date is YYYY-MM-DD"),
        (("case", "paper", PAID, "contract", "--as-of", "1999-01-01"), "no contract is signed"),
        (("case", "paper", PAID, "contract", "--format", "odt"), "pdf or docx"),
        (("case", "paper", "CP112-9999", "contract"), "there is no case"),
        (("call", "paper", "999-9", "selection-list"), "there is no call 999-9"),
        (("call", "paper", "112-2", "selection-list"), "cannot be written yet"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is_written(
    run: Terminal, tmp_path: Path, arguments: tuple[str, ...], told_why: str
) -> None:
    out = tmp_path / "paper.out"
    assert run(*arguments, "--out", out).complained(told_why)
    assert not out.exists()


@pytest.mark.parametrize("where", ["nowhere/paper.pdf", "."])
def test_a_file_that_cannot_be_written_is_said(run: Terminal, tmp_path: Path, where: str) -> None:
    said = run("case", "paper", BROKEN, "recovery-letter", "--out", tmp_path / where)
    assert said.complained("cannot write")
