"""The change feed: pages, tags, errors, schemas, and a follower that is killed while others write."""

import json

import pytest
from flask.testing import FlaskClient

from ppid_saas.portal import schemas
from ppid_saas.publication import service as publication
from ppid_saas.publication.models import Change
from tenants import context
from tenants.db import db, transaction
from tests.fixtures import determined
from tests.fixtures.determined import some
from tests.fixtures.world import World
from tests.prove import feed, follower


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


@pytest.fixture
def visitor(fresh_world: World) -> FlaskClient:
    return fresh_world.client(surface="portal")


@pytest.fixture
def published(fresh_world: World, region: str) -> list[str]:
    determined.put_in_force(fresh_world, region, some("Satu data", "Dua data", "Tiga data"))
    with fresh_world.acting(f"kabid@{region}"):
        from ppid_saas.publication import queries

        codes = [body["code"] for body in queries.live_bodies(context.tenant_id())]
        publication.withdraw(codes[1], "Salah kirim")
    return codes


def test_pages_by_cursor(visitor: FlaskClient, region: str, published: list[str]):
    base, cursor, seen = f"/api/v1/lists/{region}/changes", 0, []
    for more in (True, True, True, False, False):
        page = visitor.get(f"{base}?cursor={cursor}&limit=1").json
        seen += [(change["seq"], change["op"]) for change in page["changes"]]
        assert (page["more"], page["cursor"]) == (more, min(cursor + 1, 4))
        cursor = page["cursor"]
    assert seen == [(1, "upsert"), (2, "tombstone"), (3, "upsert"), (4, "tombstone")]


def test_what_the_api_answers_is_what_it_documents(visitor: FlaskClient, region: str, published: list[str]):
    base = f"/api/v1/lists/{region}"
    for path, schema in (
        ("/changes", schemas.ChangesSchema()),
        ("/snapshot", schemas.SnapshotSchema()),
        ("", schemas.ListSchema()),
        (f"/items/{published[0]}", schemas.LiveSchema()),
        ("/editions", schemas.EditionSchema(many=True)),
        ("/editions/1", schemas.WholeEditionSchema()),
    ):
        answer = visitor.get(base + path)
        assert answer.status_code == 200, path
        assert schema.validate(answer.json) == {}, path
        assert "Set-Cookie" not in answer.headers
        assert "RAHASIA" not in answer.text
        again = visitor.get(base + path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert schemas.ListSchema(many=True).validate(visitor.get("/api/v1/lists").json) == {}


def test_a_tag_ends_with_the_next_change(
    fresh_world: World, visitor: FlaskClient, region: str, published: list[str]
):
    tags = {
        path: visitor.get(f"/api/v1/lists/{region}{path}").headers["ETag"]
        for path in ("/changes", "/snapshot", "")
    }
    with fresh_world.acting(f"kabid@{region}"):
        publication.withdraw(published[0], "Salah kirim")
    for path, etag in tags.items():
        assert (
            visitor.get(f"/api/v1/lists/{region}{path}", headers={"If-None-Match": etag}).status_code == 200
        )


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/changes?cursor=-1", 422),
        ("/changes?cursor=abc", 422),
        ("/changes?cursor=99999999999999999999", 422),
        ("/changes?cursor=5", 422),
        ("/changes?limit=0", 422),
        ("/changes?limit=501", 422),
        ("/changes?urut=judul", 200),
        ("/items/DIK-1999-0001", 404),
        ("/editions/9", 404),
    ],
)
def test_problems_are_told_as_problems(
    visitor: FlaskClient, region: str, published: list[str], path: str, status: int
):
    answer = visitor.get(f"/api/v1/lists/{region}{path}")
    assert answer.status_code == status
    if status != 200:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["status"] == status
    assert visitor.get("/api/v1/lists/tidak-ada/changes").status_code == 404
    assert visitor.post(f"/api/v1/lists/{region}/changes").status_code == 405


def test_openapi_describes_every_address(visitor: FlaskClient, region: str):
    spec = visitor.get("/api/v1/openapi.json").json
    assert set(spec["paths"]) == {
        "/api/v1/lists", *(f"/api/v1/lists/{{wilayah}}{rest}" for rest in (
            "", "/changes", "/opened", "/snapshot", "/items/{code}", "/editions", "/editions/{n}"))
    }  # fmt: skip
    page = visitor.get("/api/v1/docs").text
    assert all(path in page for path in spec["paths"])


def test_the_snapshot_is_the_fold(visitor: FlaskClient, region: str, published: list[str]):
    page = visitor.get(f"/api/v1/lists/{region}/changes").json
    state = {"cursor": 0, "items": {}}
    follower.apply(state, page)
    snapshot = visitor.get(f"/api/v1/lists/{region}/snapshot")
    items = [state["items"][code] for code in sorted(state["items"])]
    assert follower.canonical({"list": region, "seq": page["cursor"], "items": items}) == snapshot.data


def test_a_follower_notices_a_gap(
    fresh_world: World, visitor: FlaskClient, region: str, published: list[str]
):
    with fresh_world.acting(f"kabid@{region}"), transaction():
        db.session.delete(db.session.get_one(Change, (context.tenant_id(), 2)))
    page = visitor.get(f"/api/v1/lists/{region}/changes").json
    with pytest.raises(SystemExit, match="gap"):
        follower.apply({"cursor": 0, "items": {}}, page)


def test_followers_end_identical_under_eight_writers(fresh_world: World, region: str):
    outcome = feed.prove(8, 20261121, fresh_world, region)
    print(json.dumps(outcome.done))
    assert outcome.identical
    assert outcome.kills > 2
    assert outcome.seq > 50
    assert {"publish", "amend", "withdraw"} <= set(outcome.done)
