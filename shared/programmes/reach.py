"""What stands in a pack and can never come about, and what names a thing that is not there:
steps, moments, checkpoints, forms, and the fields that the services' sections name.

Works on a document that has passed its schema; yields (pointer, zh-Hant, English).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.kernel.permissions import GRANTS_OF
from shared.programmes.figures import Found
from shared.programmes.pack import moments_of
from shared.programmes.reading import pointer

STEPPING = (
    "TakeApplicationStep",
    "TakeReviewStep",
    "TakeContractStep",
    "TakeExecutionStep",
)
RANKED = ("members", "base_centi", "final_centi", "passed")
"""Values of moment `rank` that the closing of a scoring records."""


def reach_faults(document: Mapping[str, Any]) -> Iterator[Found]:
    """Everything that can never come about."""
    for check in (_steps, _moments, _checkpoints, _forms, _values, _fields):
        yield from check(document)


def _steps(document: Mapping[str, Any]) -> Iterator[Found]:
    """A step that waits for itself, or for what makes it too late, is never taken."""
    after = {step["id"]: step.get("after") or () for step in document.get("steps") or ()}
    for index, step in enumerate(document.get("steps") or ()):
        here = f"/steps/{index}"
        if step["id"] in _before(after, step["id"]):
            name = step["id"]
            yield f"{here}/after", f"{name} 循環等待自己", f"the step {name} waits for itself"
        for place, name in enumerate(step.get("until") or ()):
            if name in _before(after, step["id"]):
                zh, en = f"{name} 已為前提，永不可能", f"never: {name} has to stand before it"
                yield f"{here}/until/{place}", zh, en


def _before(after: Mapping[str, Any], name: str) -> set[str]:
    found: set[str] = set()
    open_ = [*after[name]]
    while open_:
        here = open_.pop()
        if here not in found:
            found.add(here)
            open_ += after.get(here, ())
    return found


def _moments(document: Mapping[str, Any]) -> Iterator[Found]:
    stepped = {step.get("moment") for step in document.get("steps") or ()}
    for index, moment in enumerate(document["moments"]):
        command = moment["trigger"].get("command")
        here = f"/moments/{index}/trigger"
        if command is None or len(moment["trigger"]) != 1:
            continue
        if command not in GRANTS_OF[moment["owner"]]:
            owner = moment["owner"]
            yield f"{here}/command", f"{owner} 沒有指令 {command}", f"{owner} has no {command}"
        elif command in STEPPING and moment["id"] not in stepped:
            yield here, "沒有步驟引發此時點", f"no step has the moment {moment['id']}"


def _checkpoints(document: Mapping[str, Any]) -> Iterator[Found]:
    owners = {moment["id"]: moment["owner"] for moment in document["moments"]}
    waits = {row["no"]: row["checkpoint"] for row in document.get("instalments") or ()}
    for index, checkpoint in enumerate(document.get("checkpoints") or ()):
        here, name = f"/checkpoints/{index}", checkpoint["id"]
        if owners.get(checkpoint["moment"], "monitoring") != "monitoring":
            zh = f"時點 {checkpoint['moment']} 不屬 monitoring，查核點無從決定"
            yield f"{here}/moment", zh, "never decided: the moment is not monitoring's"
        number = checkpoint.get("instalment")
        if number is not None and waits.get(number, name) != name:
            zh, en = f"第 {number} 期等待 {waits[number]}", f"it waits for {waits[number]}"
            yield f"{here}/instalment", zh, f"instalment {number} is not reached: {en}"


def _forms(document: Mapping[str, Any]) -> Iterator[Found]:
    used = set[str]()
    for key, section in document.items():
        if key != "forms":
            used |= set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", " ".join(_texts(section))))
    for form in document["forms"]:
        if form not in used:
            yield pointer("/forms", form), "沒有地方使用此表單", "nothing uses this form"


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, inner in node.items():
            yield str(key)
            yield from _texts(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _texts(inner)
    elif isinstance(node, str):
        yield node


def _values(document: Mapping[str, Any]) -> Iterator[Found]:
    values = [value for rule in document["rules"] for value in rule.get("values") or ()]
    known = {value["name"] for value in values}
    for name, value in ((document.get("finance") or {}).get("values") or {}).items():
        if value not in known:
            yield f"/finance/values/{name}", f"沒有計算值 {value}", f"there is no value {value}"
    if not document.get("scoring"):
        return
    ranked = {value["name"] for value in values if "rank" in moments_of(value)}
    for index, moment in enumerate(document["moments"]):
        if moment["id"] == "rank" and (missing := [n for n in RANKED if n not in ranked]):
            names = ", ".join(missing)
            yield f"/moments/{index}", f"缺計算值 {names}", f"it needs the values {names}"


def _fields(document: Mapping[str, Any]) -> Iterator[Found]:
    """The fields that sections of monitoring, review, finance and spending name."""
    for name, section in (document.get("monitoring") or {}).items():
        if isinstance(section, Mapping) and isinstance(section.get("form"), str):
            here = pointer("/monitoring", name)
            yield from _named(document, section["form"], section, here)
    budget = (document.get("spending") or {}).get("budget")
    if budget:
        named = {key: budget[key] for key in ("form", "party", "line") if key in budget}
        yield from _named(document, budget["form"], named, "/spending/budget")
        for year, amounts in budget["years"].items():
            here = pointer("/spending/budget/years", year)
            yield from _named(document, budget["form"], amounts, here)
    roster = (document.get("intake") or {}).get("roster")
    listed = (document.get("review") or {}).get("roster")
    if roster and isinstance(listed, Mapping) and roster["form"] in document["forms"]:
        yield from _named(document, roster["form"], listed, "/review/roster")


def _named(
    document: Mapping[str, Any], form_id: str, section: Mapping[str, Any], here: str
) -> Iterator[Found]:
    form = document["forms"].get(form_id)
    if form is None:
        yield f"{here}/form", f"沒有表單 {form_id}", f"there is no form {form_id}"
        return
    known = set(_field_ids(form["fields"]))
    for key, field in section.items():
        if key != "form" and isinstance(field, str) and field not in known:
            yield pointer(here, key), f"{form_id} 沒有欄位 {field}", f"{form_id} has no {field}"


def _field_ids(fields: list[Mapping[str, Any]]) -> Iterator[str]:
    for field in fields:
        yield field["id"]
        yield from _field_ids(field.get("fields") or [])
