"""Last year's list: split by unit, unknown names asked, handed over, taken in one step and taken back like an import."""

import io
import re
from uuid import UUID

import pytest
import xlsxwriter
from flask.testing import FlaskClient

from ppid_saas.access.errors import NotFoundError
from ppid_saas.register import queries as register
from ppid_saas.submissions.naming import Guess, guess
from ppid_saas.submissions.queries import handovers
from tests.fixtures import walk
from tests.fixtures.world import World
from tests.submissions.test_pages import post, token
from tests.submissions.test_reminding import read

HEADINGS = ("No", "Perangkat Daerah", "Informasi yang Dikecualikan", "Dasar Hukum", "Akibat bila dibuka", "Kepentingan yang dilindungi", "Jangka Waktu")  # fmt: skip
LAW = "Pasal 17 huruf h UU 14/2008"
ROWS = (
    ("Dinas Kesehatan", "Rekam medis pasien puskesmas", LAW, "Privasi pasien terganggu. Pasien dirugikan.", "Rahasia pribadi pasien", "5 tahun"),
    ("DINAS KESEHATAN KAB. CONTOH", "Data kepegawaian tenaga kesehatan", LAW, "Privasi pegawai terganggu. Pegawai dirugikan.", "Rahasia pribadi pegawai", "5 tahun"),
    ("Dinas Pendidikn", "Nilai ujian per siswa", LAW, "Privasi siswa terganggu. Siswa dirugikan.", "Rahasia pribadi siswa", "5 tahun"),
    ("Bagian Protokol", "Jadwal pengamanan pimpinan", "", "", "", ""),
)  # fmt: skip


def workbook(rows: tuple[tuple[str, ...], ...] = ROWS) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("SK 2025")
    for n, line in enumerate([HEADINGS, *((str(n), *row) for n, row in enumerate(rows, 1))]):
        sheet.write_row(n, 0, line)
    book.close()
    return out.getvalue()


