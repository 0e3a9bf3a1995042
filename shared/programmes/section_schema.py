"""Schemas of the sections of pack.yaml.

Over 200 lines: one class for each part of a section, read as one list.
"""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.programmes.schema_fields import (
    FIELD,
    KEBAB,
    NAME,
    Strict,
    named,
    nested,
    shape,
    text,
    whole,
    words,
)

MARKS = ("PRINTED", "DERIVED", "DEFAULT", "EXTERNAL")
OWNERS = ("intake", "review", "finance", "monitoring")


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
    """shared.kernel.separations; `per` names the event field that both acts must be about."""

    first = text()
    second = text()
    per = text(FIELD, required=False)
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


class _Weight(fields.Field[Any]):
    """A weight in hundredths, or one for each track."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        weights = value.values() if isinstance(value, dict) and value else [value]
        if any(type(weight) is not int or weight < 0 for weight in weights):
            raise ValidationError("Not a valid weight: hundredths, or a map of tracks to them.")
        return value


class Criterion(Strict):
    id = text(FIELD)
    weight_centi = _Weight(required=True)
    label = words()
    judged = named(words(), required=False)


class Bonus(Strict):
    """Points beside the sheets; `points` and `evidence` name values of moment `rank`."""

    id = text(KEBAB)
    label = words()
    points = text(NAME)
    evidence = fields.List(text(NAME))


class SheetAnswer(Strict):
    """A question that a member answers with yes or no on the sheet, beside the scores."""

    id = text(FIELD)
    label = words()


class Scoring(Strict):
    """`ties`: committee (proposals equal in everything need its order) or shared (one rank)."""

    criteria = nested(Criterion, many=True)
    bonuses = nested(Bonus, many=True, required=False)
    answers = nested(SheetAnswer, many=True, required=False)
    ties = text(validate.OneOf(("committee", "shared")), required=False)
    step_centi = whole()
    rank_by = fields.List(text(NAME), required=True)


class Registration(Strict):
    """Entry award or contract: the moment of RegisterCase, and the forms that come with it."""

    moment = text(KEBAB)
    forms = fields.List(text(), required=True)


class Signing(Strict):
    """Either `period_days` from the announcement or `due`: CEL over {call, case, param}."""

    period_days = whole(required=False)
    due = text(required=False)
    extension_days = whole(required=False)
    reminder_days = whole(required=False)
    reminder_required = fields.Boolean()


class Instalment(Strict):
    no = whole()
    checkpoint = text(null=True)
    amount = text()
    settled_by = text(KEBAB, required=False)


class Checkpoint(Strict):
    """Either `due`: a call parameter, or `due_on`: CEL over {call, case, plan, param}. What is
    printed of shares stands in all checkpoints or in none."""

    id = text(KEBAB)
    label = words()
    due = text(required=False)
    due_on = text(required=False)
    report_due_days = whole(required=False)
    share_bp = whole(required=False)
    cumulative_bp = whole(required=False)
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
    bar_years = whole(required=False)
    recovery_due_days = whole()
    kinds = fields.List(text(KEBAB))
    hearing = named(text(validate.OneOf(("required", "optional"))), required=False)


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
    windows = named(text(), keys=NAME, required=False)
    values = named(text(), keys=NAME, required=False)
