"""The whole walk by the API, keyed requests answered once, and answers that keep to their documented shape."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from marshmallow import Schema
from werkzeug.test import TestResponse

from ppid_saas.consolidation.schemas import EntriesOut, InboxListOut, ReviewOut
from ppid_saas.determinations.schemas import DeterminationsOut, OneDeterminationOut
from ppid_saas.submissions.schemas import OneSubmissionOut, OpenedListOut, OpenedOut, RemindedOut, UnitListOut
from tests.fixtures import walk
from tests.fixtures.world import World

LETTER = {
    "number": "500.12/17/2026", "title": "Penetapan", "signatory": "Pejabat Contoh", "signatory_position": "Kepala Dinas",
    "place": "Kota Contoh",
}  # fmt: skip


class Program:
    """A program with one member's key."""

    def __init__(self, world: World, who: str) -> None:
        self.client, self.key, self.at = world.client(), world.key(who), f"/api/v1{world.path(who)}"

    def get(self, path: str) -> TestResponse:
        return self.client.get(self.at + path, headers=self.key)

    def post(self, path: str, data: Mapping[str, Any], key: str | None = None) -> TestResponse:
        more = {"Idempotency-Key": key} if key is not None else {}
        return self.client.post(self.at + path, json=data, headers=self.key | more)


@pytest.fixture
def both(fresh_world: World) -> tuple[World, str, Program, Program]:
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    unit, central = f"petugas.dinkes@{region}", f"pusat@{region}"
    return fresh_world, region, Program(fresh_world, unit), Program(fresh_world, central)


def window() -> dict[str, str]:
    return {"title": "Pengumpulan", "opens_on": walk.days(0).isoformat(), "due_on": walk.days(14).isoformat()}


def checked(response: TestResponse, schema: type[Schema], status: int = 200) -> dict[str, Any]:
    """Return the answer after holding it against its schema, which knows every field and no other."""
    assert response.status_code == status, response.get_data(as_text=True)
    answer = response.get_json()
    assert schema().validate(answer) == {}
    return answer


def test_a_list_walks_from_unit_to_determination_by_api(both: tuple[World, str, Program, Program]) -> None:
    world, _, unit, central = both
    opened = checked(central.post("/collections", window()), OpenedOut, 201)
    assert opened["state"] == "collecting"
    assert {one["standing"] for one in opened["units"]} == {"missing"}
    checked(central.get("/collections"), OpenedListOut)
    for title in walk.TITLES:
        assert unit.post("/items", walk.body(title)).status_code == 201
    said = {"collection": opened["id"], "round": 1, "declared": True}
    sent = checked(unit.post("/submissions", said), OneSubmissionOut, 201)
    assert (sent["standing"], sent["item_count"]) == ("sent", 3)
    world.drain()
    listed = checked(central.get("/submissions"), InboxListOut)["submissions"]
    assert [one["id"] for one in listed] == [sent["id"]]
    items = checked(central.get(f"/submissions/{sent['id']}"), ReviewOut)["items"]
    first = {"item_id": items[0]["item_id"], "verdict": "returned", "note": "Sebutkan dokumennya."}
    answer = {"decisions": [first], "accept_rest": True, "finish": True}
    reviewed = checked(central.post(f"/submissions/{sent['id']}/decisions", answer), ReviewOut)
    assert [item["verdict"] for item in reviewed["items"]] == ["returned", "accepted", "accepted"]
    world.drain()
    progress = checked(unit.get(f"/submissions/{sent['id']}"), OneSubmissionOut)
    assert (progress["standing"], progress["items"][0]["turn"]) == ("in_repair", "unit")
    again = checked(unit.post("/submissions", said | {"round": 2}), OneSubmissionOut, 201)
    assert again["item_count"] == 1
    checked(
        central.post(f"/submissions/{again['id']}/decisions", {"accept_rest": True, "finish": True}),
        ReviewOut,
    )
    assert checked(unit.get("/submissions"), UnitListOut)["submissions"][0]["standing"] == "done"
    entries = checked(central.get("/entries?state=accepted&ground=17h&unit=dinkes&q=rekam"), EntriesOut)
    assert [one["title"] for one in entries["entries"]] == [walk.TITLES[0]]
    letter = LETTER | {"dated_on": walk.days(0).isoformat()}
    made = checked(central.post("/determinations", letter), OneDeterminationOut, 201)
    assert made["item_count"] == 3
    listed = checked(central.get("/determinations"), DeterminationsOut)["determinations"]
    assert [one["number"] for one in listed] == [LETTER["number"]]
    assert checked(central.get(f"/collections/{opened['id']}"), OpenedOut)["state"] == "determined"
    assert checked(central.get("/entries?state=determined"), EntriesOut)["total"] == 3


