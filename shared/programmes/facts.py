"""Facts of a moment: their shape, the check against it, and the canonical form that is digested.

(Over 200 lines: one check per kind of value, which belong together.)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from shared.kernel.clock import instant_text, parse_instant
from shared.kernel.envelope import Erased
from shared.kernel.errors import RuleError
from shared.programmes.pack import Pack
from shared.programmes.reading import pointer
from shared.programmes.shapes import (
    NUMBERS,
    ListShape,
    MapShape,
    Scalar,
    Shape,
    empty,
    form_shape,
    read_shape,
)
from shared.programmes.steps import step_facts_shape

ERASED_TEXT = str(Erased(""))
_FILLED = frozenset({"forms", "plan", "steps", "call"})
_OWN = ("/forms", "/call")
_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


class UnusableFacts(RuleError):
    """The facts do not have the moment's shape; `path` is the JSON pointer of the fault."""

    def __init__(self, path: str, zh: str, en: str):
        super().__init__(f"{path or '/'}: {en}")
        self.path = path
        self.zh = zh
        self.en = en


def moment_shape(pack: Pack, moment: Mapping[str, Any]) -> MapShape:
    """The shape of everything a caller hands over for this moment: now, call, forms, and the
    facts the moment declares."""
    fields: dict[str, Shape] = {"now": Scalar("instant"), "call": call_shape(pack)}
    if moment.get("forms"):
        fields["forms"] = MapShape({name: form_shape(pack.forms[name]) for name in moment["forms"]})
    if moment.get("plan"):
        fields["plan"] = MapShape({name: form_shape(pack.forms[name]) for name in moment["plan"]})
    if moment.get("steps"):
        fields["steps"] = step_facts_shape(pack.document, moment)
    for name, written in (moment.get("facts") or {}).items():
        fields[name] = read_shape(written)
    return MapShape(fields)


def call_shape(pack: Pack) -> MapShape:
    """The parameters a call supplies; those not required may be null."""
    fields: dict[str, Shape] = {}
    for name, parameter in (pack.document.get("call_parameters") or {}).items():
        optional = parameter.get("required") in (False, "no")
        written = parameter["type"]
        if optional and isinstance(written, str) and not written.startswith("list("):
            written = f"{written.rstrip('?')}?"
        fields[name] = read_shape(written)
    return MapShape(fields)


