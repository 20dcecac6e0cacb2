"""The central's pages and API of editions, asked over HTTP as members and strangers."""

import re
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from ppid_saas.editions import schemas
from ppid_saas.publication import queries as published
from tenants import context
from tests.fixtures import determined
from tests.fixtures.determined import item_body, some
from tests.fixtures.world import World


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


def post(client: FlaskClient, page: str, action: str, **form: str):
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert token, page
    return client.post(action, data={"csrf_token": token[1], **form})


def test_from_determination_to_portal_by_pages(fresh_world: World, region: str):
    determination = determined.determine(fresh_world, region, some("Data pribadi pegawai", "Rekam medis"))
    officer, head = fresh_world.client(f"pusat@{region}"), fresh_world.client(f"kabid@{region}")
    home = f"/{region}/pusat/edisi"
    sent = post(officer, home, home, determination=str(determination))
    assert sent.status_code == 303
    assert "/pekerjaan/" in sent.location
    fresh_world.drain()
    link = re.search(rf'href="({home}/[0-9a-f-]+/pratinjau)"', head.get(home).text)
    assert link
    preview = head.get(link[1]).text
    assert "2 baru, 0 berubah, 0 tidak lagi tercantum" in preview
    assert "Dikecualikan sebagian sampai 31 Desember 2031" in preview
    assert "RAHASIA" not in preview
    assert "Terbitkan edisi" not in officer.get(link[1]).text
    action = link[1].replace("pratinjau", "terbit")
    wrong = post(head, link[1], action, confirmation="7")
    assert wrong.status_code == 422
    assert "Ketik 1 untuk menerbitkan." in wrong.text
    done = post(head, link[1], action, confirmation="1")
    assert (done.status_code, done.location) == (303, f"{home}/1?terbit=1")
    assert "Edisi 1 terbit" in head.get(done.location).text
    again = post(head, f"{home}/1", action, confirmation="1")
    assert again.status_code == 409
    assert "Data pribadi pegawai" in fresh_world.client(surface="portal").get(f"/{region}/dik").text


def test_a_leak_is_shown_by_its_place(fresh_world: World, region: str):
    determination = determined.determine(
        fresh_world, region, {uuid4(): item_body("Data", holder="a.b@contoh.go.id")}
    )
    officer, home = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/edisi"
    answer = post(officer, home, home, determination=str(determination))
    assert answer.status_code == 422
    assert "penanggung jawab: alamat surel" in answer.text
    assert "a.b@contoh.go.id" not in answer.text
    assert post(officer, home, home, determination="bukan").status_code == 422


def test_recall_and_withdraw_by_pages(fresh_world: World, region: str):
    determined.put_in_force(fresh_world, region, some("Data pribadi pegawai", "Rekam medis"))
    head, home = fresh_world.client(f"kabid@{region}"), f"/{region}/pusat/edisi"
    listed = head.get(f"{home}/butir?q=medis").text
    assert "1 hasil" in listed
    code = re.search(rf'href="{home}/butir/(DIK-\d+-\d+)"', listed)[1]  # type: ignore[index]
    page, action = f"{home}/butir/{code}", f"{home}/butir/{code}/cabut"
    assert post(head, page, action, confirmation="x", reason="Putusan").status_code == 422
    assert post(head, page, action, confirmation=code, reason="").status_code == 422
    assert post(head, page, action, confirmation=code, reason="Putusan").status_code == 303
    assert head.get(page).status_code == 404
    assert post(head, f"{home}/1", f"{home}/1/tarik", confirmation="1", reason="").status_code == 422
    assert post(head, f"{home}/1", f"{home}/1/tarik", confirmation="1", reason="Bocor").status_code == 303
    assert "Ditarik" in head.get(f"{home}/1").text


@pytest.mark.parametrize("who", ["petugas.dinkes", "tim"])
def test_those_without_the_permission_find_nothing(fresh_world: World, region: str, who: str):
    draft = determined.prepare(
        fresh_world, region, determined.determine(fresh_world, region, some("Data pegawai"))
    )
    client = fresh_world.client(f"{who}@{region}")
    page = f"/{region}/pusat/edisi/{draft}/pratinjau"
    assert client.get(page).status_code == (200 if who == "tim" else 404)
    answer = client.post(page.replace("pratinjau", "terbit"), data={"confirmation": "1"})
    assert answer.status_code in {400, 404}


def test_a_stranger_finds_nothing(fresh_world: World, region: str):
    draft = determined.prepare(
        fresh_world, region, determined.determine(fresh_world, region, some("Data pegawai"))
    )
    other = next(name for name, _ in fresh_world.tenants if name != region)
    stranger = fresh_world.client(f"kabid@{other}")
    for path in (
        f"/{region}/pusat/edisi",
        f"/{other}/pusat/edisi/{draft}/pratinjau",
        f"/{other}/pusat/edisi/1",
    ):
        assert stranger.get(path).status_code == 404
    assert fresh_world.client().get(f"/{region}/pusat/edisi").status_code == 401


def test_the_whole_way_by_api(fresh_world: World, region: str):
    determination = determined.determine(fresh_world, region, some("Data pribadi pegawai", "Rekam medis"))
    client = fresh_world.client()
    officer, head = fresh_world.key(f"pusat@{region}"), fresh_world.key(f"kabid@{region}")
    base = f"/api/v1/{region}/pusat"
    asked = {"determination": str(determination)}
    made = client.post(f"{base}/editions", json=asked, headers={**officer, "Idempotency-Key": "siap-1"})
    assert made.status_code == 202
    assert schemas.DraftSchema().validate(made.json) == {}
    again = client.post(f"{base}/editions", json=asked, headers={**officer, "Idempotency-Key": "siap-1"})
    assert again.json["id"] == made.json["id"]
    fresh_world.drain()
    one = f"{base}/editions/{made.json['id']}"
    assert client.get(one, headers=officer).json["state"] == "ready"
    told = {"confirmation": "1"}
    assert client.post(f"{one}/publish", json=told, headers=officer).status_code == 404
    published_once = client.post(f"{one}/publish", json=told, headers=head)
    assert published_once.status_code == 200
    assert schemas.EditionSchema().validate(published_once.json) == {}
    assert client.post(f"{one}/publish", json=told, headers=head).status_code == 409
    with fresh_world.acting(f"kabid@{region}"):
        code = published.live_bodies(context.tenant_id())[0]["code"]
    gone = client.post(f"{base}/list/{code}/withdraw", json={"reason": "Putusan"}, headers=head)
    assert (gone.status_code, gone.json["seq"]) == (200, 3)
    recalled = client.post(f"{base}/editions/1/retract", json={**told, "reason": "Bocor"}, headers=head)
    assert recalled.json["retracted"] is True
    assert [edition["retracted"] for edition in client.get(f"{base}/editions", headers=head).json] == [True]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 422),
        ({"determination": "x"}, 422),
        ({"determination": str(UUID(int=1))}, 404),
        ({"determination": str(UUID(int=1)), "n": 3}, 422),
    ],
)
def test_what_the_api_refuses(fresh_world: World, region: str, asked: dict[str, str], status: int):
    answer = fresh_world.client().post(
        f"/api/v1/{region}/pusat/editions", json=asked, headers=fresh_world.key(f"pusat@{region}")
    )
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
