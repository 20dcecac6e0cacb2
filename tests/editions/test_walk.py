"""From a determination to an edition in force: prepared by one, published by another, once."""

import hashlib
import json
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.editions import queries, service
from ppid_saas.events.models import Job
from ppid_saas.publication import queries as published
from ppid_saas.publication import service as publication
from tenants import context, quota, vault
from tenants.db import db
from tests.fixtures import determined
from tests.fixtures.determined import item_body, some
from tests.fixtures.world import World


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


def state(world: World, region: str) -> tuple[int, list[str], list[str]]:
    """Last seq, live codes, and the feed as `op code`."""
    with world.acting(f"pusat@{region}") as who:
        assert who.tenant_id
        seq, bodies = published.snapshot(who.tenant_id)
        told = [f"{c['op']} {c['code'][-4:]}" for c in published.changes(who.tenant_id, 0, 500).changes]
        return seq, [b["code"][-4:] for b in bodies], told


def test_prepared_published_and_told(fresh_world: World, region: str):
    determination = determined.determine(
        fresh_world, region, some("Data pribadi pegawai", "Rekam medis pasien")
    )
    draft_id = determined.prepare(fresh_world, region, determination)
    with fresh_world.acting(f"kabid@{region}"):
        draft = queries.draft(draft_id)
        assert (draft.n, draft.state, len(draft.items)) == (1, "ready", 2)
        job = db.session.execute(select(Job).where(Job.id == draft.job_id)).scalar_one()
        assert (job.state, job.done, job.total) == ("done", 5, 5)
    edition = determined.publish(fresh_world, region, draft_id)
    assert (edition.n, edition.item_count, edition.previous_sha256) == (1, 2, None)
    assert state(fresh_world, region) == (2, ["0001", "0002"], ["upsert 0001", "upsert 0002"])


def test_files_are_the_edition(fresh_world: World, region: str):
    edition = determined.put_in_force(fresh_world, region, some("Data pribadi pegawai"))
    with fresh_world.acting(f"pusat@{region}") as who:
        assert who.tenant_id
        files = {f.format: f for f in published.edition_files(who.tenant_id, 1)}
        assert set(files) == {"json", "jsonl", "csv", "xlsx", "pdf"}
        with vault.open_public(
            who.tenant_id, files["json"].object_id, size=files["json"].size, sha=files["json"].sha256
        ) as file:
            data = file.read()
        assert hashlib.sha256(data).hexdigest() == edition.sha256 == files["json"].sha256
        assert json.loads(data)["items"] == published.edition_bodies(who.tenant_id, 1)
        assert quota.usage().used == sum(file.size for file in files.values())


def test_no_secret_leaves_in_any_file(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, some("Data pribadi pegawai"))
    with fresh_world.acting(f"pusat@{region}") as who:
        assert who.tenant_id
        for row in published.edition_files(who.tenant_id, 1):
            with vault.open_public(who.tenant_id, row.object_id, size=row.size, sha=row.sha256) as file:
                assert b"RAHASIA" not in text_of(row.format, file.read())


def text_of(kind: str, data: bytes) -> bytes:
    if kind == "pdf":
        from io import BytesIO

        from pypdf import PdfReader

        return "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).encode()
    if kind == "xlsx":
        from python_calamine import CalamineWorkbook

        return str(
            CalamineWorkbook.from_object(__import__("io").BytesIO(data)).get_sheet_by_index(0).to_python()
        ).encode()
    return data


def test_the_one_who_prepared_does_not_publish(fresh_world: World, region: str):
    draft_id = determined.prepare(
        fresh_world, region, determined.determine(fresh_world, region, some("Data pegawai"))
    )
    from ppid_saas.accounts import provisioning
    from tests.fixtures.world import email_of, platform

    with platform(fresh_world.settings) as connection:
        provisioning.add_member(
            connection, fresh_world.tenants[region, "pusat"], email_of(f"pusat@{region}"), "", "central_head"
        )
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(ConflictError, match="orang lain"):
        service.publish(draft_id, "1")
    assert state(fresh_world, region)[0] == 0


def test_an_officer_may_not_publish_and_a_head_may_not_prepare(fresh_world: World, region: str):
    determination = determined.determine(fresh_world, region, some("Data pegawai"))
    draft_id = determined.prepare(fresh_world, region, determination)
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(NotFoundError):
        service.publish(draft_id, "1")
    with fresh_world.acting(f"kabid@{region}"), pytest.raises(NotFoundError):
        service.prepare(determination)


