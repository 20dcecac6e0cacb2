"""A document is destroyed by two people when nothing needs it; its room comes back to the byte, its record stays."""

from datetime import date
from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.documents import (
    disposal_queries,
    disposing,
    filing,
    filing_queries,
    incoming,
    queries,
    room_queries,
    rules,
    service,
)
from ppid_saas.register import linking
from ppid_saas.register import service as register
from tenants import clock
from tests.documents.filing import Office, pdf, post_file, sent
from tests.fixtures import walk
from tests.fixtures.forms import post, text_of
from tests.quota.test_stocktake import look
from tests.submissions.test_mails import Inbox
from tests.vault.storage import Outside


def destroy(office: Office, document_id: UUID) -> None:
    with office.world.acting(office.officer):
        disposing.ask(document_id, "Masa simpan habis")
    with office.world.acting(office.head):
        disposing.destroy(document_id, "BA/3/2026")


def test_retention_ends_on_the_same_day_years_later():
    assert rules.kept_until(date(2024, 2, 29), 1, 2) == date(2027, 2, 28)
    assert rules.kept_until(date(2024, 2, 29), None, 2) is None
    assert rules.kept_until(date(9000, 1, 1), 999, 999) == date.max


def test_two_people_destroy_and_the_record_stays(office: Office, store: Outside):
    document_id = office.keep("denah.pdf", pdf("satu"))
    stays = office.keep("tetap.pdf", pdf("tetap"))
    client, at = office.client(), f"{office.path}/berkas/{document_id}"
    post_file(client, f"{at}/versi", "denah.pdf", pdf("dua"))
    used, _ = store.figures(office.unit)
    assert post(client, f"{at}/musnah", {"reason": ""}).status_code == 422
    assert post(client, f"{at}/musnah", {"reason": "Masa simpan habis"}).status_code == 303
    assert "Menunggu keputusan" in text_of(client.get(f"{office.path}/berkas/musnah"))
    head = office.client(office.head)
    refused = post(head, f"{at}/musnah", {"minutes": "", "confirmation": "musnahkan"}, f"{at}/musnah/setuju")
    assert "Tulis nomor berita acara" in text_of(refused)
    refused = post(
        head, f"{at}/musnah", {"minutes": "BA/3/2026", "confirmation": "ya"}, f"{at}/musnah/setuju"
    )
    assert (refused.status_code, store.figures(office.unit)) == (422, (used, 0))
    done = post(
        head, f"{at}/musnah", {"minutes": "BA/3/2026", "confirmation": "musnahkan"}, f"{at}/musnah/setuju"
    )
    assert done.status_code == 303
    [(gone,)] = store.sql(
        "select sum(stored_size) from work.document_version where document_id = %s", document_id
    )
    assert store.figures(office.unit) == (used - gone, gone)
    office.world.drain()
    assert store.figures(office.unit) == (used - gone, 0)
    assert len(store.objects(office.unit)) == 1
    assert store.sql(
        "select distinct key from work.document_version where document_id = %s", document_id
    ) == [(b"",)]
    found = look(office.world, office.unit, store)
    assert (found.state, found.objects, found.strays) == ("agrees", 1, 0)
    _is_told(office, document_id, stays)


def _is_told(office: Office, document_id: UUID, stays: UUID) -> None:
    client, at = office.client(), f"{office.path}/berkas/{document_id}"
    page = text_of(client.get(at))
    assert "Dimusnahkan oleh Kepala dinkes dengan berita acara BA/3/2026" in page
    assert "Unduh berkas" not in page
    listed = text_of(client.get(f"{office.path}/berkas/musnah")).replace("<wbr />", "")
    with office.world.acting(office.officer):
        for version in filing_queries.versions(document_id):
            assert version.sha_plain in listed
        assert [one.document_id for one in queries.documents()] == [stays]
        assert queries.count() == 1
        for fetch in (
            lambda: service.open_document(document_id),
            lambda: service.download(document_id, "review"),
        ):
            with pytest.raises(ConflictError, match="sudah dimusnahkan"):
                fetch()
        with pytest.raises(ConflictError, match="sudah dimusnahkan"):
            incoming.take_version(document_id, sent())
        assert incoming.take(sent("denah.pdf", pdf("satu"))).known is None


def test_what_died_before_its_object_went_is_swept(office: Office, store: Outside):
    from tenants import vault

    destroy(office, office.keep())
    assert len(store.objects(office.unit)) == 1
    store.sql(
        "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s",
        office.unit,
    )
    with office.world.acting(office.officer):
        assert vault.release_expired() == 1
    office.world.drain()
    assert (store.figures(office.unit), store.objects(office.unit)) == ((0, 0), set())


