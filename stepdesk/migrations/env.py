"""Alembic's environment: runs on the connection the book was opened with."""

from alembic import context

from stepdesk.migrations import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    transactional_ddl=False,
)
context.run_migrations()
