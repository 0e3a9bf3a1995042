"""Ordinary tables that every service has beside its log: the service's role may write them."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

packs = sa.Table(
    "packs",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("programme_id", sa.String(64), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)

calls = sa.Table(
    "calls",
    METADATA,
    sa.Column("call_id", sa.String(36), primary_key=True),
    sa.Column("document", sa.Text, nullable=False),
)

timers = sa.Table(
    "timers",
    METADATA,
    sa.Column("timer_id", sa.String(36), primary_key=True),
    sa.Column("due_at", sa.String(40), nullable=False, index=True),  # UTC text, sorts by time
    sa.Column("command", sa.String(80), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # due | fired | parked | skipped
)

timer_faults = sa.Table(
    "timer_faults",
    METADATA,
    sa.Column("timer_id", sa.String(36), primary_key=True),
    sa.Column("lane", sa.String(64), nullable=False, index=True),  # case id, or timer id
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("parked_at", sa.String(40)),  # null: it is still tried
)

cursors = sa.Table(
    "cursors",
    METADATA,
    sa.Column("name", sa.String(120), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)

parked = sa.Table(
    "parked",
    METADATA,
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("feed_sequence", sa.BigInteger, primary_key=True),
    sa.Column("lane", sa.String(64), nullable=False, index=True),  # case id, or event id
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),  # parked | skipped
    sa.Column("parked_at", sa.String(40), nullable=False),
)

attempts = sa.Table(
    "attempts",
    METADATA,
    sa.Column("source", sa.String(40), primary_key=True),
    sa.Column("feed_sequence", sa.BigInteger, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
)
