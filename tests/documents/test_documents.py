"""Documents through their verbs: staged outside, kept inside, given back when not kept, opened as they were."""

from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from ppid_saas.access.verbs import command
from ppid_saas.documents import queries
from ppid_saas.documents import service as documents
from tenants import vault
from tenants.db import new_id
from tests.fixtures.world import World
from tests.vault.storage import Outside, key_of

TEXT = b"isi yang dikecualikan"


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


@pytest.fixture
def who(region: str) -> str:
    return f"petugas.dinkes@{region}"


@pytest.fixture
def unit(own: World, who: str) -> UUID:
    return own.tenant(who)


def store_one(data: bytes = TEXT, name: str = "lembar.pdf") -> UUID:
    with documents.staging("attachment", name, data, "application/pdf") as staged:
        return documents.keep(staged)


def read(opened: documents.Opened) -> bytes:
    with opened.stream as stream:
        return stream.read()


def test_kept_and_opened(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        document = store_one()
        found = documents.open_document(document)
        assert read(found) == TEXT
        assert (found.version.name, found.version.n, found.version.size) == ("lembar.pdf", 1, len(TEXT))
        assert [one.document_id for one in queries.documents()] == [document]
        assert queries.usage().used == vault.stored_size(len(TEXT))
    assert store.figures(unit) == (vault.stored_size(len(TEXT)), 0)
    [(kind, data)] = store.sql(
        "select kind, data from ops.event where tenant_id = %s and subject = %s", unit, document
    )
    assert (kind, data) == ("document.stored", {"n": 1, "size": len(TEXT)})


def test_what_the_block_does_not_keep_is_taken_back(own: World, who: str, unit: UUID, store: Outside):
    @command("document.write")
    def fails_after(staged: documents.Staged) -> None:
        documents.keep(staged)
        raise InvalidError("tidak jadi")

    with own.acting(who):
        with pytest.raises(InvalidError), documents.staging("import", "a.xlsx", TEXT, "text/plain") as staged:
            fails_after(staged)
        with documents.staging("import", "a.xlsx", TEXT, "text/plain"):
            pass
        assert queries.count() == 0
    assert store.figures(unit) == (0, 0)
    assert store.objects(unit) == set()


def keep_and_fail(kept: list[UUID]) -> None:
    with documents.staging("import", "a.xlsx", TEXT, "text/plain") as staged:
        kept.append(documents.keep(staged))
        raise ZeroDivisionError


def test_an_error_after_keeping_loses_nothing(own: World, who: str, unit: UUID, store: Outside):
    kept: list[UUID] = []
    with own.acting(who):
        with pytest.raises(ZeroDivisionError):
            keep_and_fail(kept)
        assert read(documents.open_document(kept[0])) == TEXT
    assert store.figures(unit) == (vault.stored_size(len(TEXT)), 0)


def test_versions_stay_apart(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        document = store_one(b"pertama")
        second = documents.stage(
            "attachment", "lembar.pdf", b"kedua", "application/pdf", document_id=document
        )
        rival = documents.stage(
            "attachment", "lembar.pdf", b"saingan", "application/pdf", document_id=document
        )
        documents.keep(second)
        with pytest.raises(ConflictError):
            documents.keep(rival)
        documents.discard(rival)
        assert [read(documents.open_document(document, n)) for n in (None, 1, 2)] == [
            b"kedua",
            b"pertama",
            b"kedua",
        ]
        assert [one.n for one in queries.documents()] == [2]
        with pytest.raises(NotFoundError):
            documents.open_document(document, 3)
    sizes = vault.stored_size(len(b"pertama")) + vault.stored_size(len(b"kedua"))
    assert store.figures(unit) == (sizes, 0)


def test_a_full_quota_stops_uploads_in_words(own: World, who: str, unit: UUID, store: Outside):
    store.set_cap(unit, vault.stored_size(len(TEXT)))
    with own.acting(who):
        store_one()
        with pytest.raises(TooLargeError, match=r"Berkas 57 B, sisa kuota 0 B\."):
            store_one(b"x")
    assert len(store.objects(unit)) == 1


def test_an_upload_given_up_meanwhile_is_refused(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        staged = documents.stage("attachment", "a.pdf", TEXT, "application/pdf")
        store.sql(
            "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s", unit
        )
        assert vault.release_expired() == 1
        with pytest.raises(ConflictError, match="terlalu lama"):
            documents.keep(staged)
        assert queries.count() == 0
    assert store.figures(unit) == (0, 0)


def test_the_next_upload_sweeps_after_a_dead_one(own: World, who: str, unit: UUID, store: Outside):
    store.set_cap(unit, vault.stored_size(len(TEXT)))
    with own.acting(who):
        documents.stage("attachment", "a.pdf", TEXT, "application/pdf")
        store.sql(
            "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s", unit
        )
        store_one()
    assert len(store.objects(unit)) == 1


def test_two_rows_swapped_in_the_database_open_nothing(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        one, two = store_one(b"satu"), store_one(b"dua!")
        columns = "object_id, key, key_n, sha_cipher, sha_plain, size, stored_size"
        store.sql(
            f"update work.document_version a set ({columns}) = (select {columns} from work.document_version b"
            " where b.tenant_id = a.tenant_id and b.document_id = %s) where a.tenant_id = %s and a.document_id = %s",
            two, unit, one,
        )  # fmt: skip
        with pytest.raises(ConflictError, match="tidak dapat dibuka"):
            documents.open_document(one)
        assert read(documents.open_document(two)) == b"dua!"


def test_strangers_find_nothing(own: World, region: str, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        document = store_one()
    for other in (
        f"petugas.disdik@{region}",
        f"pusat@{region}",
        f"admin.dinkes@{region}",
        f"auditor@{region}",
    ):
        with own.acting(other):
            for missing in (document, new_id()):
                with pytest.raises(NotFoundError):
                    documents.open_document(missing)
                with pytest.raises(NotFoundError):
                    documents.download(missing, "review")
    with own.acting(f"kepala.dinkes@{region}"):
        assert read(documents.open_document(document)) == TEXT
        with pytest.raises(NotFoundError):
            store_one()
    assert store.objects(unit) == {key_of(unit, *row) for row in store.sql(
        "select object_id from work.document_version where tenant_id = %s", unit)}  # fmt: skip


def test_a_download_is_a_fact_before_the_first_byte(own: World, who: str, unit: UUID, store: Outside):
    with own.acting(who):
        document = store_one()
        [object_id] = store.sql(
            "select object_id from work.document_version where document_id = %s", document
        )[0]
        with pytest.raises(InvalidError):
            documents.download(document, "ingin tahu")
        assert queries.last_fetched([document]) == {}
        store.s3.delete_object(Bucket="exempt", Key=key_of(unit, object_id))
        with pytest.raises(ConflictError):
            documents.download(document, "dispute")
        assert queries.last_fetched([document])[document].name == "Petugas dinkes"
    [(data,)] = store.sql(
        "select data from ops.event where tenant_id = %s and kind = 'document.downloaded'", unit
    )
    assert data == {"n": 1, "reason": "dispute"}
