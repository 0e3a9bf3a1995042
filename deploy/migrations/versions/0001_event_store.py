"""The event store: events, log, log_nodes, heads, commands; append-only by the database."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    """Create everything; the script of each database stands in ../sql."""
    bind = op.get_bind()
    script = (_SQL / f"0001_{bind.dialect.name}.sql").read_text()
    cursor = bind.connection.cursor()
    if bind.dialect.name == "sqlite":
        for statement in _statements(script):
            cursor.execute(statement)
    else:
        cursor.execute(script)
    cursor.close()


def downgrade() -> None:
    """A log is never taken away by a migration."""
    raise NotImplementedError("the event store is append-only: restore a backup instead")


def _statements(script: str) -> list[str]:
    """SQLite's driver takes one statement at a time; a trigger ends with END;."""
    statements, lines = [], []
    for line in script.splitlines():
        if line.startswith("--") or not line.strip():
            continue
        lines.append(line)
        in_trigger = lines[0].startswith("CREATE TRIGGER")
        if line.endswith("END;") if in_trigger else line.endswith(";"):
            statements.append("\n".join(lines))
            lines = []
    return statements
