"""A calendar that changes: what it would move is shown, what is open moves once with a fact, what is closed or paused stays."""

import re
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select, text

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.cases import own_calendar, queries, recounting, service
from ppid_saas.events.models import Event
from ppid_saas.workdays.calendar import Override
from tenants.db import db, new_id, transaction
from tests.fixtures.days import on
from tests.fixtures.world import World, platform

LOCAL = Override(date(2026, 12, 8), working=False, reason="Keputusan Bupati 12/2026")


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


def owed(world: World, region: str, starts_on: date = date(2026, 12, 7), n: int = 3) -> UUID:
    with world.acting(f"pusat@{region}"), transaction():
        return service.owe("uji", new_id(), n, "SOP contoh, baris 1", starts_on).id


def due_on(world: World, region: str, duty: UUID) -> date:
    with world.acting(f"pusat@{region}"):
        return own_calendar.explained(duty).duty.due_on


def test_an_own_day_is_shown_first_and_then_moves_what_is_open(fresh_world: World, region: str) -> None:
    duty, done, far = (
        owed(fresh_world, region),
        owed(fresh_world, region),
        owed(fresh_world, region, date(2027, 3, 1)),
    )
    with fresh_world.acting(f"pusat@{region}"), transaction():
        service.settle(own_calendar.explained(done).duty)
    with fresh_world.acting(f"kabid@{region}"):
        moved = own_calendar.preview(LOCAL)
        assert [(one.id, one.was, one.due_on) for one in moved] == [
            (duty, date(2026, 12, 10), date(2026, 12, 11))
        ]
        own_calendar.add_day(LOCAL)
    fresh_world.drain()
    assert due_on(fresh_world, region, duty) == date(2026, 12, 11)
    assert due_on(fresh_world, region, done) == date(2026, 12, 10)
    with fresh_world.acting(f"kabid@{region}"):
        facts = db.session.execute(select(Event).where(Event.kind == recounting.MOVED)).scalars().all()
        assert [fact.data["obligation"] for fact in facts] == [str(duty)]
        assert own_calendar.explained(far).duty.calendar_version == queries.calendar_for_tenant().version
        assert recounting.recount() == 0
        own_calendar.remove_day(LOCAL.day)
    fresh_world.drain()
    assert due_on(fresh_world, region, duty) == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Override(date(2026, 12, 25), working=False, reason="x"), "sudah libur: "),
        (Override(date(2026, 12, 5), working=False, reason="x"), "sudah libur: Akhir pekan"),
        (Override(date(2026, 12, 8), working=True, reason="x"), "sudah hari kerja"),
        (Override(date(2090, 12, 8), working=False, reason="x"), "Kalender memuat tahun"),
    ],
)
def test_a_day_that_says_nothing_new_is_refused_with_the_reason(
    fresh_world: World, region: str, wanted: Override, words: str
) -> None:
    with fresh_world.acting(f"kabid@{region}"), pytest.raises(InvalidError) as refused:
        own_calendar.add_day(wanted)
    assert words in refused.value.fields["day"][0]


def test_a_day_cannot_be_both(fresh_world: World, region: str) -> None:
    with fresh_world.acting(f"kabid@{region}"):
        own_calendar.add_day(LOCAL)
        with pytest.raises(InvalidError, match="perlu diperbaiki"):
            own_calendar.add_day(Override(LOCAL.day, working=True, reason="ternyata masuk"))
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(NotFoundError):
        own_calendar.remove_day(LOCAL.day)


