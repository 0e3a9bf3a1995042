"""Alembic's environment: shared.eventstore.migrate hands over an open connection."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], transactional_ddl=True, target_metadata=None
)
with context.begin_transaction():
    context.run_migrations()
