"""Signing in: by invitation and password, limited, revocable at the next request, and deaf to enumeration."""

import re
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from ppid_saas.accounts import provisioning, service
from ppid_saas.accounts.passwords import hash_password
from tenants.http import identity
from tests.fixtures.world import PASSWORD, World, email_of, platform

WHO = "petugas.dinkes@sana"


def form(client: FlaskClient, path: str) -> dict[str, str]:
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return {"csrf_token": found[1]}


def set_password(world: World, who: str) -> None:
    with world.app().app_context(), identity() as connection:
        connection.execute(
            text(
                "insert into identity.credential (person_id, kind, secret) values (:id, 'password', :secret)"
                " on conflict (person_id, kind) do update set secret = excluded.secret"
            ),
            {"id": world.people[who], "secret": hash_password(PASSWORD)},
        )


def post_sign_in(client: FlaskClient, who: str, password: str, next_path: str = ""):
    return client.post(
        "/masuk",
        data=form(client, "/masuk") | {"email": email_of(who), "password": password, "next": next_path},
    )


def test_an_invitation_leads_to_the_first_screen_and_works_once(fresh_world: World) -> None:
    region = next(iter(fresh_world.tenants))[0]
    who = f"petugas.dinkes@{region}"
    with platform(fresh_world.settings) as connection:
        token = provisioning.make_invitation(connection, fresh_world.people[who], fresh_world.tenant(who))
    client = fresh_world.client()
    page = client.get(f"/undangan/{token}").get_data(as_text=True)
    assert "Dinas Kesehatan" in page
    weak = client.post(f"/undangan/{token}", data=form(client, f"/undangan/{token}") | {"password": "pendek"})
    assert weak.status_code == 422
    done = client.post(f"/undangan/{token}", data=form(client, f"/undangan/{token}") | {"password": PASSWORD})
    assert done.status_code == 303
    spaces = client.get(done.headers["Location"])
    assert spaces.headers["Location"] == f"/{region}/u/dinkes/beranda"
    assert "sudah dipakai" in fresh_world.client().get(f"/undangan/{token}").get_data(as_text=True)


def test_a_password_opens_a_session_with_a_new_id(world: World) -> None:
    set_password(world, WHO)
    client = world.client()
    client.get("/masuk")
    name = world.app().session_interface.cookie_name_of(world.app())
    before = client.get_cookie(name)
    answer = post_sign_in(client, WHO, PASSWORD, "/sana/u/dinkes/beranda")
    assert answer.headers["Location"] == "/sana/u/dinkes/beranda"
    after = client.get_cookie(name)
    assert before
    assert after
    assert before.value != after.value


@pytest.mark.parametrize("target", ["//lain.test/x", "https://lain.test", "/\\lain.test", "javascript:1"])
def test_signing_in_never_leads_to_another_site(world: World, target: str) -> None:
    set_password(world, WHO)
    assert post_sign_in(world.client(), WHO, PASSWORD, target).headers["Location"] == "/ruang"


def test_a_wrong_password_and_an_unknown_account_read_the_same(world: World) -> None:
    set_password(world, "petugas.disdik@sana")
    wrong = post_sign_in(world.client(), "petugas.disdik@sana", "bukan kata sandinya")
    unknown = post_sign_in(world.client(), "siapa@tidak.ada", "bukan kata sandinya")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    for answer in (wrong, unknown):
        assert service.WRONG in answer.get_data(as_text=True)


def test_after_five_failures_even_the_right_password_waits(fresh_world: World) -> None:
    who = next(w for w in fresh_world.people if w.startswith("petugas.dinkes"))
    set_password(fresh_world, who)
    for _ in range(5):
        assert post_sign_in(fresh_world.client(), who, "bukan kata sandinya").status_code == 422
    answer = post_sign_in(fresh_world.client(), who, PASSWORD)
    assert answer.status_code == 429
    assert "menit" in answer.get_data(as_text=True)


def test_without_its_csrf_token_a_form_is_refused(world: World) -> None:
    answer = world.client().post("/masuk", data={"email": email_of(WHO), "password": PASSWORD})
    assert answer.status_code == 400


def test_a_form_sent_from_another_site_is_refused(world: World) -> None:
    client = world.client()
    data = form(client, "/masuk") | {"email": email_of(WHO), "password": PASSWORD}
    assert client.post("/masuk", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "statement",
    [
        "update identity.person set epoch = epoch + 1 where id = :person",
        "update identity.person set disabled_at = now() where id = :person",
        "update identity.tenant set disabled_at = now() where id = :tenant",
        "update identity.tenant set sessions_from = now() where id = :tenant",
        "delete from identity.membership where person_id = :person",
        "update identity.session set expires_at = now() where person_id = :person",
        "update identity.session set seen_at = now() - interval '61 minutes' where person_id = :person",
    ],
)
def test_revoking_ends_the_session_at_the_next_request(fresh_world: World, statement: str) -> None:
    who = next(w for w in fresh_world.people if w.startswith("petugas.dinkes"))
    with fresh_world.acting(who) as binding:
        assert binding.tenant_id == fresh_world.tenant(who)
    with fresh_world.app().app_context(), identity() as connection:
        connection.execute(
            text(statement), {"person": fresh_world.people[who], "tenant": fresh_world.tenant(who)}
        )
    with fresh_world.acting(who) as binding:
        assert binding.tenant_id is None


def test_signing_out_ends_the_session_on_the_server(fresh_world: World) -> None:
    who = next(w for w in fresh_world.people if w.startswith("petugas.dinkes"))
    client = fresh_world.client(who)
    page = client.get("/masuk")
    assert page.status_code == 303
    client.application.config["WTF_CSRF_ENABLED"] = False
    client.post("/keluar")
    client.application.config["WTF_CSRF_ENABLED"] = True
    with fresh_world.acting(who) as binding:
        assert binding.person_id is None


def test_a_key_acts_only_in_its_own_tenant(world: World) -> None:
    from tenants import context
    from tenants.db import db, open_door
    from tenants.http import hash_token

    token = world.key(WHO)["Authorization"].partition(" ")[2]

    def bound(region: str, slug: str) -> UUID | None:
        with (
            world.app().app_context(),
            context.entering(context.Entry("enter_key", (hash_token(token), region, slug))),
        ):
            found = open_door().tenant_id
            db.session.remove()
            return found

    assert bound("sana", "dinkes") == world.tenant(WHO)
    assert bound("sana", "disdik") is None
    assert bound("sini", "dinkes") is None