def test_another_region_sees_no_draft(fresh_world: World, region: str):
    draft_id = determined.prepare(
        fresh_world, region, determined.determine(fresh_world, region, some("Data pegawai"))
    )
    other = next(name for name, _ in fresh_world.tenants if name != region)
    with fresh_world.acting(f"kabid@{other}"), pytest.raises(NotFoundError):
        service.publish(draft_id, "1")


def test_the_number_must_be_typed(fresh_world: World, region: str):
    draft_id = determined.prepare(
        fresh_world, region, determined.determine(fresh_world, region, some("Data pegawai"))
    )
    with fresh_world.acting(f"kabid@{region}"), pytest.raises(InvalidError) as refused:
        service.publish(draft_id, "2")
    assert refused.value.fields == {"confirmation": ["Ketik 1 untuk menerbitkan."]}


def test_without_files_it_is_not_published(fresh_world: World, region: str):
    determination = determined.determine(fresh_world, region, some("Data pegawai"))
    with fresh_world.acting(f"pusat@{region}"):
        draft_id = service.prepare(determination).id
    with fresh_world.acting(f"kabid@{region}"), pytest.raises(ConflictError, match="masih dibuat"):
        service.publish(draft_id, "1")


def test_a_leak_is_refused_by_place(fresh_world: World, region: str):
    bodies = {uuid4(): item_body("Data 3604010101800001 pegawai", harm="hubungi 081234567890")}
    determination = determined.determine(fresh_world, region, bodies)
    with fresh_world.acting(f"pusat@{region}"), pytest.raises(InvalidError) as refused:
        service.prepare(determination)
    year = f"DIK-{determined.long_ago(0).year}-0001"
    assert refused.value.fields["leaks"] == [
        f"{year}, judul informasi: NIK",
        f"{year}, akibat bila dibuka: nomor telepon",
    ]
    assert "3604010101800001" not in str(refused.value.fields) + refused.value.message


def test_what_changed_meanwhile_must_be_prepared_anew(fresh_world: World, region: str):
    items = some("Data pegawai", "Data pasien")
    determination = determined.determine(fresh_world, region, items)
    draft_id = determined.prepare(fresh_world, region, determination)
    determined.determine(fresh_world, region, dict([items.popitem()]))
    with fresh_world.acting(f"kabid@{region}"), pytest.raises(ConflictError, match="berubah sejak"):
        service.publish(draft_id, "1")


