"""The tables of monitoring's read models."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

case_list = sa.Table(
    "monitoring_cases",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("case_number", sa.String(40), nullable=False),
    sa.Column("programme_id", sa.String(64), nullable=False),
    sa.Column("applicant_ubn", sa.String(8), nullable=False),
    sa.Column("applicant_name", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("amount_twd", sa.BigInteger, nullable=False),
    sa.Column("enterprises", sa.Integer, nullable=False),
    sa.Column("signed_on", sa.String(10), nullable=False),
    sa.Column("closed_on", sa.String(10)),
    sa.Column("follow_up_ends_on", sa.String(10)),
)

alert_list = sa.Table(
    "monitoring_alerts",
    METADATA,
    sa.Column("alert_id", sa.String(36), primary_key=True),
    sa.Column("case_id", sa.String(36), nullable=False, index=True),
    sa.Column("case_number", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("obligation", sa.String(40)),
    sa.Column("about", sa.String(60)),
    sa.Column("text_zh", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Column("raised_at", sa.String(40), nullable=False),
    sa.Column("cleared_at", sa.String(40)),
    sa.Column("cleared_why", sa.Text),
)
