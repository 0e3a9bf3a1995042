"""References and figures of a pack: what names something that must exist, what must add up.

Works on a document that has passed its schema; yields (pointer, zh-Hant, English).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.programmes.expression import SyntaxFault, parse, paths
from shared.programmes.figures import FIGURES, Found, twice, unknown_moment
from shared.programmes.pack import moments_of
from shared.programmes.reach import reach_faults
from shared.programmes.reading import pointer
from shared.programmes.steps import stands, step_faults

RESERVED = frozenset(
    {"now", "call", "forms", "plan", "steps", "param", "value", "row", "row_number"}
)
DISPOSITIONS = ("clauses", "values", "guard", "held_by", "outside")
"""How a rule stands in a pack: enforced (or left to an officer by manual clauses), computed, held
by the workflow, held by another part of the pack, or outside the system."""


def reference_faults(document: Mapping[str, Any]) -> Iterator[Found]:
    """Every fault of reference or arithmetic in the document."""
    for check in (*_CHECKS, *FIGURES):
        yield from check(document)


def _forms(document: Mapping[str, Any]) -> Iterator[Found]:
    for form_id, form in document["forms"].items():
        yield from _form_fields(form["fields"], pointer("/forms", form_id) + "/fields")


def _form_fields(fields: list[Mapping[str, Any]], path: str) -> Iterator[Found]:
    yield from twice(fields, path)
    for index, field in enumerate(fields):
        here = f"{path}/{index}"
        if ("type" in field) == ("fields" in field):
            yield here, "欄位須有 type 或 fields 其一", "a field has either a type or fields"
        elif "fields" in field:
            yield from _form_fields(field["fields"], f"{here}/fields")
        if field.get("personal") and not field.get("subject"):
            yield here, "個資欄位須指明 subject", "a personal field names its subject"


def _moments(document: Mapping[str, Any]) -> Iterator[Found]:
    yield from twice(document["moments"], "/moments")
    for index, moment in enumerate(document["moments"]):
        here = f"/moments/{index}"
        for place, form in enumerate(moment.get("forms") or ()):
            if form not in document["forms"]:
                yield f"{here}/forms/{place}", f"沒有表單 {form}", f"there is no form {form}"
        for place, form in enumerate(moment.get("plan") or ()):
            if form not in document["forms"]:
                yield f"{here}/plan/{place}", f"沒有表單 {form}", f"there is no form {form}"
        for name in moment.get("facts") or {}:
            if name in RESERVED:
                yield f"{here}/facts/{name}", f"{name} 為保留名稱", f"the name {name} is taken"
        if len(moment["trigger"]) != 1:
            yield f"{here}/trigger", "應為 command 或 timer 其一", "either a command or a timer"


def _rules(document: Mapping[str, Any]) -> Iterator[Found]:
    yield from twice(document["rules"], "/rules")
    for index, rule in enumerate(document["rules"]):
        here = f"/rules/{index}"
        if not rule["id"].startswith(f"{document['rule_prefix']}-"):
            prefix = document["rule_prefix"]
            yield f"{here}/id", f"規則代號應以 {prefix}- 開頭", f"rule ids start with {prefix}-"
        if not any(rule.get(kind) for kind in DISPOSITIONS):
            yield here, "規則沒有內容", f"the rule has none of {', '.join(DISPOSITIONS)}"
        if (rule.get("guard") or rule.get("held_by")) and not rule.get("explain"):
            yield here, "guard 與 held_by 須有 explain", "guard and held_by have an explain"
        if rule.get("outside") and any(rule.get(kind) for kind in DISPOSITIONS[:-1]):
            yield f"{here}/outside", "已執行之規則不得標為系統外", "what is held is not outside"
        for place, held in enumerate(rule.get("held_by") or ()):
            if not stands(document, held):
                yield f"{here}/held_by/{place}", f"沒有 {held}", f"there is nothing at {held}"
        yield from twice(rule.get("clauses") or [], f"{here}/clauses")
        for place, clause in enumerate(rule.get("clauses") or ()):
            yield from _clause(document, clause, f"{here}/clauses/{place}")
    yield from _values(document)


def _clause(document: Mapping[str, Any], clause: Mapping[str, Any], here: str) -> Iterator[Found]:
    for moment in moments_of(clause):
        yield from unknown_moment(document, moment, f"{here}/moment")
    if clause["severity"] == "manual" and "role" not in clause:
        yield here, "manual 須有 role", "a manual clause names the role that decides"
    if clause["severity"] != "manual" and ("role" in clause or "evidence" in clause):
        yield here, "role 與 evidence 僅用於 manual", "role and evidence are for manual clauses"
    if clause["severity"] != "block" and "blocks" in clause:
        yield f"{here}/blocks", "blocks 僅用於 block", "blocks is for severity block"
    if "for_each" in clause and not _is_path(clause["for_each"]):
        yield f"{here}/for_each", "for_each 應為路徑", "for_each is a path such as forms.F19"


def _values(document: Mapping[str, Any]) -> Iterator[Found]:
    seen: set[tuple[str, str]] = set()
    for index, rule in enumerate(document["rules"]):
        for place, value in enumerate(rule.get("values") or ()):
            here = f"/rules/{index}/values/{place}"
            for moment in moments_of(value):
                yield from unknown_moment(document, moment, f"{here}/moment")
                key = (moment, value["name"])
                if key in seen:
                    what = f"value {value['name']} of {moment}"
                    yield f"{here}/name", f"重複：{what}", f"the {what} is there twice"
                seen.add(key)


def _obligations(document: Mapping[str, Any]) -> Iterator[Found]:
    obligations = document.get("obligations") or []
    yield from twice(obligations, "/obligations")
    rules = {rule["id"] for rule in document["rules"]}
    for index, obligation in enumerate(obligations):
        if obligation["clause"].partition("/")[0] not in rules:
            clause = obligation["clause"]
            path = f"/obligations/{index}/clause"
            yield path, f"沒有規則 {clause}", f"there is no rule {clause}"


def _intake(document: Mapping[str, Any]) -> Iterator[Found]:
    intake = document.get("intake") or {}
    for name, parameter in (intake.get("windows") or {}).items():
        if parameter not in (document.get("call_parameters") or {}):
            path = f"/intake/windows/{name}"
            yield path, f"沒有徵案參數 {parameter}", f"there is no call parameter {parameter}"
    values = {value["name"] for rule in document["rules"] for value in rule.get("values") or ()}
    for name, value in (intake.get("values") or {}).items():
        if value not in values:
            yield f"/intake/values/{name}", f"沒有計算值 {value}", f"there is no value {value}"
    for section in ("roster", "letters"):
        if section in intake:
            yield from _form_reference(document, intake[section], f"/intake/{section}")
    for index, participant in enumerate(intake.get("participants") or ()):
        yield from _form_reference(document, participant, f"/intake/participants/{index}")


def _form_reference(
    document: Mapping[str, Any], named: Mapping[str, str], here: str
) -> Iterator[Found]:
    form = document["forms"].get(named["form"])
    if form is None:
        yield f"{here}/form", f"沒有表單 {named['form']}", f"there is no form {named['form']}"
        return
    fields = {field["id"] for field in form["fields"]}
    for key, name in named.items():
        if key == "register_form":
            if name not in document["forms"]:
                yield f"{here}/{key}", f"沒有表單 {name}", f"there is no form {name}"
        elif key == "document":
            if name not in document["documents"]:
                yield f"{here}/{key}", f"沒有文件 {name}", f"there is no document kind {name}"
        elif key != "form" and name not in fields:
            yield f"{here}/{key}", f"表單沒有欄位 {name}", f"the form has no field {name}"


def _is_path(text: str) -> bool:
    try:
        return [".".join(path) for path in paths(parse(text))] == [text]
    except SyntaxFault:
        return False


_CHECKS: tuple[Callable[[Mapping[str, Any]], Iterator[Found]], ...] = (
    _forms,
    _moments,
    _rules,
    _obligations,
    _intake,
    step_faults,
    reach_faults,
)
