"""What is due and not done is told to whoever watches, and is nothing again once somebody has done it."""

from datetime import date, timedelta

import psycopg
from flask import Flask

from ppid_saas.cases import service
from ppid_saas.console import queries
from ppid_saas.events.service import record
from tenants.db import new_id, transaction
from tests.fixtures.days import on, sweep
from tests.fixtures.world import World
from tests.tenancy.rows import url

START, LATER = date(2018, 1, 8), date(2018, 1, 8) + timedelta(days=40)


def told(app: Flask) -> dict[str, float]:
    with app.app_context():
        return next(dict(values) for name, _, values in queries.gauges() if name == "ppid_due_not_done")


def test_a_duty_whose_day_passed_counts_until_it_took_effect(fresh_world: World) -> None:
    console, region = fresh_world.app("console"), next(iter(fresh_world.tenants))[0]
    with on(LATER):
        before = told(console)["obligations"]
    with on(START), fresh_world.acting(f"pusat@{region}"), transaction():
        service.owe("uji", new_id(), 3, "SOP contoh, baris 1", START)
    with on(LATER):
        assert told(console)["obligations"] > before
        sweep(fresh_world)
        assert told(console)["obligations"] == before


def test_a_notice_that_waits_past_its_time_counts_until_it_was_told(fresh_world: World) -> None:
    console, region = fresh_world.app("console"), next(iter(fresh_world.tenants))[0]
    before = told(console)["notices"]
    with fresh_world.acting(f"pusat@{region}"), transaction():
        event = record("store.damaged", None, {"objects": 1, "missing": 0}).id
    assert told(console)["notices"] == before
    with psycopg.connect(url(fresh_world.settings, "postgres")) as connection:
        connection.execute(
            "update ops.effect set lease_until = now() - interval '1 second' where event_id = %s", [event]
        )
    assert told(console)["notices"] == before + 1
    fresh_world.drain()
    assert told(console)["notices"] == before
