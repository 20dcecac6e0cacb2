"""The portal in a process of its own, with nothing but its own role and its own read-only key."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ppid_saas.publication import queries
from tenants import context
from tests.fixtures import determined
from tests.fixtures.determined import some
from tests.fixtures.world import World

ROOT = Path(__file__).resolve().parents[2]
VISIT = """
import hashlib, json, sys
from ppid_saas import app as composition
from ppid_saas.settings import Settings
settings = Settings.from_env()
site = composition.create("portal", settings)
file = site.test_client().get(sys.argv[1], buffered=True)
print(json.dumps({"status": file.status_code, "sha256": hashlib.sha256(file.data).hexdigest()}))
"""


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


def test_it_serves_files_with_its_own_key(fresh_world: World, region: str):
    edition = determined.put_in_force(fresh_world, region, some("Data pegawai"))
    settings = fresh_world.settings
    names = (
        "PPID_DB_PASSWORD_APP_PUBLIC",
        "PPID_REDIS_PASSWORD",
        "PPID_SECRET_KEY",
        "PPID_PORTAL_S3_ACCESS_KEY",
        "PPID_PORTAL_S3_SECRET_KEY",
    )
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PPID_DATA_DIR": str(settings.data_dir),
        **{name: settings.secret(name) for name in names},
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", VISIT, f"/{region}/edisi/1/berkas/json"],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    )
    assert json.loads(done.stdout) == {"status": 200, "sha256": edition.sha256}
    assert hashlib.sha256(b"").hexdigest() != edition.sha256


@pytest.mark.parametrize(
    "statement",
    [
        "select * from publication.code",
        "select next_code from publication.list",
        "select * from work.entry",
        "select * from work.edition_draft",
        "select * from ops.event",
        "update publication.live_item set title = 'x'",
        "insert into publication.change (central_id, seq, op, code, at) values (gen_random_uuid(), 1, 'x', 'x', now())",
    ],
)
def test_its_role_can_do_nothing_else(fresh_world: World, statement: str):
    url = fresh_world.settings.database_url("app_public").replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_the_database_itself_withholds_a_retracted_edition(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, some("Judul bocor"))
    url = fresh_world.settings.database_url("app_public").replace("postgresql+psycopg://", "postgresql://")
    count = "select count(*) from publication.edition_item i join publication.list l using (central_id) where l.slug = %s"
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute(count, [region]).fetchone() == (1,)
        with fresh_world.acting(f"kabid@{region}"):
            from ppid_saas.editions import service

            service.retract(1, "1", "Bocor")
            assert queries.edition_bodies(context.tenant_id(), 1) == []
        assert connection.execute(count, [region]).fetchone() == (0,)
        found = connection.execute(
            "select body::text from publication.change c join publication.list l using (central_id) where l.slug = %s",
            [region],
        )
        assert "Judul bocor" not in str(found.fetchall())


def test_a_file_that_was_tampered_with_is_not_sent(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, some("Data pegawai"))
    central = fresh_world.tenants[region, "pusat"]
    [stored] = [
        p
        for p in (fresh_world.settings.data_dir / "objects" / "editions" / "t" / str(central)).iterdir()
        if p.read_bytes().startswith(b"%PDF")
    ]
    stored.write_bytes(stored.read_bytes() + b" ")
    answer = fresh_world.client(surface="portal").get(f"/{region}/edisi/1/berkas/pdf", buffered=True)
    assert answer.status_code == 503
    assert b"%PDF" not in answer.data
