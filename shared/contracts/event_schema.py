"""The base of every public event's schema: flat, versioned, unknown fields refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields


class PublicEventSchema(Schema):
    """One published promise. `type` is the short name, `schema_version` its shape number."""

    type: ClassVar[str]
    schema_version: ClassVar[int] = 1

    class Meta:
        unknown = RAISE


class CaseEventSchema(PublicEventSchema):
    """A public event about one case."""

    case_id = fields.UUID(required=True)
    case_number = fields.String(required=True)


class StepTaken(CaseEventSchema):
    """A step of the programme's procedure was taken; told to the services of `shared_with`."""

    type = "StepTaken"
    step = fields.String(required=True)
    key = fields.String(required=True)  # "" for a step that has no keys
    number = fields.Integer(required=True)  # how often it was taken, per key
    forms = fields.Dict(keys=fields.String(), required=True)  # nothing personal
    taken_at = fields.AwareDateTime(required=True)
    taken_by = fields.String(required=True)
    returns = fields.List(fields.String(), required=True)  # steps sent back
    shared_with = fields.List(fields.String(), required=True)
    decided_by = fields.Dict(keys=fields.String(), required=True)


def decided_by() -> fields.Field[Any]:
    """{pack_digest, moment, rules: ["CP-TRK-09", ...], values: {...}, note}: who may ask why."""
    return fields.Dict(keys=fields.String(), required=True)


def ubn(**options: Any) -> fields.String:
    """A 統一編號: it names an enterprise and is not personal."""
    return fields.String(**{"required": True, **options})


def twd(**options: Any) -> fields.Integer:
    """An amount in NT$."""
    return fields.Integer(strict=True, **{"required": True, **options})


def registry_of(*schemas: type[PublicEventSchema]) -> Mapping[str, type[PublicEventSchema]]:
    """Short name -> schema class."""
    return {schema.type: schema for schema in schemas}
