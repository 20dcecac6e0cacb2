"""Objects read again: each is looked at in its time, a share of them a day; damage is found, shown, told once and seen to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from ppid_saas import worker
from ppid_saas.access.errors import ConflictError
from ppid_saas.documents import service as documents
from ppid_saas.relay import relay_once
from ppid_saas.storage import fixity, rules, upkeep
from ppid_saas.storage.rules import Seen, chosen, day_budget, due
from tenants import context, jobs
from tenants.db import db, open_door
from tests.console.test_pages import operator
from tests.fixtures import determined
from tests.fixtures.world import World
from tests.submissions.test_mails import Inbox, inbox
from tests.tenancy.rows import url
from tests.vault.storage import Outside

__all__ = ["inbox", "operator"]

TEXT = b"isi yang dikecualikan"
DAY = timedelta(days=1)


@pytest.fixture
def world(own: World) -> World:
    """The world of the console's operator is this file's own."""
    return own


@pytest.fixture
def who(own: World) -> str:
    return f"petugas.dinkes@{next(region for region, _ in own.tenants)}"


@pytest.fixture
def unit(own: World, who: str) -> UUID:
    return own.tenant(who)


def keep_one(own: World, who: str) -> UUID:
    with own.acting(who), documents.staging("attachment", "a.pdf", TEXT, "application/pdf") as staged:
        return documents.keep(staged)


@contextmanager
def as_worker(own: World, unit: UUID, store: Outside) -> Iterator[None]:
    store.sql("update ops.quota set upkeep_open = true where tenant_id = %s", unit)
    with own.app().app_context(), context.entering(context.Entry("enter_upkeep", (unit,))):
        try:
            assert open_door().tenant_id == unit
            yield
        finally:
            db.session.remove()


def turn(own: World, unit: UUID, store: Outside) -> dict[str, str]:
    """Take one turn and return what is known of each object by its key."""
    with as_worker(own, unit, store):
        upkeep.take_turn()
    rows = store.sql("select object_id, state from ops.fixity where tenant_id = %s", unit)
    return {f"t/{unit}/{object_id}": state for object_id, state in rows}


def days_pass(store: Outside, unit: UUID, days: int) -> None:
    store.sql(
        "update ops.fixity set checked_at = checked_at - make_interval(days => %s) where tenant_id = %s",
        days,
        unit,
    )


def told(store: Outside, unit: UUID) -> list[dict[str, int]]:
    rows = store.sql(
        "select data from ops.event where tenant_id = %s and kind = 'store.damaged' order by id", unit
    )
    return [data for (data,) in rows]


def flip(store: Outside, key: str) -> bytes:
    good = store.read(key)
    store.write(key, good[:60] + bytes([good[60] ^ 1]) + good[61:])
    return good


def page(own: World, who: str, document: UUID) -> str:
    return own.client(who).get(f"{own.path(who)}/berkas/{document}").text


def test_whole_objects_are_found_whole_and_shown_so(own: World, who: str, unit: UUID, store: Outside) -> None:
    document = keep_one(own, who)
    assert "Belum dibaca ulang" in page(own, who, document)
    assert turn(own, unit, store) == dict.fromkeys(store.objects(unit), "whole")
    assert "Terakhir diperiksa utuh" in page(own, who, document)
    assert "1 berkas diperiksa utuh" in own.client(who).get(f"{own.path(who)}/berkas/kuota").text
    assert told(store, unit) == []
    [(due_again, still_open)] = store.sql(
        "select upkeep_at > now() + interval '23 hours', upkeep_open from ops.quota where tenant_id = %s",
        unit,
    )
    assert (due_again, still_open) == (True, False)


def test_damage_is_found_in_its_time_told_once_and_its_end_is_seen(
    own: World, who: str, unit: UUID, store: Outside
) -> None:
    document = keep_one(own, who)
    keep_one(own, who)
    hurt, lost = sorted(store.objects(unit))
    turn(own, unit, store)
    good, gone = flip(store, hurt), store.read(lost)
    store.s3.delete_object(Bucket="exempt", Key=lost)
    days_pass(store, unit, 89)
    assert set(turn(own, unit, store).values()) == {"whole"}
    days_pass(store, unit, 2)
    assert turn(own, unit, store) == {hurt: "damaged", lost: "missing"}
    assert told(store, unit) == [{"objects": 2, "missing": 1}]
    days_pass(store, unit, 1)
    assert turn(own, unit, store) == {hurt: "damaged", lost: "missing"}
    assert len(told(store, unit)) == 1
    mine = "Rusak" if str(lost) not in str(document_key(store, document)) else "Hilang"
    assert mine in page(own, who, document)
    assert "Rusak" in own.client(who).get(f"{own.path(who)}/berkas").text
    store.write(hurt, good)
    store.write(lost, gone)
    days_pass(store, unit, 1)
    assert set(turn(own, unit, store).values()) == {"whole"}
    assert "Terakhir diperiksa utuh" in page(own, who, document)


def document_key(store: Outside, document: UUID) -> str:
    [(tenant, object_id)] = store.sql(
        "select tenant_id, object_id from work.document_version where document_id = %s", document
    )
    return f"t/{tenant}/{object_id}"


def test_whoever_meets_damage_reports_it_at_once(own: World, who: str, unit: UUID, store: Outside) -> None:
    document = keep_one(own, who)
    flip(store, document_key(store, document))
    with own.acting(who):
        for _ in range(2):
            with pytest.raises(ConflictError):
                documents.download(document, "review")
    assert told(store, unit) == [{"objects": 1, "missing": 0}]
    assert "Rusak" in page(own, who, document)


def test_a_swapped_key_is_damage_though_the_bytes_are_right(
    own: World, who: str, unit: UUID, store: Outside
) -> None:
    one, two = keep_one(own, who), keep_one(own, who)
    store.sql("update work.document_version set key = (select key from work.document_version where document_id = %s)"
              " where document_id = %s", two, one)  # fmt: skip
    found = turn(own, unit, store)
    assert (found[document_key(store, one)], found[document_key(store, two)]) == ("damaged", "whole")


def test_officers_and_operators_are_written_to_without_a_name(
    own: World, who: str, unit: UUID, store: Outside, inbox: Inbox, operator: FlaskClient
) -> None:
    flip(store, document_key(store, keep_one(own, who)))
    turn(own, unit, store)
    own.drain()
    mails = inbox.taken()
    receivers = {mail["To"].split("@")[0].split(".")[0] for mail in mails}
    assert {"petugas", "kepala", "operator"} <= receivers
    text = "".join(mail.get_payload(decode=True).decode() for mail in mails)
    assert "1 berkas" in text
    assert "a.pdf" not in text
    [mine] = [
        mail for mail in mails if f"/platform/penyewa/{unit}" in mail.get_payload(decode=True).decode()
    ][:1]
    assert "rusak" in mine["Subject"]


def test_the_operator_sees_how_many_and_a_figure_counts_them(
    own: World, who: str, unit: UUID, store: Outside, operator: FlaskClient
) -> None:
    keep_one(own, who)
    flip(store, document_key(store, keep_one(own, who)))
    turn(own, unit, store)
    shown = operator.get(f"/platform/penyewa/{unit}").text
    assert "1 berkas rusak" in shown
    assert "1 berkas diperiksa utuh" in shown
    figures = own.client(None, "console").get("/metrics").text
    [line] = [line for line in figures.splitlines() if line.startswith('ppid_objects{state="damaged"}')]
    assert float(line.split()[-1]) >= 1


def test_the_files_of_editions_are_read_again_too(own: World, who: str, store: Outside) -> None:
    region = who.partition("@")[2]
    determined.put_in_force(own, region, determined.some("Data pegawai"))
    determined.prepare(own, region, determined.determine(own, region, determined.some("Data lain")))
    central = own.tenants[region, "pusat"]
    found = turn(own, central, store)
    assert set(found) == store.objects(central, "editions") | store.objects(central)
    assert set(found.values()) == {"whole"}


def test_what_is_gone_by_right_is_forgotten(own: World, who: str, unit: UUID, store: Outside) -> None:
    keep_one(own, who)
    turn(own, unit, store)
    store.sql("delete from work.document_version where tenant_id = %s", unit)
    assert turn(own, unit, store) == {}


def test_a_turn_that_was_killed_goes_on_and_rings_once(
    own: World, who: str, unit: UUID, store: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        keep_one(own, who)
    store.sql("update ops.quota set upkeep_at = now() - interval '1 year' where tenant_id = %s", unit)
    with psycopg.connect(url(own.settings, "app_clock"), autocommit=True) as clockwork:
        relay_once(clockwork)
        relay_once(clockwork)
    rung = [job for job in jobs.queue().get_jobs() if job is not None and job.func_name == jobs.RUN_UPKEEP]
    assert [list(job.args) for job in rung].count([str(unit)]) == 1
    look, looks = fixity._look, []

    def dies(object_id: UUID) -> str:
        looks.append(object_id)
        if len(looks) == 2:
            raise KeyboardInterrupt
        return look(object_id)

    monkeypatch.setattr(worker, "_app", own.app())
    with monkeypatch.context() as killed:
        killed.setattr(fixity, "_look", dies)
        with pytest.raises(KeyboardInterrupt):
            worker.run_upkeep(str(unit))
    assert store.sql("select count(*) from ops.fixity where tenant_id = %s", unit) == [(1,)]
    assert store.sql("select upkeep_open from ops.quota where tenant_id = %s", unit) == [(True,)]
    worker.run_upkeep(str(unit))
    assert store.sql("select count(*) from ops.fixity where tenant_id = %s", unit) == [(3,)]
    worker.run_upkeep(str(unit))
    assert store.sql("select upkeep_open from ops.quota where tenant_id = %s", unit) == [(False,)]


def test_nobody_enters_by_it_while_none_is_due(own: World, unit: UUID) -> None:
    with own.app().app_context(), context.entering(context.Entry("enter_upkeep", (unit,))):
        assert open_door().tenant_id is None
        db.session.remove()


def test_a_days_share_is_bounded_and_comes_round_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "LEAST_A_DAY", 100)
    sizes = {uuid4(): 10 for _ in range(1000)}
    seen: dict[UUID, Seen] = {}
    for _ in range(200):
        seen = {one: Seen(each.whole, each.age + DAY) for one, each in seen.items()}
        today = list(chosen(due(sizes, seen), sizes, day_budget(10_000)))
        assert sum(sizes[one] for one in today) <= 10_000 // 45 + 10
        seen |= {one: Seen(whole=True, age=timedelta()) for one in today}
        assert max(each.age for each in seen.values()) <= timedelta(days=90)
    assert len(seen) == 1000


def test_the_unseen_come_first_then_whatever_waits_longest() -> None:
    new, hurt, old, older, fine = (uuid4() for _ in range(5))
    seen = {
        hurt: Seen(whole=False, age=DAY), old: Seen(whole=True, age=90 * DAY), older: Seen(whole=True, age=95 * DAY),
        fine: Seen(whole=True, age=89 * DAY),
    }  # fmt: skip
    assert due([fine, old, hurt, older, new], seen) == [new, older, old, hurt]
