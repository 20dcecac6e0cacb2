"""The public site, asked as anyone asks it: without a cookie, as role app_public."""

import json
import re
from datetime import date
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from ppid_saas.editions import service as editions
from ppid_saas.publication import queries as published
from ppid_saas.publication import service as publication
from tenants import clock, context
from tests.fixtures import determined
from tests.fixtures.determined import item_body, some
from tests.fixtures.world import World


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, _ in fresh_world.tenants)


@pytest.fixture
def visitor(fresh_world: World) -> FlaskClient:
    return fresh_world.client(surface="portal")


@pytest.fixture
def codes(fresh_world: World, region: str) -> list[str]:
    """Three items in force: one closed in part, one wholly, one whose period is over."""
    items = some("Data pribadi pegawai", "Rekam medis pasien", "Berkas lama")
    first, second, third = items
    items[second] |= {
        "part": "whole",
        "grounds": [{"code": "17h.2", "law": "UU 14/2008", "article": "Pasal 17 huruf h angka 2"}],
    }
    determined.put_in_force(fresh_world, region, {first: items[first], second: items[second]})
    past = determined.determine(
        fresh_world, region, {third: items[third]}, unit="disdik", ends_on=determined.long_ago(3)
    )
    determined.publish(fresh_world, region, determined.prepare(fresh_world, region, past, keep_others=True))
    with fresh_world.acting(f"pusat@{region}"):
        return [
            body["code"]
            for body in sorted(published.live_bodies(context.tenant_id()), key=lambda b: b["code"])
        ]


def withdraw(world: World, region: str, code: str) -> None:
    with world.acting(f"kabid@{region}"):
        publication.withdraw(code, "Putusan sengketa 12/2026")


def test_every_page_answers_without_a_cookie(visitor: FlaskClient, region: str, codes: list[str]):
    paths = [
        "/", f"/{region}/", f"/{region}/dik", f"/{region}/dik/{codes[0]}", f"/{region}/edisi", f"/{region}/edisi/1",
        f"/{region}/edisi/1/banding/2", f"/{region}/unit/dinkes", f"/{region}/data", f"/{region}/keberatan", "/api/v1/docs",
    ]  # fmt: skip
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert "Set-Cookie" not in answer.headers, path
        assert "max-age" in answer.headers["Cache-Control"], path
        assert "RAHASIA" not in answer.text, path
        assert not re.search(r'(src|href|action)="https?://(?!localhost)', answer.text), path
        assert visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304, path


def test_the_answer_comes_first(visitor: FlaskClient, region: str, codes: list[str]):
    page = visitor.get(f"/{region}/dik/{codes[0]}").text
    assert "Dikecualikan sebagian sampai 31 Desember 2031. Terbuka mulai 1 Januari 2032." in page
    assert "Nama jabatan dan golongan" in page
    assert "keberatan" in page
    assert page.index("Dikecualikan sebagian sampai") < page.index("Kepentingan yang dilindungi")


def test_an_item_opens_by_the_clock_alone(
    visitor: FlaskClient, region: str, codes: list[str], monkeypatch: pytest.MonkeyPatch
):
    """Source: PP 61/2010 Ps 10(2). Nothing runs between the two looks but the clock."""
    path = f"/{region}/dik/{codes[1]}"
    for instant, label in (
        ("2031-12-31T23:59:59+07:00", "Segera dibuka"),
        ("2032-01-01T00:00:00+07:00", "Terbuka sejak 1 Januari 2032"),
    ):
        monkeypatch.setenv("PPID_CLOCK", instant)
        assert label in visitor.get(path).text
        told = visitor.get(f"/api/v1/lists/{region}/items/{codes[1]}").json
        assert told["status"] == ("soon" if label == "Segera dibuka" else "opened")


def test_a_withdrawn_item_keeps_its_page_without_its_title(
    fresh_world: World, visitor: FlaskClient, region: str, codes: list[str]
):
    etag = visitor.get(f"/{region}/dik/{codes[0]}").headers["ETag"]
    withdraw(fresh_world, region, codes[0])
    answer = visitor.get(f"/{region}/dik/{codes[0]}", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "Data pribadi pegawai" not in answer.text
    assert "Putusan sengketa 12/2026" in answer.text
    assert visitor.get(f"/api/v1/lists/{region}/items/{codes[0]}").status_code == 410
    assert "Data pribadi pegawai" not in visitor.get(f"/api/v1/lists/{region}/changes").text


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=pegawai", ["Data pribadi pegawai"]),
        ("q=PASIEN medis", ["Rekam medis pasien"]),
        ("q=0002", ["Rekam medis pasien"]),
        ("q=tidak ada begini", []),
        ("q=100%25", []),
        ("unit=disdik", ["Berkas lama"]),
        ("pasal=17h", ["Berkas lama", "Data pribadi pegawai", "Rekam medis pasien"]),
        ("pasal=17a", []),
        ("habis=2031", ["Data pribadi pegawai", "Rekam medis pasien"]),
        ("status=dibuka", ["Berkas lama"]),
        ("status=dikecualikan&unit=dinkes&q=data", ["Data pribadi pegawai"]),
    ],
)
def test_search_and_filters(
    visitor: FlaskClient, region: str, codes: list[str], query: str, titles: list[str]
):
    page = visitor.get(f"/{region}/dik?{query}").text
    found = re.findall(rf'href="/{region}/dik/DIK-\d+-\d+">([^<]+)</a>', page)
    assert sorted(found) == titles
    assert f"{len(titles)} hasil" in page


