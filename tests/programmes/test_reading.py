"""YAML with positions."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.programmes.reading import at_pointer, read_yaml


def read(tmp_path: Path, content: str | bytes):
    path = tmp_path / "x.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_yaml(path, "x.yaml")


def test_every_value_knows_its_line_and_column(tmp_path):
    found = read(tmp_path, "a: 1\nb:\n  - c: x\n    d: y\n")
    place = found.place("/b/0/d")
    assert (place.line, place.column) == (4, 5)
    assert found.value == {"a": 1, "b": [{"c": "x", "d": "y"}]}


def test_a_value_that_was_not_written_is_placed_at_its_parent(tmp_path):
    assert read(tmp_path, "a: 1\nb:\n  c: 2\n").place("/b/missing/deeper").line == 2


def test_dates_yes_and_quoted_numbers_stay_text(tmp_path):
    found = read(tmp_path, 'd: 2023-07-15\ny: yes\nq: "12"\nt: true\nn: null\ni: 1_000\n')
    assert found.value == {
        "d": "2023-07-15",
        "y": "yes",
        "q": "12",
        "t": True,
        "n": None,
        "i": 1000,
    }
    assert found.faults == []


@pytest.mark.parametrize("number", ["1.5", "1e3", "007", ".5", "00000000"])
def test_a_decimal_or_a_leading_zero_is_a_fault_with_its_place(tmp_path, number):
    (fault,) = read(tmp_path, f"a: 1\nb: {number}\n").faults
    assert (fault.line, fault.column, fault.field) == (2, 4, "/b")
    assert number in fault.reason_en
    assert number in fault.reason_zh


def test_a_key_written_twice_is_a_fault(tmp_path):
    (fault,) = read(tmp_path, "a: 1\nb: 2\na: 3\n").faults
    assert (fault.line, fault.field) == (3, "/a")


def test_a_byte_order_mark_is_no_fault(tmp_path):
    assert read(tmp_path, "\ufeffid: 茶".encode()).value == {"id": "茶"}


def test_a_big5_file_is_named_with_the_line_of_its_first_wrong_byte(tmp_path):
    (fault,) = read(tmp_path, "id: tea\nnames: 茶館\n".encode("big5")).faults
    assert fault.line == 2
    assert "UTF-8" in fault.reason_en


def test_a_syntax_fault_has_its_line(tmp_path):
    (fault,) = read(tmp_path, "a: 1\nb: {c: 1\nd: 2\n").faults
    assert fault.line in (2, 3)
    assert "YAML" in fault.reason_en


def test_an_empty_file_is_an_empty_map(tmp_path):
    assert read(tmp_path, "# nothing\n").value == {}


def test_pointers_lead_through_escaped_names():
    assert at_pointer({"a/b": [{"~": 7}]}, "/a~1b/0/~0") == 7
