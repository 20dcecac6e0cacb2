"""An installation is filled, backed up while it is written to, killed, lost, and brought back: all of it, and no more."""

import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from ppid_saas.access.errors import ConflictError
from ppid_saas.documents import queries as document_queries
from ppid_saas.documents import service as documents
from ppid_saas.embedded.manifests import NAME as MANIFEST
from ppid_saas.embedded.manifests import Manifest, hash_file
from ppid_saas.embedded.postgres import superuser_connection
from ppid_saas.embedded.process import remembered
from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.events.jobs import canonical_event
from ppid_saas.events.models import Event, Seal
from ppid_saas.proofs import digest
from ppid_saas.settings import ROOT, Settings
from ppid_saas.web import assets
from tenants import jobs
from tenants.db import db
from tests.embedded.installation import free_ports, until
from tests.fixtures import walk
from tests.fixtures.determined import put_in_force, some
from tests.fixtures.world import World, build

REGION = "sana"
WHO = f"petugas.dinkes@{REGION}"
OTHER = f"petugas.disdik@{REGION}"
PLANES = ("identity", "keys", "work", "exchange", "publication", "ops", "door")


@dataclass
class Lost:
    """What is left of an installation that was lost: its backup, and what it held at the end."""

    folder: Path
    tenants: dict[tuple[str, str], UUID]
    people: dict[str, UUID]
    tokens: dict[str, str]
    rows: dict[str, str]
    objects: dict[str, str]
    texts: dict[UUID, bytes] = field(default_factory=dict)
    said: str = ""

    @property
    def backup(self) -> Path:
        return self.folder / "cadangan"

    @property
    def keys(self) -> Path:
        return self.folder / "kunci"


def settings_of(data_dir: Path, port: int) -> Settings:
    return Settings.from_env({"PPID_DATA_DIR": str(data_dir), "PPID_PORT": str(port)})


