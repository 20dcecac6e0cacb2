"""The same walk for programs: sheets are written, a round passed on, views given and closed, with refusals as problems."""

from tests.consequence_tests.walking import TESTED, in_test
from tests.fixtures.world import World


def test_a_round_is_walked_by_programs(fresh_world: World) -> None:
    region, ids, round_id = in_test(fresh_world)
    client, root = fresh_world.client(), f"/api/v1/{region}/pusat"
    officer, member = fresh_world.key(f"pusat@{region}"), fresh_world.key(f"tim@{region}")
    (row,) = client.get(f"{root}/tests", headers=officer).json["rounds"]
    assert (row["id"], row["state"], row["items"]) == (str(round_id), "central_testing", 3)
    one = f"{root}/tests/{round_id}"
    for item_id in ids:
        said = TESTED | {"outcome": "exempt", "reason": "Alasan.", "version": 1}
        assert client.put(f"{one}/items/{item_id}", json=said, headers=officer).json["version"] == 2
    late = client.put(f"{one}/items/{ids[0]}", json={"version": 1}, headers=officer)
    assert (late.status_code, late.mimetype) == (409, "application/problem+json")
    assert client.post(f"{one}/passing", json={}, headers=officer).json["state"] == "board_advising"
    assert client.delete(f"{one}/passing", headers=officer).json["state"] == "central_testing"
    assert client.post(f"{one}/passing", json={"quorum": 1}, headers=officer).status_code == 200
    assert len(client.get(f"{root}/board", headers=member).json["items"]) == 3
    assert client.get(f"{root}/board", headers=officer).status_code == 404
    refused = client.put(f"{root}/board/{round_id}/{ids[0]}", json={"view": "disagree"}, headers=member)
    assert refused.status_code == 422
    for left, item_id in zip((2, 1, 0), ids, strict=True):
        given = client.put(f"{root}/board/{round_id}/{item_id}", json={"view": "agree"}, headers=member)
        assert len(given.json["items"]) == left
    closed = client.post(f"{one}/advice", json={"number": "12/TP"}, headers=officer)
    assert closed.json["state"] == "letter_drafting"
    assert {sheet["entry_state"] for sheet in closed.json["sheets"]} == {"accepted"}


def test_a_test_is_begun_by_a_program(fresh_world: World) -> None:
    region, ids, round_id = in_test(fresh_world)
    client, root = fresh_world.client(), f"/api/v1/{region}/pusat"
    officer = fresh_world.key(f"pusat@{region}")
    for item_id in ids:
        said = {"outcome": "deferred", "reason": "Perlu bahan.", "version": 1}
        client.put(f"{root}/tests/{round_id}/items/{item_id}", json=said, headers=officer)
    assert (
        client.post(f"{root}/tests/{round_id}/passing", json={}, headers=officer).json["state"]
        == "none_exempt"
    )
    asked = {"items": [str(ids[0])], "trigger": "order"}
    assert client.post(f"{root}/tests", json=asked, headers=officer).status_code == 422
    made = client.post(f"{root}/tests", json=asked | {"note": "012/KI/2026"}, headers=officer)
    assert made.status_code == 201
    assert made.json["sheets"][0]["item_id"] == str(ids[0])
