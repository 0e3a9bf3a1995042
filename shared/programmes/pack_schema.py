"""The schema of a pack: which keys there are, which must be there, what type they have.

One source for validation and for docs/reference/pack-format.md; unknown keys are refused.
"""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.kernel.permissions.relations import ROLES
from shared.programmes.shapes import UnknownType, read_shape

SEVERITIES = ("block", "warn", "manual", "info")
BLOCKS = ("command", "claim", "signing", "closing", "counting")
MARKS = ("PRINTED", "DERIVED", "DEFAULT", "EXTERNAL")
OWNERS = ("intake", "review", "finance", "monitoring")
ENTRIES = ("call", "award", "contract")
"""Where a case enters the line."""

_KEBAB = validate.Regexp(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_NAME = validate.Regexp(r"[a-z][a-z0-9_]*\Z")
_FIELD = validate.Regexp(r"[A-Za-z][A-Za-z0-9_]*\Z")
_RULE = validate.Regexp(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+\Z")
_CLAUSE = validate.Regexp(r"[a-z][a-z0-9]*\Z")
_POSITIVE = validate.Range(min=0)


class Strict(Schema):
    """No unknown keys."""

    class Meta:
        unknown = RAISE


def text(*checks: Any, required: bool = True, null: bool = False) -> fields.String:
    """A text field."""
    return fields.String(required=required, allow_none=null, validate=list(checks))


def whole(required: bool = True, null: bool = False) -> fields.Integer:
    """An integer >= 0."""
    return fields.Integer(strict=True, required=required, allow_none=null, validate=_POSITIVE)


def nested(schema: type[Schema], *, required: bool = True, many: bool = False) -> fields.Field:
    """Another schema."""
    return fields.Nested(schema, required=required, many=many)


def named(value: fields.Field, *, keys: Any = _FIELD, required: bool = True) -> fields.Dict:
    """A map of names to values."""
    return fields.Dict(keys=fields.String(validate=keys), values=value, required=required)


class Words(Strict):
    """A text in both languages."""

    zh_hant = fields.String(data_key="zh-Hant", required=True, validate=validate.Length(min=1))
    en = fields.String(required=True, validate=validate.Length(min=1))


def words(required: bool = True) -> fields.Field:
    """Words as a field."""
    return fields.Nested(Words, required=required)


def _is_shape(written: Any) -> None:
    try:
        read_shape(written)
    except UnknownType as error:
        raise ValidationError(f"Not a type: {error}") from error


def shape(required: bool = True) -> fields.Raw:
    """A written type."""
    return fields.Raw(required=required, validate=_is_shape)


class Parameter(Strict):
    value = fields.Raw(required=True, allow_none=True)
    type = shape()
    mark = text(validate.OneOf(MARKS))
    rule = text(required=False)
    source = text(required=False)
    note = words(required=False)


class CallParameter(Strict):
    type = shape()
    label = words()
    required = fields.Boolean(required=True)


class Separation(Strict):
    first = text()
    second = text()
    rule = text()
    text = words()


class Tier(Strict):
    id = text()
    from_ = fields.Integer(data_key="from", strict=True, required=True)
    to = whole(null=True)
    cap_twd = whole()


class Track(Strict):
    label = words()
    minimum = whole()
    tiers = nested(Tier, many=True)


class Criterion(Strict):
    id = text(_FIELD)
    weight_centi = whole()
    label = words()
    judged = named(words(), required=False)


class Scoring(Strict):
    criteria = nested(Criterion, many=True)
    step_centi = whole()
    rank_by = fields.List(text(_NAME), required=True)


class Signing(Strict):
    period_days = whole()
    extension_days = whole()
    reminder_days = whole()


class Instalment(Strict):
    no = whole()
    checkpoint = text(null=True)
    amount = text()


class Checkpoint(Strict):
    id = text(_KEBAB)
    label = words()
    due = text()
    report_due_days = whole()
    share_bp = whole()
    cumulative_bp = whole()
    moment = text()
    instalment = whole(null=True, required=False)


class BatchDue(Strict):
    every = text(validate.OneOf(("month", "week")))
    day = whole()


class Usage(Strict):
    cycles = fields.List(text(validate.OneOf(("DAY", "WEEK", "MONTH"))), required=True)
    record_kinds = fields.List(text(), required=True)
    counted_sides = fields.List(text(), required=True)
    partial_cycles = text(validate.OneOf(("ignore", "count")))
    regular_ratio_bp = whole()
    duplicate_key = fields.List(text(), required=True)
    batch_items = fields.List(text(), required=True)
    counted_until = text()
    batch_due = nested(BatchDue)
    idle_cycles = whole()


class Obligation(Strict):
    id = text()
    label = words()
    who = text()
    due = text()
    every = text(validate.OneOf(("month", "year")), null=True)
    window_days = whole()
    alert = text()
    clause = text()
    owner = text(validate.OneOf(OWNERS), required=False)


class Sanctions(Strict):
    answer_days = whole()
    bar_years = whole()
    recovery_due_days = whole()


class Overdue(Strict):
    after_days = whole()
    action = text(validate.OneOf(("alert", "reminder", "register")))


class FollowUp(Strict):
    years = whole()
    every_months = whole()
    window_days = whole()
    overdue_days = nested(Overdue, many=True)


class FormRef(Strict):
    """A form and one of its fields."""

    form = text()
    field = text()


class RosterRef(Strict):
    form = text()
    ubn = text()


class LettersRef(Strict):
    form = text()
    ubn = text()
    signed_on = text(required=False)
    register_form = text(required=False)
    document = text(required=False)


class Intake(Strict):
    """Where intake's own code finds what every programme has."""

    roster = nested(RosterRef, required=False)
    letters = nested(LettersRef, required=False)
    participants = nested(FormRef, required=False, many=True)
    windows = named(text(), keys=_NAME, required=False)
    values = named(text(), keys=_NAME, required=False)


class FormField(Strict):
    id = text(_FIELD)
    label = words()
    type = shape(required=False)
    fields_ = fields.List(
        fields.Nested(lambda: FormField()), data_key="fields", validate=validate.Length(min=1)
    )
    repeatable = fields.Boolean()
    required = text(validate.OneOf(("yes", "no", "conditional")), required=False)
    personal = fields.Boolean()
    subject = text(required=False)
    note = words(required=False)
    example = fields.Raw(allow_none=True)


class Form(Strict):
    id = text(_FIELD)
    label = words()
    repeatable = fields.Boolean()
    note = words(required=False)
    fields_ = fields.List(fields.Nested(FormField), data_key="fields", required=True)
    example = fields.Raw(allow_none=True)


class Document(Strict):
    """A document kind; what a pack says of it beyond the label is for its own clauses to read."""

    label = words()

    class Meta:
        unknown = "include"


class Trigger(Strict):
    command = text(required=False)
    timer = text(required=False)


class Moment(Strict):
    id = text(_KEBAB)
    label = words()
    owner = text(validate.OneOf(OWNERS))
    trigger = nested(Trigger)
    forms = fields.List(text())
    facts = named(shape(), keys=_NAME, required=False)
    example = fields.Dict(keys=fields.String())


class Value(Strict):
    name = text(_NAME)
    moment = text()
    expr = text()


class Clause(Strict):
    id = text(_CLAUSE)
    moment = text()
    severity = text(validate.OneOf(SEVERITIES))
    blocks = text(validate.OneOf(BLOCKS), required=False)
    applies = text(required=False)
    require = text()
    for_each = text(required=False)
    subject = text(required=False)
    role = text(validate.OneOf(tuple(ROLES)), required=False)
    evidence = words(required=False)
    audience = text(validate.OneOf(("applicant", "officers")), required=False)
    message = words()


class Rule(Strict):
    id = text(_RULE)
    title = words()
    source = text()
    mark = text(validate.OneOf(MARKS))
    owner = text(validate.OneOf((*OWNERS, "all")))
    values = nested(Value, required=False, many=True)
    clauses = nested(Clause, required=False, many=True)
    guard = text(required=False)
    explain = words(required=False)


class PackDocument(Strict):
    """The parsed document: pack.yaml with the other files merged in."""

    id = text(_KEBAB)
    version = whole()
    rule_prefix = text()
    case_prefix = text()
    entry = text(validate.OneOf(ENTRIES))
    names = words()
    aliases = fields.List(words())
    organiser = words(required=False)
    executing_body = words(required=False)
    legal_basis = fields.List(words())
    parameters = named(nested(Parameter), keys=_NAME, required=False)
    call_parameters = named(nested(CallParameter), keys=_NAME, required=False)
    roles = named(text(validate.OneOf(tuple(ROLES))), keys=_NAME)
    separations = nested(Separation, required=False, many=True)
    tracks = named(nested(Track), required=False)
    scoring = nested(Scoring, required=False)
    signing = nested(Signing, required=False)
    instalments = nested(Instalment, required=False, many=True)
    checkpoints = nested(Checkpoint, required=False, many=True)
    usage = nested(Usage, required=False)
    obligations = nested(Obligation, required=False, many=True)
    sanctions = nested(Sanctions, required=False)
    follow_up = nested(FollowUp, required=False)
    township_groups = named(whole(), keys=validate.Length(min=1), required=False)
    intake = nested(Intake, required=False)
    review = fields.Dict(keys=fields.String())
    finance = fields.Dict(keys=fields.String())
    monitoring = fields.Dict(keys=fields.String())
    moments = nested(Moment, many=True)
    forms = named(nested(Form))
    documents = named(nested(Document), keys=validate.Length(min=1))
    rules = nested(Rule, many=True)


class Call(Strict):
    """calls/*.yaml."""

    code = text()
    programme = text()
    title = words()
    parameters = fields.Dict(keys=fields.String(), required=True)
