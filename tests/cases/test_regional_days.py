"""A central's special days reach the units below it and nobody else: deadlines move there too, people are told, what is closed stays."""

from datetime import date
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from ppid_saas.cases import own_calendar, queries, recounting, service
from ppid_saas.events.models import Event
from ppid_saas.notifications.models import Notice
from ppid_saas.workdays.calendar import Override, is_working_day
from tenants.db import db, new_id, transaction
from tests.fixtures.days import on
from tests.fixtures.world import World
from tests.tenancy.probes import enter
from tests.tenancy.rows import url

DAY = date(2026, 12, 8)
LOCAL = Override(DAY, working=False, reason="Keputusan Bupati 12/2026")
BEFORE, AFTER = date(2026, 12, 10), date(2026, 12, 11)


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


def owed(world: World, who: str) -> UUID:
    with world.acting(who), transaction():
        return service.owe("uji", new_id(), 3, "SOP contoh, baris 1", date(2026, 12, 7)).id


def due_on(world: World, who: str, duty: UUID) -> date:
    with world.acting(who):
        return own_calendar.explained(duty).duty.due_on


def add(world: World, who: str, wanted: Override = LOCAL) -> None:
    with world.acting(who):
        own_calendar.add_day(wanted)
    world.drain()


def test_open_deadlines_of_units_move_and_their_people_are_told(fresh_world: World, region: str) -> None:
    unit, sibling, central = (f"{who}@{region}" for who in ("petugas.dinkes", "petugas.disdik", "kabid"))
    duty, done, other = owed(fresh_world, unit), owed(fresh_world, unit), owed(fresh_world, sibling)
    with fresh_world.acting(unit), transaction():
        service.settle(own_calendar.explained(done).duty)
    add(fresh_world, central)
    assert [due_on(fresh_world, unit, one) for one in (duty, done)] == [AFTER, BEFORE]
    assert due_on(fresh_world, sibling, other) == AFTER
    with fresh_world.acting(unit):
        facts = db.session.execute(select(Event).where(Event.kind == recounting.MOVED)).scalars().all()
        assert [fact.data["obligation"] for fact in facts] == [str(duty)]
        (told,) = db.session.execute(
            select(Notice).where(
                Notice.kind == recounting.RECOUNTED, Notice.person_id == fresh_world.people[unit]
            )
        ).scalars()
        assert told.data == {"moved": 1}
        why = own_calendar.explained(duty).rows
        assert next(row for row in why if row.day == DAY).name == LOCAL.reason
        assert not recounting.is_behind()
    with fresh_world.acting(central):
        own_calendar.remove_day(DAY)
    fresh_world.drain()
    assert due_on(fresh_world, unit, duty) == BEFORE


def test_a_new_deadline_counts_with_the_days_of_its_central_alone(fresh_world: World, region: str) -> None:
    other = next(name for name, _ in fresh_world.tenants if name != region)
    add(fresh_world, f"kabid@{region}")
    here, there = f"petugas.dinkes@{region}", f"petugas.dinkes@{other}"
    assert due_on(fresh_world, here, owed(fresh_world, here)) == AFTER
    assert due_on(fresh_world, there, owed(fresh_world, there)) == BEFORE


def test_a_unit_may_differ_for_itself_and_its_own_days_stay_its_own(fresh_world: World, region: str) -> None:
    unit, sibling, central = (f"{who}@{region}" for who in ("kepala.dinkes", "kepala.disdik", "kabid"))
    add(fresh_world, central)
    with on(DAY), fresh_world.acting(unit):
        moved = own_calendar.preview(Override(DAY, working=True, reason="Rumah sakit tetap buka"))
        assert moved == []
    add(fresh_world, unit, Override(DAY, working=True, reason="Rumah sakit tetap buka"))
    add(fresh_world, unit, Override(date(2026, 12, 9), working=False, reason="Pindah gedung"))
    for who, days in ((unit, [True, False]), (sibling, [False, True]), (central, [False, True])):
        with fresh_world.acting(who):
            calendar = queries.calendar_for_tenant()
            assert [is_working_day(calendar, date(2026, 12, n)) for n in (8, 9)] == days, who
    page = fresh_world.client(sibling).get(f"/{region}/u/disdik/kalender?tahun=2026").text
    assert "dari PPID Utama" in page
    assert page.count("Keputusan Bupati 12/2026") == 3  # the day itself, its row, an example
    worked = fresh_world.client(unit).get(f"/{region}/u/dinkes/kalender?tahun=2026").text
    assert worked.count("Keputusan Bupati 12/2026") == 2  # worked here, so no row among the holidays
    assert "Pindah gedung" not in page


def test_the_door_tells_nothing_of_other_regions_nor_of_siblings(world: World) -> None:
    """Whoever may bind a transaction still sees only her own days and her recipient's."""
    asked = "select reason from door.days() order by 1"
    with psycopg.connect(url(world.settings, "postgres")) as conn:
        for who in (
            "petugas.dinkes@sana",
            "petugas.disdik@sana",
            "pusat@sana",
            "petugas.dinkes@sini",
            "pusat@sini",
        ):
            row = "insert into ops.calendar_override (tenant_id, day, working, reason) values (%s, %s, false, %s)"
            conn.execute(row, [world.tenant(who), DAY, who])
        conn.execute("set local role app_tenant")
        seen = {}
        for who in ("petugas.dinkes@sana", "pusat@sana"):
            enter(conn, world, who)
            seen[who] = [found[0] for found in conn.execute(asked)]
        conn.execute("select set_config('ppid.ctx', '', true)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute(asked)
        conn.rollback()
    assert seen == {
        "petugas.dinkes@sana": ["petugas.dinkes@sana", "pusat@sana"],
        "pusat@sana": ["pusat@sana"],
    }
