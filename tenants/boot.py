"""Roles, migration and the refusal to start when unsafe. Knows how to run a server's bootstrap, not how to start one."""

from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from tenants.lints import findings

LOGIN_ROLES = ("owner", "app_tenant", "app_public", "app_identity", "app_clock", "platform", "replicator")
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
# CVE-2024-10976 and CVE-2025-8713: row security holes closed in these minors.
SAFE_MINORS = {15: 14, 16: 10, 17: 6}


class UnsafeDatabaseError(RuntimeError):
    """The database would not keep tenants apart; the message names each reason."""


def create_roles(conn: psycopg.Connection, passwords: Mapping[str, str], database: str) -> None:
    """Create the login roles, the NOLOGIN role `door` and the database; safe to repeat."""
    conn.autocommit = True
    for role in ("door", *LOGIN_ROLES):
        if not conn.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
            conn.execute(
                sql.SQL("create role {} nosuperuser nobypassrls noinherit").format(sql.Identifier(role))
            )
    for role, password in passwords.items():
        if role in LOGIN_ROLES:
            conn.execute(
                sql.SQL("alter role {} login password {}").format(sql.Identifier(role), sql.Literal(password))
            )
    conn.execute("alter role replicator replication")
    conn.execute("grant door to owner")
    if not conn.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
        conn.execute(sql.SQL("create database {} owner owner").format(sql.Identifier(database)))
    name = sql.Identifier(database)
    conn.execute(sql.SQL("revoke all on database {} from public").format(name))
    conn.execute(
        sql.SQL(
            "grant connect on database {} to app_tenant, app_public, app_identity, app_clock, platform"
        ).format(name)
    )


def migrate(owner_url: str) -> None:
    """Bring the schema to the head revision as role `owner`."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    command.upgrade(config, "head")


def refuse_unsafe(conn: psycopg.Connection, role: str) -> None:
    """Raise `UnsafeDatabaseError` unless server, role and every table keep tenants apart."""
    reasons = [*_server_reasons(conn), *_role_reasons(conn, role), *findings(conn)]
    if reasons:
        raise UnsafeDatabaseError("; ".join(reasons))


def _server_reasons(conn: psycopg.Connection) -> list[str]:
    major, minor = divmod(conn.info.server_version, 10000)
    floor = SAFE_MINORS.get(major, 0)
    if major < min(SAFE_MINORS) or minor < floor:
        return [
            f"PostgreSQL {major}.{minor} has known row security flaws; {major}.{floor} or newer is needed"
        ]
    return []


def _role_reasons(conn: psycopg.Connection, role: str) -> list[str]:
    row = conn.execute(
        "select current_user, rolsuper, rolbypassrls,"
        " exists(select from pg_class where relowner = r.oid),"
        " has_database_privilege(current_database(), 'TEMP')"
        " from pg_roles r where rolname = current_user"
    ).fetchone()
    if row is None or row[0] != role:
        return [f"the process is signed in as {row[0] if row else '?'}, not {role}"]
    faults = ("superuser", "bypasses row security", "owns tables", "may create temporary tables")
    return [f"role {role}: {fault}" for fault, bad in zip(faults, row[1:], strict=True) if bad]
