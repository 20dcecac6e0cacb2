"""A calendar feed: read by its secret alone, codes and days in it, dead once it is revoked or its person is gone."""

import re
from collections.abc import Iterator
from datetime import date

import icalendar
import pytest
from sqlalchemy import text

from ppid_saas.cases import service
from tenants.db import new_id, transaction
from tenants.http import identity
from tests.fixtures.world import World, email_of


@pytest.fixture
def world_without_csrf(fresh_world: World) -> Iterator[World]:
    fresh_world.app().config["WTF_CSRF_ENABLED"] = False
    yield fresh_world
    fresh_world.app().config["WTF_CSRF_ENABLED"] = True


def address(world: World, who: str) -> str:
    page = world.client(who).post(f"{world.path(who)}/kalender/alamat").text
    found = re.search(r"/kalender/[^<]+\.ics", page)
    assert found
    return found.group()


def test_a_feed_holds_days_and_codes_until_it_is_revoked(world_without_csrf: World) -> None:
    world = world_without_csrf
    region = next(region for region, _ in world.tenants)
    who, other = f"pusat@{region}", f"petugas.dinkes@{region}"
    with world.acting(who), transaction():
        duty = service.owe("review.due", new_id(), 3, "SOP contoh, baris 1", date(2026, 12, 7))
        day = duty.due_on
    mine, hers = address(world, who), address(world, other)
    visitor = world.client()
    answer = visitor.get(mine)
    assert answer.mimetype == "text/calendar"
    assert "no-store" in answer.headers["Cache-Control"]
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["dtstart"].dt == day
    assert "SOP contoh" in event["summary"]
    assert not icalendar.Calendar.from_ical(visitor.get(hers).data).walk("VEVENT")
    assert visitor.get("/kalender/karangan.ics").status_code == 404
    newer = address(world, who)
    assert visitor.get(mine).status_code == 404
    assert visitor.get(newer).status_code == 200
    world.client(who).post(f"{world.path(who)}/kalender/alamat/cabut")
    assert visitor.get(newer).status_code == 404
    with world.app().app_context(), identity() as connection:
        connection.execute(
            text("update identity.person set disabled_at = now() where email = :e"), {"e": email_of(other)}
        )
    assert visitor.get(hers).status_code == 404