def test_two_heads_at_once_make_one_edition(fresh_world: World, region: str):
    determination = determined.determine(fresh_world, region, some("Data pegawai"))
    drafts = [determined.prepare(fresh_world, region, determination) for _ in range(2)]
    outcomes: list[str] = []
    start = Barrier(4)

    def head(draft_id: UUID) -> None:
        with fresh_world.acting(f"kabid@{region}"):
            start.wait()
            try:
                outcomes.append(f"edition {service.publish(draft_id, '1').n}")
            except ConflictError as error:
                outcomes.append(error.message.split(".")[0])

    fresh_world.token(f"kabid@{region}")
    threads = [Thread(target=head, args=(draft,)) for draft in (*drafts, *drafts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count("edition 1") == 1
    assert len(outcomes) == 4
    assert state(fresh_world, region) == (1, ["0001"], ["upsert 0001"])


def test_the_next_edition_tells_only_what_changed(fresh_world: World, region: str):
    first = some("Satu sama", "Dua berubah", "Tiga hilang")
    ids = list(first)
    determined.put_in_force(fresh_world, region, first)
    with fresh_world.acting(f"pusat@{region}"):
        before = {b["code"]: b for b in published.live_bodies(context.tenant_id())}
    assert len(before) == 3
    same_determination = determined.determine(
        fresh_world, region, {ids[1]: item_body("Dua lain"), **some("Empat baru")}
    )
    draft = determined.prepare(fresh_world, region, same_determination, keep_others=True)
    with fresh_world.acting(f"pusat@{region}"):
        changes = queries.draft_differences(queries.draft(draft))
        assert changes.summary == "1 baru, 1 berubah, 0 tidak lagi tercantum"
    determined.publish(fresh_world, region, draft)
    assert state(fresh_world, region)[1:] == (
        ["0001", "0002", "0003", "0004"],
        ["upsert 0001", "upsert 0002", "upsert 0003", "upsert 0002", "upsert 0004"],
    )


def test_what_left_the_list_leaves_a_tombstone_without_a_title(fresh_world: World, region: str):
    first = some("Satu tetap", "Dua hilang")
    determined.put_in_force(fresh_world, region, first)
    kept = dict([next(iter(first.items()))])
    determined.put_in_force(fresh_world, region, kept)
    seq, live, told = state(fresh_world, region)
    assert (seq, live) == (4, ["0001"])
    assert told == ["upsert 0001", "tombstone 0002", "tombstone 0002", "upsert 0001"]
    with fresh_world.acting(f"pusat@{region}"):
        feed = published.changes(context.tenant_id(), 0, 500)
        assert "Dua hilang" not in json.dumps(feed.changes)
        assert feed.changes[2]["reason"] == "Tidak lagi tercantum sejak Edisi 2."


def test_editions_are_chained(fresh_world: World, region: str):
    items = some("Data pegawai")
    first = determined.put_in_force(fresh_world, region, items)
    second = determined.put_in_force(fresh_world, region, items)
    assert second.previous_sha256 == first.sha256
    assert second.n == 2


def test_a_retracted_edition_keeps_its_place_and_says_nothing(fresh_world: World, region: str):
    items = some("Judul bocor", "Judul lain")
    determined.put_in_force(fresh_world, region, items)
    with fresh_world.acting(f"kabid@{region}"):
        service.retract(1, "1", "Memuat nama anak")
    with fresh_world.acting(f"pusat@{region}"):
        central = context.tenant_id()
        edition = published.find_edition(central, 1)
        assert edition is not None
        assert edition.retraction_reason == "Memuat nama anak"
        assert published.edition_bodies(central, 1) == []
        assert published.live_bodies(central) == []
        feed = published.changes(central, 0, 500)
        assert [c["op"] for c in feed.changes] == ["tombstone"] * 4
        assert "Judul" not in json.dumps(feed.changes)
        facts = published.list_of(central)
        assert facts is not None
        assert facts.edition_in_force is None
    third = determined.put_in_force(fresh_world, region, items)
    assert third.n == 2
    assert state(fresh_world, region)[1] == ["0001", "0002"]


def test_recalling_an_old_edition_leaves_what_is_in_force(fresh_world: World, region: str):
    items = some("Satu sama", "Dua berubah")
    ids = list(items)
    first = determined.determine(fresh_world, region, items)
    determined.publish(fresh_world, region, determined.prepare(fresh_world, region, first))
    with fresh_world.acting(f"kabid@{region}"):
        code = published.live_bodies(context.tenant_id())[1]["code"]
    again = determined.determine(fresh_world, region, {ids[1]: item_body("Dua lain")})
    determined.publish(fresh_world, region, determined.prepare(fresh_world, region, again, keep_others=True))
    with fresh_world.acting(f"kabid@{region}"):
        service.retract(1, "1", "Salah lampiran")
        titles = [body["title"] for body in published.live_bodies(context.tenant_id())]
        assert titles == ["Satu sama", "Dua lain"]
        told = published.changes(context.tenant_id(), 0, 500).changes
        assert "Dua berubah" not in json.dumps(told)
        assert [c["code"] for c in told if c["op"] == "tombstone"] == [code]


def test_withdrawing_needs_a_reason_without_personal_data(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, some("Data pegawai"))
    with fresh_world.acting(f"kabid@{region}"):
        code = published.live_bodies(context.tenant_id())[0]["code"]
        for reason in ("  ", "milik 3604010101800001"):
            with pytest.raises(InvalidError):
                publication.withdraw(code, reason)
        publication.withdraw(code, "Putusan sengketa")
        assert published.live_bodies(context.tenant_id()) == []
        with pytest.raises(NotFoundError):
            publication.withdraw(code, "Putusan sengketa")


def test_amending_replaces_the_body_and_leaves_the_edition(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, some("Data pegawai"))
    with fresh_world.acting(f"kabid@{region}"):
        body = published.live_bodies(context.tenant_id())[0]
        publication.amend(body["code"], body)
        assert published.snapshot(context.tenant_id())[0] == 1
        publication.amend(body["code"], {**body, "ends_on": "2026-12-31"})
        assert published.live_bodies(context.tenant_id())[0]["ends_on"] == "2026-12-31"
        assert published.edition_bodies(context.tenant_id(), 1) == [body]
        with pytest.raises(InvalidError):
            publication.amend(body["code"], {**body, "note": "x"})
        with pytest.raises(InvalidError):
            publication.amend(body["code"], {**body, "harm": "a@b.id"})
