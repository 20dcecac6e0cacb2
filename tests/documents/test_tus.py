"""Files that come in pieces, as any client of tus 1.0 sends them: counted to the byte, and nothing of them lies open."""

import base64
import dataclasses
import hashlib
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from werkzeug.http import parse_date
from werkzeug.test import TestResponse

from ppid_saas.access.errors import AwayError, ConflictError
from ppid_saas.documents import queries, service, uploads
from ppid_saas.storage import keeping
from tenants import vault
from tenants.vault import RootKey, stored_size
from tests.fixtures.forms import post
from tests.fixtures.world import World, platform
from tests.quota.test_fixity import turn
from tests.vault.storage import Outside

WHO = "petugas.dinkes"
TUS = {"Tus-Resumable": "1.0.0"}
SECRET = b"nomor rekening yang dikecualikan "
TEXT = SECRET * 40_000


class Sender:
    """A client of tus over the files surface, with the key of an officer."""

    def __init__(self, own: World, region: str, who: str = WHO) -> None:
        self.own, self.region = own, region
        self.headers = own.key(f"{who}@{region}") | TUS
        self.client = own.client(surface="files")
        self.tenant = own.tenants[region, who.partition(".")[2]]

    def announce(self, size: int, name: str = "catatan.txt", **more: str) -> TestResponse:
        said = {"filename": name} | more
        metadata = ",".join(f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in said.items())
        headers = self.headers | {"Upload-Length": str(size), "Upload-Metadata": metadata}
        return self.client.post(f"/api/v1/{self.region}/u/dinkes/uploads", headers=headers)

    def send(self, where: str, start: int, data: bytes, **more: str) -> TestResponse:
        headers = self.headers | {"Upload-Offset": str(start)} | more
        return self.client.patch(
            where, data=data, headers=headers, content_type="application/offset+octet-stream"
        )

    def head(self, where: str) -> TestResponse:
        return self.client.head(where, headers=self.headers)

    def state(self, where: str) -> dict[str, Any]:
        told: dict[str, Any] = self.client.get(where, headers=self.headers).get_json()
        return told


@pytest.fixture
def sender(own: World) -> Sender:
    return Sender(own, next(region for region, _ in own.tenants))


def kept(sender: Sender, document_id: str) -> bytes:
    with (
        sender.own.acting(f"{WHO}@{sender.region}"),
        service.open_document(UUID(document_id)).stream as stream,
    ):
        return stream.read()


def test_a_file_in_pieces_becomes_a_document_of_the_same_bytes(sender: Sender, store: Outside) -> None:
    begun = sender.announce(len(TEXT))
    assert begun.status_code == 201
    where = begun.headers["Location"]
    assert store.figures(sender.tenant) == (0, stored_size(len(TEXT)))
    assert sender.send(where, 0, TEXT[:700_000]).headers["Upload-Offset"] == "700000"
    assert sender.head(where).headers["Upload-Offset"] == "700000"
    last = sender.send(where, 700_000, TEXT[700_000:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(TEXT)))
    sender.own.drain()
    told = sender.state(where)
    assert told["state"] == "kept"
    assert store.figures(sender.tenant) == (stored_size(len(TEXT)), 0)
    with sender.own.acting(f"{WHO}@{sender.region}"):
        opened = service.open_document(UUID(told["document_id"]))
        with opened.stream as stream:
            assert stream.read() == TEXT
    assert opened.version.sha_plain == hashlib.sha256(TEXT).hexdigest()
    assert not store.objects(sender.tenant, "quarantine")


def test_a_large_one_goes_through_the_store_in_parts(sender: Sender, store: Outside) -> None:
    data = SECRET * 600_000  # three pieces, and an object beyond what is put at once
    where = sender.announce(len(data)).headers["Location"]
    assert sender.send(where, 0, data).status_code == 204
    sender.own.drain()
    assert kept(sender, sender.state(where)["document_id"]) == data
    assert store.figures(sender.tenant) == (stored_size(len(data)), 0)


