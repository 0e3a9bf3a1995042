"""The store's tables as SQLAlchemy sees them, for reading; deploy/migrations creates them.

Ids and instants are text in both databases: what is hashed is what is stored.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

events = sa.Table(
    "events",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("metadata", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Text),
    sa.UniqueConstraint("stream", "version"),
)

log = sa.Table(
    "log",
    metadata,
    sa.Column("sequence", sa.BigInteger, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False, unique=True),
    sa.Column("feed_sequence", sa.BigInteger, unique=True),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
)

log_nodes = sa.Table(
    "log_nodes",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("index", sa.BigInteger, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

heads = sa.Table(
    "heads",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("service", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("feed_size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("clock", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
)

commands = sa.Table(
    "commands",
    metadata,
    sa.Column("command_id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
)
