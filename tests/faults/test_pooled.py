"""A little of `./ppid prove pooled`: many tenants behind a small pool, with sessions killed and others misbehaving in it."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tenants.db import db
from tenants.http import hash_token
from tests.fixtures.world import World
from tests.prove import pooled
from tests.tenancy.rows import url

TRANSACTIONS = 600
NOTHING = dict.fromkeys(("lost", "doubled", "elsewhere", "wrong_tenant", "read_without_a_door"), 0)


@pytest.mark.parametrize("resets", [True, False], ids=["as shipped", "sessions handed on as left"])
def test_no_row_is_lost_doubled_or_anothers(fresh_world: World, *, resets: bool) -> None:
    regions = tuple({region for region, _ in fresh_world.tenants})
    found = pooled.storm(fresh_world, regions, TRANSACTIONS, 120, 11 + resets, resets=resets, processes=2)
    assert {name: found[name] for name in NOTHING} == NOTHING
    assert found["transactions"] == TRANSACTIONS
    assert found["finished"]
    assert min(found["sessions_killed"], found["abuses"]) > 0


# What somebody may have set for the session before, and what a bound transaction must say of it.
LEFT = {
    "row_security": ("off", "on"),
    "synchronous_commit": ("off", "on"),
    "statement_timeout": ("10s", "0"),
    "lock_timeout": ("1s", "0"),
    "idle_in_transaction_session_timeout": ("1min", "0"),
    "transform_null_equals": ("on", "off"),
    "array_nulls": ("off", "on"),
    "gin_fuzzy_search_limit": ("1", "0"),
}


def test_a_door_undoes_what_the_session_was_left_with(world: World) -> None:
    who = "petugas.dinkes@sana"
    with psycopg.connect(url(world.settings, "app_tenant"), autocommit=True) as session:
        usual = {name: session.execute(f"show {name}").fetchone() for name in LEFT}
        for name, (left, _) in LEFT.items():
            session.execute(f"set {name} = '{left}'")
        with session.transaction():
            session.execute(
                "select door.enter(%s, %s, %s)", (hash_token(world.token(who)), *world.place(who))
            )
            found = {name: session.execute(f"show {name}").fetchone() for name in LEFT}
        assert found == usual
        assert session.execute("show lock_timeout").fetchone() == ("1s",)


def test_a_transaction_says_itself_how_it_begins(fresh_world: World) -> None:
    who = next(person for person in fresh_world.people if person.startswith("petugas.dinkes@"))
    with fresh_world.acting(who):
        connection = db.session.connection().connection
        for left in ("default_transaction_read_only = on", "default_transaction_isolation = serializable"):
            connection.cursor().execute(f"set session {left}")
        db.session.commit()
        begun = db.session.connection().exec_driver_sql(
            "select current_setting('transaction_read_only'), current_setting('transaction_isolation')"
        )
        assert begun.one() == ("off", "read committed")
        db.session.connection().invalidate()  # nobody else shall have this session


def test_who_only_reads_writes_in_none_of_her_transactions(fresh_world: World) -> None:
    who = next(person for person in fresh_world.people if person.startswith("petugas.dinkes@"))
    with fresh_world.acting(who, read_only=True):
        for _ in range(2):
            with pytest.raises(DBAPIError, match="read-only transaction"):
                db.session.execute(text("update work.item set title = title"))
            db.session.rollback()
    with fresh_world.acting(who):
        assert db.session.execute(text("show transaction_read_only")).scalar_one() == "off"