def call_values(pack: Pack, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a call as expressions read them outside a moment: instants as instants."""
    shapes = call_shape(pack).fields
    return {
        name: scalar(shape, value, f"/call/{name}")
        if isinstance(shape := shapes.get(name), Scalar) and shape.kind == "instant"
        else value
        for name, value in parameters.items()
    }


def parameter_shape(pack: Pack) -> MapShape:
    """The shape of `param`."""
    parameters = pack.document.get("parameters") or {}
    shapes = {name: read_shape(p["type"]) for name, p in parameters.items()}
    groups = pack.document.get("township_groups")
    if groups is not None:
        shapes["township_groups"] = MapShape(dict.fromkeys(groups, Scalar("int")))
    return MapShape(shapes)


def check_facts(shape: MapShape, facts: Mapping[str, Any], *, complete: bool) -> dict[str, Any]:
    """The facts as CEL takes them: instants as aware datetimes, dates as ISO text.

    With `complete` exactly the declared keys must be there. Without it a service offers what it
    has and the moment takes what it declares: other keys are left out (not of forms and call,
    which are the pack's own), absent form fields and optional call parameters are filled in
    (null, []). Raises UnusableFacts with the path of the fault.
    """
    checker = _Checker(frozenset() if complete else _FILLED, complete)
    return checker.mapping(shape, facts, "", filling=False)


def canonical_facts(value: Any) -> Any:
    """The same facts as canonical JSON: instants as stored text."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, dict):
        return {key: canonical_facts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [canonical_facts(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class _Checker:
    """Walks shape and value together; `fill` names the top-level facts that are filled in; with
    `exact` every key must be a declared one."""

    fill: frozenset[str]
    exact: bool

    def mapping(self, shape: MapShape, value: Any, path: str, *, filling: bool) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise _wrong(path, "應為物件", "must be an object", value)
        for name in value:
            if name not in shape.fields and (self.exact or path.startswith(_OWN)):
                raise UnusableFacts(pointer(path, name), "不認得的欄位", "unknown key")
        return {
            name: self._entry(name, item, value, path, filling)
            for name, item in shape.fields.items()
        }

    def _entry(
        self, name: str, item: Shape, value: Mapping[str, Any], path: str, filling: bool
    ) -> Any:
        here = pointer(path, name)
        filling = filling or (not path and name in self.fill)
        if name in value:
            return self.value(item, value[name], here, filling)
        if filling and self._may_be_empty(item):
            return empty(item)
        raise UnusableFacts(here, "缺少欄位", "missing key")

    def value(self, shape: Shape, value: Any, path: str, filling: bool) -> Any:
        if isinstance(shape, MapShape):
            if value is None and filling and self._may_be_empty(shape):
                return empty(shape)
            if value is None and shape.nullable:
                return None
            return self.mapping(shape, value, path, filling=filling)
        if isinstance(shape, ListShape):
            return self._list(shape, value, path, filling)
        return scalar(shape, value, path)

    def _list(self, shape: ListShape, value: Any, path: str, filling: bool) -> list[Any]:
        if value is None and filling:
            return []
        if not isinstance(value, list | tuple):
            raise _wrong(path, "應為清單", "must be a list", value)
        return [
            self.value(shape.item, item, pointer(path, index), filling)
            for index, item in enumerate(value)
        ]

    def _may_be_empty(self, shape: Shape) -> bool:
        if isinstance(shape, MapShape):
            return shape.nullable or all(map(self._may_be_empty, shape.fields.values()))
        return isinstance(shape, ListShape) or shape.nullable


def scalar(shape: Scalar, value: Any, path: str) -> Any:
    """One checked value; raises UnusableFacts."""
    if value is None:
        if not shape.nullable:
            raise UnusableFacts(path, "不得為空", "must not be null")
        return None
    if isinstance(value, Erased):
        return ERASED_TEXT if shape.kind in ("str", "email", "phone", "url") else None
    if shape.kind == "bool":
        if type(value) is not bool:
            raise _wrong(path, "應為 true 或 false", "must be true or false", value)
        return value
    if shape.kind in NUMBERS:
        return _integer(value, path)
    if shape.kind == "instant":
        return _instant(value, path)
    return _text(shape, value, path)


def _integer(value: Any, path: str) -> int:
    if type(value) is not int:
        raise _wrong(path, "應為整數", "must be an integer", value)
    if not _INT_MIN <= value <= _INT_MAX:
        raise UnusableFacts(path, "整數超出範圍", "the integer is out of range")
    return value


def _instant(value: Any, path: str) -> datetime:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)  # CEL takes fixed offsets only, no zoneinfo
    if isinstance(value, str) and not _ISO_DATE.match(value):
        try:
            return parse_instant(value)
        except ValueError:
            pass
    raise _wrong(path, "應為含時區的時刻", "must be an instant with its offset", value)


def _text(shape: Scalar, value: Any, path: str) -> str:
    if isinstance(value, UUID):
        return str(value)
    if shape.kind == "date":
        return _date(value, path)
    if not isinstance(value, str):
        raise _wrong(path, "應為文字", "must be text", value)
    if shape.choices and value not in shape.choices:
        choices = ", ".join(shape.choices)
        raise UnusableFacts(path, f"應為其中之一：{choices}", f"must be one of {choices}")
    return value


def _date(value: Any, path: str) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and _ISO_DATE.match(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    raise _wrong(path, "應為日期 YYYY-MM-DD", "must be a date, YYYY-MM-DD", value)


def _wrong(path: str, zh: str, en: str, value: Any) -> UnusableFacts:
    kind = "null" if value is None else type(value).__name__
    return UnusableFacts(path, f"{zh}（得到 {kind}）", f"{en} (found {kind})")
