"""Workbooks through the command line and the services: nothing is stored when one cell is wrong."""

from __future__ import annotations

import base64
import io
from copy import deepcopy
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grantcase.demo import people, proposals
from grantcase.demo.proposing import Stage, draft
from tests.support.embedded import Office, copied, difference, opened
from tests.support.embedded_terminal import Terminal, terminal

KEY = "sharp"
APPLICANT = people.applicant(proposals.BY_KEY[KEY].ubn)
AS = f"lin:applicant@{proposals.BY_KEY[KEY].ubn}"
PROGRAMME = "coprosperity-112"


@pytest.fixture
def desk(office: Office) -> Office:
    """An office with one complete draft."""
    assert office.stage
    office.at("2023-03-01T10:00:00+08:00")
    draft(office.script, office.stage, KEY)
    return office


def give(desk: Office, table: str, content: bytes) -> dict[str, Any]:
    assert desk.stage
    return {
        "case_id": desk.stage.case(KEY),
        "table": table,
        "file_name": f"{table}.xlsx",
        "file_base64": base64.b64encode(content).decode(),
    }


def workbook(table: str, *lines: list[Any]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.title = table
    for line in lines:
        book.active.append(line)
    book.save(buffer)
    return buffer.getvalue()


PROJECTS = ["name", "amount", "grade"]


def test_a_group_of_a_form_is_replaced_and_the_rest_of_the_form_stays(desk: Office) -> None:
    content = workbook(
        "F15.projects", PROJECTS, ["示範計畫", 1_200_000, None], ["另一計畫", 5, None]
    )
    assert desk.do(APPLICANT, "ImportTable", **give(desk, "F15.projects", content))["rows"] == 2
    assert desk.stage
    events = desk.events("intake", desk.stage.case(KEY))
    saved = [e["data"] for e in events if e["type"] == "FormSaved" and e["data"]["form"] == "F15"]
    form = events[-1]["data"]["content"]
    assert events[-1]["type"] == "TableImported"
    assert [row["amount"] for row in form["projects"]] == [1_200_000, 5]
    assert {k: v for k, v in form.items() if k != "projects"} == {
        k: v for k, v in saved[-1]["content"].items() if k != "projects"
    }


def test_one_wrong_cell_and_nothing_is_stored(desk: Office) -> None:
    before = desk.stored()
    content = workbook("F15.projects", PROJECTS, ["示範", 1.5, None], ["另一", "x", None])
    document = desk.refused(APPLICANT, "ImportTable", **give(desk, "F15.projects", content))
    assert (document["error"], set(document["problems"])) == ("invalid-table", {"B2", "B3"})
    assert document["problems"]["B2"]["label"]["zh-Hant"] == "金額"
    assert difference(before, desk.stored()) == {}


def test_a_refused_file_names_its_rule_and_nothing_is_stored(desk: Office) -> None:
    before = desk.stored()
    content = workbook("F15.projects", PROJECTS, ["示範", "=1+1", None])
    document = desk.refused(APPLICANT, "ImportTable", **give(desk, "F15.projects", content))
    assert (document["rule"], document["field"]) == ("FORMULAS", "file_base64")
    assert difference(before, desk.stored()) == {}


def test_an_unknown_table_is_refused_with_those_there_are(desk: Office) -> None:
    document = desk.refused(APPLICANT, "ImportTable", **give(desk, "F99", b"a"))
    assert document["field"] == "table"
    assert "F19" in document["message"]["en"]


@pytest.fixture
def run(
    published: tuple[Path, Stage],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Terminal:
    """grantcase on a store with one draft."""
    template, stage = published
    with opened(copied(template, tmp_path / "store"), deepcopy(stage)) as office:
        assert office.stage
        office.at("2023-03-01T10:00:00+08:00")
        draft(office.script, office.stage, KEY)
    return terminal(monkeypatch, capsys, tmp_path / "store")


def test_list_template_check_and_import_by_the_command_line(run: Terminal, tmp_path: Path) -> None:
    assert "F15.projects" in run("forms", "list", PROGRAMME).out
    path = tmp_path / "F19.xlsx"
    assert run("forms", "template", PROGRAMME, "F19", "--out", path).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book["F19"]
    for column in range(2, sheet.max_column + 1):
        sheet.cell(5, column, sheet.cell(4, column).value)
    book.save(path)
    assert "1 列" in run("forms", "check", PROGRAMME, "F19", path).out
    case = str(Stage.case(None, KEY))  # type: ignore[arg-type]
    assert "1 列" in run("forms", "import", case, "F19", path, "--as", AS).out
    sheet["D5"], sheet["P5"] = 4.5, "112/3/1"
    book.save(path)
    for said in (
        run("forms", "check", PROGRAMME, "F19", path),
        run("forms", "import", case, "F19", path, "--as", AS),
    ):
        assert said.code == 2
        assert said.complained("D5 公司人數")
        assert said.complained("P5 雲市集官網查詢日期")


def test_what_is_no_table_is_told_with_those_there_are(run: Terminal, tmp_path: Path) -> None:
    said = run("forms", "template", PROGRAMME, "F99", "--out", tmp_path / "x.xlsx")
    assert said.complained("F19")
    assert not (tmp_path / "x.xlsx").exists()
