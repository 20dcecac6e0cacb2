"""Reopening on screen and in public: queue, letter, refusals beside their fields, the files, the unit's task, the portal."""

import io
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import load_workbook

from ppid_saas.reopening import rules
from tests.fixtures.days import on, sweep
from tests.fixtures.world import World
from tests.reopening.test_ends import DIP, ENDS, START, closed

QUEUE_DAY = date(2027, 10, 1)


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


@pytest.fixture
def office(fresh_world: World) -> World:
    fresh_world.app().config["WTF_CSRF_ENABLED"] = False
    return fresh_world


@pytest.fixture(autouse=True)
def _csrf_again(fresh_world: World) -> Iterator[None]:
    yield
    fresh_world.app().config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def item(office: World, region: str) -> UUID:
    with on(START):
        return closed(office, region, "Hasil evaluasi jabatan")[0]


@pytest.fixture
def head(office: World, region: str) -> FlaskClient:
    return office.client(f"kabid@{region}")


def letter_form(item: UUID) -> dict[str, object]:
    return {
        "butir": str(item), "number": "500/9/2027", "title": "Penetapan Informasi Terbuka", "place": "Kota Contoh",
        "signatory": "Pejabat Contoh", "signatory_position": "Kepala Dinas", "dated_on.day": "1", "dated_on.month": "10",
        "dated_on.year": "2027", "opinion": "LP-1/2027", "when": "now",
        "opinion_file": (io.BytesIO(b""), ""), "letter": (io.BytesIO(b""), ""),
        **{f"dip.{item}.{name}": value for name, value in DIP.items()},
    }  # fmt: skip


def test_the_queue_leads_to_a_letter_and_to_the_public_list(
    office: World, region: str, item: UUID, head: FlaskClient
) -> None:
    root = f"/{region}/pusat/pembukaan"
    with on(QUEUE_DAY):
        sweep(office)
        page = head.get(root).text
        assert "Hasil evaluasi jabatan" in page
        assert "90 hari kerja ke depan" in page
        chosen = head.post(f"{root}/pilih", data={"butir": [str(item)], "go": "tetapkan"})
        assert chosen.status_code == 303
        form = head.get(chosen.location)
        assert "Kepala Bidang Kepegawaian" in form.text  # who controls it, as the unit wrote
        empty = head.post(f"{root}/tetapkan", data={"butir": str(item)})
        assert empty.status_code == 422
        assert "Isi nomor penetapan." in empty.text
        lacking = head.post(
            f"{root}/tetapkan",
            data={
                "butir": str(item),
                **{k: v for k, v in letter_form(item).items() if not k.startswith(("dip.", "opinion"))},
            },
        )
        assert lacking.status_code == 422
        assert "lembar pertimbangan" in lacking.text
        done = head.post(f"{root}/tetapkan", data=letter_form(item))
        assert done.status_code == 303
        assert "Pembukaan dicatat." in head.get(done.location).text
        again = head.post(f"{root}/tetapkan", data=letter_form(item) | {"number": "500/10/2027"})
        assert again.status_code == 409
        assert "Ditetapkan terbuka" in head.get(f"{root}/dibuka").text
        assert head.get(f"{root}/dibuka/berkas.json").json["items"][0]["dip"]["summary"] == DIP["summary"]
        rows = (
            load_workbook(io.BytesIO(head.get(f"{root}/dibuka/berkas.xlsx").data))
            .get_sheet_by_index(0)
            .to_python()
        )
        assert rows[1][1] == "Hasil evaluasi jabatan"
        visitor = office.client(surface="portal")
        public = visitor.get(f"/{region}/dibuka").text
        assert "Hasil evaluasi jabatan" in public
        shown = visitor.get(f"/{region}/dik/DIK-2026-0001")
        assert "Dibuka" in shown.text
        assert "Ringkasan isi informasi" in shown.text
        (told,) = visitor.get(f"/api/v1/lists/{region}/opened").json
        assert (told["how"], told["dip"]["forms"]) == ("decided", DIP["forms"])
        assert "RAHASIA" not in public + shown.text + str(told)
        assert "Hasil evaluasi jabatan" in visitor.get(f"/{region}/").text


def test_an_officer_may_not_open(office: World, region: str, item: UUID) -> None:
    officer = office.client(f"pusat@{region}")
    root = f"/{region}/pusat/pembukaan"
    assert officer.post(f"{root}/tetapkan", data=letter_form(item)).status_code == 404
    assert officer.get(f"{root}/putusan?butir={item}").status_code == 404
    assert (
        "Membuka ditetapkan oleh Ketua PPID" in officer.get(root).text or officer.get(root).status_code == 200
    )


def test_the_end_alone_is_an_urgent_task_and_a_row_of_the_report(
    office: World, region: str, item: UUID, head: FlaskClient
) -> None:
    with on(date(2028, 1, 3)):
        sweep(office)
        root = f"/{region}/pusat"
        assert "masa pengecualian habis" in head.get(f"{root}/beranda").text
        report = head.get(f"{root}/pembukaan/lewat").text
        assert "1 butir terbuka tanpa penetapan." in report
        csv = head.get(f"{root}/pembukaan/lewat/berkas.csv").data.decode("utf-8-sig")
        assert "Hasil evaluasi jabatan" in csv
        assert ENDS.isoformat() in csv
        assert (
            office.client(surface="portal")
            .get(f"/{region}/dik/DIK-2026-0001")
            .text.count("Terbuka demi hukum")
        )
        wrong = head.post(f"{root}/pembukaan/dibuka/{item}", data={"summary": "x"})
        assert wrong.status_code == 422
        assert head.post(f"{root}/pembukaan/dibuka/{item}", data=DIP).status_code == 303
        assert "masa pengecualian habis" not in head.get(f"{root}/beranda").text


def test_retest_shows_the_old_reasons_and_asks_why(office: World, region: str, item: UUID) -> None:
    officer = office.client(f"pusat@{region}")
    address = f"/{region}/pusat/pembukaan/uji-ulang"
    page = officer.get(f"{address}?butir={item}").text
    assert "Rahasia pribadi pegawai terungkap" in page
    assert officer.post(address, data={"butir": str(item)}).status_code == 422
    assert officer.post(address, data={"butir": str(item), "reason": "Perkara berjalan"}).status_code == 303


@pytest.mark.parametrize(
    "path", ["uji-ulang?butir=x", "tetapkan", "butir/00000000-0000-0000-0000-000000000000"]
)
def test_what_is_not_there_is_not_found(office: World, region: str, head: FlaskClient, path: str) -> None:
    assert head.get(f"/{region}/pusat/pembukaan/{path}").status_code == 404


def test_an_item_keeps_its_note(office: World, region: str, item: UUID, head: FlaskClient) -> None:
    address = f"/{region}/pusat/pembukaan/butir/{item}"
    assert head.post(address, data={"requests": "banyak"}).status_code == 422
    assert (
        head.post(address, data={"requests": "3", "matters": "1", "note": "diminta pers"}).status_code == 303
    )
    page = head.get(address).text
    assert "diminta pers" in page
    assert rules.KIND_WORDS[rules.DECIDE] in page
