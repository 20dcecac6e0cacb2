"""A central says once what the headings of its form mean; its units' imports are read so, their own word going first."""

import io
import re
from uuid import UUID

import pytest
import xlsxwriter
from flask.testing import FlaskClient

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.intake import queries, service
from ppid_saas.intake.service import Named
from tests.accounts.test_enrolling import enrolled, lines
from tests.fixtures.world import World
from tests.submissions.test_pages import post
from tests.submissions.test_reminding import read

HEADINGS = ("No", "Informasi yang Dikecualikan", "Uraian 1", "Uraian 2", "Jangka Waktu")
MEANT = ("number", "title", "harm", "interest", "period")
ROW = ("1", "Denah gudang obat", "Gudang mudah dijarah. Pasien dirugikan.", "Keamanan obat", "5 tahun")


def form_of(*rows: tuple[str, ...]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Formulir")
    for n, line in enumerate((HEADINGS, *rows)):
        sheet.write_row(n, 0, line)
    book.close()
    return out.getvalue()


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def told(world: World, region: str, *fields: str | None) -> None:
    with world.acting(f"pusat@{region}"):
        service.offer_columns(
            "Formulir 2026.xlsx", [Named(*pair) for pair in zip(HEADINGS, fields, strict=True)]
        )


def imported(world: World, who: str) -> UUID:
    with world.acting(who):
        batch_id = service.take_file("milik kami.xlsx", form_of(ROW), "application/octet-stream").id
    world.drain()
    return batch_id


def fields_of(world: World, who: str, batch_id: UUID) -> list[str | None]:
    with world.acting(who):
        return [column["field"] for column in queries.batch(batch_id).columns]


def on_screen(central: FlaskClient, at: str) -> tuple[str, dict[str, str]]:
    """Bring the form; returns the page that asks about its columns and what that page would send."""
    data = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', read(central, at))[0]}
    page = central.post(at, data=data | {"file": (io.BytesIO(form_of()), "Formulir 2026.xlsx")}).get_data(
        as_text=True
    )  # type: ignore[dict-item]
    return page, dict(re.findall(r'name="(filename)" value="([^"]*)"', page))


def test_a_form_brought_on_screen_reads_the_units_imports(fresh_world: World, region: str) -> None:
    central, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan/kolom"
    page, sent = on_screen(central, at)
    assert "Periksa isi tiap kolom" in page
    assert re.findall(r'name="heading" value="([^"]*)"', page) == list(HEADINGS)
    chosen = {f"column.{n}": field or "" for n, field in enumerate(MEANT)}
    answer = post(central, f"{at}/tawarkan", at, heading=list(HEADINGS), **sent, **chosen)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "Susunan kolom dikirim ke" in read(central, answer.headers["Location"])
    who = f"petugas.dinkes@{region}"
    batch_id = imported(fresh_world, who)
    assert fields_of(fresh_world, who, batch_id) == list(MEANT)
    unit, mine = fresh_world.client(who), f"/{region}/u/dinkes/impor/{batch_id}"
    assert unit.get(f"{mine}/kolom").headers["Location"].endswith("/periksa")
    assert "Memakai susunan kolom dari PPID Utama menurut Formulir 2026.xlsx." in read(
        unit, f"{mine}/periksa"
    )
    assert "dari PPID Utama" in read(unit, f"{mine}/kolom?ubah=1")


def test_without_it_the_same_file_asks(fresh_world: World, region: str) -> None:
    who = f"petugas.dinkes@{region}"
    assert fields_of(fresh_world, who, imported(fresh_world, who)) != list(MEANT)


def test_the_last_word_holds_and_the_units_own_goes_first(fresh_world: World, region: str) -> None:
    who = f"petugas.dinkes@{region}"
    told(fresh_world, region, "number", "title", "interest", "harm", "period")
    told(fresh_world, region, *MEANT)
    batch_id = imported(fresh_world, who)
    assert fields_of(fresh_world, who, batch_id) == list(MEANT)
    with fresh_world.acting(who):
        service.save(batch_id)
    told(fresh_world, region, "number", "title", None, "harm", "period")
    assert fields_of(fresh_world, who, imported(fresh_world, who)) == list(MEANT)


def test_other_regions_hear_nothing(fresh_world: World, region: str) -> None:
    told(fresh_world, region, *MEANT)
    other = next(name for name, slug in fresh_world.tenants if slug == "dinkes" and name != region)
    who = f"petugas.dinkes@{other}"
    assert fields_of(fresh_world, who, imported(fresh_world, who)) != list(MEANT)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ((None, None, "harm", "interest", "period"), "column.0"),
        ((None, "title", "harm", "harm", "period"), "column.3"),
    ],
)
def test_columns_that_cannot_be_meant_are_refused_where_they_stand(
    fresh_world: World, region: str, fields: tuple[str | None, ...], fault: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        told(fresh_world, region, *fields)
    assert set(refused.value.fields) == {fault}


def test_a_file_without_headings_is_refused_in_words(fresh_world: World, region: str) -> None:
    central, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan/kolom"
    data = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', read(central, at))[0]}
    answer = central.post(at, data=data | {"file": (io.BytesIO(b"bukan buku kerja"), "a.xlsx")})
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


def test_a_unit_says_nothing_to_units(fresh_world: World, region: str) -> None:
    with fresh_world.acting(f"petugas.dinkes@{region}"), pytest.raises(NotFoundError):
        service.offer_columns("x.xlsx", [Named("Judul", "title")])


@pytest.mark.parametrize(
    "address", ["pengumpulan/kolom?ditawarkan", "pengumpulan/unit?diundang", "gabungan?hal"]
)
def test_a_number_too_long_to_count_is_no_number(fresh_world: World, region: str, address: str) -> None:
    central = fresh_world.client(f"pusat@{region}")
    assert central.get(f"/{region}/pusat/{address}={'9' * 5000}").status_code in (200, 404)


def test_units_that_join_late_are_told_once(fresh_world: World, region: str) -> None:
    told(fresh_world, region, *MEANT)
    before = set(fresh_world.tenants)
    enrolled(fresh_world, region, lines(region, 2))
    late = [fresh_world.tenants[place] for place in set(fresh_world.tenants) - before]
    fresh_world.drain()
    fresh_world.drain()
    with fresh_world.acting(f"pusat@{region}"):
        (offer,) = queries.offers()
        assert set(late) <= queries.told(offer.id)
        service.offer_to_newcomer(late[0])
        assert queries.offers()[0].units == offer.units
