"""Files that go along: kept and paid for by the unit, readable by the central alone, each opening on record."""

import io
from uuid import UUID

import pytest
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.documents import queries as kept
from ppid_saas.documents import service as documents
from ppid_saas.events.models import Event
from ppid_saas.submissions import files, withdrawing
from ppid_saas.submissions.queries import central, preparing, unit
from tenants.db import db
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.fixtures.world import World

SHEET = scan(2_000)
Place = tuple[World, str, str, UUID]


@pytest.fixture
def place(fresh_world: World, store: None) -> Place:
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    return fresh_world, region, f"petugas.dinkes@{region}", walk.open_collection(fresh_world, region)


def paper(data: bytes = SHEET, name: str = "lembar pertimbangan.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(data), name)


def test_a_file_travels_with_its_submission_and_the_central_reads_it(place: Place) -> None:
    world, region, who, collection_id = place
    with world.acting(who):
        document_id = files.attach(collection_id, "consideration", paper())
        used = kept.usage().used
        assert used > len(SHEET)
    sent = walk.send(world, who, collection_id)
    assert sent.file_count == 1
    with world.acting(who):
        assert [file.name for file in preparing.files_of(unit.submission(sent.id).submission)] == [
            "lembar pertimbangan.pdf"
        ]
        assert preparing.enclosed(collection_id) == []
        assert kept.usage().used == used
        assert documents.open_document(document_id).stream.read() == SHEET
    with world.acting(f"pusat@{region}"):
        assert files.open_received(sent.id, 1).stream.read() == SHEET
        assert kept.usage().used == 0
    with world.acting(who):
        told = db.session.query(Event).filter_by(kind="submission.file_opened")
        opened = told.execution_options(any_readable=True).one()
        assert (opened.subject, opened.data) == (sent.id, {"n": 1})


def test_nobody_else_opens_it(place: Place) -> None:
    world, region, who, collection_id = place
    other = next(r for r, slug in world.tenants if slug == "pusat" and r != region)
    with world.acting(who):
        files.attach(collection_id, "minutes", paper())
    sent = walk.send(world, who, collection_id)
    for stranger in (f"pusat@{other}", f"petugas.disdik@{region}", f"admin.dinkes@{region}"):
        with world.acting(stranger), pytest.raises(NotFoundError):
            files.open_received(sent.id, 1)
    with world.acting(f"pusat@{region}"), pytest.raises(NotFoundError):
        files.open_received(sent.id, 2)


def test_a_closed_file_of_the_unit_never_goes_along(place: Place) -> None:
    world, _, who, collection_id = place
    with world.acting(who):
        with documents.staging("attachment", "rekam medis.pdf", SHEET, "application/pdf") as staged:
            documents.keep(staged)
        before = kept.usage().used
        with pytest.raises(InvalidError, match="berkas tertutup"):
            files.attach(collection_id, "consideration", paper())
        assert preparing.enclosed(collection_id) == []
        assert kept.usage().used == before


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "kosong.pdf", "kosong"),
        (b"MZ\x90", "alat.exe", "Jenis berkas"),
        (b"MZ\x90 bukan pdf", "lembar.pdf", "akhiran"),
        (SHEET, "", "Pilih berkas"),
        (b"%PDF-" + b"x" * (files.MOST_BYTES), "besar.pdf", "20 MB"),
    ],
)
def test_what_is_no_paper_is_refused_in_words(place: Place, data: bytes, name: str, words: str) -> None:
    world, _, who, collection_id = place
    with world.acting(who):
        with pytest.raises(InvalidError, match=words):
            files.attach(collection_id, "consideration", paper(data, name))
        assert kept.usage().used == kept.usage().reserved == 0


def test_a_file_let_go_stays_at_home_and_may_come_back(place: Place) -> None:
    world, region, who, collection_id = place
    with world.acting(who):
        document_id = files.attach(collection_id, "test_sheet", paper())
        files.detach(document_id)
        assert preparing.enclosed(collection_id) == []
        assert kept.version(document_id).name == "lembar pertimbangan.pdf"
        files.detach(document_id, back=True)
        assert len(preparing.enclosed(collection_id)) == 1
        files.detach(document_id)
    assert walk.send(world, who, collection_id).file_count == 0
    with world.acting(f"petugas.disdik@{region}"), pytest.raises(NotFoundError):
        files.detach(document_id)


def test_files_of_a_withdrawn_submission_go_along_with_the_next(place: Place) -> None:
    world, region, who, collection_id = place
    with world.acting(who):
        document_id = files.attach(collection_id, "consideration", paper())
    first = walk.send(world, who, collection_id)
    with world.acting(who):
        with pytest.raises(NotFoundError):
            files.detach(document_id)
        withdrawing.withdraw(first.id)
    second = walk.send(world, who, collection_id, 2)
    assert second.file_count == 1
    with world.acting(f"pusat@{region}"):
        assert files.open_received(second.id, 1).stream.read() == SHEET
        assert len(files.files_received(central.one(first.id).submission)) == 1
