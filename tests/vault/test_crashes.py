"""Killed at any step, the figures hold, and one sweep later store, rows and ledger say the same."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tenants import vault
from tenants.http import hash_token
from tests.fixtures.world import World
from tests.vault.storage import Outside, key_of

ROOT = Path(__file__).resolve().parents[2]
# The step, whether the document is given up instead of kept, and what must be there afterwards.
STEPS = {
    "before anything is sent": ("before tenants.quota:reserve", "", False),
    "reserved": ("after tenants.quota:reserve", "", False),
    "sealed": ("after tenants.vault.objects:encrypt", "", False),
    "uploaded": ("after tenants.vault.store:Store.upload", "", False),
    "charged, not committed": ("after tenants.quota:commit", "", False),
    "fact written, not committed": ("after ppid_saas.documents.service:record", "", False),
    "kept": ("before tenants.quota:abandon", "", True),
    "giving up": ("before tenants.vault.store:Store.remove", "gives up", False),
    "given up": ("after tenants.vault.store:Store.remove", "gives up", False),
    "room free": ("after tenants.quota:abandon", "gives up", False),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_upload(own: World, store: Outside, step: str):
    point, failing, kept = STEPS[step]
    region = next(region for region, _ in own.tenants)
    who = f"petugas.dinkes@{region}"
    unit = own.tenant(who)
    settings = own.settings
    done = subprocess.run(
        [sys.executable, "-m", "tests.vault.crash", point, failing, hash_token(own.token(who)).hex(), region, "dinkes"],
        env={**os.environ, "PPID_DATA_DIR": str(settings.data_dir), "PPID_PORT": str(settings.port), "PYTHONPATH": str(ROOT)},
        cwd=ROOT, check=False, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    used, reserved = store.figures(unit)
    assert used == (vault.stored_size(32_000) if kept else 0)
    store.sql(
        "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s", unit
    )
    with own.acting(who):
        assert vault.release_expired() == (1 if reserved else 0)
    assert store.figures(unit) == (used, 0)
    rows = store.sql("select object_id, stored_size from work.document_version where tenant_id = %s", unit)
    assert store.objects(unit) == {key_of(unit, object_id) for object_id, _ in rows}
    assert sum(size for _, size in rows) == used
