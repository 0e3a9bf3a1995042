"""The schema of a pack: which keys there are, which must be there, what type they have.

One source for validation and for docs/reference/pack-format.md; unknown keys are refused.
"""

from __future__ import annotations

from marshmallow import fields, validate

from shared.kernel.permissions.relations import ROLES
from shared.programmes.paper_schema import paper_head, paper_words, papers
from shared.programmes.schema_fields import (
    CLAUSE,
    FIELD,
    KEBAB,
    NAME,
    RULE,
    Strict,
    moments,
    named,
    nested,
    shape,
    text,
    whole,
    words,
)
from shared.programmes.section_schema import (
    MARKS,
    OWNERS,
    CallParameter,
    Checkpoint,
    FollowUp,
    Instalment,
    Intake,
    Obligation,
    Parameter,
    Registration,
    Sanctions,
    Scoring,
    Separation,
    Signing,
    Track,
    Usage,
)
from shared.programmes.spending_schema import Spending
from shared.programmes.steps import Step

SEVERITIES = ("block", "warn", "manual", "info")
BLOCKS = ("command", "claim", "signing", "closing", "counting")
ENTRIES = ("call", "award", "contract")
"""Where a case enters the line."""
FILE_FIELDS = ("party", "owner_ubn", "about", "period", "issued_on")
"""What a document kind may ask to be said of a file."""


class FormField(Strict):
    id = text(FIELD)
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
    id = text(FIELD)
    label = words()
    repeatable = fields.Boolean()
    note = words(required=False)
    fields_ = fields.List(fields.Nested(FormField), data_key="fields", required=True)
    example = fields.Raw(allow_none=True)


class Document(Strict):
    """A document kind; what a pack says of it beyond the label is for its own clauses to read."""

    label = words()
    needs = fields.List(text(validate.OneOf(FILE_FIELDS), required=False))

    class Meta:
        unknown = "include"


class Trigger(Strict):
    command = text(required=False)
    timer = text(required=False)


class Moment(Strict):
    """`plan`: forms of the approved version; `steps`: steps of the case that are facts here."""

    id = text(KEBAB)
    label = words()
    owner = text(validate.OneOf(OWNERS))
    trigger = nested(Trigger)
    forms = fields.List(text())
    plan = fields.List(text())
    steps = fields.List(text(NAME))
    facts = named(shape(), keys=NAME, required=False)
    example = fields.Dict(keys=fields.String())


class Value(Strict):
    name = text(NAME)
    moment = moments()
    expr = text()


class Clause(Strict):
    id = text(CLAUSE)
    moment = moments()
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
    id = text(RULE)
    title = words()
    source = text()
    mark = text(validate.OneOf(MARKS))
    owner = text(validate.OneOf((*OWNERS, "all")))
    values = nested(Value, required=False, many=True)
    clauses = nested(Clause, required=False, many=True)
    guard = text(required=False)
    held_by = fields.List(text(), validate=validate.Length(min=1))
    explain = words(required=False)
    outside = words(required=False)


class PackDocument(Strict):
    """The parsed document: pack.yaml with the other files merged in."""

    id = text(KEBAB)
    version = whole()
    rule_prefix = text()
    case_prefix = text()
    entry = text(validate.OneOf(ENTRIES))
    names = words()
    aliases = fields.List(words())
    organiser = words(required=False)
    executing_body = words(required=False)
    legal_basis = fields.List(words())
    parameters = named(nested(Parameter), keys=NAME, required=False)
    call_parameters = named(nested(CallParameter), keys=NAME, required=False)
    roles = named(text(validate.OneOf(tuple(ROLES))), keys=NAME)
    separations = nested(Separation, required=False, many=True)
    tracks = named(nested(Track), required=False)
    scoring = nested(Scoring, required=False)
    registration = nested(Registration, required=False)
    signing = nested(Signing, required=False)
    instalments = nested(Instalment, required=False, many=True)
    spending = nested(Spending, required=False)
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
    papers = papers
    paper_words = paper_words
    paper_head = paper_head
    moments = nested(Moment, many=True)
    steps = nested(Step, many=True, required=False)
    forms = named(nested(Form))
    documents = named(nested(Document), keys=validate.Length(min=1))
    rules = nested(Rule, many=True)


class Call(Strict):
    """calls/*.yaml."""

    code = text()
    programme = text()
    title = words()
    parameters = fields.Dict(keys=fields.String(), required=True)