def test_pieces_in_quarantine_show_nothing(sender: Sender, store: Outside) -> None:
    where = sender.announce(len(TEXT)).headers["Location"]
    sender.send(where, 0, TEXT[:1000])
    [key] = store.objects(sender.tenant, "quarantine")
    assert SECRET not in store.read(key, "quarantine")
    assert "catatan" not in key


@pytest.mark.parametrize("size", [0, 2**30 + 1])
def test_what_cannot_be_taken_is_refused_before_a_byte(sender: Sender, store: Outside, size: int) -> None:
    answer = sender.announce(size)
    assert answer.status_code in {413, 422}
    assert answer.get_json()["detail"].endswith(".")
    assert store.figures(sender.tenant) == (0, 0)


def test_more_than_the_room_left_is_refused_before_a_byte(sender: Sender, store: Outside) -> None:
    store.set_cap(sender.tenant, stored_size(len(TEXT)))
    assert sender.announce(len(TEXT) + 1).status_code == 413
    assert sender.announce(len(TEXT)).status_code == 201
    assert sender.announce(1).status_code == 413


def test_another_place_than_the_next_is_a_conflict(sender: Sender) -> None:
    where = sender.announce(10).headers["Location"]
    sender.send(where, 0, b"abc")
    for start in (0, 4):
        assert sender.send(where, start, b"def").status_code == 409
    assert sender.head(where).headers["Upload-Offset"] == "3"


def test_more_than_was_announced_is_refused_and_nothing_of_it_kept(sender: Sender, store: Outside) -> None:
    where = sender.announce(10).headers["Location"]
    assert sender.send(where, 0, b"x" * 11).status_code == 413
    assert sender.head(where).headers["Upload-Offset"] == "0"
    assert not store.objects(sender.tenant, "quarantine")


def test_a_wrong_checksum_keeps_nothing_and_a_right_one_all(sender: Sender, store: Outside) -> None:
    where = sender.announce(6).headers["Location"]

    def told(data: bytes) -> str:
        return f"sha256 {base64.b64encode(hashlib.sha256(data).digest()).decode()}"

    wrong = sender.send(where, 0, b"abc", **{"Upload-Checksum": told(b"abd")})
    assert (wrong.status_code, wrong.get_json()["status"]) == (460, 460)
    assert not store.objects(sender.tenant, "quarantine")
    assert sender.send(where, 0, b"abc", **{"Upload-Checksum": told(b"abc")}).status_code == 204
    assert sender.send(where, 3, b"def", **{"Upload-Checksum": "crc32 AAAA"}).status_code == 422


def test_giving_up_frees_the_room_and_takes_the_pieces(sender: Sender, store: Outside) -> None:
    where = sender.announce(len(TEXT)).headers["Location"]
    sender.send(where, 0, TEXT[:1000])
    assert sender.client.delete(where, headers=sender.headers).status_code == 204
    assert store.figures(sender.tenant) == (0, 0)
    assert not store.objects(sender.tenant, "quarantine")
    assert sender.head(where).status_code == 404


def test_what_nobody_goes_on_with_is_swept_and_then_gone(sender: Sender, store: Outside) -> None:
    where = sender.announce(len(TEXT)).headers["Location"]
    sender.send(where, 0, TEXT[:1000])
    store.sql(
        "update ops.reservation set expires_at = now() - interval '1 s' where tenant_id = %s", sender.tenant
    )
    store.sql(
        "update work.upload set expires_at = now() - interval '1 s' where tenant_id = %s", sender.tenant
    )
    assert sender.send(where, 1000, TEXT[1000:]).status_code == 410
    with sender.own.acting(f"{WHO}@{sender.region}"):
        assert vault.release_expired() == 1
    assert store.figures(sender.tenant) == (0, 0)
    assert not store.objects(sender.tenant, "quarantine")
    assert sender.head(where).status_code == 410


