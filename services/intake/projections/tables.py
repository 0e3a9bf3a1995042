"""The tables of intake's read models."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

case_list = sa.Table(
    "intake_cases",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("case_number", sa.String(40), nullable=False, unique=True),
    sa.Column("call_id", sa.String(36)),
    sa.Column("programme_id", sa.String(64), nullable=False),
    sa.Column("applicant_ubn", sa.String(8), nullable=False),
    sa.Column("applicant_name", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("track", sa.String(20)),
    sa.Column("enterprise_count", sa.Integer),
    sa.Column("requested_twd", sa.BigInteger),
    sa.Column("submitted_at", sa.String(40)),
)

case_numbers = sa.Table(
    "intake_case_numbers",
    METADATA,
    sa.Column("prefix", sa.String(40), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

enterprises_in_call = sa.Table(
    "intake_enterprises_in_call",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("ubn", sa.String(8), primary_key=True),
    sa.Column("call_id", sa.String(36), nullable=False),
    sa.Column("case_number", sa.String(40), nullable=False),
    sa.Index("intake_enterprise_by_number", "call_id", "ubn"),
)

subjects = sa.Table(
    "intake_subjects",
    METADATA,
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("holder", sa.String(64), primary_key=True),  # a case id, or applicant-<統一編號>
)

bar_list = sa.Table(
    "intake_bars",
    METADATA,
    sa.Column("bar_id", sa.String(36), primary_key=True),
    sa.Column("ubn", sa.String(8), nullable=False, index=True),
    sa.Column("programme_id", sa.String(64), nullable=False),
    sa.Column("decided_on", sa.String(10), nullable=False),
    sa.Column("until", sa.String(10), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("years_roc", sa.JSON, nullable=False),
)
