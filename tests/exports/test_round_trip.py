"""A unit leaves with everything and arrives elsewhere with everything: a second export there has the same hashes."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from ppid_saas.cases import queries as duties
from ppid_saas.documents import queries
from ppid_saas.documents import service as documents
from ppid_saas.events.queries import timeline
from ppid_saas.exports.rules import same
from ppid_saas.places import queries as papers
from ppid_saas.register import queries as register
from ppid_saas.register import service
from tests.exports.moving import SCAN, brought, lived_in, manifest_of, newcomer, taken
from tests.fixtures import walk
from tests.fixtures.world import World
from tests.vault.storage import Outside


@pytest.fixture
def regions(own: World) -> tuple[str, str]:
    first, second = sorted({region for region, _ in own.tenants})
    return first, second


def member(archive: bytes, name: str) -> list[dict[str, object]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return [json.loads(line) for line in opened.read(name).splitlines()]


def test_a_unit_moves_whole(own: World, store: Outside, regions: tuple[str, str], tmp_path: Path) -> None:
    here, there = regions
    lived_in(own, here)
    archive = taken(own, f"kepala.dinkes@{here}")
    first = manifest_of(archive)
    tenant = newcomer(own, there, f"dinkes@{here}")

    restored = brought(own, f"admin.pendatang@{there}", archive)

    assert (restored.files, restored.people) == (5, 2)
    again = taken(own, f"kepala.pendatang@{there}")
    assert same(first, manifest_of(again)) == []
    assert store.figures(tenant) == store.figures(own.tenant(f"petugas.dinkes@{here}"))
    assert len(store.objects(tenant)) == 5
    _it_works_there(own, f"petugas.pendatang@{there}")
    _a_person_can_check(archive, tmp_path)
    _nothing_secret_is_in(archive, store)


def _it_works_there(own: World, who: str) -> None:
    own.drain()
    with own.acting(who):
        items = register.after(0, 10)
        assert {item.title for item in items} == set(walk.TITLES)
        [scan] = [one for one in queries.documents() if one.name == "pindaian no. 1.pdf"]
        with documents.open_document(scan.document_id, 1).stream as stream:
            assert stream.read() == SCAN
        assert [one.kind for one in timeline(scan.document_id)] == ["document.stored", "document.stored"]
        assert [paper.n for paper in papers.all_papers()] == [1]
        assert [duty.kind for duty in duties.open_duties()] == ["loan"]
        assert service.save_item(walk.body("Butir baru")).ref == len(walk.TITLES) + 1


def _a_person_can_check(archive: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        opened.extractall(folder)
        assert "sha256sum -c SHA256SUMS" in opened.read("BACA-SAYA.txt").decode()
    tool = shutil.which("sha256sum")
    assert tool
    checked = subprocess.run([tool, "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False)
    assert checked.returncode == 0


def _nothing_secret_is_in(archive: bytes, store: Outside) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        text = b"".join(opened.read(name) for name in opened.namelist() if not name.startswith("files/"))
    secrets = store.sql("select secret from identity.credential") + store.sql(
        "select encode(hash, 'hex') from identity.session"
    )
    assert not [one for (one,) in secrets if one.encode() in text]
    assert not [
        column for table in manifest_of(archive).tables for column in table.columns if "key" in column
    ]


def test_it_goes_on_where_a_list_is_asked_for(own: World, regions: tuple[str, str]) -> None:
    """What was handed in elsewhere is open again here when a window waits, and can be handed in."""
    here, there = regions
    lived_in(own, here)
    newcomer(own, there, f"dinkes@{here}")
    window = walk.open_collection(own, there)
    own.drain()
    brought(own, f"admin.pendatang@{there}", taken(own, f"kepala.dinkes@{here}"))
    own.drain()
    assert walk.send(own, f"petugas.pendatang@{there}", window).item_count == len(walk.TITLES)


def test_the_record_goes_on_with_the_second_move(own: World, regions: tuple[str, str]) -> None:
    here, there = regions
    lived_in(own, here)
    first = taken(own, f"kepala.dinkes@{here}")
    newcomer(own, there, f"dinkes@{here}")
    brought(own, f"admin.pendatang@{there}", first)
    second = taken(own, f"kepala.pendatang@{there}")
    newcomer(own, here, f"dinkes@{here}", "kembali")
    brought(own, f"admin.kembali@{here}", second)
    third = taken(own, f"kepala.kembali@{here}")
    both = member(second, "past/ops.event.jsonl") + member(second, "data/ops.event.jsonl")
    assert member(third, "past/ops.event.jsonl") == both
    assert member(third, "past/exchange.submission.jsonl") == member(first, "data/exchange.submission.jsonl")
    assert manifest_of(third).tables[0] == manifest_of(first).tables[0]
    live = [one for one in manifest_of(first).tables if one.name.startswith("work.")]
    assert [one for one in live if one not in manifest_of(third).tables] == []
