"""The tables of review's read models."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

review_list = sa.Table(
    "review_cases",
    METADATA,
    sa.Column("case_id", sa.String(36), primary_key=True),
    sa.Column("case_number", sa.String(40), nullable=False),
    sa.Column("call_id", sa.String(36), nullable=False),
    sa.Column("track", sa.String(20), nullable=False),
    sa.Column("applicant_ubn", sa.String(8), nullable=False),
    sa.Column("applicant_name", sa.Text, nullable=False),
    sa.Column("submitted_at", sa.String(40), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("sheets", sa.Integer, nullable=False),
    sa.Column("base_centi", sa.Integer),
    sa.Column("final_centi", sa.Integer),
    sa.Column("rank", sa.Integer),
    sa.Column("outcome", sa.String(20)),
    sa.Column("approved_count", sa.Integer),
    sa.Column("approved_twd", sa.BigInteger),
    sa.Index("review_cases_of_call", "call_id", "submitted_at", "case_number"),
)

panel_list = sa.Table(
    "review_panels",
    METADATA,
    sa.Column("call_id", sa.String(36), primary_key=True),
    sa.Column("track", sa.String(20), primary_key=True),
    sa.Column("members", sa.Text, nullable=False),  # canonical JSON
    sa.Column("closed", sa.Boolean, nullable=False),
)