def test_a_clock_that_stands_still_gets_its_days_back(fresh_world: World, region: str) -> None:
    duty = owed(fresh_world, region, date(2026, 12, 4), 5)
    with on(date(2026, 12, 8)), fresh_world.acting(f"pusat@{region}"):
        with pytest.raises(InvalidError):
            own_calendar.pause(duty, " ")
        own_calendar.pause(duty, "Menunggu KPU RI")
        with pytest.raises(ConflictError):
            own_calendar.pause(duty, "lagi")
        assert queries.duty_chip(own_calendar.explained(duty).duty).band == "jeda"
    with on(date(2026, 12, 20)):
        with fresh_world.app().app_context():
            assert service.settle_due(fresh_world.tenant(f"pusat@{region}"), duty) is False
        with fresh_world.acting(f"pusat@{region}"):
            own_calendar.resume(duty)
            found = own_calendar.explained(duty)
            assert (found.duty.held, found.duty.state) == (8, "open")
            assert found.rows[-1].number == 13
            assert found.duty.due_on == found.rows[-1].day


def test_a_new_decree_is_taken_up_by_every_tenant_at_its_turn(fresh_world: World, region: str) -> None:
    duty = owed(fresh_world, region, date(2031, 12, 8), 3)
    before = due_on(fresh_world, region, duty)
    version = f"holidays-uji-{new_id()}"
    with platform(fresh_world.settings) as connection:
        last = connection.execute(
            text("select version from ops.calendar order by decreed_through desc, issued_at desc limit 1")
        ).scalar_one()
        connection.execute(
            text("insert into ops.calendar (version, decree, decreed_through) select :v, 'SKB uji', decreed_through"
                 " from ops.calendar where version = :l"), {"v": version, "l": last})  # fmt: skip
        connection.execute(
            text("insert into ops.calendar_day (version, day, category, name) select :v, day, category, name"
                 " from ops.calendar_day where version = :l"), {"v": version, "l": last})  # fmt: skip
        connection.execute(
            text("insert into ops.calendar_day values (:v, '2031-12-09', 'government', 'Cuti uji')"),
            {"v": version},
        )
    with fresh_world.acting(f"pusat@{region}"):
        assert recounting.is_behind()
        assert recounting.recount() == 1
        assert not recounting.is_behind()
    assert due_on(fresh_world, region, duty) > before


def test_the_calendar_on_screen(fresh_world: World, region: str) -> None:
    duty = owed(fresh_world, region)
    fresh_world.app().config["WTF_CSRF_ENABLED"] = False
    client, root = fresh_world.client(f"kabid@{region}"), f"/{region}/pusat/kalender"
    form = {"day.day": "8", "day.month": "12", "day.year": "2026", "working": "0", "reason": "Hari jadi"}
    try:
        with on(date(2026, 12, 7)):
            assert "SOP contoh, baris 1" in client.get(root).text
            assert re.search(
                r"<details class=\"more\" open>\s*<summary>\w+ 202\d \(1\)", client.get(root).text
            )
            assert "perkiraan" in client.get(f"{root}?tahun=2035").text
            assert client.get(f"{root}?tahun=1900").status_code == 404
            assert "1 tenggat akan bergeser" in client.post(f"{root}/hari", data=form).text
            assert client.post(f"{root}/hari", data=form | {"day.day": "32"}).status_code == 422
            assert client.post(f"{root}/hari", data=form | {"yakin": "1"}).status_code == 303
            page = client.get(f"{root}/tenggat/{duty}").text
            assert "Hari jadi" in page
            assert client.post(f"{root}/tenggat/{duty}/jeda", data={}).status_code == 422
            assert client.post(f"{root}/tenggat/{duty}/jeda", data={"reason": "KPU RI"}).status_code == 303
            assert "KPU RI" in client.get(f"{root}/tenggat/{duty}").text
            assert client.post(f"{root}/tenggat/{duty}/lanjut").status_code == 303
            assert client.post(f"{root}/minggu", data={"week": "9"}).status_code == 422
        with on(date(2028, 12, 7)):
            assert "<summary>Lewat batas (1)" in client.get(root).text
        assert (
            fresh_world.client(f"petugas.dinkes@{region}").get(f"/{region}/u/dinkes/kalender").status_code
            == 200
        )
    finally:
        fresh_world.app().config["WTF_CSRF_ENABLED"] = True
