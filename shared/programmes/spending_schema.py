"""The schema of the pack's section `spending`: what finance needs to audit vouchers."""

from __future__ import annotations

from marshmallow import fields

from shared.programmes.schema_fields import FIELD, NAME, Strict, named, nested, text


class SpendingYear(Strict):
    """A budget year; `from`, `to` and `cut_off` are expressions over {call, param} that give a
    day. Vouchers handed in after the cut-off count for the next year."""

    id = text(NAME)
    from_ = fields.String(data_key="from", required=True)
    to = text()
    cut_off = text(required=False)


class YearAmounts(Strict):
    """Fields of a budget row."""

    subsidy = text(FIELD)
    self_ = fields.String(data_key="self", required=True, validate=FIELD)


class SpendingBudget(Strict):
    """Where the budget stands: a repeatable form of the contract's plan or, later, of `steps`."""

    form = text()
    party = text(FIELD, required=False)
    line = text(FIELD)
    years = named(nested(YearAmounts), keys=NAME)
    steps = fields.List(text(NAME))


class Spending(Strict):
    """`net` and `self_borne`: expressions over {row, call, param}, row being a voucher."""

    net = text()
    self_borne = text(required=False)
    years = nested(SpendingYear, many=True)
    budget = nested(SpendingBudget)
    accounts = named(fields.List(text()), required=False)
