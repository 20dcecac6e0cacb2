"""The whole way between two installations that share nothing: own database, own store, own keys, other people's accounts."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from ppid_saas.accounts import provisioning
from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.exports.rules import same
from ppid_saas.settings import Settings
from tenants import jobs
from tenants.db import db
from tests.exports.moving import brought, lived_in, manifest_of, taken
from tests.fixtures.world import World, build, email_of, platform
from tests.vault.storage import Outside

REGION = "jauh"


@pytest.fixture
def elsewhere(servers: Settings) -> Iterator[World]:
    """A second installation with an empty unit, and nobody in it."""
    folder = Path(tempfile.mkdtemp(prefix="ppid-test-"))
    folder.chmod(0o711)
    port, queue = str(23000 + os.getpid() * 45 % 4000), jobs._queue
    settings = Settings.from_env({"PPID_DATA_DIR": str(folder), "PPID_PORT": port})
    try:
        with prepared_servers(settings):
            world = build(settings, (REGION,), {})
            with platform(settings) as connection:
                connection.execute(text("delete from identity.membership"))
            yield world
            with world.app().app_context():
                for engine in db.engines.values():
                    engine.dispose()
    finally:
        jobs._queue = queue
        shutil.rmtree(folder, ignore_errors=True)


def meet(world: World, who: str, email: str) -> str:
    """Let `who` stand for the person with this e-mail."""
    with platform(world.settings) as connection:
        found = connection.execute(text("select id from identity.person where email = :e"), {"e": email})
        world.people[who] = found.scalar_one()
    return who


def test_a_unit_arrives_at_another_installation(own: World, store: Outside, elsewhere: World) -> None:
    region = min(region for region, _ in own.tenants)
    lived_in(own, region)
    archive = taken(own, f"kepala.dinkes@{region}")
    with platform(elsewhere.settings) as connection:
        tenant = elsewhere.tenants[REGION, "dinkes"]
        provisioning.add_member(
            connection, tenant, email_of(f"admin.dinkes@{region}"), "Admin dinkes", "tenant_admin"
        )
    restored = brought(
        elsewhere, meet(elsewhere, f"baru.dinkes@{REGION}", email_of(f"admin.dinkes@{region}")), archive
    )
    elsewhere.drain()

    head = meet(elsewhere, f"pimpinan.dinkes@{REGION}", email_of(f"kepala.dinkes@{region}"))
    again = taken(elsewhere, head)

    assert same(manifest_of(archive), manifest_of(again)) == []
    assert restored.files == len(manifest_of(again).files) == 5
    there = Outside(elsewhere.settings)
    assert there.figures(tenant) == store.figures(own.tenant(f"kepala.dinkes@{region}"))
    assert len(there.objects(tenant)) == 5
