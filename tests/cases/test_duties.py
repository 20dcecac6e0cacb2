"""Duties: counted in working days, settled once, lapsing exactly once however many sweepers run, dated on their day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import func, select, text

from ppid_saas.access.errors import ConflictError
from ppid_saas.cases import queries, service
from ppid_saas.cases.models import CalendarOverride, Obligation, ObligationEffect
from ppid_saas.cases.rules import chip, settled_chip
from ppid_saas.events.queries import timeline
from ppid_saas.relay import DUE_OBLIGATIONS
from ppid_saas.workdays.national import national_calendar
from tenants.db import db, new_id, transaction
from tests.fixtures.world import World, platform

WHO = "pusat@sana"
CALENDAR = national_calendar(range(2025, 2028))


def owed(world: World, starts_on: date, n: int = 10, who: str = WHO) -> tuple[UUID, UUID]:
    subject = new_id()
    with world.acting(who), transaction():
        duty = service.owe("uji", subject, n, "SOP contoh, baris 1", starts_on)
        return duty.id, subject


def duty_of(world: World, subject: UUID, who: str = WHO) -> Obligation:
    with world.acting(who):
        return queries.duties([subject])[subject]


def test_a_duty_keeps_what_it_was_counted_from(world: World) -> None:
    _, subject = owed(world, date(2026, 3, 11), 30)
    duty = duty_of(world, subject)
    assert (duty.due_on, duty.starts_on, duty.n) == (date(2026, 4, 30), date(2026, 3, 11), 30)
    assert duty.due_at == datetime(2026, 5, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert duty.calendar_version.startswith("holidays-")


def test_owed_twice_is_one_duty(world: World) -> None:
    first, subject = owed(world, date(2026, 3, 11))
    with world.acting(WHO), transaction():
        assert service.owe("uji", subject, 3, "lain", date(2026, 3, 20)).id == first


def test_two_sweepers_at_once_let_a_duty_lapse_once_dated_on_its_day(world: World) -> None:
    duty_id, subject = owed(world, date(2025, 1, 6), 5)
    tenant = world.tenant(WHO)

    def sweep(_: int) -> bool:
        with world.app().app_context():
            return service.settle_due(tenant, duty_id)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(sweep, range(4))) == [False, False, False, True]
    assert sweep(0) is False
    with world.acting(WHO):
        count = (
            select(func.count())
            .select_from(ObligationEffect)
            .where(ObligationEffect.obligation_id == duty_id)
        )
        assert db.session.execute(count).scalar_one() == 1
        events = [event for event in timeline(subject) if event.kind == "obligation.due"]
    assert duty_of(world, subject).state == "lapsed"
    assert [event.data["due_on"] for event in events] == ["2025-01-13"]
    assert events[0].at.astimezone(ZoneInfo("Asia/Jakarta")).date() == date(2025, 1, 13)


def test_an_effect_already_written_is_not_told_again(world: World) -> None:
    duty_id, subject = owed(world, date(2025, 1, 6), 5)
    with world.acting(WHO), transaction():
        db.session.add(ObligationEffect(obligation_id=duty_id, kind="uji", due_on=date(2025, 1, 13)))
    with world.app().app_context():
        assert service.settle_due(world.tenant(WHO), duty_id) is False
    with world.acting(WHO):
        assert [event.kind for event in timeline(subject)] == []


def test_a_duty_not_yet_due_or_settled_does_not_lapse(world: World) -> None:
    far, _ = owed(world, date(2999, 1, 4))
    done, subject = owed(world, date(2025, 1, 6))
    with world.acting(WHO), transaction():
        service.settle_all("uji", subject)
    with world.app().app_context():
        assert service.settle_due(world.tenant(WHO), far) is False
        assert service.settle_due(world.tenant(WHO), done) is False
        assert service.settle_due(world.tenant("pusat@sini"), far) is False
    duty = duty_of(world, subject)
    assert (duty.state, duty.settled_at is not None) == ("settled", True)


def test_the_relay_finds_due_duties_and_no_content(world: World) -> None:
    duty_id, _ = owed(world, date(2025, 1, 6))
    url = world.settings.database_url("app_clock").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url) as connection:
        found = connection.execute(DUE_OBLIGATIONS, {"now": datetime.now(UTC), "batch": 5000}).fetchall()
        assert (world.tenant(WHO), duty_id) in found
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select subject from ops.obligation")


def test_a_duty_is_invisible_to_another_tenant(world: World) -> None:
    _, subject = owed(world, date(2026, 3, 11))
    with world.acting("pusat@sini"):
        assert queries.duties([subject]) == {}


def test_a_tenants_own_closed_day_moves_its_deadlines_and_nobody_elses(fresh_world: World) -> None:
    first, second = (f"pusat@{region}" for region, slug in fresh_world.tenants if slug == "pusat")
    with fresh_world.acting(first), transaction():
        db.session.add(CalendarOverride(day=date(2026, 7, 7), working=False, reason="Hari jadi daerah"))
    _, here = owed(fresh_world, date(2026, 7, 6), 1, first)
    _, there = owed(fresh_world, date(2026, 7, 6), 1, second)
    assert duty_of(fresh_world, here, first).due_on == date(2026, 7, 8)
    assert duty_of(fresh_world, there, second).due_on == date(2026, 7, 7)
    assert "+" in duty_of(fresh_world, here, first).calendar_version


def test_the_calendar_is_seeded_once(world: World) -> None:
    with platform(world.settings) as connection:
        assert service.seed_calendar(connection) is False
        days = connection.execute(
            text("select count(*) from ops.calendar_day where day < '2027-01-01'")
        ).scalar_one()
    assert days > 100


def test_a_step_is_taken_once_and_only_when_the_sop_lets_the_actor(world: World) -> None:
    subject = new_id()
    with world.acting(WHO), transaction():
        case = service.open_case("documenting", "collection", subject)
        assert [action.id for action in queries.case_actions(case)] == ["collect"]
        assert service.advance(case, "collect").state == "collected"
        with pytest.raises(ConflictError, match="Terkumpul"):
            service.advance(case, "collect")
    with world.acting("kabid@sana"):
        held = queries.case_of("collection", subject)
        assert held is not None
        assert queries.case_actions(held) == []
        with pytest.raises(ConflictError), transaction():
            service.advance(held, "sort")


@pytest.mark.parametrize(
    ("today", "band", "words"),
    [
        (date(2026, 11, 9), "aman", "10 hari kerja lagi"),
        (date(2026, 11, 16), "perhatian", "5 hari kerja lagi"),
        (date(2026, 11, 19), "segera", "2 hari kerja lagi"),
        (date(2026, 11, 22), "segera", "Besok"),
        (date(2026, 11, 23), "segera", "Hari ini"),
        (date(2026, 11, 26), "lewat", "Lewat 3 hari kerja"),
    ],
)
def test_chips_say_how_long(today: date, band: str, words: str) -> None:
    found = chip(CALENDAR, date(2026, 11, 23), 10, today)
    assert (found.band, found.words) == (band, words)


def test_a_deadline_that_passed_over_a_weekend_is_late_already() -> None:
    friday = date(2026, 11, 20)
    assert chip(CALENDAR, friday, 10, friday + timedelta(days=1)).band == "lewat"
    assert settled_chip(CALENDAR, friday, friday).words == "Selesai tepat waktu"
    assert settled_chip(CALENDAR, friday, date(2026, 11, 18)).words == "Selesai 2 hari kerja lebih awal"
    assert settled_chip(CALENDAR, friday, date(2026, 11, 23)).words == "Selesai, terlambat 1 hari kerja"
