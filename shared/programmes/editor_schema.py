"""A JSON Schema of each kind of file of a pack, made from the marshmallow schemas that validate it,
so that editors complete keys and mark unknown ones. It says less than `rules validate`, never more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from shared.programmes.pack_folder import APART, LISTS
from shared.programmes.pack_schema import Call, Document, Form, Moment, PackDocument, Rule

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FIGURE = {"$ref": "#/$defs/Figure"}
_OWN = (*LISTS, "forms", "documents")
"""Sections that stand in folders, or a file, of their own."""
_VECTOR = ("id", "rule", "says", "base", "moment", "change", "expect", "commands", "mark")
_KINDS: Mapping[str, str] = {
    "pack.yaml": "Pack",
    "documents.yaml": "Documents",
    "moments/*.yaml": "Moments",
    "forms/*.yaml": "Form",
    "rules/*.yaml": "Rules",
    "calls/*.yaml": "Call",
    "vectors/*.yaml": "Vectors",
    "*.yaml": "Sections",
}
"""Files of a pack -> the definition they follow; the first pattern that fits."""


def editor_schema() -> dict[str, Any]:
    """The JSON Schema of all kinds: `$defs` by name; a file follows one of them."""
    made = _Definitions()
    defs = made.defs
    for schema in (Moment, Rule, Document, Form, Call):
        made.of(schema)
    for name, key, item in (("Moments", "moments", "Moment"), ("Rules", "rules", "Rule")):
        defs[name] = _file({key: {"type": "array", "items": {"$ref": f"#/$defs/{item}"}}}, [key])
    kinds = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Document"}}
    defs["Documents"] = _file({"documents": kinds}, ["documents"])
    vector = _file({name: {} for name in (*_VECTOR, "call", "tries")}, ["id", "rule", "says"])
    defs["Vectors"] = _file({"vectors": {"type": "array", "items": vector}}, ["vectors"])
    _sections(made)
    kinds_of_file = list(dict.fromkeys(_KINDS.values()))
    return {
        "$schema": DIALECT,
        "title": "Grantcase programme pack",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in kinds_of_file],
        "$defs": dict(sorted(defs.items())),
    }


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file (kinds()). Raises KeyError."""
    whole = editor_schema()
    defs = whole["$defs"]
    name = _KINDS[kind]
    return {
        "$schema": DIALECT,
        "title": f"Grantcase: {kind}",
        "$ref": f"#/$defs/{name}",
        "$defs": {key: defs[key] for key in sorted(_reached(defs, name))},
    }


def kinds() -> tuple[str, ...]:
    """The kinds of file, as patterns of paths inside a pack."""
    return tuple(_KINDS)


def kind_of(path: str) -> str | None:
    """The kind of a file by its path inside the pack; None for what is no part of the pack (the
    catalogue, bases of vectors)."""
    folder, _, name = path.rpartition("/")
    if path in _KINDS:
        return path
    if not folder:
        return None if name in APART else "*.yaml"
    return next((kind for kind in _KINDS if kind == f"{folder}/*.yaml"), None)


def _sections(made: _Definitions) -> None:
    """pack.yaml needs the identity; what else it has may stand in files beside it."""
    whole = made.of(PackDocument)
    described = made.defs.pop(whole["$ref"].rpartition("/")[2])
    sections = {key: value for key, value in described["properties"].items() if key not in _OWN}
    identity = ("id", "version", "rule_prefix", "case_prefix", "entry", "names")
    made.defs["Pack"] = _file(sections, [key for key in identity if key in described["required"]])
    made.defs["Sections"] = {**_file(sections, []), "minProperties": 1}
    figure = {"param": {"type": "string"}, "item": {"type": "integer"}}
    made.defs["Figure"] = _file(figure, ["param"])


def _reached(defs: Mapping[str, Any], name: str) -> set[str]:
    """The definitions that one leads to, itself among them."""
    found, open_ = set[str](), [name]
    while open_:
        here = open_.pop()
        if here not in found:
            found.add(here)
            open_ += _names(defs[here])
    return found


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.rpartition("/")[2]
        node = list(node.values())
    for inner in node if isinstance(node, list) else ():
        yield from _names(inner)


def _file(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        "required": required,
    }


class _Definitions:
    """JSON Schemas of marshmallow schemas, each once, by the name of its class."""

    def __init__(self) -> None:
        self.defs: dict[str, Any] = {}

    def of(self, schema: type[Schema]) -> dict[str, Any]:
        """A reference to the definition of a schema."""
        name = schema.__name__
        if name not in self.defs:
            self.defs[name] = {}  # it may name itself
            made = schema()
            named = {field.data_key or key: field for key, field in made.fields.items()}
            described = _file(
                {key: self._field(field) for key, field in named.items()},
                [key for key, field in named.items() if field.required],
            )
            described["additionalProperties"] = made.unknown == "include"
            about = (schema.__doc__ or "").split("\n\n")[0]
            if about and schema.__module__.startswith("shared."):
                described["description"] = " ".join(about.split())
            self.defs[name] = described
        return {"$ref": f"#/$defs/{name}"}

    def _field(self, field: Any) -> dict[str, Any]:
        """A figure may stand for a text or number nearly everywhere ({param: name})."""
        made = self._bare(field)
        if isinstance(field, fields.Integer | fields.List):
            made = {"anyOf": [made, _FIGURE]}
        if field.allow_none and made:
            made = {"anyOf": [made, {"type": "null"}]}
        return made

    def _bare(self, field: Any) -> dict[str, Any]:
        if isinstance(field, fields.Nested):
            inner = self.of(type(field.schema))
            return {"type": "array", "items": inner} if field.many else inner
        if isinstance(field, fields.List):
            return {"type": "array", "items": self._field(field.inner)}
        if isinstance(field, fields.Dict):
            return self._mapping(field)
        if isinstance(field, fields.Integer):
            return {"type": "integer", **_range(field)}
        if isinstance(field, fields.Boolean):
            return {"enum": [True, False, "yes", "no"]}  # a bare yes is text in a pack
        if isinstance(field, fields.String):
            return {"type": "string", **_choices(field)}
        return {}

    def _mapping(self, field: fields.Dict) -> dict[str, Any]:
        described: dict[str, Any] = {"type": "object"}
        if field.value_field is not None:
            described["additionalProperties"] = self._field(field.value_field)
        return described


def _choices(field: Any) -> dict[str, Any]:
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            return {"enum": list(check.choices)}
        if isinstance(check, validate.Regexp):
            return {"pattern": "^" + str(check.regex.pattern).removesuffix(r"\Z") + "$"}
    return {}


def _range(field: Any) -> dict[str, Any]:
    for check in field.validators:
        if isinstance(check, validate.Range) and check.min is not None:
            return {"minimum": check.min}
    return {}
