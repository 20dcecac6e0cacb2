"""Real lists brought in end to end. They stay where PPID_SAMPLE_LISTS says; without them this says so in one line."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ppid_saas.intake import queries, service
from ppid_saas.register import queries as register
from tests.fixtures.forms import post
from tests.fixtures.world import World

LISTS = Path(os.environ.get("PPID_SAMPLE_LISTS", "")) / "lists"
FOUND = sorted(LISTS.glob("*.expected.json")) if os.environ.get("PPID_SAMPLE_LISTS") else []


def test_the_lists_are_there() -> None:
    if not FOUND:
        pytest.skip("PPID_SAMPLE_LISTS names no folder of real lists; they are not part of the repository")


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("expected", FOUND, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_every_row_of_a_real_list_becomes_an_item(fresh_world: World, expected: Path) -> None:
    region = next(iter(fresh_world.tenants))[0]
    who = f"petugas.dinkes@{region}"
    at = f"{fresh_world.path(who)}/impor"
    wanted: list[dict[str, Any]] = json.loads(expected.read_text("utf-8"))
    source = expected.with_name(expected.name.removesuffix(".expected.json"))
    answer = post(fresh_world.client(who), at, {"file": (io.BytesIO(source.read_bytes()), source.name)})
    assert answer.status_code == 303
    fresh_world.drain()
    with fresh_world.acting(who):
        (batch,) = queries.history()
        rows = queries.rows_after(batch.id, 0, 10_000)
        assert [words(row.cells.get("title", "")) for row in rows] == [words(row["title"]) for row in wanted]
        for row, there in zip(rows, wanted, strict=True):
            assert words(row.body["period"]["text"]) == words(there.get("duration", ""))
            assert bool(row.body["grounds"]) == bool(words(there.get("basis", "")))
            assert (words(row.body["harm"]), words(row.body["interest"])) == (
                words(there.get("opened", "")),
                words(there.get("closed", "")),
            )
        takes = {row.n: bool(row.body["title"]) for row in rows}
        service.mend(batch.id, {}, takes)
        service.save(batch.id)
    with fresh_world.acting(who):
        kept = sorted((item.ref, words(item.title)) for item in register.items_for_submission())
        assert [title for _, title in kept] == [words(row["title"]) for row in wanted if words(row["title"])]
