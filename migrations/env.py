"""Alembic's environment: one connection as role owner, with timeouts so that a migration never hangs the house."""

from alembic import context
from sqlalchemy import create_engine, pool, text

import ppid_saas.models  # noqa: F401
from tenants.db import db


def run() -> None:
    engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("set local lock_timeout = '4s'"))
        connection.execute(text("set local statement_timeout = '60s'"))
        connection.execute(text("select pg_advisory_xact_lock(7431)"))
        connection.execute(text("create schema if not exists migration"))
        context.configure(
            connection=connection,
            target_metadata=[db.metadatas[None], db.metadatas["identity"]],
            transactional_ddl=True,
            version_table="version",
            version_table_schema="migration",
        )
        context.run_migrations()


run()