def test_the_room_tells_what_came_back(office: Office, store: Outside):
    stays = office.keep("tetap.pdf", pdf("tetap"))
    destroy(office, office.keep("pergi.pdf", pdf("pergi")))
    with office.world.acting(office.officer):
        [kind] = room_queries.sums()
        assert (kind.kind, kind.n, kind.bytes) == ("attachment", 1, store.figures(office.unit)[0])
        assert [one.name for one in room_queries.largest()] == ["tetap.pdf"]
        assert [line.delta > 0 for line in room_queries.ledger(1)] == [False, True, True]
    page = text_of(office.client().get(f"{office.path}/berkas/kuota"))
    assert "−" in page
    assert "pergi.pdf" in page
    destroy(office, stays)
    with office.world.acting(office.officer):
        assert room_queries.sums() == []


def test_those_who_decide_are_told_by_mail(office: Office, inbox: Inbox):
    document_id = office.keep("nama rahasia.pdf")
    with office.world.acting(office.officer):
        disposing.ask(document_id, "salah unggah")
    office.world.drain()
    [letter] = inbox.taken()
    assert letter["To"] == f"kepala.dinkes.{office.region}@contoh.test"
    text = letter.get_payload(decode=True).decode()
    assert "menunggu keputusan Anda" in text
    assert "rahasia" not in text + letter["Subject"]


def test_nobody_decides_on_what_he_proposed(office: Office, store: Outside):
    document_id = office.keep()
    with office.world.acting(office.officer):
        disposing.ask(document_id, "salah unggah")
    store.sql("update work.disposal set asked_by = %s", office.world.people[office.head])
    with office.world.acting(office.head), pytest.raises(ConflictError, match="orang lain"):
        disposing.destroy(document_id, "BA/1")
    with office.world.acting(office.officer), pytest.raises(NotFoundError):
        disposing.destroy(document_id, "BA/1")


def test_a_proposal_is_withdrawn_or_refused_once(office: Office):
    document_id = office.keep()
    with office.world.acting(office.officer):
        disposing.ask(document_id, "salah unggah")
        with pytest.raises(ConflictError, match="menunggu keputusan"):
            disposing.ask(document_id, "salah unggah")
        disposing.withdraw(document_id)
        with pytest.raises(ConflictError, match="sudah diputuskan"):
            disposing.withdraw(document_id)
        disposing.ask(document_id, "salah unggah")
    client, at = office.client(office.head), f"{office.path}/berkas/{document_id}/musnah"
    assert post(client, at, {"note": "Masih dipakai"}, f"{at}/tolak").status_code == 303
    assert "Masih dipakai" in text_of(client.get(at))
    with office.world.acting(office.officer):
        assert [one.state for one in disposal_queries.of_document(document_id)] == ["refused", "withdrawn"]


def linked(office: Office, **period: object) -> UUID:
    document_id = office.keep()
    with office.world.acting(office.officer):
        body = walk.body("Denah gudang senjata")
        item = register.save_item(body | {"period": body["period"] | period})
        linking.link(item.ref, document_id, "")
    return document_id


def reasons(office: Office, document_id: UUID) -> list[str]:
    with office.world.acting(office.officer):
        return disposing.reasons_to_stay(document_id)


def test_an_exempt_item_keeps_its_document(office: Office):
    document_id = linked(office)
    assert reasons(office, document_id) == ["Butir 1 masih dikecualikan: Denah gudang senjata."]
    client, at = office.client(), f"{office.path}/berkas/{document_id}"
    page = text_of(client.get(f"{at}/musnah"))
    assert "Belum boleh dimusnahkan" in page
    assert "Usulkan pemusnahan" not in page
    with office.world.acting(office.officer), pytest.raises(ConflictError, match="masih dikecualikan"):
        disposing.ask(document_id, "tidak perlu")


def test_it_keeps_it_even_when_it_is_linked_after_the_proposal(office: Office):
    document_id = office.keep()
    with office.world.acting(office.officer):
        item = register.save_item(walk.body("Denah gudang senjata"))
        disposing.ask(document_id, "salah unggah")
        linking.link(item.ref, document_id, "")
    with office.world.acting(office.head), pytest.raises(ConflictError, match="masih dikecualikan"):
        disposing.destroy(document_id, "BA/1")
    page = text_of(office.client(office.head).get(f"{office.path}/berkas/{document_id}/musnah"))
    assert "Musnahkan berkas ini" not in page
    assert "Pernah ditautkan ke" in page


