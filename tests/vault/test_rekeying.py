"""New keys for old while everything stays readable, and a key destroyed for good: by the operator's own commands."""

import dataclasses
import io
import os
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError
from ppid_saas.cli import cli
from ppid_saas.documents import jobs as documents_jobs
from ppid_saas.documents import service as documents
from ppid_saas.embedded.keycopies import bury_destroyed, keep_keys
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.submissions import files
from tenants import vault
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.fixtures.world import World
from tests.quota.test_fixity import as_worker, turn
from tests.tenancy.rows import url
from tests.vault.storage import Outside, connect

TEXT = b"isi yang dikecualikan"
SHEET = scan(2_000)


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


@pytest.fixture
def who(region: str) -> str:
    return f"petugas.dinkes@{region}"


@pytest.fixture
def unit(own: World, who: str) -> UUID:
    return own.tenant(who)


def typed(own: World, *words: str, answer: str = "", **more: str) -> str:
    settings = own.settings
    given = {**os.environ, "PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port), **more}
    done = CliRunner().invoke(cli, words, env=given, input=answer)
    return done.output + (str(done.exception) if done.exception else "")


def keep(own: World, who: str, data: bytes = TEXT) -> UUID:
    with own.acting(who), documents.staging("attachment", "a.pdf", data, "application/pdf") as staged:
        return documents.keep(staged)


def read(own: World, who: str, document: UUID) -> bytes:
    with own.acting(who), documents.open_document(document).stream as stream:
        return stream.read()


def keys(store: Outside, unit: UUID) -> list[int]:
    return [n for (n,) in store.sql("select n from keys.tenant_key where tenant_id = %s order by n", unit)]


def a_day_passes(store: Outside, unit: UUID) -> None:
    store.sql(
        "update keys.tenant_key set created_at = created_at - interval '25 hours' where tenant_id = %s", unit
    )


def test_a_new_key_takes_over_without_touching_an_object(
    own: World, region: str, who: str, unit: UUID, store: Outside
):
    old = [keep(own, who, b"%d" % n) for n in range(3)]
    before = {key: store.read(key) for key in store.objects(unit)}
    assert "1 tenant mendapat kunci baru" in typed(own, "keys", "rotate", f"{region}/dinkes")
    fresh = keep(own, who)
    held = "select key_n, count(*) from work.document_version where tenant_id = %s group by 1 order by 1"
    assert store.sql(held, unit) == [(1, 3), (2, 1)]
    assert read(own, who, old[0]) == b"0"
    turn(own, unit, store)
    assert store.sql(held, unit) == [(2, 4)]
    assert keys(store, unit) == [1, 2]  # whoever read a row just before the turn still finds the old key
    a_day_passes(store, unit)
    turn(own, unit, store)
    assert keys(store, unit) == [2]
    assert [read(own, who, one) for one in (*old, fresh)] == [b"0", b"1", b"2", TEXT]
    assert all(store.read(key) == data for key, data in before.items())
    assert "kunci ke-2" in typed(own, "keys", "show", f"{region}/dinkes")


def test_an_old_key_stays_while_one_row_needs_it(
    own: World, region: str, who: str, unit: UUID, store: Outside
):
    hurt, good = keep(own, who), keep(own, who)
    [(key,)] = store.sql("select key from work.document_version where document_id = %s", hurt)
    store.sql("update work.document_version set key = %s where document_id = %s", key[:-1] + b"?", hurt)
    typed(own, "keys", "rotate", f"{region}/dinkes")
    a_day_passes(store, unit)
    turn(own, unit, store)
    assert keys(store, unit) == [1, 2]
    store.sql("update work.document_version set key = %s where document_id = %s", key, hurt)
    turn(own, unit, store)
    assert keys(store, unit) == [2]
    assert (read(own, who, hurt), read(own, who, good)) == (TEXT, TEXT)


def test_a_turn_that_was_killed_goes_on_where_it_stopped(
    own: World, region: str, who: str, unit: UUID, store: Outside, monkeypatch: pytest.MonkeyPatch
):
    old = [keep(own, who, b"%d" % n) for n in range(5)]
    typed(own, "keys", "rotate", f"{region}/dinkes")
    monkeypatch.setattr(documents_jobs, "AT_ONCE", 2)
    sealed_anew, calls = vault.sealed_anew, []

    def dies(*args: object) -> tuple[int, bytes]:
        calls.append(args)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return sealed_anew(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as killed:
        killed.setattr(vault, "sealed_anew", dies)
        with pytest.raises(KeyboardInterrupt), as_worker(own, unit, store):
            documents_jobs.versions_sealed_anew(2)
    at_two = "select count(*) from work.document_version where tenant_id = %s and key_n = 2"
    assert store.sql(at_two, unit) == [(2,)]
    assert [read(own, who, one) for one in old] == [b"%d" % n for n in range(5)]
    turn(own, unit, store)
    assert store.sql(at_two, unit) == [(5,)]
    assert [read(own, who, one) for one in old] == [b"%d" % n for n in range(5)]


def test_what_the_central_received_stays_readable_and_frozen(
    own: World, region: str, who: str, unit: UUID, store: Outside
):
    central, collection_id = f"pusat@{region}", walk.open_collection(own, region)
    with own.acting(who):
        files.attach(collection_id, "consideration", FileStorage(io.BytesIO(SHEET), "lembar.pdf"))
    sent = walk.send(own, who, collection_id)
    frozen = store.sql("select * from exchange.submission_file where submission_id = %s", sent.id)
    typed(own, "keys", "rotate", f"{region}/pusat")
    a_day_passes(store, own.tenant(central))
    turn(own, own.tenant(central), store)
    assert keys(store, own.tenant(central)) == [2]
    with own.acting(central), files.open_received(sent.id, 1).stream as stream:
        assert stream.read() == SHEET
    assert store.sql("select * from exchange.submission_file where submission_id = %s", sent.id) == frozen


def test_an_enclosure_made_before_the_central_changed_its_key_is_sealed_to_the_new_one(
    own: World, region: str, who: str, unit: UUID, store: Outside
):
    central, collection_id = f"pusat@{region}", walk.open_collection(own, region)
    with own.acting(who):
        files.attach(collection_id, "consideration", FileStorage(io.BytesIO(SHEET), "lembar.pdf"))
    typed(own, "keys", "rotate", f"{region}/pusat")
    a_day_passes(store, own.tenant(central))
    turn(own, own.tenant(central), store)
    sent = walk.send(own, who, collection_id)
    with own.acting(central), files.open_received(sent.id, 1).stream as stream:
        assert stream.read() == SHEET


@pytest.fixture
def own_root(own: World, tmp_path: Path):
    """A copy of the root key's file: the servers of the run keep their own."""
    path = tmp_path / "root_key"
    path.write_text(own.settings.root_key_file.read_text())
    path.chmod(0o600)
    with own.app().app_context():
        buckets = {name: name for name in ("quarantine", "exempt", "editions")}
        vault.connect(own.settings.s3, buckets, vault.RootKey.load(path))
        yield path
        connect(own.settings)


def test_a_new_root_key_takes_over_while_everything_runs(
    own: World, region: str, who: str, unit: UUID, store: Outside, own_root: Path
):
    document, root = keep(own, who), {"PPID_ROOT_KEY_FILE": str(own_root)}
    old = own_root.read_text()
    others = store.sql("update keys.tenant_key set root = 'lain' where not tenant_id = any(%s) and destroyed_at is null"
                       " returning tenant_id, n", list(own.tenants.values()))  # fmt: skip
    assert "kunci induk" in typed(own, "keys", "new-root", **root)
    new = own_root.read_text()
    assert new.endswith(old)
    assert len(new.split()) == 2
    assert own_root.stat().st_mode & 0o777 == 0o600
    assert read(own, who, document) == TEXT  # the running process has read the file again
    assert "belum dibungkus ulang" in typed(own, "keys", "drop-root", **root)
    for tenant in own.tenants.values():
        turn(own, tenant, store)
    name = vault.RootKey.load(own_root).name
    assert store.sql("select distinct root from keys.tenant_key where tenant_id = any(%s)", list(own.tenants.values())) == [(name,)]  # fmt: skip
    hidden = store.sql("update keys.tenant_key set root = %s where root <> %s and destroyed_at is null returning tenant_id", name, name)  # fmt: skip
    assert len(hidden) >= len(others)
    assert "1 kunci induk lama dibuang" in typed(own, "keys", "drop-root", **root)
    assert own_root.read_text() == new.split()[0] + "\n"
    assert read(own, who, document) == TEXT
    own_root.write_text(old)
    own_root.chmod(0o600)
    with own.acting(who), pytest.raises(ConflictError):
        documents.open_document(document)
    own_root.write_text(new)
    own_root.chmod(0o600)
    assert read(own, who, document) == TEXT
    store.sql("update keys.tenant_key set root = '' where root = %s", name)


def test_a_shredded_tenant_opens_nothing_ever(own: World, region: str, who: str, unit: UUID, store: Outside):
    document = keep(own, who)
    place = f"{region}/dinkes"
    refused = typed(own, "tenant", "shred", place, answer="Dinas Kesehatann\n")
    assert "tidak ada yang berubah" in refused
    assert read(own, who, document) == TEXT
    assert "1 kunci dimusnahkan" in typed(own, "tenant", "shred", place, answer="Dinas Kesehatan\n")
    [(wrapped, root)] = store.sql("select wrapped, root from keys.tenant_key where tenant_id = %s", unit)
    assert (bytes(wrapped), root) == (b"", "")
    assert own.client(who).get(f"{own.path(who)}/berkas").status_code == 404
    store.sql("update identity.tenant set disabled_at = null, sessions_from = now() - interval '1 day' where id = %s", unit)  # fmt: skip
    with own.acting(who), pytest.raises(ConflictError):
        documents.open_document(document)
    assert "DIMUSNAHKAN" in typed(own, "keys", "show", place)
    assert "sudah dimusnahkan" in typed(own, "keys", "rotate", place)
    turn(own, unit, store)
    assert store.sql("select 1 from ops.event where tenant_id = %s and kind = 'store.damaged'", unit) == [
        (1,)
    ]
    assert len(store.objects(unit)) == 1


def test_an_old_key_row_brought_back_is_not_enough(
    own: World, region: str, who: str, unit: UUID, store: Outside, own_root: Path
):
    """What a backup from before holds is the wrapped key: without the root key of its time it opens nothing."""
    document = keep(own, who)
    [(wrapped,)] = store.sql("select wrapped from keys.tenant_key where tenant_id = %s", unit)
    typed(own, "tenant", "shred", f"{region}/dinkes", answer="Dinas Kesehatan\n")
    store.sql("update identity.tenant set disabled_at = null, sessions_from = now() - interval '1 day' where id = %s", unit)  # fmt: skip
    store.sql(
        "update keys.tenant_key set wrapped = %s, destroyed_at = null where tenant_id = %s", wrapped, unit
    )
    own_root.write_text("c" * 64 + "\n")
    own_root.chmod(0o600)
    with own.acting(who), pytest.raises(ConflictError):
        documents.open_document(document)


def test_a_backups_keys_follow_the_root_key_and_remember_what_was_destroyed(
    own: World, region: str, who: str, unit: UUID, store: Outside, tmp_path: Path
):
    path, folder = tmp_path / "root_key", tmp_path / "kunci"
    path.write_text(own.settings.root_key_file.read_text())
    path.chmod(0o600)
    settings = dataclasses.replace(own.settings, root_key_file=path)
    with psycopg.connect(url(own.settings, "postgres"), autocommit=True) as admin:
        keep_keys(settings, admin, folder)
        vault.new_root_key(path)
        keep_keys(settings, admin, folder)
        assert (folder / "root_key").read_text() == path.read_text()
        [(wrapped,)] = store.sql("select wrapped from keys.tenant_key where tenant_id = %s", unit)
        typed(own, "tenant", "shred", f"{region}/dinkes", answer="Dinas Kesehatan\n")
        keep_keys(settings, admin, folder)
        store.sql(
            "update keys.tenant_key set wrapped = %s, destroyed_at = null where tenant_id = %s", wrapped, unit
        )
        assert bury_destroyed(admin, folder) == 1
        assert bury_destroyed(admin, folder) == 0
        path.write_text("d" * 64 + "\n")
        with pytest.raises(Trouble, match="instalasi lain"):
            keep_keys(settings, admin, folder)
