"""The APIs of portal and office against their descriptions, for as long as one likes: `./ppid prove contract`."""

import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings
from ppid_saas.web import assets
from tests.fixtures import walk
from tests.fixtures.determined import put_in_force, some
from tests.fixtures.world import World, build
from tests.prove._contract import Side, examine

SECONDS = 600.0
SHARES = {"portal": 0.15, "unit": 0.5, "central": 0.35}
MANY = 100_000
REGION = "kontrak"


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Fill a regency, then ask each side for its share of the time; a fault ends the proof with its text."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("ppid.mail").setLevel(logging.ERROR)
    folder = Path(tempfile.mkdtemp(prefix="ppid-contract-"))
    folder.chmod(0o711)
    assets.build()
    settings = Settings.from_env({"PPID_DATA_DIR": str(folder)})
    figures: dict[str, Any] = {}
    try:
        with prepared_servers(settings):
            for side in sides(build(settings, (REGION,), {}), REGION):
                share = int((seconds or SECONDS) * SHARES[side.name])
                found = examine(side, seed=seed, examples=MANY, seconds=share)
                figures[side.name] = {
                    "asked": sum(found.asked.values()),
                    "operations": len(found.asked),
                    "faults": found.faults,
                }
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return figures


def sides(world: World, region: str) -> list[Side]:
    """Return the public, a unit's officer and a central's officer, in a regency where something was published."""
    walk.determined(world, region)
    put_in_force(world, region, some("Denah ruang peladen", "Rekam medis pasien"))
    unit, central = world.key(f"petugas.dinkes@{region}"), world.key(f"pusat@{region}")
    office = world.app("office")
    return [
        Side("portal", world.app("portal"), {}, {"wilayah": region}, "."),
        Side("unit", office, unit, {"region": region, "unit": "dinkes"}, "/u/"),
        Side("central", office, central, {"region": region}, "/pusat"),
    ]
