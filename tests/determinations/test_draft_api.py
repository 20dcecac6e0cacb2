"""The same walk for programs, from a draft to a receipt, and a revocation."""

from typing import Any

from tests.determinations.test_determining import UNIT, accepted
from tests.determinations.test_draft_pages import FORM
from tests.fixtures import walk
from tests.fixtures.world import World

HEAD = {name: value for name, value in FORM.items() if name != "tests"}


def test_the_whole_walk_for_programs(fresh_world: World) -> None:
    region, ids, _ = accepted(fresh_world)
    client = fresh_world.app().test_client()
    officer, superior = fresh_world.key(f"pusat@{region}"), fresh_world.key(f"sekda@{region}")
    base = f"/api/v1/{region}/pusat"

    def post(path: str, said: Any, key: dict[str, str] = officer) -> Any:
        return client.post(f"{base}/{path}", json=said, headers=key)

    draft = post("determination-drafts", HEAD)
    assert draft.status_code == 201, draft.get_json()
    one = f"determination-drafts/{draft.get_json()['id']}"
    assert len(draft.get_json()["items"]) == len(ids)
    assert post(f"{one}/sending", {}).get_json()["state"] == "awaiting_superior"
    assert post(f"{one}/answer", {"answer": "approve", "mark": "x"}, superior).status_code == 409
    mark = client.get(f"{base}/{one}", headers=superior).get_json()["mark"]
    assert post(f"{one}/answer", {"answer": "approve", "mark": mark}).status_code == 404
    assert (
        post(f"{one}/answer", {"answer": "approve", "mark": mark}, superior).get_json()["state"] == "approved"
    )
    assert post(f"{one}/determination", {"number": "500/7"}).status_code == 422
    made = post(f"{one}/determination", {"number": "500/7", "dated_on": walk.days(0).isoformat()})
    assert (made.status_code, made.get_json()["kind"]) == (201, "exemption")
    fresh_world.drain()
    own = f"determinations/{made.get_json()['id']}"
    assert post(f"{own}/handover", {}).get_json() == {"units": 1}
    unit = fresh_world.key(f"{UNIT}@{region}")
    address = f"/api/v1/{region}/u/dinkes/determinations"
    (copy,) = client.get(address, headers=unit).get_json()["determinations"]
    assert (copy["number"], copy["received_by"], len(copy["items"])) == ("500/7", None, len(ids))
    taken = client.post(f"{address}/{copy['id']}/receipt", json={}, headers=unit)
    assert taken.get_json()["received_by"]
    head = {name: value for name, value in HEAD.items() if name != "kind"}
    gone = {
        **head,
        "number": "500/8",
        "dated_on": walk.days(0).isoformat(),
        "reason": "Sudah terbuka.",
        "items": [str(ids[0])],
    }
    revoked = post(f"{own}/revocations", gone)
    assert (revoked.status_code, revoked.get_json()["item_count"]) == (201, 1)