def bring(central: FlaskClient, at: str, data: bytes, name: str = "SK 2025.xlsx") -> str:
    form = {"csrf_token": token(central, at), "file": (io.BytesIO(data), name)}
    answer = central.post(at, data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def choices(page: str, **unknown: str) -> dict[str, str]:
    """Return the form as the page proposes it, with a unit for each name that it does not know."""
    found = dict(re.findall(r'name="(written\.\d+)" value="([^"]*)"', page))
    for n in [key.removeprefix("written.") for key in found]:
        select = re.search(rf'<select[^>]*name="name\.{n}".*?</select>', page, re.DOTALL)
        assert select
        chosen = re.search(r'value="([^"]*)" selected', select[0])
        found[f"name.{n}"] = chosen[1] if chosen else unknown.get(found[f"written.{n}"].replace(" ", "_"), "")
    return found


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


def given(world: World, region: str) -> str:
    """Hand the list over on screen; returns the address of its page."""
    central, at = world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan/serahan"
    split = bring(central, at, workbook())
    page = read(central, split)
    assert "1 nama belum dikenal" in page
    assert "Mirip, periksa." in page
    refused = post(central, split, split, **choices(page))
    assert refused.status_code == 422
    assert "Pilih unitnya, atau lewati baris ini." in refused.get_data(as_text=True)
    sent = post(central, split, split, **choices(page, Bagian_Protokol="-"))
    assert sent.status_code == 303
    assert "Diserahkan ke 2 unit." in read(central, sent.headers["Location"])
    again = post(central, split, split, **choices(page, Bagian_Protokol="-"))
    assert again.headers["Location"] == split
    return split


def offer_of(world: World, who: str) -> str:
    with world.acting(who):
        found = handovers.waiting()
        assert found
    return f"{world.path(who)}/impor/serahan/{found.id}"


def test_a_unit_takes_its_own_part_in_one_step_and_takes_it_back(fresh_world: World, region: str) -> None:
    split = given(fresh_world, region)
    who = f"petugas.dinkes@{region}"
    fresh_world.drain()
    unit, at = fresh_world.client(who), offer_of(fresh_world, who)
    home = read(unit, f"/{region}/u/dinkes/beranda")
    assert "Lihat 2 butir tahun lalu" in home
    page = read(unit, at)
    assert "Pakai 2 butir" in page
    assert "Nilai ujian per siswa" not in page
    with fresh_world.acting(who):
        assert register.known() == []
    places = {unit.post(at, data={"csrf_token": token(unit, at), "go": "all"}).headers["Location"]}
    stale = token(unit, f"/{region}/u/dinkes/impor")
    places.add(unit.post(at, data={"csrf_token": stale, "go": "all"}).headers["Location"])
    assert len(places) == 1
    result = unit.get(places.pop(), follow_redirects=True).get_data(as_text=True)
    assert "2 butir dibuat dari SK 2025.xlsx" in result
    assert "Unduh berkas asli" not in result
    with fresh_world.acting(who):
        assert {item.title for item in register.items_for_submission()} == {ROWS[0][1], ROWS[1][1]}
        assert handovers.waiting() is None
    fresh_world.drain()
    assert "Dipakai" in read(fresh_world.client(f"pusat@{region}"), split)
    undo = re.search(r'action="([^"]+/batalkan)"', result)
    assert undo
    assert post(unit, undo[1], f"/{region}/u/dinkes/impor").status_code == 303
    with fresh_world.acting(who):
        assert list(register.items_for_submission()) == []
        assert handovers.waiting() is not None


def test_what_is_there_already_is_not_made_twice(fresh_world: World, region: str) -> None:
    given(fresh_world, region)
    who = f"petugas.dinkes@{region}"
    walk.fill(fresh_world, who, [ROWS[0][1]])
    unit, at = fresh_world.client(who), offer_of(fresh_world, who)
    page = read(unit, at)
    assert "Pakai 1 butir" in page
    assert "1 butir tidak ikut" in page
    checked = post(unit, at, at, go="check")
    grid = unit.get(checked.headers["Location"], follow_redirects=True)
    assert "Periksa baris" in grid.get_data(as_text=True)
    columns = unit.get(f"{checked.headers['Location']}/kolom")
    assert columns.headers["Location"].endswith("/periksa")


def test_a_part_is_its_units_alone(fresh_world: World, region: str) -> None:
    split = given(fresh_world, region)
    at = offer_of(fresh_world, f"petugas.dinkes@{region}")
    other = fresh_world.client(f"petugas.disdik@{region}")
    assert other.get(at.replace("/dinkes/", "/disdik/")).status_code == 404
    assert fresh_world.client(f"kepala.dinkes@{region}").get(split).status_code == 404
    with fresh_world.acting(f"petugas.disdik@{region}"):
        found = handovers.waiting()
        assert found
        assert [cells["title"] for _, cells in handovers.rows_of(found)] == [ROWS[2][1]]
        with pytest.raises(NotFoundError):
            handovers.handover(UUID(at.rpartition("/")[2]))


def test_a_list_with_sections_instead_of_a_column(fresh_world: World, region: str) -> None:
    central, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan/serahan"
    lines = [
        "No\tInformasi yang Dikecualikan\tDasar Hukum\tJangka Waktu", "A. Dinas Kesehatan\t\t\t",
        f"1\tRekam medis pasien\t{LAW}\t5 tahun", f"2\tData pegawai\t{LAW}\t5 tahun", "B. Dinas Pendidikan\t\t\t",
        f"1\tNilai ujian\t{LAW}\t5 tahun",
    ]  # fmt: skip
    made = post(central, at, at, rows="\n".join(lines))
    page = read(central, made.headers["Location"])
    assert choices(page) | {"name.0": "dinkes", "name.1": "disdik"} == choices(page)


def test_files_that_are_no_list_are_refused_in_words(fresh_world: World, region: str) -> None:
    central, at = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengumpulan/serahan"
    assert post(central, at, at).status_code == 422
    for data, name in ((b"\x00\x01", "a.xlsx"), (b"hanya kata", "b.csv"), (b"PK\x03\x04", "c.xlsx")):
        form = {"csrf_token": token(central, at), "file": (io.BytesIO(data), name)}
        answer = central.post(at, data=form, content_type="multipart/form-data")
        assert answer.status_code == 422, name
        assert "error-summary" in answer.get_data(as_text=True)


UNITS = {"dinkes": "Dinas Kesehatan", "dinas-pendidikan": "Dinas Pendidikan dan Kebudayaan", "dpupr": "Dinas Pekerjaan Umum"}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("DINAS KESEHATAN", Guess("dinkes", sure=True)), ("Dinas Kesehatan Kabupaten Contoh", Guess("dinkes", sure=True)),
        ("DPUPR", Guess("dpupr", sure=True)), ("Dinas Pendidikan & Kebudayaan", Guess("dinas-pendidikan", sure=True)),
        ("Dinas Kesehatn", Guess("dinkes", sure=False)), ("Dinas Perikanan", None), ("", None), ("Kecamatan Kota", None),
    ],
)  # fmt: skip
def test_names_are_taken_proposed_or_asked(written: str, found: Guess | None) -> None:
    assert guess(written, UNITS) == found