def environ_of(settings: Settings) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PPID_")}
    return kept | {"PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port)}


def call(settings: Settings, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "ppid_saas.cli", *arguments], env=environ_of(settings) | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def refusal(settings: Settings, *arguments: str | Path) -> str:
    """Return the one line a refused command says."""
    done = call(settings, *arguments)
    assert done.returncode == 1, done.stdout
    [line] = [
        line for line in done.stderr.splitlines() if not line.startswith(" ")
    ]  # indented: that it goes on
    return line


def row_hashes(settings: Settings) -> dict[str, str]:
    """Return a hash over all rows of every table of every plane, with their number."""
    with superuser_connection(settings, "ppid") as admin:
        tables = admin.execute(
            "select format('%%I.%%I', schemaname, tablename) from pg_tables where schemaname = any(%s)",
            [list(PLANES)],
        ).fetchall()
        query = (
            "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {} t"
        )
        return {table: admin.execute(query.format(table)).fetchone()[0] for (table,) in tables}


def object_hashes(settings: Settings) -> dict[str, str]:
    root = settings.data_dir / "objects"
    return {str(path.relative_to(root)): hash_file(path).sha256 for path in root.rglob("*") if path.is_file()}


def log_end(folder: Path) -> int:
    """Return how far the log reaches that a backup's manifest names."""
    made = Manifest.load(folder)
    ends = [
        (int(name[-16:-8], 16) * 256 + int(name[-8:], 16)) * made.segment_size + held.size
        for name, held in made.files.items()
        if "/wal/" in name
    ]
    return max(ends)


def written(settings: Settings) -> int:
    with superuser_connection(settings) as admin:
        return int(admin.execute("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()[0])


@contextlib.contextmanager
def inhabited(settings: Settings, lost: Lost | None = None) -> Iterator[World]:
    """The people of an installation whose servers run: new ones, or those of one that was lost."""
    apps: dict[str, Flask] = {}
    try:
        if lost is None:
            yield build(settings, (REGION,), apps)
        else:
            yield World(settings, apps, lost.tenants, lost.people, dict(lost.tokens))
    finally:
        for app in apps.values():
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()


def store(world: World, who: str, texts: dict[UUID, bytes]) -> None:
    """Keep a document in the vault, and remember what it says."""
    text = secrets.token_bytes(200_000)
    with world.acting(who), documents.staging("attachment", "lembar.pdf", text, "application/pdf") as staged:
        texts[documents.keep(staged)] = text


@contextlib.contextmanager
def following(settings: Settings, lost: Lost) -> Iterator["subprocess.Popen[str]"]:
    """`backup --follow` as an administrator runs it; what it says is kept."""
    said = lost.folder / "said"
    with said.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ppid_saas.cli", "backup", lost.backup, "--keys", lost.keys, "--follow"],
            env=environ_of(settings) | {"PYTHONPATH": str(ROOT)}, stdout=output, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            yield process
            process.terminate()
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
            lost.said = said.read_text()


def fill(world: World, texts: dict[UUID, bytes]) -> None:
    walk.determined(world, REGION)
    put_in_force(world, REGION, some("Denah ruang peladen", "Rekam medis pasien"))
    store(world, WHO, texts)
    store(world, OTHER, texts)


def live_on(world: World, lost: Lost) -> None:
    """Write items and documents as long as the first base copy takes, and some more after it."""
    count = 0
    while not (lost.backup / MANIFEST).exists() or count < 10:
        walk.fill(world, WHO, [f"Butir yang ditulis selama pencadangan {count}"])
        store(world, WHO, lost.texts)
        count += 1
    world.drain()


@pytest.fixture(scope="module")
def lost() -> Iterator[Lost]:
    """An installation that was written to until it was killed and its disk was gone."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="ppid-backup-"))
    folder.chmod(0o711)
    settings, queue = settings_of(folder / "a", free_ports()), jobs._queue
    assets.build()
    try:
        with prepared_servers(settings, durable=True), inhabited(settings) as world:
            made = Lost(folder, world.tenants, world.people, world.tokens, {}, {})
            fill(world, made.texts)
            with following(settings, made):
                live_on(world, made)
                end = written(settings)
                until(lambda: log_end(made.backup) >= end)
                made.rows, made.objects = row_hashes(settings), object_hashes(settings)
                for identity in remembered(settings).values():
                    os.kill(identity.pid, signal.SIGKILL)
        shutil.rmtree(settings.data_dir)
        yield made
    finally:
        jobs._queue = queue
        shutil.rmtree(folder)


@contextlib.contextmanager
def brought_back(lost: Lost) -> Iterator[Settings]:
    """A new data folder to restore to."""
    place = lost.folder / f"b-{secrets.token_hex(3)}"
    settings = settings_of(place, free_ports())
    try:
        yield settings
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def up(settings: Settings) -> Iterator[None]:
    with subprocess.Popen(
        [ROOT / "ppid", "up"], env=environ_of(settings), text=True, stdout=subprocess.PIPE
    ) as running:
        assert running.stdout
        try:
            assert any("Ctrl-C" in line for line in running.stdout), "up ended before it was ready"
            yield
        finally:
            running.terminate()
            running.stdout.read()


def check_chain(world: World, who: str) -> int:
    """Compute a tenant's chain of seals anew; returns its length."""
    with world.acting(who):
        links = db.session.query(Seal, Event).join(Event, Event.id == Seal.event_id).order_by(Seal.seq).all()
        before = ""
        for seal, event in links:
            assert seal.hash == digest([before, canonical_event(event)])
            before = seal.hash
    return len(links)


def test_everything_comes_back(lost: Lost) -> None:
    with brought_back(lost) as settings:
        done = call(settings, "restore", lost.backup, "--keys", lost.keys)
        assert done.returncode == 0, done.stderr
        assert "RTO" in done.stdout
        assert object_hashes(settings) == lost.objects
        with up(settings):
            assert row_hashes(settings) == lost.rows
            with inhabited(settings, lost) as world:
                for who in (WHO, OTHER):
                    with world.acting(who):
                        for version in document_queries.documents(per_page=1000):
                            if version.document_id in lost.texts:
                                with documents.open_document(version.document_id).stream as stream:
                                    assert stream.read() == lost.texts.pop(version.document_id)
                    assert check_chain(world, who)
                walk.fill(world, WHO, ["Butir setelah pemulihan"])
            address = f"{settings.origins['portal']}/api/v1/lists/{REGION}/snapshot"
            with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310  # our own
                assert "Denah ruang peladen" in page.read().decode()
    assert not lost.texts


def test_a_backup_says_how_much_could_be_lost(lost: Lost) -> None:
    points = [line for line in lost.said.splitlines() if line.startswith("Titik pulih")]
    assert len(points) > 1
    seconds = [float(line.split("(RPO)")[1].split()[0]) for line in points]
    assert max(seconds) < 10


def test_the_backup_alone_opens_nothing(lost: Lost) -> None:
    root = (lost.keys / "root_key").read_text().strip().encode()
    assert not [path for path in lost.backup.rglob("*") if path.is_file() and root in path.read_bytes()]
    with brought_back(lost) as settings:
        assert "--keys" in refusal(settings, "restore", lost.backup)
        assert not list(settings.data_dir.iterdir())


def test_another_installations_key_is_refused(lost: Lost, tmp_path: Path) -> None:
    (tmp_path / "root_key").write_text(secrets.token_hex(32))
    with brought_back(lost) as settings:
        assert "bukan milik cadangan itu" in refusal(settings, "restore", lost.backup, "--keys", tmp_path)
        assert not list(settings.data_dir.iterdir())


def test_a_key_destroyed_since_stays_destroyed(lost: Lost, tmp_path: Path) -> None:
    keys = tmp_path / "kunci"
    shutil.copytree(lost.keys, keys)
    gone = str(lost.tenants[REGION, "dinkes"])
    (keys / "kunci_musnah.json").write_text(json.dumps({"keys": [[gone, 1]]}))
    with brought_back(lost) as settings:
        done = call(settings, "restore", lost.backup, "--keys", keys)
        assert "1 kunci unit" in done.stdout
        with prepared_servers(settings), inhabited(settings, lost) as world, world.acting(WHO):
            [version, *_] = document_queries.documents()
            with pytest.raises(ConflictError):
                documents.open_document(version.document_id)


def test_a_folder_in_use_is_not_overwritten(lost: Lost) -> None:
    with brought_back(lost) as settings:
        settings.data_dir.mkdir()
        (settings.data_dir / "catatan").write_text("milik orang lain")
        assert "tidak kosong" in refusal(settings, "restore", lost.backup, "--keys", lost.keys)
        assert (settings.data_dir / "catatan").read_text() == "milik orang lain"


@pytest.mark.parametrize("place", ["objects/**/*", "sesi-*/wal/0*", "sesi-*/base/PG_VERSION"])
@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_damaged_backup_is_refused_by_name(lost: Lost, place: str, harm: str) -> None:
    *_, victim = (path for path in sorted(lost.backup.glob(place)) if path.is_file())
    whole = victim.read_bytes()
    try:
        if harm == "changed":
            victim.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        else:
            victim.unlink()
        with brought_back(lost) as settings:
            line = refusal(settings, "restore", lost.backup, "--keys", lost.keys)
            assert victim.name.removesuffix(".partial") in line
            assert not list(settings.data_dir.iterdir())
    finally:
        victim.write_bytes(whole)


def test_a_damaged_manifest_is_refused(lost: Lost, tmp_path: Path) -> None:
    told = (lost.backup / MANIFEST).read_text()
    (tmp_path / MANIFEST).write_text(told[:-100])
    with brought_back(lost) as settings:
        assert "rusak" in refusal(settings, "restore", tmp_path, "--keys", lost.keys)
        assert "bukan folder cadangan" in refusal(settings, "restore", lost.folder, "--keys", lost.keys)


def test_a_backup_needs_a_running_installation_and_a_folder_of_its_own(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "data", 8400)
    (tmp_path / "data").mkdir()
    (tmp_path / "lain").mkdir()
    (tmp_path / "lain" / "surat.txt").touch()
    assert "surat.txt" in refusal(settings, "backup", tmp_path / "lain")
    assert "di dalam folder data" in refusal(settings, "backup", tmp_path / "data" / "cadangan")
    assert "di luar" in refusal(settings, "backup", tmp_path / "c", "--keys", tmp_path / "c" / "k")
    assert "tidak dapat dipakai" in refusal(settings, "backup", "/dev/null/x")