def test_a_repeat_with_the_same_key_has_one_effect_and_the_same_answer(
    both: tuple[World, str, Program, Program],
) -> None:
    _, _, _, central = both
    key = uuid4().hex
    first, second = (central.post("/collections", window(), key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert len(central.get("/collections").get_json()["collections"]) == 1
    other = central.post("/collections", window() | {"title": "Lain"}, key)
    assert other.status_code == 422
    assert len(central.get("/collections").get_json()["collections"]) == 1


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256])
def test_a_malformed_key_is_refused(both: tuple[World, str, Program, Program], key: str) -> None:
    _, _, _, central = both
    assert central.post("/collections", window(), key).status_code == 400
    assert central.get("/collections").get_json()["collections"] == []


def test_a_refused_request_keeps_no_answer(both: tuple[World, str, Program, Program]) -> None:
    _, _, _, central = both
    key = uuid4().hex
    assert central.post("/collections", window() | {"due_on": "2020-01-01"}, key).status_code == 422
    assert central.post("/collections", window(), key).status_code == 201


def test_reminders_and_steps_by_api(both: tuple[World, str, Program, Program]) -> None:
    _, _, _, central = both
    opened = central.post("/collections", window()).get_json()
    at = f"/collections/{opened['id']}"
    assert checked(central.post(f"{at}/reminders", {"units": ["kpu"]}), RemindedOut)["reminded"] == [
        "KPU Kabupaten"
    ]
    assert checked(central.post(f"{at}/steps", {"step": "collect"}), OpenedOut)["state"] == "collected"
    assert central.post(f"{at}/steps", {"step": "collect"}).status_code == 409
    assert central.post(f"{at}/steps", {"step": "apa saja"}).status_code == 409


def test_blocking_problems_are_told_by_item(both: tuple[World, str, Program, Program]) -> None:
    _, _, unit, central = both
    opened = central.post("/collections", window()).get_json()
    unit.post("/items", {"title": "Rencana pengamanan gedung"})
    answer = unit.post("/submissions", {"collection": opened["id"], "round": 1, "declared": True})
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert "butir 1" in answer.get_json()["errors"]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/collections", {"title": "x", "opens_on": "kemarin", "due_on": "2026-01-01"}),
        ("/collections", {"title": "", "opens_on": "2026-01-01", "due_on": "2026-01-02"}),
        ("/collections", {"unknown": 1}),
        ("/collections", []),
        ("/determinations", {"number": 7}),
        ("/determinations", {**LETTER, "dated_on": "2026-01-01", "items": ["bukan id"]}),
    ],
)
def test_hostile_bodies_are_refused_in_words(world: World, path: str, data: Any) -> None:
    assert Program(world, "pusat@sana").post(path, data).status_code == 422


def test_strangers_learn_nothing(both: tuple[World, str, Program, Program]) -> None:
    world, region, unit, central = both
    opened = central.post("/collections", window()).get_json()
    sent = unit.post("/submissions", {"collection": opened["id"], "round": 1, "declared": True}).get_json()
    other = next(r for r, slug in world.tenants if slug == "pusat" and r != region)
    stranger, sibling = Program(world, f"pusat@{other}"), Program(world, f"petugas.disdik@{region}")
    for program, path in (
        (stranger, f"/submissions/{sent['id']}"),
        (stranger, f"/collections/{opened['id']}"),
        (sibling, f"/submissions/{sent['id']}"),
    ):
        asked, unknown = program.get(path), program.get(path[: -len(sent["id"])] + str(uuid4()))
        assert (asked.status_code, asked.get_data()) == (404, unknown.get_data())
    assert stranger.post(f"/submissions/{sent['id']}/decisions", {"finish": True}).status_code == 404
    nobody = world.client().get(f"/api/v1/{region}/pusat/submissions")
    assert nobody.status_code == 401
