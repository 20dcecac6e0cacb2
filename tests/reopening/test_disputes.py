"""A dispute keeps things as they are, at the central and at the unit; an order frees them for a test, a decision opens them."""

from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.cases.disputed import disputed, told_disputed
from ppid_saas.consolidation.models import Entry
from ppid_saas.reopening import disputes
from tenants.db import db
from tests.fixtures.days import on
from tests.fixtures.world import World
from tests.reopening.test_ends import START, closed, state_of

FILED = disputes.Filed("012/KI/2026", "ki", START)


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


@pytest.fixture
def item(fresh_world: World, region: str) -> UUID:
    with on(START):
        return closed(fresh_world, region, "Hasil evaluasi jabatan")[0]


def test_a_dispute_is_known_on_both_sides_until_it_ends(fresh_world: World, region: str, item: UUID) -> None:
    with on(date(2026, 12, 1)):
        with fresh_world.acting(f"pusat@{region}"):
            made = disputes.register(FILED, [item])
            assert list(disputed([item])) == [item]
            with pytest.raises(ConflictError):
                disputes.register(FILED, [item])
            with pytest.raises(NotFoundError):
                disputes.close(made, disputes.Ruling("kept", date(2026, 12, 1), "Putusan 1"))
        with fresh_world.acting(f"petugas.dinkes@{region}"):
            assert told_disputed([item]) == {item: "012/KI/2026"}
        with fresh_world.acting(f"kabid@{region}"):
            with pytest.raises(InvalidError):
                disputes.close(made, disputes.Ruling("kept", date(2026, 12, 2), "Putusan 1"))
            disputes.close(made, disputes.Ruling("kept", date(2026, 12, 1), "Putusan 1"))
            assert disputed([item]) == {}
            with pytest.raises(ConflictError):
                disputes.close(made, disputes.Ruling("kept", date(2026, 12, 1), "Putusan 1"))
        with fresh_world.acting(f"petugas.dinkes@{region}"):
            assert told_disputed([item]) == {}
        assert state_of(fresh_world, region, item) == "published"


def test_a_decision_opens_its_items(fresh_world: World, region: str, item: UUID) -> None:
    with on(date(2026, 12, 1)), fresh_world.acting(f"kabid@{region}"):
        made = disputes.register(FILED, [item])
        disputes.close(made, disputes.Ruling("opened", date(2026, 12, 1), "Putusan 12/2026"))
    assert state_of(fresh_world, region, item) == "opened_by_decision"


def test_an_order_to_test_anew_frees_the_items_for_it(fresh_world: World, region: str, item: UUID) -> None:
    with on(date(2026, 12, 1)), fresh_world.acting(f"pusat@{region}"):
        made = disputes.register(FILED, [item])
        disputes.order_retest(made, "Putusan sela 3/2026")
        assert disputed([item]) == {}
        assert db.session.execute(select(Entry.state)).scalar_one() == "accepted"


def test_on_screen_and_for_programs(fresh_world: World, region: str, item: UUID) -> None:
    fresh_world.app().config["WTF_CSRF_ENABLED"] = False
    client, root = fresh_world.client(f"kabid@{region}"), f"/{region}/pusat/sengketa"
    try:
        with on(date(2026, 12, 1)):
            offered = client.get(f"{root}/catat?q=evaluasi").text
            assert str(item) in offered
            wrong = client.post(f"{root}/catat", data={"butir": str(item), "forum": "warung"})
            assert wrong.status_code == 422
            day = {"opened_on.day": "20", "opened_on.month": "11", "opened_on.year": "2026"}
            made = client.post(
                f"{root}/catat", data={"butir": str(item), "forum": "ki", "number": "1/KI", **day}
            )
            assert made.status_code == 303
            assert "Hasil evaluasi jabatan" in client.get(made.location).text
            assert "1/KI" in client.get(root).text
            again = client.post(
                f"{root}/catat", data={"butir": str(item), "forum": "ki", "number": "1/KI", **day}
            )
            assert again.status_code == 409
        told = client.get(f"/api/v1/{region}/pusat/disputes", headers=fresh_world.key(f"pusat@{region}")).json
        assert [(row["number"], row["item_count"]) for row in told["disputes"]] == [("1/KI", 1)]
    finally:
        fresh_world.app().config["WTF_CSRF_ENABLED"] = True
