"""The way out and the way in as people see them: forms without JavaScript, recorded, for the right roles alone."""

import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ppid_saas.access.errors import NotSignedInError
from ppid_saas.accounts.service import store_password
from ppid_saas.documents import service as documents
from ppid_saas.exports import service
from ppid_saas.exports.rules import same
from tenants.http import identity
from tests.exports.moving import manifest_of, newcomer, taken
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.fixtures.world import PASSWORD, World, platform
from tests.vault.storage import Outside, key_of

LONG = scan(85_000)


@pytest.fixture
def regions(own: World) -> tuple[str, str]:
    first, second = sorted({region for region, _ in own.tenants})
    return first, second


@pytest.fixture
def head(own: World, regions: tuple[str, str]) -> str:
    officer = f"petugas.dinkes@{regions[0]}"
    walk.fill(own, officer)
    with own.acting(officer):
        documents.keep(documents.stage("attachment", "satu.pdf", LONG, "application/pdf"))
    return f"kepala.dinkes@{regions[0]}"


def csrf(client: FlaskClient, address: str) -> str:
    return client.get(address).text.partition('name="csrf_token" value="')[2].partition('"')[0]


def send(client: FlaskClient, address: str, archive: bytes) -> TestResponse:
    data = {"csrf_token": csrf(client, address), "file": (io.BytesIO(archive), "ekspor.zip")}
    return client.post(address, data=data)


@pytest.mark.parametrize("surface", ["office", "files"])
def test_out_by_one_form_and_in_by_another(
    own: World, store: Outside, regions: tuple[str, str], head: str, surface: str
) -> None:
    address, client = f"{own.path(head)}/berkas/ekspor", own.client(head, surface)
    assert "Belum pernah" in client.get(address).text
    answer = client.post(address, data={"csrf_token": csrf(client, address), "reason": "move"})
    assert answer.status_code == 200
    assert re.search(
        r"attachment; filename=ekspor-\w+-dinkes-\d{8}\.zip", answer.headers["Content-Disposition"]
    )
    assert answer.headers["Cache-Control"] == "no-store"
    [(data, name)] = store.sql("select data, actor_name from ops.event where kind = 'tenant.exported'"
                               " and tenant_id = %s", own.tenant(head))  # fmt: skip
    assert (data["reason"], data["files"], name) == ("move", 1, "Kepala dinkes")
    assert "Kepala dinkes" in client.get(address).text

    newcomer(own, regions[1], f"dinkes@{regions[0]}")
    admin = f"admin.pendatang@{regions[1]}"
    there, guest = f"{own.path(admin)}/berkas/pulihkan", own.client(admin, surface)
    token = csrf(guest, there)
    assert send(guest, there, answer.data).status_code == 303
    page = guest.get(there).text
    assert f"{regions[0]}/dinkes" in page
    assert 'type="file"' not in page
    again = taken(own, f"kepala.pendatang@{regions[1]}")
    assert same(manifest_of(answer.data), manifest_of(again)) == []
    late = {"csrf_token": token, "file": (io.BytesIO(b"x"), "x.zip")}
    refused = guest.post(there, data=late)
    assert refused.status_code == 409
    assert "sudah berisi butir" in refused.text


def test_forms_say_what_is_missing(own: World, regions: tuple[str, str], head: str) -> None:
    client, address = own.client(head), f"{own.path(head)}/berkas/ekspor"
    answer = client.post(address, data={"csrf_token": csrf(client, address)})
    assert answer.status_code == 422
    assert "Pilih untuk apa seluruh data dibawa." in answer.text
    assert client.post(address, data={"reason": "move"}).status_code == 400
    newcomer(own, regions[1], f"dinkes@{regions[0]}")
    admin = f"admin.pendatang@{regions[1]}"
    there, guest = f"{own.path(admin)}/berkas/pulihkan", own.client(admin)
    assert guest.post(there, data={"file": (io.BytesIO(b"x"), "x.zip")}).status_code == 400
    for data, words in ((b"", "bukan arsip ekspor"), (b"PK", "bukan arsip ekspor")):
        answer = send(guest, there, data)
        assert answer.status_code == 422
        assert words in answer.text
    answer = guest.post(there, data={"csrf_token": csrf(guest, there)})
    assert answer.status_code == 422
    assert "Pilih arsipnya dulu." in answer.text


def test_whoever_signed_in_long_ago_proves_herself_first(own: World, store: Outside, head: str) -> None:
    client, address = own.client(head), f"{own.path(head)}/berkas/ekspor"
    with own.app().app_context(), identity() as connection:
        store_password(connection, own.people[head], PASSWORD)
    store.sql(
        "update identity.session set fresh_at = now() - interval '1 hour' where person_id = %s",
        own.people[head],
    )
    data = {"csrf_token": csrf(client, address), "reason": "move"}
    asked = client.post(address, data=data)
    assert asked.status_code == 422
    assert "Tulis kata sandi Anda sekali lagi." in asked.text
    assert client.post(address, data=data | {"password": "bukan ini"}).status_code == 422
    assert store.sql(
        "select count(*) from ops.event where kind = 'tenant.exported' and tenant_id = %s", own.tenant(head)
    ) == [(0,)]
    with client.post(address, data=data | {"password": PASSWORD}) as answer:
        assert answer.mimetype == "application/zip"


@pytest.mark.parametrize("who", ["petugas.dinkes", "admin.dinkes", "kepala.disdik", "pusat"])
def test_nobody_else_finds_the_way_out(own: World, regions: tuple[str, str], head: str, who: str) -> None:
    client = own.client(f"{who}@{regions[0]}")
    address = f"{own.path(head)}/berkas/ekspor"
    assert client.get(address).status_code == 404
    assert client.post(address, data={"reason": "move", "csrf_token": "x"}).status_code == 404


def test_whoever_is_put_out_gets_no_more(own: World, head: str) -> None:
    """The stream passes the door again for each file; what came is no archive."""
    with own.acting(head):
        stream = service.export("copy")
    pieces = [next(stream)]
    with platform(own.settings) as connection:
        connection.execute(
            text("update identity.person set epoch = epoch + 1 where id = :id"), {"id": own.people[head]}
        )
    with pytest.raises(NotSignedInError):
        pieces += list(stream)
    stream.close()
    assert LONG[:1000] not in b"".join(pieces)


def test_a_damaged_file_is_named_and_the_rest_goes_out(
    own: World, store: Outside, regions: tuple[str, str], head: str
) -> None:
    with own.acting(f"petugas.dinkes@{regions[0]}"):
        documents.keep(documents.stage("attachment", "dua.txt", b"dua", "text/plain"))
    tenant = own.tenant(head)
    [(object_id,)] = store.sql(
        "select object_id from work.document_version where tenant_id = %s and size > 1000", tenant
    )
    store.write(key_of(tenant, object_id), b"rusak")
    newcomer(own, regions[1], f"dinkes@{regions[0]}")
    archive = taken(own, head)
    client = own.client(f"admin.pendatang@{regions[1]}")
    answer = send(client, f"/{regions[1]}/u/pendatang/berkas/pulihkan", archive)
    assert answer.status_code == 422
    assert re.search(r"rusak di tempat asalnya: files/[0-9a-f-]{36}/1/satu\.pdf", answer.text)
