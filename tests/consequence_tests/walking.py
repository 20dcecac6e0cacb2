"""A region that tests by the SOP, and the way of its items from a submission to the board, by the product's own verbs."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ppid_saas.consequence_tests import board, service
from ppid_saas.consequence_tests.models import Round
from tests.fixtures import walk
from tests.fixtures.world import World, platform

UNIT = "petugas.dinkes"
TESTED = {"participants": ["Kepala Dinas", "Kepala Bidang"]}


def demand(world: World, region: str, **more: Any) -> None:
    """Let a region choose the testing SOP."""
    settings = {"sop": {"testing": "01-sop-ppid.v1"}} | more
    with platform(world.settings) as connection:
        connection.execute(
            text("update identity.tenant set settings = settings || cast(:new as jsonb) where id = :id"),
            {"new": json.dumps(settings), "id": world.tenants[region, "pusat"]},
        )


def region_of(world: World) -> str:
    return next(region for region, slug in world.tenants if slug == "pusat")


def in_test(world: World, titles: tuple[str, ...] = walk.TITLES) -> tuple[str, list[UUID], UUID]:
    """Hand a list in and accept it: its items are under test. Returns region, items, and the round's id."""
    region = region_of(world)
    demand(world, region)
    collection_id = walk.open_collection(world, region)
    ids = walk.fill(world, f"{UNIT}@{region}", titles)
    sent = walk.send(world, f"{UNIT}@{region}", collection_id)
    world.drain()
    walk.accept_all(world, region, sent.id)
    world.drain()
    return region, ids, sent.id


def write(world: World, region: str, round_id: UUID, outcomes: dict[UUID, str]) -> None:
    """Write the outcome of each item as PPID Utama."""
    with world.acting(f"pusat@{region}"):
        for item_id, outcome in outcomes.items():
            said = TESTED | ({"open_part": "Nama jabatan"} if outcome == "partly_open" else {})
            service.write_sheet(round_id, item_id, said, outcome, "Alasan hasil uji.", 1)


def at_board(
    world: World, outcomes: tuple[str, ...] = ("exempt", "exempt", "exempt")
) -> tuple[str, list[UUID], Round]:
    """Walk a round to the board."""
    region, ids, round_id = in_test(world)
    write(world, region, round_id, dict(zip(ids, outcomes, strict=True)))
    with world.acting(f"pusat@{region}"):
        made = service.pass_on(round_id)
    return region, ids, made


def agree(world: World, region: str, round_id: UUID, ids: list[UUID]) -> None:
    with world.acting(f"tim@{region}"):
        for item_id in ids:
            board.give(round_id, item_id, "agree")
