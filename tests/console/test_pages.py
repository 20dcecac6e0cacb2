"""The operator's pages: tenants, jobs and parked effects of everyone, contents of nobody; and nothing for anyone else."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from ppid_saas.accounts.service import add_person
from tenants.db import new_id
from tests.fixtures.forms import post, text_of
from tests.fixtures.world import World, platform
from tests.tenancy.rows import url

import psycopg  # isort: skip

SECRET = "kanari-langkah"


@pytest.fixture
def operator(world: World) -> FlaskClient:
    who = f"operator.{uuid4().hex[:6]}@console"
    with platform(world.settings) as connection:
        world.people[who] = add_person(connection, f"{who}.test", "Operator")
        connection.execute(
            text("update identity.person set is_operator = true where id = :id"), {"id": world.people[who]}
        )
    return world.client(who, "console")


def add_job(world: World, state: str, kind: str) -> None:
    """A job whose closed columns all carry a planted word."""
    tenant = world.tenants["sana", "dinkes"]
    with psycopg.connect(url(world.settings, "postgres"), autocommit=True) as connection:
        connection.execute(
            "insert into ops.job (tenant_id, id, kind, state, step, done, total, next_path, error, created_at, finished_at)"
            " values (%s, %s, %s, %s, %s, 3, 8, %s, %s, now() + interval '1 hour', now())",
            [tenant, new_id(), kind, state, SECRET, f"/{SECRET}", SECRET],
        )


def test_jobs_of_all_tenants_are_told_by_kind_and_progress_alone(world: World, operator: FlaskClient) -> None:
    add_job(world, "failed", "uji.gagal")
    add_job(world, "running", "uji.jalan")
    page = text_of(operator.get("/platform/pekerjaan"))
    assert "uji.gagal" in page
    assert "uji.jalan" in page
    assert "3/8" in page
    assert "Dinas Kesehatan" in page
    assert SECRET not in page
    failed = text_of(operator.get("/platform/pekerjaan?keadaan=failed"))
    assert "uji.gagal" in failed
    assert "uji.jalan" not in failed


@pytest.mark.parametrize(
    "query", ["keadaan=lain", "keadaan='", "hal=99999999999999999999", "hal=x", "hal=-3"]
)
def test_what_makes_no_sense_is_no_fault_of_ours(operator: FlaskClient, query: str) -> None:
    assert operator.get(f"/platform/pekerjaan?{query}").status_code in {200, 400, 404, 422}


def test_a_queue_that_is_away_is_said_and_hides_nothing(
    world: World, operator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from redis import Redis
    from rq import Queue

    from tenants import jobs

    monkeypatch.setattr(jobs, "_queue", Queue(connection=Redis.from_url("redis://127.0.0.1:1/0")))
    page = text_of(operator.get("/platform/pekerjaan"))
    assert "Antrean tidak menjawab" in page


@pytest.mark.parametrize("path", ["/platform/penyewa", "/platform/pekerjaan", "/platform/tertahan"])
@pytest.mark.parametrize(("who", "status"), [(None, 401), ("pusat@sana", 404), ("petugas.dinkes@sana", 404)])
def test_anyone_else_finds_nothing(world: World, path: str, who: str | None, status: int) -> None:
    assert world.client(who, "console").get(path).status_code == status


def test_signing_in_leads_to_the_first_page(world: World, operator: FlaskClient) -> None:
    for path in ("/", "/masuk", "/ruang"):
        answer = operator.get(path, follow_redirects=True)
        assert (answer.status_code, answer.request.path) == (200, "/platform/penyewa")


def test_every_page_leads_to_the_others(operator: FlaskClient) -> None:
    for path in ("/platform/penyewa", "/platform/pekerjaan", "/platform/tertahan"):
        page = text_of(operator.get(path))
        assert all(f'href="/platform/{place}"' in page for place in ("penyewa", "pekerjaan", "tertahan"))
        assert f'href="{path}" aria-current="page"' in page


def test_a_parked_effect_waits_for_its_button_and_is_offered_again(
    world: World, operator: FlaskClient
) -> None:
    tenant, event = world.tenants["sana", "disdik"], new_id()
    with psycopg.connect(url(world.settings, "postgres"), autocommit=True) as connection:
        connection.execute(
            "insert into ops.effect (tenant_id, event_id, handler, source_id, attempt, parked_at, error)"
            " values (%s, %s, 'uji.racun', %s, 5, now(), %s)",
            [tenant, event, tenant, SECRET],
        )
    page = text_of(operator.get("/platform/tertahan"))
    action = f"/platform/tertahan/{tenant}/{event}/uji.racun/ulang"
    assert action in page
    assert "Dinas Pendidikan" in page
    assert SECRET not in page
    assert post(operator, "/platform/tertahan", {}, action).status_code == 303
    assert action not in text_of(operator.get("/platform/tertahan"))
    with psycopg.connect(url(world.settings, "postgres"), autocommit=True) as connection:
        row = connection.execute(
            "select attempt, parked_at from ops.effect where event_id = %s", [event]
        ).fetchone()
        connection.execute("delete from ops.effect where event_id = %s", [event])
    assert row == (0, None)


def test_what_is_not_parked_cannot_be_replayed(world: World, operator: FlaskClient) -> None:
    action = f"/platform/tertahan/{uuid4()}/{uuid4()}/events.seal/ulang"
    add_job(world, "done", "uji.selesai")
    answer = post(operator, "/platform/tertahan", {}, action)
    assert answer.status_code == 404
