"""How an exemption ends: noticed on its days, opened by decision before them or by law after, dated on its day, no file released."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.queries import calendar_for_tenant, open_duties
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations import queries as determinations
from ppid_saas.events.queries import timeline
from ppid_saas.publication import queries as public
from ppid_saas.publication.models import Change, OpenedItem
from ppid_saas.reopening import opening, queries, rules, service
from ppid_saas.submissions.models import Status
from ppid_saas.workdays.counting import subtract_working_days
from tenants import context
from tenants.db import db, transaction
from tests.fixtures import determined, walk
from tests.fixtures.days import on, sweep
from tests.fixtures.world import World

ENDS = date(2027, 12, 31)
START = date(2026, 11, 20)
DIP = dict.fromkeys(rules.DIP_FIELDS, "Diisi petugas")


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


def closed(world: World, region: str, *titles: str, ends_on: date = ENDS) -> list[UUID]:
    """Items determined, published and planned as the events would have it."""
    bodies = {
        item: body | {"period": {"kind": "until_date", "ends_on": ends_on.isoformat()}}
        for item, body in determined.some(*titles).items()
    }
    made = determined.determine(world, region, bodies, ends_on=ends_on)
    with world.acting(f"pusat@{region}"):
        service.plan(made)
        with_ends(ends_on)
    determined.publish(world, region, determined.prepare(world, region, made))
    return list(bodies)


def with_ends(ends_on: date) -> None:
    with transaction():
        db.session.execute(update(Entry).values(ends_on=ends_on, sort_on=ends_on))


def state_of(world: World, region: str, item: UUID) -> str:
    with world.acting(f"pusat@{region}"):
        return db.session.execute(select(Entry.state).where(Entry.item_id == item)).scalar_one()


def said(items: list[UUID], **more: object) -> opening.Said:
    return opening.Said(**({"opinion": "LP-1/2027", "dip": dict.fromkeys(items, DIP)} | more))  # type: ignore[arg-type]


def test_a_determination_owes_its_notices_its_decision_and_its_end(fresh_world: World, region: str) -> None:
    made = walk.determined(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        rows = db.session.execute(select(Obligation).where(Obligation.kind.in_(rules.KINDS))).scalars().all()
        covered = determinations.covered(made.id)
        one = [row for row in rows if row.subject == covered[0].item.item_id]
        calendar, ends_on = calendar_for_tenant(), covered[0].item.ends_on
        assert ends_on
        assert {row.kind: row.due_on for row in one} == {
            **{
                f"reopening.notice_{n}": subtract_working_days(calendar, ends_on, n)
                for n in (100, 60, 40, 30)
            },
            rules.DECIDE: subtract_working_days(calendar, ends_on, 30),
            rules.LAST_DAY: ends_on,
            rules.END: ends_on,
        }
        assert len(rows) == 7 * len(covered)


def test_planned_again_replaces_what_was_owed(fresh_world: World, region: str) -> None:
    made = walk.determined(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        service.plan(made.id)
        owed = select(Obligation.kind).where(
            Obligation.kind.in_(rules.KINDS), Obligation.settled_at.is_(None)
        )
        assert len(db.session.execute(owed).scalars().all()) == 7 * 3


def test_an_item_without_an_end_returns_at_its_review(fresh_world: World, region: str) -> None:
    body = walk.body(
        "Memorandum rahasia", period={"kind": "until_event", "event": "selesai", "review_on": "2027-02-01"}
    )
    item = next(iter(determined.some("x")))
    made = determined.determine(fresh_world, region, {item: body}, ends_on=None)
    with fresh_world.acting(f"pusat@{region}"):
        with transaction():
            db.session.execute(update(Entry).values(ends_on=None))
        service.plan(made)
    with on(date(2027, 2, 1)):
        sweep(fresh_world)
        with fresh_world.acting(f"pusat@{region}"):
            assert [line.entry.item_id for line in queries.queue()["review"]] == [item]
            assert "reopening.noticed" in [event.kind for event in timeline(item)]
            with pytest.raises(InvalidError):
                service.review_again(item, date(2027, 2, 1), "Masih berjalan")
            service.review_again(item, date(2028, 2, 1), "Perkara masih berjalan")
            [duty] = open_duties()
            assert (duty.kind, duty.due_on) == (rules.REVIEW, date(2028, 2, 1))


def test_a_notice_moves_the_entry_tells_the_unit_and_is_acknowledged_once(
    fresh_world: World, region: str
) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Hasil evaluasi jabatan")
    with fresh_world.acting(f"pusat@{region}"):
        first = subtract_working_days(calendar_for_tenant(), ENDS, 100)
    with on(first - timedelta(days=1), 23):
        assert sweep(fresh_world) == 0
    with on(first):
        assert sweep(fresh_world) == 1
        assert sweep(fresh_world) == 0
        assert state_of(fresh_world, region, item) == "reopening"
        with fresh_world.acting(f"pusat@{region}"):
            duties = queries.unseen_notices([item])
            assert service.acknowledge(duties) == 1
            with pytest.raises(ConflictError):
                service.acknowledge(duties)
            assert queries.unseen_notices([item]) == []
        with fresh_world.acting(f"petugas.dinkes@{region}"):
            last = db.session.execute(
                select(Status)
                .where(Status.reader_id == context.tenant_id())
                .order_by(Status.n.desc())
                .limit(1)
            ).scalar_one()
            assert last.state == "reopening"
            assert last.due_on is not None


def test_the_end_without_a_decision_opens_by_law_dated_on_its_day(fresh_world: World, region: str) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Hasil evaluasi jabatan")
    with on(ENDS):
        sweep(fresh_world)
        assert state_of(fresh_world, region, item) == "reopening"
    with on(ENDS + timedelta(days=40)):
        with fresh_world.acting(f"pusat@{region}"):
            assert all(not lines for lines in queries.queue().values())
        sweep(fresh_world)
        assert state_of(fresh_world, region, item) == "opened_by_law"
        with fresh_world.acting(f"pusat@{region}"):
            (row,) = queries.missed()
            assert (row.opened.opens_on, row.opened.ended_on) == (date(2028, 1, 1), ENDS)
            assert (row.notices, row.seen) == (5, 0)
            me = context.tenant_id()
            assert public.live_bodies(me) == []
            gone = db.session.execute(
                select(Change).where(Change.central_id == me).order_by(Change.seq.desc()).limit(1)
            ).scalar_one()
            assert gone.op == "tombstone"
            assert gone.at == datetime(2027, 12, 31, 17, tzinfo=UTC)
            shown = db.session.execute(select(OpenedItem).where(OpenedItem.central_id == me)).scalar_one()
            assert (shown.how, shown.dip, shown.opens_on) == ("by_law", {}, date(2028, 1, 1))
            opening.complete_dip(item, DIP)
            db.session.refresh(shown)
            assert shown.dip == DIP
        with fresh_world.acting(f"petugas.dinkes@{region}"):
            task = db.session.execute(select(Obligation).where(Obligation.subject == item)).scalar_one()
            assert (task.kind, task.settled_at) == ("reopening.copy", None)


def test_one_letter_opens_many_at_once(fresh_world: World, region: str) -> None:
    with on(START):
        items = closed(fresh_world, region, "Satu data", "Dua data")
    with on(date(2027, 10, 1)):
        with fresh_world.acting(f"pusat@{region}"), pytest.raises(NotFoundError):
            opening.determine_open(walk.letter("500/9/2027"), items, said(items))
        with fresh_world.acting(f"kabid@{region}"):
            made = opening.determine_open(walk.letter("500/9/2027"), items, said(items))
            assert made.kind == "opening"
            assert len(determinations.covered(made.id)) == 2
            assert public.live_bodies(context.tenant_id()) == []
            assert {row.opened.how for row in queries.opened_items()} == {"decided"}
            with pytest.raises(ConflictError):
                opening.determine_open(walk.letter("500/10/2027"), items, said(items))
    with on(date(2028, 3, 1)):
        sweep(fresh_world)
        assert {state_of(fresh_world, region, item) for item in items} == {"opened"}
        with fresh_world.acting(f"pusat@{region}"):
            assert queries.missed() == []


def test_opening_after_the_end_waits_for_its_day_and_is_no_lapse(fresh_world: World, region: str) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Satu data")
    with on(date(2027, 10, 1)), fresh_world.acting(f"kabid@{region}"):
        opening.determine_open(walk.letter("500/9/2027"), [item], said([item], at_end=True))
        assert len(public.live_bodies(context.tenant_id())) == 1
        assert [line.opens_on for line in queries.queue()["waiting"]] == [date(2028, 1, 1)]
    with on(date(2028, 1, 1)):
        sweep(fresh_world)
        assert state_of(fresh_world, region, item) == "opened"
        with fresh_world.acting(f"pusat@{region}"):
            assert queries.missed() == []
            assert public.live_bodies(context.tenant_id()) == []


def test_opening_needs_the_boards_opinion_and_the_public_row(fresh_world: World, region: str) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Satu data")
        with fresh_world.acting(f"kabid@{region}"), pytest.raises(InvalidError) as refused:
            opening.determine_open(walk.letter("500/9/2026"), [item], opening.Said(""))
    assert "opinion" in refused.value.fields
    assert f"dip.{item}.summary" in refused.value.fields
    assert f"dip.{item}.controller" not in refused.value.fields  # the unit wrote it with the item


def test_personal_data_does_not_reach_the_public_row(fresh_world: World, region: str) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Satu data")
        leaking = {item: DIP | {"responsible": "NIP 198001012005011001"}}
        with fresh_world.acting(f"kabid@{region}"), pytest.raises(InvalidError, match="data pribadi"):
            opening.determine_open(walk.letter("500/9/2026"), [item], opening.Said("LP-1", leaking))
    assert state_of(fresh_world, region, item) == "published"


def test_a_retest_keeps_the_old_end(fresh_world: World, region: str) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Satu data")
        with fresh_world.acting(f"pusat@{region}"):
            with pytest.raises(InvalidError):
                service.ask_retest([item], " ")
            service.ask_retest([item], "Perkara belum selesai")
    assert state_of(fresh_world, region, item) == "accepted"
    with on(date(2028, 1, 2)):
        sweep(fresh_world)
    assert state_of(fresh_world, region, item) == "opened_by_law"


def test_a_decision_opens_whatever_the_state(fresh_world: World, region: str) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Satu data")
        with fresh_world.acting(f"kabid@{region}"):
            with pytest.raises(InvalidError):
                opening.open_by_order([item], opening.Order("by_decision", "", START))
            opening.open_by_order([item], opening.Order("by_decision", "Putusan 1/KI/2026", START))
            assert queries.opened_item(item).opened.basis == "Putusan 1/KI/2026"
    assert state_of(fresh_world, region, item) == "opened_by_decision"


def test_an_edition_meanwhile_keeps_what_nears_its_end(fresh_world: World, region: str) -> None:
    with on(START):
        (item,) = closed(fresh_world, region, "Satu data")
    with on(date(2027, 11, 1)):
        sweep(fresh_world)
        assert state_of(fresh_world, region, item) == "reopening"
        with fresh_world.acting(f"pusat@{region}"):
            made = db.session.execute(
                select(Entry.determination_id).where(Entry.item_id == item)
            ).scalar_one()
        assert made
        determined.publish(fresh_world, region, determined.prepare(fresh_world, region, made))
        assert state_of(fresh_world, region, item) == "reopening"
        with fresh_world.acting(f"pusat@{region}"):
            assert len(public.live_bodies(context.tenant_id())) == 1


def test_of_two_that_end_the_same_day_the_one_asked_for_comes_first(fresh_world: World, region: str) -> None:
    with on(START):
        first, second = closed(fresh_world, region, "Agenda rapat", "Zona rawan")
    with on(date(2027, 11, 10)), fresh_world.acting(f"pusat@{region}"):
        group = next(name for name, lines in queries.queue().items() if lines)
        assert [line.entry.item_id for line in queries.queue()[group]] == [first, second]
        service.note(second, service.Noted(7, matters=True, note=""))
        lines = queries.queue()[group]
        assert [line.entry.item_id for line in lines] == [second, first]
        assert lines[0].weight.words == "7 permohonan, kepentingan publik tinggi"
