"""The register for programs: every answer has the documented shape."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from ppid_saas.register.schemas import ItemListOut, ItemOut
from tests.fixtures.world import World

AT = "/api/v1/sana/u/perumda-air/items"
WHO = "petugas.perumda-air@sana"
BODY: dict[str, Any] = {
    "title": "Peta pipa induk",
    "grounds": [{"code": "17c"}],
    "harm": "Pipa dapat dirusak. Layanan berhenti.",
    "interest": "Keamanan air minum.",
    "period": {"kind": "until_date", "ends_on": "2031-12-31", "text": "s.d. 31 Desember 2031"},
}


@pytest.fixture(scope="module")
def key(world: World) -> dict[str, str]:
    return world.key(WHO)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.client()


def made(client: FlaskClient, key: dict[str, str], **more: Any) -> dict[str, Any]:
    answer = client.post(AT, json=BODY | more, headers=key)
    assert answer.status_code == 201, answer.json
    assert ItemOut().validate(answer.json) == {}
    assert answer.headers["Location"].endswith(f"{AT}/{answer.json['ref']}")
    return answer.json


def test_add_read_change_delete(client: FlaskClient, key: dict[str, str]) -> None:
    item = made(client, key)
    at = f"{AT}/{item['ref']}"
    assert (item["version"], item["ends_on"], item["body"]["title"]) == (1, "2031-12-31", "Peta pipa induk")
    assert item["completeness"]["done"] == 5
    assert {f["code"] for f in item["findings"] if f["severity"] == "block"} == set()
    read = client.get(at, headers=key)
    assert (read.json, read.headers["ETag"]) == (item, '"1"')
    changed = client.put(at, json=BODY | {"holder": "Direktur Teknik"}, headers=key | {"If-Match": '"1"'})
    assert (changed.status_code, changed.json["version"], changed.json["body"]["holder"]) == (
        200,
        2,
        "Direktur Teknik",
    )
    stale = client.put(at, json=BODY | {"version": 1}, headers=key)
    assert (stale.status_code, stale.mimetype, stale.json["errors"]) == (
        409,
        "application/problem+json",
        {"version": ["2"]},
    )
    assert client.put(at, json=BODY, headers=key).status_code == 422
    assert client.delete(at, headers=key | {"If-Match": '"1"'}).status_code == 409
    assert client.delete(at, headers=key).status_code == 204
    assert client.get(at, headers=key).status_code == 404


def test_a_walk_sees_every_item_once(client: FlaskClient, key: dict[str, str]) -> None:
    refs = [made(client, key, title=f"Sumur {n}")["ref"] for n in range(7)]
    seen, cursor = [], 0
    while cursor is not None:
        answer = client.get(f"{AT}?limit=3&cursor={cursor}", headers=key)
        assert ItemListOut().validate(answer.json) == {}
        seen += [line["ref"] for line in answer.json["items"]]
        cursor = answer.json["next"]
    assert seen == sorted(set(seen))
    assert set(refs) <= set(seen)
    found = client.get(f"{AT}?q=sumur&ground=17c&status=draft&limit=200", headers=key).json["items"]
    assert {line["ref"] for line in found} == set(refs)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": None},
        {"title": 5},
        {"title": "nol\x00"},
        {"title": "\ud800"},
        {"title": "x" * 1001},
        {"tenant_id": "0"},
        {"ref": 9},
        {"state": "submitted"},
        {"grounds": [{"code": "17z"}]},
        {"grounds": {"code": "17a"}},
        {"grounds": [{"code": "17a"}] * 61},
        {"period": {"kind": "fixed", "value": "5"}},
        {"period": {"value": 10**30}},
        {"period": {"value": True}},
        {"period": {"ends_on": "31-12-2031"}},
        {"period": []},
        {"part": "all"},
        {"harm": ["a"]},
    ],
)
def test_wrong_bodies_are_refused_and_say_where(
    client: FlaskClient, key: dict[str, str], wrong: dict[str, Any]
) -> None:
    answer = client.post(AT, json=BODY | wrong, headers=key)
    assert answer.status_code == 422, answer.json
    assert next(iter(wrong)) in answer.json["errors"]["json"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=abc", "cursor=-1", "status=x", "ground=17z", "q=" + "x" * 201]
)
def test_wrong_queries_are_refused(client: FlaskClient, key: dict[str, str], query: str) -> None:
    assert client.get(f"{AT}?{query}", headers=key).status_code == 422


def test_broken_json_is_no_crash(client: FlaskClient, key: dict[str, str]) -> None:
    sent = key | {"Content-Type": "application/json"}
    assert client.post(AT, data=b"{", headers=sent).status_code == 400
    assert client.post(AT, data=b"[]", headers=sent).status_code == 422
    assert client.post(AT, data=b'{"title": "\xff"}', headers=sent).status_code == 400


def test_other_tenants_keys_open_nothing(world: World, client: FlaskClient, key: dict[str, str]) -> None:
    at = f"{AT}/{made(client, key)['ref']}"
    asks: list[Callable[..., Any]] = [client.get, client.put, client.delete]
    for who in ("petugas.dinkes@sana", "petugas.perumda-air@sini", "pusat@sana"):
        foreign = world.key(who)
        assert [ask(at, json=BODY | {"version": 1}, headers=foreign).status_code for ask in asks] == [
            404,
            404,
            404,
        ]
        assert client.post(AT, json=BODY, headers=foreign).status_code == 404
    assert client.get(at).status_code == 401
    assert client.get(at, headers={"Authorization": "Bearer salah"}).status_code == 401