def test_facets_count_under_the_other_filters(visitor: FlaskClient, region: str, codes: list[str]):
    page = visitor.get(f"/{region}/dik?unit=disdik").text
    assert "Dibuka (1)" in page
    assert "Dikecualikan (2)" not in page
    assert re.search(r"Dinas Kesehatan \(2\)", page)


def test_an_unknown_filter_is_ignored_and_named(visitor: FlaskClient, region: str, codes: list[str]):
    page = visitor.get(f"/{region}/dik?status=rahasia&unit=tidak-ada&habis=20x6&hal=-1").text
    assert "Saringan ini tidak dikenal dan diabaikan: Unit, Tahun habis, Status, Halaman." in page
    assert "3 hasil" in page


def test_searching_while_typing_gets_the_fragment(visitor: FlaskClient, region: str, codes: list[str]):
    answer = visitor.get(f"/{region}/dik?q=pegawai", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "1 hasil" in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_files_are_streamed_whole_and_unchanged(visitor: FlaskClient, region: str, codes: list[str]):
    told = visitor.get(f"/api/v1/lists/{region}/editions/2").json
    assert {file["format"] for file in told["files"]} == {"json", "jsonl", "csv", "xlsx", "pdf"}
    for file in told["files"]:
        answer = visitor.get(f"/{region}/edisi/2/berkas/{file['format']}", buffered=True)
        assert len(answer.data) == file["size"]
        assert answer.headers["ETag"] == f'"{file["sha256"]}"'
        assert "attachment" in answer.headers["Content-Disposition"]
        again = visitor.get(
            f"/{region}/edisi/2/berkas/{file['format']}", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304
    assert visitor.get(f"/{region}/edisi/2/berkas/exe").status_code == 404


def test_a_retracted_edition_answers_with_its_reason_and_gone_files(
    fresh_world: World, visitor: FlaskClient, region: str, codes: list[str]
):
    sha = visitor.get(f"/api/v1/lists/{region}/editions/2").json["sha256"]
    with fresh_world.acting(f"kabid@{region}"):
        editions.retract(2, "2", "Memuat nama pelapor")
    page = visitor.get(f"/{region}/edisi/2")
    assert page.status_code == 200
    assert "Memuat nama pelapor" in page.text
    assert sha in page.text.replace("<wbr />", "")
    assert "Berkas lama" not in page.text
    assert visitor.get(f"/{region}/edisi/2/berkas/pdf").status_code == 410
    told = visitor.get(f"/api/v1/lists/{region}/editions/2").json
    assert (told["items"], told["files"], told["sha256"]) == ([], [], sha)
    assert visitor.get(f"/api/v1/lists/{region}/snapshot").json["items"] == []
    assert visitor.get(f"/{region}/").status_code == 200
    assert visitor.get(f"/{region}/edisi/1/banding/2").status_code == 200


def test_a_unit_that_has_nothing(visitor: FlaskClient, region: str, codes: list[str]):
    assert "tidak memuat informasi dari unit ini" in visitor.get(f"/{region}/unit/dpupr").text
    assert visitor.get(f"/{region}/unit/tidak-ada").status_code == 404


def test_before_the_first_edition(visitor: FlaskClient, region: str):
    assert "Belum ada edisi yang berlaku" in visitor.get(f"/{region}/").text
    assert visitor.get(f"/{region}/dik").status_code == 200
    assert visitor.get(f"/{region}/edisi").status_code == 200
    assert visitor.get(f"/api/v1/lists/{region}/snapshot").json == {"list": region, "seq": 0, "items": []}


@pytest.mark.parametrize(
    "path", ["/tidak-ada/", "/{r}/dik/DIK-2026-9999", "/{r}/edisi/77", "/{r}/dik?hal=9", "/{r}/apa"]
)
def test_not_found_in_the_portals_words(visitor: FlaskClient, region: str, path: str):
    answer = visitor.get(path.format(r=region))
    assert answer.status_code == 404
    assert "Halaman tidak ditemukan" in answer.text
    assert "unit Anda" not in answer.text


def test_structured_data_names_the_files(visitor: FlaskClient, region: str, codes: list[str]):
    page = visitor.get(f"/{region}/data").text
    found = json.loads(
        re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1]
    )  # type: ignore[index]
    assert found["@type"] == "Dataset"
    assert found["version"] == "2"
    assert {d["encodingFormat"] for d in found["distribution"]} >= {"application/pdf", "application/json"}


def test_text_is_text(fresh_world: World, visitor: FlaskClient, region: str):
    nasty = '<script>alert(1)</script> </script> "x" {{ 7*7 }}'
    determined.put_in_force(fresh_world, region, {UUID(int=7): item_body(nasty, harm=nasty)})
    year = clock.today("Asia/Jakarta").year
    for path in (
        f"/{region}/",
        f"/{region}/dik?q=alert",
        f"/{region}/dik/DIK-{year}-0001",
        f"/{region}/edisi/1",
    ):
        assert "<script>alert" not in visitor.get(path).text
    assert date.fromisoformat(visitor.get(f"/api/v1/lists/{region}/snapshot").json["items"][0]["ends_on"])


@pytest.fixture(autouse=True)
def _no_leftover_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PPID_CLOCK", raising=False)
