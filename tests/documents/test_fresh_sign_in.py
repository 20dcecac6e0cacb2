"""A closed file goes to whoever entered her password a moment ago; anyone else is asked for it and loses nothing."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from ppid_saas.accounts.service import ACCOUNT_FAILURES, store_password
from ppid_saas.documents import service as documents
from tenants.http import hash_token, identity
from tests.fixtures.forms import token_of
from tests.fixtures.world import PASSWORD, World
from tests.vault.storage import Outside

TEXT = b"isi yang dikecualikan"


@pytest.fixture
def who(own: World) -> str:
    name = f"petugas.dinkes@{next(region for region, _ in own.tenants)}"
    with own.app().app_context(), identity() as connection:
        store_password(connection, own.people[name], PASSWORD)
    return name


@pytest.fixture
def document(own: World, who: str) -> UUID:
    with own.acting(who), documents.staging("attachment", "lembar.pdf", TEXT, "application/pdf") as staged:
        return documents.keep(staged)


@pytest.fixture
def address(own: World, who: str, document: UUID) -> str:
    return f"{own.path(who)}/berkas/{document}"


def grow_stale(own: World, who: str, minutes: int = 16) -> FlaskClient:
    client = own.client(who)
    with own.app().app_context(), identity() as connection:
        connection.execute(
            text("update identity.session set fresh_at = now() - make_interval(mins => :m) where hash = :hash"),
            {"m": minutes, "hash": hash_token(own.token(who))},
        )  # fmt: skip
    return client


def fetch(client: FlaskClient, address: str, password: str = "", query: str = "") -> TestResponse:
    form = {"csrf_token": token_of(client, address), "password": password}
    return client.post(f"{address}/unduh{query}", data=form if query else form | {"reason": "dispute"})


def recorded(store: Outside, document: UUID) -> list[str]:
    rows = store.sql(
        "select data ->> 'reason' from ops.event where subject = %s and kind = 'document.downloaded'",
        document,
    )
    return [reason for (reason,) in rows]


def test_an_old_sign_in_is_asked_and_the_same_request_goes_on(
    own: World, who: str, document: UUID, address: str, store: Outside
):
    client = grow_stale(own, who)
    asked = fetch(client, address)
    assert asked.status_code == 401
    assert 'name="reason" value="dispute"' in asked.text
    assert TEXT.decode() not in asked.text
    assert recorded(store, document) == []
    with fetch(client, address, PASSWORD) as given:
        assert (given.status_code, given.data) == (200, TEXT)
    with fetch(client, address) as again:
        assert (again.status_code, again.data) == (200, TEXT)
    assert recorded(store, document) == ["dispute", "dispute"]


def test_a_reason_named_in_the_address_is_kept(own: World, who: str, document: UUID, address: str):
    asked = fetch(grow_stale(own, who), address, query="?alasan=archive")
    assert (asked.status_code, 'name="reason" value="archive"' in asked.text) == (401, True)


def test_fourteen_minutes_are_fresh_enough(own: World, who: str, document: UUID, address: str):
    with fetch(grow_stale(own, who, 14), address) as given:
        assert given.status_code == 200


def test_wrong_passwords_count_like_those_of_signing_in(
    own: World, who: str, document: UUID, address: str, store: Outside
):
    client = grow_stale(own, who)
    for _ in range(ACCOUNT_FAILURES):
        refused = fetch(client, address, "bukan ini")
        assert (refused.status_code, "Kata sandi tidak cocok." in refused.text) == (422, True)
    locked = fetch(client, address, PASSWORD)
    assert (locked.status_code, "Terlalu banyak percobaan" in locked.text) == (429, True)
    assert recorded(store, document) == []


def test_a_stranger_is_not_asked_but_told_nothing(own: World, who: str, document: UUID, address: str):
    other = who.replace("dinkes", "disdik")
    client, mine = grow_stale(own, other), f"{own.path(other)}/berkas"
    csrf = {"csrf_token": token_of(client, mine + "/kuota"), "reason": "review"}
    for place in (address, f"{mine}/{document}"):
        assert client.post(f"{place}/unduh", data=csrf).status_code == 404


def test_a_program_has_no_password_but_its_name_is_recorded(
    own: World, who: str, document: UUID, store: Outside
):
    grow_stale(own, who)
    answer = own.app().test_client().post(
        f"/api/v1{own.path(who)}/documents/{document}/download", json={"reason": "archive"}, headers=own.key(who)
    )  # fmt: skip
    with answer:
        assert (answer.status_code, answer.data) == (200, TEXT)
    assert recorded(store, document) == ["archive"]
