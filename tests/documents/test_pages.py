"""Closed files over HTTP: the list, the recorded download, and that nobody else gets a byte."""

from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from ppid_saas.documents import service as documents
from tenants.db import new_id
from tests.fixtures.world import World
from tests.vault.storage import Outside

TEXT = b"isi yang dikecualikan " * 40_000


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


def store_one(own: World, who: str, name: str = "lembar uji.pdf", data: bytes = TEXT) -> UUID:
    with own.acting(who), documents.staging("attachment", name, BytesIO(data), "application/pdf") as staged:
        return documents.keep(staged)


def token(client: FlaskClient, address: str) -> str:
    page = client.get(address).text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def fetch(client: FlaskClient, address: str, reason: str = "review", csrf: str = "") -> TestResponse:
    csrf = csrf or token(client, address)
    return client.post(f"{address}/unduh", data={"csrf_token": csrf, "reason": reason})


@pytest.mark.parametrize("surface", ["office", "files"])
@pytest.mark.parametrize("role", ["petugas.dinkes", "pusat"])
def test_a_member_fetches(own: World, region: str, store: Outside, surface: str, role: str):
    who = f"{role}@{region}"
    document = store_one(own, who)
    address = f"{own.path(who)}/berkas/{document}"
    client = own.client(who, surface)
    with fetch(client, address) as answer:
        assert (answer.status_code, answer.data) == (200, TEXT)
        headers = answer.headers
        assert headers["Content-Disposition"] == 'attachment; filename="lembar uji.pdf"'
        assert headers["Content-Length"] == str(len(TEXT))
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    [(data, name)] = store.sql(
        "select data, actor_name from ops.event where subject = %s and kind = 'document.downloaded'", document
    )
    assert data == {"n": 1, "reason": "review"}
    assert name == own_name(role)


def own_name(role: str) -> str:
    title, _, slug = role.partition(".")
    return f"{title.title()} {slug or 'pusat'}"


def test_a_name_that_is_not_latin_arrives(own: World, region: str, store: Outside):
    who = f"petugas.dinkes@{region}"
    address = f"{own.path(who)}/berkas/{store_one(own, who, 'uji – ringkas “2”.pdf')}"
    with fetch(own.client(who), address) as answer:
        assert "filename*=UTF-8''uji%20%E2%80%93%20ringkas" in answer.headers["Content-Disposition"]


def test_a_download_without_reason_or_token_is_none(own: World, region: str, store: Outside):
    who = f"petugas.dinkes@{region}"
    document = store_one(own, who)
    address, client = f"{own.path(who)}/berkas/{document}", own.client(who)
    answer = fetch(client, address, reason="")
    assert answer.status_code == 422
    assert "Pilih untuk apa berkas ini diunduh." in answer.text
    assert client.post(f"{address}/unduh", data={"reason": "review"}).status_code == 400
    assert client.get(f"{address}/unduh").status_code == 405
    csrf = token(client, address)
    with client.post(f"{address}/unduh?alasan=test", data={"csrf_token": csrf}) as named:
        assert (named.status_code, named.data) == (200, TEXT)
    assert store.sql("select data ->> 'reason' from ops.event where subject = %s and kind = 'document.downloaded'",
                     document) == [("test",)]  # fmt: skip


def test_strangers_get_the_same_404(own: World, region: str, store: Outside):
    who, other = f"petugas.dinkes@{region}", f"petugas.disdik@{region}"
    document = store_one(own, who)
    client = own.client(other)
    csrf = token(client, f"{own.path(other)}/berkas/{store_one(own, other)}")
    for place in (own.path(other), own.path(who)):
        answers = [
            client.post(f"{place}/berkas/{some}/unduh", data={"csrf_token": csrf, "reason": "review"})
            for some in (document, new_id())
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].headers.get("Content-Disposition") is None
        assert client.get(f"{place}/berkas/{document}").status_code == 404
    assert own.client(None).get(f"{own.path(who)}/berkas/{document}").status_code == 401
    assert (
        store.sql("select 1 from ops.event where subject = %s and kind = 'document.downloaded'", document)
        == []
    )


def test_the_empty_list_explains_itself(own: World, region: str, store: Outside):
    who = f"petugas.dinkes@{region}"
    page = own.client(who).get(f"{own.path(who)}/berkas")
    assert page.status_code == 200
    assert "Belum ada berkas" in page.text
    assert "Berkas tertutup" in page.text
    assert "dari 10 GB terpakai" in page.text


def test_the_list_names_its_files(own: World, region: str, store: Outside):
    who = f"petugas.dinkes@{region}"
    document = store_one(own, who, "<b>rahasia</b>.pdf")
    store_one(own, f"petugas.disdik@{region}", "milik orang.pdf")
    with fetch(own.client(who), f"{own.path(who)}/berkas/{document}"):
        pass
    page = own.client(who).get(f"{own.path(who)}/berkas").text
    assert "b&gt;.pdf" in page
    assert "<b>" not in page
    assert f"{own.path(who)}/berkas/{document}" in page
    assert "Petugas dinkes" in page
    assert "859,4\u00a0KB" in page
    assert "milik orang" not in page
    assert own.client(who).get(f"{own.path(who)}/berkas?hal=2").status_code == 404


def test_a_damaged_file_is_said_to_be_so(own: World, region: str, store: Outside):
    who = f"petugas.dinkes@{region}"
    document = store_one(own, who)
    [key] = store.objects(own.tenant(who))
    store.write(key, b"\0" + store.read(key)[1:])
    answer = fetch(own.client(who), f"{own.path(who)}/berkas/{document}")
    assert answer.status_code == 409
    assert "tidak dapat dibuka" in answer.text


def test_programs_list_and_fetch(own: World, region: str, store: Outside):
    who = f"petugas.dinkes@{region}"
    document = store_one(own, who)
    client, place, key = own.client(None), f"/api/v1{own.path(who)}/documents", own.key(who)
    listed = client.get(place, headers=key).json
    assert listed["total"] == 1
    assert set(listed["documents"][0]) == {
        "id",
        "name",
        "kind",
        "version",
        "media_type",
        "size",
        "sha256",
        "stored_at",
    }
    assert listed["documents"][0]["id"] == str(document)
    assert listed["usage"]["cap"] == 10 * 1024**3
    with client.post(f"{place}/{document}/download", json={"reason": "review"}, headers=key) as answer:
        assert (answer.status_code, answer.data) == (200, TEXT)
    for wrong in ({}, {"reason": "iseng"}, {"reason": "review", "x": 1}, {"reason": "review", "version": 0}):
        assert client.post(f"{place}/{document}/download", json=wrong, headers=key).status_code == 422
    assert (
        client.post(f"{place}/{new_id()}/download", json={"reason": "review"}, headers=key).status_code == 404
    )
    assert client.post(f"{place}/{document}/download", json={"reason": "review"}).status_code == 401
    other = own.key(f"petugas.disdik@{region}")
    assert (
        client.post(f"{place}/{document}/download", json={"reason": "review"}, headers=other).status_code
        == 404
    )


def test_the_central_has_a_list_of_its_own(own: World, region: str, store: Outside):
    who = f"pusat@{region}"
    store_one(own, f"petugas.dinkes@{region}", "milik unit.pdf")
    store_one(own, who, "surat penetapan.pdf")
    page = own.client(who).get(f"{own.path(who)}/berkas").text
    assert "surat penetapan.pdf" in page
    assert "milik unit" not in page
    listed = own.client(None).get(f"/api/v1{own.path(who)}/documents", headers=own.key(who)).json
    assert [one["name"] for one in listed["documents"]] == ["surat penetapan.pdf"]
