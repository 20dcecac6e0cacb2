"""Whoever gets no answer to an upload sends the form again; that is one import, and another file is another."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from ppid_saas.intake import service
from ppid_saas.intake.models import ImportBatch
from tenants import quota
from tenants.db import db
from tests.fixtures.forms import post
from tests.fixtures.world import World

ROWS = "Informasi\tDasar Hukum\nBerkas perkara\tPasal 17 huruf a UU 14/2008\n"


@pytest.fixture
def who(fresh_world: World) -> str:
    return f"petugas.dinkes@{next(iter(fresh_world.tenants))[0]}"


def upload(world: World, who: str, batch: str, rows: str = ROWS) -> str:
    page = f"{world.path(who)}/impor"
    answer = post(world.client(who), page, {"rows": rows, "batch": batch})
    assert answer.status_code == 303
    return answer.headers["Location"]


def batches(world: World, who: str) -> int:
    with world.acting(who):
        return db.session.execute(select(func.count()).select_from(ImportBatch)).scalar_one()


def test_the_page_proposes_a_number(fresh_world: World, who: str) -> None:
    html = fresh_world.client(who).get(f"{fresh_world.path(who)}/impor").get_data(as_text=True)
    UUID(html.split('name="batch" value="')[1][:36])


def test_the_same_form_twice_is_one_import(fresh_world: World, who: str) -> None:
    number = str(uuid4())
    first = upload(fresh_world, who, number)
    with fresh_world.acting(who):
        used = quota.usage().used
    assert upload(fresh_world, who, number) == first
    assert batches(fresh_world, who) == 1
    with fresh_world.acting(who):
        assert (quota.usage().used, quota.usage().reserved) == (used, 0)


def test_two_clicks_at_once_are_one_import(fresh_world: World, who: str) -> None:
    number, table = uuid4(), ROWS.encode()
    fresh_world.token(who)

    def click(_: int) -> UUID:
        with fresh_world.acting(who):
            return service.take_file("daftar.tsv", table, service.PASTED, number).id

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) == {number}
    assert batches(fresh_world, who) == 1


def test_another_file_from_a_page_gone_back_to_is_another_import(fresh_world: World, who: str) -> None:
    number = str(uuid4())
    first = upload(fresh_world, who, number)
    assert upload(fresh_world, who, number, f"{ROWS}Denah gudang\t\n") != first
    assert batches(fresh_world, who) == 2


def test_what_was_undone_can_be_sent_again(fresh_world: World, who: str) -> None:
    number = str(uuid4())
    upload(fresh_world, who, number)
    fresh_world.drain()
    with fresh_world.acting(who):
        service.save(UUID(number))
        service.undo(UUID(number))
    upload(fresh_world, who, number)
    assert batches(fresh_world, who) == 2


def test_a_number_that_is_none_is_refused(fresh_world: World, who: str) -> None:
    page = f"{fresh_world.path(who)}/impor"
    assert post(fresh_world.client(who), page, {"rows": ROWS, "batch": "satu"}).status_code == 422