def test_the_time_to_go_on_is_told_and_begins_anew_with_each_piece(sender: Sender, store: Outside) -> None:
    begun = sender.announce(len(TEXT))
    first = parse_date(begun.headers["Upload-Expires"])
    assert first
    assert 71 < (first - datetime.now(UTC)).total_seconds() / 3600 <= 72
    store.sql(
        "update work.upload set expires_at = now() + interval '1 h' where tenant_id = %s", sender.tenant
    )
    store.sql(
        "update ops.reservation set expires_at = now() + interval '1 h' where tenant_id = %s", sender.tenant
    )
    sender.send(begun.headers["Location"], 0, TEXT[:1000])
    [(held,)] = store.sql(
        "select expires_at > now() + interval '71 h' from ops.reservation where tenant_id = %s", sender.tenant
    )
    assert held
    later = parse_date(sender.head(begun.headers["Location"]).headers["Upload-Expires"])
    assert later
    assert later >= first


def test_room_that_no_upload_stands_for_is_held_for_moments_only(sender: Sender, store: Outside) -> None:
    lives = (
        "select expires_at - now() > interval '71 h' from ops.reservation where tenant_id = %s order by id"
    )
    with sender.own.acting(f"{WHO}@{sender.region}"):
        vault.begin(10)  # and whoever began it died
    sender.announce(10)
    assert store.sql(lives, sender.tenant) == [(False,), (True,)]


def test_other_versions_of_tus_are_told_which_one_is_spoken(sender: Sender) -> None:
    sender.headers["Tus-Resumable"] = "0.2.2"
    answer = sender.announce(10)
    assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")


def test_another_content_type_is_refused(sender: Sender) -> None:
    where = sender.announce(3).headers["Location"]
    headers = sender.headers | {"Upload-Offset": "0"}
    assert sender.client.patch(where, data=b"abc", headers=headers).status_code == 415


def test_only_the_office_may_send_from_a_page(sender: Sender) -> None:
    where = f"/api/v1/{sender.region}/u/dinkes/uploads"
    office = sender.own.settings.origins["office"]
    told = sender.client.options(where, headers={"Origin": office})
    assert (told.status_code, told.headers["Access-Control-Allow-Origin"]) == (204, office)
    assert "checksum" in told.headers["Tus-Extension"]
    other = sender.client.options(where, headers={"Origin": "https://lain.contoh.test"})
    assert "Access-Control-Allow-Origin" not in other.headers


def test_of_two_who_send_the_same_place_one_counts(sender: Sender, store: Outside) -> None:
    where = sender.announce(6).headers["Location"]
    upload_id = UUID(where.rpartition("/")[2])

    body = io.BytesIO(b"xyz")

    def slow(size: int) -> bytes:
        """While this one is read, another comes first."""
        if body.tell() == 0:
            assert sender.send(where, 0, b"abc").status_code == 204
        return body.read(size)

    with sender.own.acting(f"{WHO}@{sender.region}"), pytest.raises(ConflictError):
        uploads.receive(upload_id, 0, slow)
    assert sender.head(where).headers["Upload-Offset"] == "3"
    assert len(store.objects(sender.tenant, "quarantine")) == 1


def test_a_next_version_of_a_document(sender: Sender) -> None:
    first = sender.announce(3).headers["Location"]
    sender.send(first, 0, b"abc")
    sender.own.drain()
    document = sender.state(first)["document_id"]
    second = sender.announce(4, document=document).headers["Location"]
    sender.send(second, 0, b"abcd")
    sender.own.drain()
    assert sender.state(second)["document_id"] == document
    assert kept(sender, document) == b"abcd"