def test_a_link_taken_away_keeps_nothing_but_is_told_to_whoever_decides(office: Office):
    document_id = linked(office)
    with office.world.acting(office.officer):
        linking.unlink(1, document_id)
        assert disposing.reasons_to_stay(document_id) == []
        disposing.ask(document_id, "salah taut")
    page = text_of(office.client(office.head).get(f"{office.path}/berkas/{document_id}/musnah"))
    assert "Pernah ditautkan ke" in page
    assert "(dilepas" in page


def test_an_item_whose_period_is_over_lets_it_go(office: Office, store: Outside):
    document_id = linked(office)
    with office.world.acting(office.officer):
        today = clock.today("Asia/Jakarta")
    store.sql("update work.item set ends_on = %s where tenant_id = %s", today, office.unit)
    assert len(reasons(office, document_id)) == 1
    store.sql("update work.item set ends_on = ends_on - 1 where tenant_id = %s", office.unit)
    assert reasons(office, document_id) == []


@pytest.mark.parametrize(("state", "stays"), [("opened", 0), ("opened_by_law", 0), ("published", 1)])
def test_the_centrals_word_that_it_is_open_lets_it_go(office: Office, store: Outside, state: str, stays: int):
    document_id = linked(office)
    store.sql(
        "insert into exchange.status (writer_id, reader_id, item_id, n, state, turn, at)"
        " select %s, tenant_id, id, 1, %s, 'none', now() from work.item where tenant_id = %s",
        office.world.tenant(f"pusat@{office.region}"), state, office.unit,
    )  # fmt: skip
    assert len(reasons(office, document_id)) == stays


def test_retention_fate_and_dispute_keep_it(office: Office):
    document_id = office.keep()
    with office.world.acting(office.officer):
        today = clock.today("Asia/Jakarta")
        filing.set_retention(document_id, "secret", today, 1, 1, "permanent")
        filing.note_dispute(document_id, "ki", "012/KI/2026")
        said = disposing.reasons_to_stay(document_id)
        assert len(said) == 3
        assert said[0] == "Menurut masa simpannya, berkas ini disimpan permanen."
        assert said[1].startswith("Masa simpannya belum selesai: sampai ")
        assert said[2] == "Sengketa 012/KI/2026 belum selesai."
        filing.end_dispute(document_id, 1)
        filing.set_retention(document_id, "secret", today.replace(year=today.year - 3), 1, 1, "destroy")
        assert disposing.reasons_to_stay(document_id) == []
        filing.end_dispute(document_id, 1, again=True)
        assert disposing.reasons_to_stay(document_id) == ["Sengketa 012/KI/2026 belum selesai."]


def test_what_other_work_stands_on_stays(office: Office):
    with office.world.acting(office.officer):
        with service.staging("import", "daftar.csv", b"isi", "text/csv") as staged:
            imported = service.keep(staged)
        assert "bukti impor" in disposing.reasons_to_stay(imported)[0]


def test_nobody_to_ask_is_no_leave(office: Office, monkeypatch: pytest.MonkeyPatch):
    document_id = office.keep()
    monkeypatch.setattr(disposing, "KEEPERS", [])
    with office.world.acting(office.officer), pytest.raises(RuntimeError, match="nobody was registered"):
        disposing.ask(document_id, "tidak perlu")


def test_retention_and_disputes_by_form(office: Office):
    document_id = office.keep()
    client, at = office.client(), f"{office.path}/berkas/{document_id}"
    form = {"security_class": "ordinary", "active_years": "2", "inactive_years": "tiga", "fate": "destroy",
            "kept_from.day": "5", "kept_from.month": "Agustus", "kept_from.year": "2024"}  # fmt: skip
    wrong = post(client, f"{at}/simpan", form)
    assert wrong.status_code == 422
    assert "Isi dengan angka 0 sampai 100." in text_of(wrong)
    assert post(client, f"{at}/simpan", form | {"inactive_years": ""}).status_code == 422
    assert post(client, f"{at}/simpan", form | {"inactive_years": "3"}).status_code == 303
    page = text_of(client.get(at))
    assert "2 tahun aktif, 3 tahun inaktif, sampai 5 Agustus 2029" in page
    assert "Kelasnya Biasa/Terbuka, padahal" in page
    assert 'value="Agustus"' in text_of(post(client, f"{at}/simpan", form | {"fate": "api"}))
    assert post(client, f"{at}/sengketa", {"forum": "", "number": ""}).status_code == 422
    assert post(client, f"{at}/sengketa", {"forum": "ki", "number": "012/KI/2026"}).status_code == 303
    assert "012/KI/2026" in text_of(client.get(at))
    assert post(client, f"{at}/sengketa", {}, f"{at}/sengketa/1/selesai").status_code == 303
    assert "Tidak ada yang berjalan" in text_of(client.get(at))
    assert post(client, f"{at}/sengketa", {}, f"{at}/sengketa/7/selesai").status_code == 404
