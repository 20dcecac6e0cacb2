"""Who is told of what: once, in the right space, by the way she chose, and without a word of anybody's list."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.cases.service import settle_due
from ppid_saas.consolidation import service as consolidation
from ppid_saas.events.handlers import HANDLERS
from ppid_saas.events.models import Event
from ppid_saas.notifications import jobs, kinds, queries, rules, service
from ppid_saas.notifications.models import Mailing, Notice
from ppid_saas.submissions.service import Verdict
from tenants import clock
from tenants.db import db
from tests.determinations.test_drafting import drafted
from tests.fixtures import walk
from tests.notifications.conftest import Office

WIB = ZoneInfo("Asia/Jakarta")


def collected(office: Office) -> None:
    """Open a collection and have one unit send its list."""
    collection = walk.open_collection(office.world, office.region)
    office.drain()
    walk.fill(office.world, office.who("petugas.dinkes"))
    walk.send(office.world, office.who("petugas.dinkes"), collection)
    office.drain()


def test_units_are_told_of_the_window_and_the_central_of_what_came(office: Office) -> None:
    collected(office)
    [opened] = office.notices("petugas.dinkes")
    assert (opened.kind, opened.page, opened.waits) == ("collection.opened@", "pengajuan/periksa", False)
    assert opened.data["due_on"] == walk.days(14).isoformat()
    [came] = office.notices("pusat")
    assert (came.kind, came.data["unit"], came.waits) == ("submission.sent@", "Dinas Kesehatan", True)
    assert office.notices("auditor") == []
    assert not office.server.to(f"pusat.{office.region}")


def test_telling_again_tells_nobody_twice(office: Office) -> None:
    collected(office)
    sent = len(office.server.taken)
    with office.world.acting(office.who("petugas.dinkes")) as me:
        mine = select(Event).where(Event.kind == "collection.opened", Event.reader_id == me.tenant_id)
        event = db.session.execute(mine.execution_options(any_readable=True)).scalar_one()
        service.tell(event)
    for name in ("petugas.dinkes", "kepala.dinkes", "petugas.disdik"):
        assert [row.kind for row in office.notices(name)] == ["collection.opened@"]
    office.drain()
    assert len(office.server.taken) == sent == 10


def test_a_mail_says_the_fact_and_points_and_nothing_else(office: Office) -> None:
    collected(office)
    [mail] = office.server.to(f"petugas.dinkes.{office.region}")
    text = mail.get_payload(decode=True).decode()
    assert "Daftar unit Anda ditunggu paling lambat" in text
    assert re.search(r"/t/\w{8}\s", text)
    assert f"/{office.region}/" not in text
    assert not any(title in text for title in walk.TITLES)


def test_returned_items_are_told_at_once_and_accepted_ones_in_the_morning(office: Office) -> None:
    collection = walk.open_collection(office.world, office.region)
    office.drain()
    ids = walk.fill(office.world, office.who("petugas.dinkes"))
    sent = walk.send(office.world, office.who("petugas.dinkes"), collection)
    office.drain()
    office.server.taken.clear()
    with office.world.acting(office.who("pusat")):
        verdicts = [Verdict(ids[0], "returned", "Rahasia besar"), *(Verdict(i, "accepted") for i in ids[1:])]
        consolidation.answer_all(sent.id, verdicts, accept_rest=False, close=True)
    office.drain()
    told = office.notices("petugas.dinkes")[-1]
    assert (told.kind, told.page) == ("review.finished@", f"pengajuan/{sent.id}")
    assert len(office.server.to(f"petugas.dinkes.{office.region}")) == 1
    assert kinds.key_of("review.finished", {"returned": 0}, for_reader=True) == "review.accepted@"
    assert rules.channel(kinds.KINDS["review.accepted@"], {}) == rules.DIGEST


def test_a_person_chooses_her_mails_but_not_to_miss_a_duty(office: Office) -> None:
    with office.world.acting(office.who("petugas.dinkes")):
        service.choose({"turn": rules.DIGEST, "progress": rules.NONE})
        assert queries.choices() == {"turn": "digest", "progress": "none"}
        with pytest.raises(InvalidError):
            service.choose({"turn": rules.NONE})
        with pytest.raises(InvalidError):
            service.choose({"gosip": rules.DIGEST})
    walk.open_collection(office.world, office.region)
    office.drain()
    assert not office.server.to(f"petugas.dinkes.{office.region}")
    assert len(office.server.to(f"kepala.dinkes.{office.region}")) == 1
    assert [row.waits for row in office.notices("petugas.dinkes")] == [True]


def test_nobody_reads_or_marks_what_another_was_told(office: Office) -> None:
    collected(office)
    [hers] = office.notices("petugas.dinkes")
    for name in ("kepala.dinkes", "petugas.disdik", "pusat"):
        with office.world.acting(office.who(name)), pytest.raises(NotFoundError):
            service.mark(hers.id, read=True)
    with office.world.acting(office.who("petugas.dinkes")):
        assert queries.unread() == 1
        service.mark(hers.id, read=True)
        assert queries.unread() == 0
        service.mark(hers.id, read=False)
        assert service.mark_all() == 1


def test_what_waits_comes_as_one_mail_at_half_past_seven(office: Office) -> None:
    collected(office)
    office.server.taken.clear()
    soon = clock.now() + timedelta(days=10)
    mornings = office.have_mornings(soon)
    assert all((at.astimezone(WIB).hour, at.astimezone(WIB).minute) == (7, 30) for at in mornings)
    first = office.server.to(f"pusat.{office.region}")[0]
    text = first.get_payload(decode=True).decode()
    assert "Dinas Kesehatan mengirim daftarnya" in text
    assert [row.waits for row in office.notices("pusat")][:1] == [False]
    per_day = [(mail["To"], mail["Message-ID"]) for mail in office.server.taken]
    assert len(per_day) == len(set(per_day))


def test_what_was_read_meanwhile_is_not_mailed(office: Office) -> None:
    collected(office)
    with office.world.acting(office.who("pusat")):
        service.mark_all()
    office.server.taken.clear()
    with office.world.acting(office.who("pusat")):
        first = db.session.execute(select(Notice).where(Notice.waits)).scalars().all()
    assert first
    office.have_mornings(clock.now() + timedelta(days=4))
    mails = [mail.get_payload(decode=True).decode() for mail in office.server.to(f"pusat.{office.region}")]
    assert not any("mengirim daftarnya" in text for text in mails)


def test_a_late_duty_climbs_each_step_once(office: Office) -> None:
    start = datetime(2026, 11, 2, 9, 0, tzinfo=WIB)
    office.at(start)
    walk.open_collection(office.world, office.region)  # due on 16 November
    office.drain()
    office.server.taken.clear()
    office.have_mornings(datetime(2026, 12, 1, 12, 0, tzinfo=WIB))
    told = [row.kind for row in office.notices("petugas.dinkes")]
    assert told == ["collection.opened@", *(f"duty.{level}" for level in rules.LEVELS)]
    assert [row.kind for row in office.notices("admin.dinkes")] == [f"duty.{one}" for one in rules.LEVELS[1:]]
    assert [row.kind for row in office.notices("kepala.dinkes")][1:] == [
        f"duty.{one}" for one in rules.LEVELS[2:]
    ]
    head = [row for row in office.notices("kabid") if row.kind == "obligation.escalated.lewat3@"]
    assert len(head) == 1  # only this unit's mornings were had
    listed = [row for row in office.notices("sekda") if row.kind == "obligation.escalated.lewat5@"]
    assert len(listed) == 1
    with office.world.acting(office.who("sekda")) as me:
        mailed = select(Mailing.made_at).where(Mailing.person_id == me.person_id)
        days = [at.astimezone(WIB) for at in db.session.execute(mailed).scalars()]
    assert len(office.server.to(f"sekda.{office.region}")) == len(days) == 2
    assert {day.weekday() for day in days} == {0}, "the weekly list goes out on Mondays"
    assert len({day.date() for day in days}) == 2
    assert len({(mail["To"], mail["Message-ID"]) for mail in office.server.taken}) == len(office.server.taken)


def test_whoever_decides_is_told_as_her_own_day_nears_and_passes(office: Office) -> None:
    office.at(datetime(2026, 11, 2, 9, 0, tzinfo=WIB))
    drafted(office.world)
    office.drain()
    office.have_mornings(datetime(2026, 11, 20, 12, 0, tzinfo=WIB))
    told = [row.kind for row in office.notices("sekda") if row.kind.startswith("duty.")]
    assert told == [*["duty.near.superior"] * 2, *["duty.late.superior"] * 3, "duty.listed"]
    assert {row.page for row in office.notices("sekda") if "superior" in row.kind} == {"telaah/persetujuan"}


def test_after_a_long_silence_only_the_last_step_is_told(office: Office) -> None:
    office.at(datetime(2026, 11, 2, 9, 0, tzinfo=WIB))
    walk.open_collection(office.world, office.region)
    office.drain()
    office.at(datetime(2026, 12, 1, 12, 0, tzinfo=WIB))
    due = office.next_morning(clock.now())
    assert due
    _, tenant, duty = due
    with office.world.app().app_context():
        assert settle_due(tenant, duty)
        assert not settle_due(tenant, duty)
    office.drain()
    told = [
        row.kind
        for name in ("kepala.dinkes", "kabid")
        for row in office.notices(name)
        if row.kind.startswith("duty.")
    ]
    assert told == ["duty.lewat5"]


def test_every_row_of_the_table_can_be_said_and_has_its_effect() -> None:
    assert jobs.SECONDS
    for key, kind in kinds.KINDS.items():
        assert rules.said(kind.title, {})
        assert rules.line(kind, {"due_on": "2026-12-31"})
        assert kind.topic in rules.TOPICS, key
    for name, for_reader in kinds.facts_told():
        assert f"notices.{name}" + (".reader" if for_reader else "") in HANDLERS
    assert "…" in rules.line(kinds.KINDS["duty.segera"], {"due_on": "kemarin"})


@pytest.mark.parametrize(
    ("left", "n", "late", "expected"),
    [(10, 10, False, None), (5, 10, False, "perhatian"), (3, 10, False, "segera"), (4, 7, False, "perhatian"),
     (2, 7, False, "segera"), (1, 3, False, "segera"), (15, 30, False, "perhatian"), (8, 30, False, "segera"),
     (0, 10, True, "segera"), (-1, 10, True, "lewat1"), (-2, 10, True, "lewat1"), (-3, 10, True, "lewat3"), (-9, 10, True, "lewat5")],
)  # fmt: skip
def test_levels_follow_the_bands_of_the_chip(left: int, n: int, late: bool, expected: str | None) -> None:  # noqa: FBT001
    assert rules.level(left, n, is_late=late) == expected