def test_a_piece_that_was_changed_refuses_the_whole_file(sender: Sender, store: Outside) -> None:
    where = sender.announce(6).headers["Location"]
    sender.send(where, 0, b"abc")
    [key] = store.objects(sender.tenant, "quarantine")
    data = store.read(key, "quarantine")
    store.write(key, bytes([data[0] ^ 1]) + data[1:], "quarantine")
    sender.send(where, 3, b"def")
    sender.own.drain()
    told = sender.state(where)
    assert (told["state"], told["document_id"]) == ("refused", None)
    assert "rusak" in told["refusal"]
    assert store.figures(sender.tenant) == (0, 0)
    assert not store.objects(sender.tenant, "quarantine") | store.objects(sender.tenant)


def given_pass(sender: Sender) -> dict[str, str]:
    office = sender.own.client(f"{WHO}@{sender.region}")
    page = f"/{sender.region}/u/dinkes/berkas/unggahan"
    told = post(office, page, {}, f"{page}/izin").get_json()
    assert (
        told["endpoint"] == sender.own.settings.origins["files"] + f"/api/v1/{sender.region}/u/dinkes/uploads"
    )
    return {"Authorization": f"Bearer {told['token']}"}


def test_a_page_sends_by_a_pass_that_dies_with_its_session(sender: Sender, store: Outside) -> None:
    sender.headers |= given_pass(sender)
    where = sender.announce(6).headers["Location"]
    assert sender.send(where, 0, b"abc").status_code == 204
    store.sql(
        "delete from identity.session where hash = sha256(%s)",
        sender.own.token(f"{WHO}@{sender.region}").encode(),
    )
    del sender.own.tokens[f"{WHO}@{sender.region}"]
    assert sender.send(where, 3, b"def").status_code == 401


def test_a_pass_is_worth_nothing_elsewhere(sender: Sender) -> None:
    given = given_pass(sender)
    office = sender.own.client()
    assert office.get(f"/api/v1/{sender.region}/u/dinkes/documents", headers=given).status_code == 401
    other = next(region for region, _ in reversed(sender.own.tenants))
    assert sender.client.get(f"/api/v1/{other}/u/dinkes/uploads", headers=given).status_code == 404
    assert sender.client.get(f"/api/v1/{sender.region}/u/disdik/uploads", headers=given).status_code == 404


def test_sending_keeps_a_session_awake(sender: Sender, store: Outside) -> None:
    sender.headers |= given_pass(sender)
    hashed = "sha256(%s)", sender.own.token(f"{WHO}@{sender.region}").encode()
    store.sql(
        f"update identity.session set seen_at = now() - interval '59 min' where hash = {hashed[0]}", hashed[1]
    )
    assert sender.announce(6).status_code == 201
    [(awake,)] = store.sql(
        f"select seen_at > now() - interval '1 min' from identity.session where hash = {hashed[0]}", hashed[1]
    )
    assert awake


def test_the_page_of_the_unfinished_says_how_far_and_gives_up(sender: Sender) -> None:
    where = sender.announce(2048, "arsip & rahasia.txt").headers["Location"]
    sender.send(where, 0, bytes(1024))
    office = sender.own.client(f"{WHO}@{sender.region}")
    page = office.get(f"/{sender.region}/u/dinkes/berkas/unggahan")
    assert "1 KB dari 2 KB terkirim" in page.text.replace("\xa0", " ")
    assert "arsip &amp; rahasia.txt" in page.text
    assert (
        f"connect-src 'self' {sender.own.settings.origins['files']};"
        in page.headers["Content-Security-Policy"]
    )
    address = f"/{sender.region}/u/dinkes/berkas/unggahan"
    gone = post(office, address, {}, f"{address}/{where.rpartition('/')[2]}/batal")
    assert gone.status_code == 303
    assert sender.head(where).status_code == 404


