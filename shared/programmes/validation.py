"""Validate a pack: every fault with its file, line, column and field, in both languages.

Steps, each only on what the step before left whole: reading, schema, references and figures, static
types, examples against shapes, and every expression run in a child process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from marshmallow import Schema

from shared.kernel.canonical import NotCanonical, digest_of
from shared.programmes.examples import example_facts, form_example
from shared.programmes.expression_check import expression_faults
from shared.programmes.facts import (
    UnusableFacts,
    call_shape,
    check_facts,
    moment_shape,
    parameter_shape,
)
from shared.programmes.pack import Pack
from shared.programmes.pack_folder import PackFolder, read_folder
from shared.programmes.pack_schema import Call, PackDocument
from shared.programmes.reading import Fault, pointer
from shared.programmes.references import Found, reference_faults
from shared.programmes.shapes import MapShape, form_shape
from shared.programmes.windows import window_faults

CHILD = (sys.executable, "-m", "shared.programmes.exercise")
CHILD_SECONDS = 300
_NEEDED = ("/moments", "/forms", "/rules")  # what the types and examples are made of
_ZH = (
    ("Missing data", "缺少必要欄位"),
    ("Unknown field", "不認得的欄位"),
    ("Field may not be null", "不得為空"),
    ("Must be one of", "不在可用的選項中"),
    ("Not a valid", "型別不符"),
    ("Invalid type", "型別不符"),
    ("Not a type", "不是可用的型別"),
    ("String does not match", "代號格式不符"),
    ("Must be greater", "不得為負"),
)


def validate(folder: Path) -> list[Fault]:
    """Every fault of the pack in a folder, sorted by file and line; [] for a valid pack."""
    read = read_folder(folder)
    faults = read.faults or [_placed(read, found) for found in _found(read)]
    return sorted(set(faults))


def _found(read: PackFolder) -> list[Found]:
    found = list(_schema_faults(PackDocument(), read.document, ""))
    for index, call in enumerate(read.calls):
        found += _schema_faults(Call(), call, f"/calls/{index}")
    if found:
        return found
    try:
        pack = Pack(read.document, digest_of(read.document), tuple(read.calls))
    except NotCanonical as error:
        return [("", f"不是標準 JSON：{error}", str(error))]
    found = list(reference_faults(read.document))
    if any(path.startswith(_NEEDED) for path, _, _ in found):
        return found
    later = [*expression_faults(pack), *_example_faults(pack)]
    if not later and not found:
        later = list(window_faults(pack))
    return found + (later or list(_exercise_faults(pack)))


def _placed(read: PackFolder, found: Found) -> Fault:
    path, zh, en = found
    place = read.place(path)
    return Fault(place.file, place.line, place.column, path, zh, en)


def _schema_faults(schema: Schema, document: Any, base: str) -> Iterator[Found]:
    yield from _flattened(schema.validate(document), base)


def _flattened(messages: Any, path: str) -> Iterator[Found]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            here = path if key in ("_schema", "key", "value") else pointer(path, key)
            yield from _flattened(inner, here)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Mapping):
            yield from _flattened(message, path)
            continue
        zh = next((zh for start, zh in _ZH if str(message).startswith(start)), "內容不符")
        yield path, f"{zh}（{message}）", str(message)


def _example_faults(pack: Pack) -> Iterator[Found]:
    try:
        check_facts(parameter_shape(pack), pack.parameters, complete=True)
    except UnusableFacts as fault:
        name = fault.path.split("/")[1]
        yield f"/parameters/{name}/value", fault.zh, f"{fault.path}: {fault.en}"
    for form_id, form in pack.forms.items():
        try:
            shape = MapShape({"form": form_shape(form)})
            check_facts(shape, {"form": form_example(form)}, complete=True)
        except UnusableFacts as fault:
            path = _field_pointer(form, fault.path.split("/")[2:])
            yield pointer("/forms", form_id) + path, f"範例：{fault.zh}", f"example: {fault}"
    for index, call in enumerate(pack.calls):
        yield from _call_faults(pack, call, f"/calls/{index}")
    for index, (moment_id, moment) in enumerate(pack.moments.items()):
        yield from _moment_faults(pack, moment_id, moment, f"/moments/{index}")


def _call_faults(pack: Pack, call: Mapping[str, Any], here: str) -> Iterator[Found]:
    if call["programme"] != pack.id:
        yield f"{here}/programme", f"應為 {pack.id}", f"the programme is {pack.id}"
    shape = call_shape(pack)
    missing = {
        name: None
        for name, parameter in (pack.document.get("call_parameters") or {}).items()
        if not parameter["required"]
    }
    try:
        check_facts(shape, {**missing, **call["parameters"]}, complete=True)
    except UnusableFacts as fault:
        yield f"{here}/parameters{fault.path}", fault.zh, f"{fault.path}: {fault.en}"


def _moment_faults(
    pack: Pack, moment_id: str, moment: Mapping[str, Any], here: str
) -> Iterator[Found]:
    try:
        facts = example_facts(pack, moment_id)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        reason = f"it does not fit the facts: {error!r}"
        yield f"{here}/example", f"範例與事實不符：{error!r}", reason
        return
    try:
        check_facts(moment_shape(pack, moment), facts, complete=True)
    except UnusableFacts as fault:
        yield f"{here}/example", f"範例 {fault.path}：{fault.zh}", f"example {fault}"


def _field_pointer(form: Mapping[str, Any], steps: list[str]) -> str:
    """The field of a form that a path of its facts leads to."""
    path, fields = "", form["fields"]
    for step in steps:
        index = next((i for i, field in enumerate(fields) if field["id"] == step), None)
        if index is None:
            continue
        path, fields = f"{path}/fields/{index}", fields[index].get("fields", ())
    return path


def _exercise_faults(pack: Pack) -> Iterator[Found]:
    given = json.dumps({"document": pack.document, "calls": pack.calls})
    child = subprocess.run(
        CHILD, input=given, capture_output=True, text=True, check=False, timeout=CHILD_SECONDS
    )
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    yield from _failures([line for line in lines if "fault" in line])
    if not lines or "done" not in lines[-1]:
        last = next((line["at"] for line in reversed(lines) if "at" in line), "")
        error = child.stderr.strip().splitlines()[-1:] or [f"exit {child.returncode}"]
        yield last, f"執行時程序中止：{error[0]}", f"brought the evaluation down: {error[0]}"


def _failures(lines: list[dict[str, Any]]) -> Iterator[Found]:
    told: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        path, reason = line["fault"], line["reason"]
        if "seen" in line:
            seen = line["seen"]
            yield path, f"{seen} 時執行失敗：{reason}", f"fails with {seen}: {reason}"
        else:
            told.setdefault((path, reason), []).append(line["empty"] or "")
    for (path, reason), empty in told.items():
        if "" in empty:
            yield path, f"以範例執行失敗：{reason}", f"fails on the example: {reason}"
            continue
        fields = ", ".join(empty[:3]) + (" ..." if len(empty) > 3 else "")
        en = f"fails where {fields} is empty: {reason}"
        yield path, f"{fields} 為空時執行失敗：{reason}", en
