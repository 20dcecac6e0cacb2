"""Short links: a pointer that says nothing before signing in, leads a member to her page, and everyone else nowhere."""

import re

import psycopg
import pytest

from ppid_saas.notifications import links
from tests.accounts.test_sign_in import post_sign_in, set_password
from tests.fixtures.world import PASSWORD, World
from tests.tenancy.rows import url

WHO = "petugas.dinkes@sana"
PLACE = "/sana/u/dinkes/pengajuan/periksa?masa=1"


def made(world: World, who: str = WHO, path: str = "pengajuan/periksa?masa=1") -> str:
    with world.acting(who):
        return links.short_link(path).removeprefix(world.settings.origins["office"])


def test_a_page_has_one_short_link_that_says_nothing(world: World) -> None:
    link = made(world)
    assert re.fullmatch(rf"/t/[{links.ALPHABET}]{{8}}", link)
    assert made(world) == link
    assert made(world, path="perbaikan") != link
    assert made(world, "petugas.disdik@sana") != link


def test_before_signing_in_every_code_reads_the_same(world: World) -> None:
    link = made(world)
    known, unknown = world.client().get(link), world.client().get("/t/22222222")
    assert known.status_code == unknown.status_code == 401
    text = known.get_data(as_text=True)
    for secret in ("Dinas Kesehatan", "dinkes", "sana", "pengajuan"):
        assert secret not in text.lower(), secret
    assert link in text


def test_signing_in_leads_to_the_page(world: World) -> None:
    set_password(world, WHO)
    client, link = world.client(), made(world)
    assert client.get(link).status_code == 401
    signed = post_sign_in(client, WHO, PASSWORD, link)
    assert signed.headers["Location"] == link
    assert client.get(link).headers["Location"] == PLACE
    assert client.get(link.upper().replace("/T/", "/t/")).headers["Location"] == PLACE


@pytest.mark.parametrize("who", ["petugas.disdik@sana", "pusat@sana", "petugas.dinkes@sini"])
def test_a_foreign_person_finds_nothing_and_cannot_tell_it_from_no_link(world: World, who: str) -> None:
    foreign, none = world.client(who).get(made(world)), world.client(who).get("/t/22222222")
    assert foreign.status_code == none.status_code == 404

    def told(text: str) -> str:
        return re.sub(r'(nonce|value)="[^"]{16,}"|/t/\w+', "", text)

    assert told(foreign.get_data(as_text=True)) == told(none.get_data(as_text=True))
    assert "bukan untuk akun" in foreign.get_data(as_text=True)


@pytest.mark.parametrize("code", ["2", "2222222", "222222222", "1lo0i222", "%00222222", "22222222%27"])
def test_a_code_that_cannot_be_is_no_code(world: World, code: str) -> None:
    assert world.client(WHO).get(f"/t/{code}").status_code == 404


def test_a_central_has_links_of_its_own(world: World) -> None:
    link = made(world, "pusat@sana", "pengajuan")
    assert world.client("auditor@sana").get(link).headers["Location"] == "/sana/pusat/pengajuan"


def test_the_office_cannot_read_the_links_of_a_foreign_tenant(world: World) -> None:
    code = made(world).removeprefix("/t/")
    with psycopg.connect(url(world.settings, "app_tenant")) as conn:
        from tenants.http import hash_token

        conn.execute(
            "select door.enter(%s, 'sana', 'disdik')", [hash_token(world.token("petugas.disdik@sana"))]
        )
        assert conn.execute("select 1 from ops.link where code = %s", [code]).fetchone() is None
        hidden = conn.execute(
            "select 1 from door.follow(%s, %s)", [hash_token(world.token("petugas.disdik@sana")), code]
        )
        assert hidden.fetchone() is None
