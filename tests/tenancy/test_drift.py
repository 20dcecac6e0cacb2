"""The models and the migrations say the same; a database refuses to serve when it would not keep tenants apart."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import ppid_saas.models  # noqa: F401
from ppid_saas.settings import Settings
from tenants import boot
from tenants.db import db
from tenants.lints import PLANES
from tests.tenancy.rows import url


def test_the_models_equal_the_head(servers: Settings) -> None:
    engine = create_engine(servers.database_url("owner"))
    with engine.connect() as connection:
        options = {
            "include_schemas": True,
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "schema" or name in PLANES,
        }
        context = MigrationContext.configure(connection, opts=options)
        found = compare_metadata(context, [db.metadatas[None], db.metadatas["identity"]])
    engine.dispose()
    assert not found


@pytest.mark.parametrize(("role", "reason"), [("postgres", "superuser"), ("owner", "owns tables")])
def test_a_role_too_strong_is_refused(servers: Settings, role: str, reason: str) -> None:
    with psycopg.connect(url(servers, role)) as conn, pytest.raises(boot.UnsafeDatabaseError, match=reason):
        boot.refuse_unsafe(conn, role)


def test_a_surface_signed_in_as_another_role_is_refused(servers: Settings) -> None:
    with (
        psycopg.connect(url(servers, "app_public")) as conn,
        pytest.raises(boot.UnsafeDatabaseError, match="not app_tenant"),
    ):
        boot.refuse_unsafe(conn, "app_tenant")


def test_an_unprotected_table_is_refused(servers: Settings) -> None:
    with psycopg.connect(url(servers, "postgres")) as conn:
        conn.execute("create table work.handy (id int)")
        conn.execute("set local role app_tenant")
        with pytest.raises(boot.UnsafeDatabaseError, match=r"work\.handy"):
            boot.refuse_unsafe(conn, "app_tenant")
        conn.rollback()


@pytest.mark.parametrize("role", ["app_tenant", "app_public", "platform"])
def test_the_roles_of_the_surfaces_are_accepted(servers: Settings, role: str) -> None:
    with psycopg.connect(url(servers, role)) as conn:
        boot.refuse_unsafe(conn, role)