def test_a_file_that_is_not_what_it_says_is_refused_in_words(sender: Sender, store: Outside) -> None:
    program = b"MZ" + bytes(4000)
    where = sender.announce(len(program), "lembar uji.pdf").headers["Location"]
    sender.send(where, 0, program)
    sender.own.drain()
    told = sender.state(where)
    assert (told["state"], told["document_id"]) == ("refused", None)
    assert "akhiran" in told["refusal"]
    assert store.figures(sender.tenant) == (0, 0)
    assert not store.objects(sender.tenant, "quarantine") | store.objects(sender.tenant)


@pytest.mark.parametrize(
    "name", ["alat.exe", "makro.xlsm", "tanpa akhiran", "gambar\u202efdp.pdf", "../x.pdf"]
)
def test_a_name_that_promises_nothing_good_is_refused_before_a_byte(sender: Sender, name: str) -> None:
    answer = sender.announce(100, name)
    assert answer.status_code == 422
    assert answer.get_json()["errors"]["file"][0].endswith(".")


def test_a_scanner_that_is_away_lets_nothing_in_and_loses_nothing(
    sender: Sender, store: Outside, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    where = sender.announce(3).headers["Location"]
    settings = dataclasses.replace(sender.own.settings, clamd_socket=tmp_path / "nobody.sock")
    for surface in ("files", "office"):
        monkeypatch.setitem(sender.own.app(surface).extensions["ppid"], "settings", settings)
    at_once = sender.client.post(
        f"/api/v1/{sender.region}/u/dinkes/documents?name=a.txt", data=b"abc", headers=sender.headers,
        content_type="application/octet-stream",
    )  # fmt: skip
    assert at_once.status_code == 503
    sender.send(where, 0, b"abc")
    with pytest.raises(AwayError):
        sender.own.drain()
    assert sender.state(where)["state"] == "checking"
    assert not store.objects(sender.tenant)
    monkeypatch.undo()
    sender.own.drain()
    assert sender.state(where)["state"] == "kept"


def test_a_new_key_of_the_tenant_does_not_stop_an_upload(sender: Sender, store: Outside) -> None:
    where = sender.announce(6).headers["Location"]
    sender.send(where, 0, b"abc")
    with platform(sender.own.settings) as connection:
        keeping.rotate(connection, sender.tenant, RootKey.load(sender.own.settings.root_key_file))
    store.sql(
        "update keys.tenant_key set created_at = created_at - interval '25 hours' where tenant_id = %s",
        sender.tenant,
    )
    turn(sender.own, sender.tenant, store)
    sender.send(where, 3, b"def")
    sender.own.drain()
    assert kept(sender, sender.state(where)["document_id"]) == b"abcdef"
    turn(sender.own, sender.tenant, store)
    assert store.sql("select n from keys.tenant_key where tenant_id = %s", sender.tenant) == [(2,)]


def test_only_what_was_uploaded_itself_gets_another_version(sender: Sender, store: Outside) -> None:
    with (
        sender.own.acting(f"{WHO}@{sender.region}"),
        service.staging("import", "daftar.csv", b"isi", "text/csv") as staged,
    ):
        imported = service.keep(staged)
    before = store.figures(sender.tenant)
    answer = sender.announce(3, document=str(imported))
    assert answer.status_code == 409
    assert "disimpan seperti ketika dipakai" in answer.get_json()["detail"]
    assert store.figures(sender.tenant) == before


def test_what_is_sent_is_a_document_whatever_else_it_calls_itself(sender: Sender) -> None:
    where = sender.announce(3, kind="redacted").headers["Location"]
    sender.send(where, 0, b"abc")
    sender.own.drain()
    with sender.own.acting(f"{WHO}@{sender.region}"):
        assert queries.version(UUID(sender.state(where)["document_id"])).kind == "attachment"
    at_once = sender.client.post(
        f"/api/v1/{sender.region}/u/dinkes/documents?name=a.txt&kind=redacted", data=b"abc", headers=sender.headers,
        content_type="application/octet-stream",
    )  # fmt: skip
    assert (at_once.status_code, at_once.get_json()["kind"]) == (201, "attachment")
