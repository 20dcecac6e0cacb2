"""A copy for the public: a document of its own, read and approved by another person, offered nowhere until then."""

from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.documents import disposing, queries, redacting, redaction_queries, service
from ppid_saas.register import link_queries, linking
from ppid_saas.register import service as register
from tests.documents.filing import Office, pdf, post_file, sent
from tests.fixtures import walk
from tests.fixtures.forms import post, text_of
from tests.vault.storage import Outside

BLACK = pdf("hitam")


@pytest.fixture
def original(office: Office) -> UUID:
    return office.keep("denah.pdf", pdf("denah"))


@pytest.fixture
def made(office: Office, original: UUID) -> UUID:
    with office.world.acting(office.officer):
        return redacting.make(original, sent("denah publik.pdf", BLACK))


def state(office: Office, document_id: UUID) -> str:
    with office.world.acting(office.officer):
        return redaction_queries.copy(document_id).state


def offered(office: Office, original: UUID) -> list[UUID]:
    with office.world.acting(office.officer):
        return [one.document_id for one in redaction_queries.approved([original])]


def look(office: Office, document_id: UUID) -> None:
    with office.world.acting(office.head):
        service.download(document_id, "review").stream.close()


def test_it_is_made_by_form_read_and_approved_by_another(office: Office, original: UUID):
    client, at = office.client(), f"{office.path}/berkas"
    answer = post_file(client, f"{at}/{original}/salinan", "denah publik.pdf", BLACK)
    page = text_of(client.get(answer.location))
    assert "Salinan disimpan sebagai draf." in page
    document_id = UUID(answer.location.rpartition("/")[2].partition("?")[0])
    decision = f"{at}/{document_id}/persetujuan"
    head = office.client(office.head)
    assert "Unduh dan baca versi 1 dulu" in text_of(head.get(decision))
    early = post(head, f"{at}/{document_id}", {"version": "1"}, decision)
    assert early.status_code == 409
    assert offered(office, original) == []
    look(office, document_id)
    assert post(head, decision, {"version": "1"}).status_code == 303
    assert offered(office, original) == [document_id]
    assert "Disetujui" in text_of(client.get(f"{at}/{original}"))
    assert post(client, decision, {"note": ""}, f"{decision}/tarik").status_code == 422
    assert post(client, decision, {"note": "Nama masih terbaca"}, f"{decision}/tarik").status_code == 303
    assert offered(office, original) == []
    assert "Nama masih terbaca" in text_of(client.get(f"{at}/{document_id}"))
    assert post(head, decision, {"version": "1"}).status_code == 303
    assert offered(office, original) == [document_id]


def test_a_copy_that_hides_nothing_is_refused(office: Office, original: UUID, store: Outside):
    with office.world.acting(office.officer):
        with pytest.raises(InvalidError, match=r"sama dengan berkas tertutup “denah\.pdf”"):
            redacting.make(original, sent("denah publik.pdf", pdf("denah")))
        made = redacting.make(original, sent("denah publik.pdf", BLACK))
        with pytest.raises(InvalidError, match="sama dengan berkas tertutup"):
            redacting.make_again(made, sent("denah publik.pdf", pdf("denah")))
        assert redacting.make_again(made, sent("denah publik.pdf", BLACK)).known
    assert len(store.objects(office.unit)) == 2


def test_another_version_is_a_draft_again(office: Office, original: UUID, made: UUID):
    look(office, made)
    with office.world.acting(office.head):
        redacting.approve(made, 1)
    at = f"{office.path}/berkas/{made}"
    answer = post_file(office.client(), f"{at}/versi", "denah publik.pdf", pdf("hitam lagi"))
    assert answer.status_code == 303
    assert (state(office, made), offered(office, original)) == ("draft", [])
    with office.world.acting(office.head), pytest.raises(ConflictError, match="versi 2 dulu"):
        redacting.approve(made, 1)
    look(office, made)
    with office.world.acting(office.head):
        with pytest.raises(ConflictError, match="versi 2 dulu"):
            redacting.approve(made, 1)
        redacting.approve(made, 2)
        with pytest.raises(ConflictError, match="sudah disetujui"):
            redacting.approve(made, 2)
    assert offered(office, original) == [made]


def test_a_version_that_came_another_way_is_not_offered(office: Office, original: UUID, made: UUID):
    look(office, made)
    with office.world.acting(office.head):
        redacting.approve(made, 1)
    given = ("redacted", "a.pdf", BLACK + b"3", "application/pdf")
    with office.world.acting(office.officer), service.staging(*given, document_id=made) as staged:
        service.keep(staged)
    assert offered(office, original) == []


def test_nobody_approves_what_he_made(office: Office, made: UUID, store: Outside):
    look(office, made)
    store.sql("update work.redaction set made_by = %s", office.world.people[office.head])
    with office.world.acting(office.head), pytest.raises(ConflictError, match="orang lain"):
        redacting.approve(made, 1)
    with office.world.acting(office.officer), pytest.raises(NotFoundError):
        redacting.approve(made, 1)
    assert state(office, made) == "draft"


def test_it_has_nothing_of_its_original(office: Office, original: UUID, made: UUID, store: Outside):
    with office.world.acting(office.officer):
        item = register.save_item(walk.body("Denah gudang senjata"))
        linking.link(item.ref, original, "Lampiran II")
        with pytest.raises(ConflictError, match="hanya berkas yang diunggah sendiri"):
            linking.link(item.ref, made, "")
        assert [one.document_id for one in link_queries.files(item.id)] == [original]
        assert link_queries.items(made) == []
        assert [one.id for one in link_queries.documents_to_link(item.id, "")] == []
        with pytest.raises(ConflictError, match="dibuat dari berkas tertutup"):
            redacting.make(made, sent("lain.pdf", BLACK + b"4"))
    keys = store.sql("select key, object_id from work.document_version where tenant_id = %s", office.unit)
    assert len({key for key, _ in keys}) == len({one for _, one in keys}) == 2


def test_an_approved_copy_is_withdrawn_before_it_is_destroyed(office: Office, original: UUID, made: UUID):
    look(office, made)
    with office.world.acting(office.head):
        redacting.approve(made, 1)
        assert disposing.reasons_to_stay(made) == [
            "Salinan ini masih disetujui untuk publik. Tarik dulu persetujuannya."
        ]
        redacting.withdraw(made, "diganti")
        with pytest.raises(ConflictError, match="sudah ditarik"):
            redacting.withdraw(made, "diganti")
    with office.world.acting(office.officer):
        disposing.ask(made, "diganti")
    with office.world.acting(office.head):
        disposing.destroy(made, "BA/9")
        with pytest.raises(ConflictError, match="sudah dimusnahkan"):
            redacting.approve(made, 1)
        assert redaction_queries.copies(original) == []
        assert queries.version(original).n == 1


def test_strangers_find_no_copy(office: Office, made: UUID):
    for who in (f"petugas.disdik@{office.region}", f"pusat@{office.region}"):
        client, at = office.world.client(who), f"{office.world.path(who)}/berkas/{made}"
        assert client.get(f"{at}/persetujuan").status_code == 404
        assert client.get(f"{at}/musnah").status_code == 404
