"""The same screens in English: no Indonesian word of ours is left on them, the choice is kept, and programs notice nothing."""

import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from ppid_saas.web import assets
from tests.fixtures import determined, forms, walk
from tests.fixtures.world import World, build
from tests.web.spoken import said_by_data, said_in_code, said_in_templates

REGION = "bahasa"
SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "contoh-daftar.xlsx"
WORD = re.compile(r"[A-Za-z]{4,}")
# Names of law, of offices and of months in examples; what people of the fixture wrote.
NAMES = """
    Bahasa Indonesia PPID Utama Atasan Komisi Informasi Pasal huruf ayat angka Pembina Kepala Bidang Pelayanan Kabupaten
    Agustus Dinas Perumda Excel SOP baris
"""


@dataclass(frozen=True)
class Stage:
    """A region with something on every screen."""

    world: World
    unit: FlaskClient
    central: FlaskClient
    head: FlaskClient
    citizen: FlaskClient
    pages: dict[str, list[str]]


def english(client: FlaskClient) -> FlaskClient:
    assert client.get("/bahasa/en?ke=/ruang").headers["Location"] == "/ruang"
    return client


@pytest.fixture(scope="module")
def stage(servers: Any, apps: Any) -> Iterator[Stage]:
    world = build(servers, (REGION,), apps)
    app = world.app()
    app.config["WTF_CSRF_ENABLED"] = False
    made = walk.determined(world, REGION)
    draft = determined.prepare(world, REGION, made.id)
    world.drain()
    determined.publish(world, REGION, draft)
    world.drain()
    other = walk.open_collection(world, REGION, "Pengumpulan susulan")
    walk.fill(world, f"petugas.disdik@{REGION}", ("Daftar nilai siswa", "Soal ujian"))
    with world.acting(f"petugas.disdik@{REGION}"):
        from ppid_saas.register.service import save_item

        save_item(walk.body("Arsip", harm="", grounds=[], period={"kind": "until_event", "event": "lulus"}))
    walk.fill(world, f"petugas.dpupr@{REGION}")
    sent = walk.send(world, f"petugas.dpupr@{REGION}", other)
    world.drain()
    unit = world.client(f"petugas.disdik@{REGION}")
    file = (io.BytesIO(SAMPLE.read_bytes()), "contoh-daftar.xlsx")
    job = unit.post(f"/{REGION}/u/disdik/impor", data={"file": file}).headers["Location"]
    world.drain()
    batch = re.search(r"/impor/([0-9a-f-]{36})", unit.get(job).get_data(as_text=True))
    assert batch
    yield Stage(
        world, english(unit), english(world.client(f"pusat@{REGION}")), english(world.client(f"kabid@{REGION}")),
        world.client(surface="portal"), _pages(job, batch[1], sent.id, made.id, draft),
    )  # fmt: skip
    app.config["WTF_CSRF_ENABLED"] = True


def _pages(job: str, batch: str, submission: UUID, determination: UUID, draft: UUID) -> dict[str, list[str]]:
    unit, central = f"/{REGION}/u/disdik", f"/{REGION}/pusat"
    return {
        "unit": [
            "/ruang", job, *(f"{unit}/{place}" for place in (
                "beranda", "butir", "butir?status=draft&dasar=17h&q=soal", "butir?q=qqqq", "butir/1",
                "butir/1/ubah", "butir/3", "butir/tambah", "impor", f"impor/{batch}/kolom", f"impor/{batch}/periksa",
                f"impor/{batch}/periksa?tampil=dilewati", f"impor/{batch}/simpan", "pengajuan", "pengajuan/periksa",
                "perbaikan", "berkas", "tidak-ada",
            )),
        ],
        "central": [f"{central}/{place}" for place in (
            "beranda", "pengumpulan", "pengumpulan/buka", "pengajuan", f"pengajuan/{submission}",
            f"pengajuan/{submission}?tampil=semua", "gabungan", "gabungan?status=published&q=a", "gabungan?q=qqqq",
            "penetapan", f"penetapan/{determination}", "penetapan/buat", "edisi", f"edisi/{draft}/pratinjau", "edisi/1",
            "edisi/butir", "berkas",
        )],
        "head": [f"{central}/{place}" for place in ("beranda", "edisi/1", f"edisi/{draft}/pratinjau", "penetapan")],
        "portal": [f"/{REGION}/{place}" for place in (
            "", "dik", "dik?q=rekam&pasal=17h", "dik?q=qqqq", "dik?pasal=zz", "edisi", "edisi/1",
            "unit/dinkes", "unit/disdik", "data", "keberatan", "tidak-ada",
        )],
    }  # fmt: skip


@pytest.fixture(scope="module")
def telltale() -> set[str]:
    """Words that stand in Indonesian sentences of ours and in no English one."""
    every = [*said_by_data(), *said_in_code(), *said_in_templates()]
    ours = words_of(" ".join(text if isinstance(text, str) else text[0] for text in every))
    with (assets.FRONTEND / "translations/en/LC_MESSAGES/messages.po").open("rb") as source:
        told = [message.string for message in read_po(source) if message.id]
    return ours - words_of(" ".join(t if isinstance(t, str) else " ".join(t) for t in told)) - words_of(NAMES)


def words_of(text: str) -> set[str]:
    return {word.lower() for word in WORD.findall(re.sub(r"%\(\w+\)s", " ", text))}


def seen_on(page: str) -> str:
    """What a person meets: text, and what is read aloud; not what offices wrote, which stands in `written`."""
    page = re.sub(r"<(script|style|code|option|textarea)\b.*?</\1>", " ", page, flags=re.DOTALL)
    spoken = " ".join(re.findall(r'(?:aria-label|alt|placeholder|data-label|data-announce)="([^"]*)"', page))
    return html.unescape(re.sub(r"<[^>]+>", " ", page) + " " + spoken)


def written(world: World) -> set[str]:
    """Words of the fixture's items, letters, people and offices, and of the sample file."""
    bodies = [walk.body(title) for title in (*walk.TITLES, "Daftar nilai siswa", "Soal ujian", "Arsip lulus")]
    letter = walk.letter("1")
    file = " ".join(re.findall(r">([^<]+)<", _strings_of(SAMPLE)))
    people = (
        " ".join(world.people)
        + " Pengumpulan tahunan susulan jabatan Dinas Pekerjaan Umum Pendidikan Kesehatan"
    )
    return words_of(json.dumps(bodies) + str(letter) + file + people)


def _strings_of(workbook: Path) -> str:
    from zipfile import ZipFile

    with ZipFile(workbook) as archive:
        return " ".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("who", ["unit", "central", "head", "portal"])
def test_no_indonesian_word_of_ours_is_left(stage: Stage, telltale: set[str], who: str) -> None:
    client = stage.citizen if who == "portal" else getattr(stage, who)
    foreign, found = telltale - written(stage.world), {}
    assert len(foreign) > 400
    for path in stage.pages[who]:
        answer = client.get(in_english(path) if who == "portal" else path, follow_redirects=True)
        page = answer.get_data(as_text=True)
        assert '<html lang="en">' in page, path
        if left := words_of(seen_on(page)) & foreign:
            found[path] = sorted(left)
    assert not found, json.dumps(found, indent=1)


def in_english(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang=en"


def test_the_walk_sees_indonesian_where_it_is_spoken(stage: Stage, telltale: set[str]) -> None:
    page = stage.citizen.get(f"/{REGION}/keberatan").get_data(as_text=True)
    assert len(words_of(seen_on(page)) & telltale - written(stage.world)) > 10


def test_refusals_speak_english_and_keep_the_switch_on_the_page(stage: Stage) -> None:
    page = stage.unit.post(
        f"/{REGION}/u/disdik/butir/tambah", data={"title": "", "period.starts_on.day": "40"}
    )
    assert page.status_code == 422
    text = forms.text_of(page)
    assert "Fill in the title of the information." in text
    assert "Write a correct day, month and year." in text
    assert f'href="/bahasa/id?ke=/{REGION}/u/disdik/butir/tambah"' in text
    nowhere = stage.unit.post(f"/{REGION}/u/disdik/impor/periksa/xx/sama", data={})
    assert nowhere.status_code in {404, 405}
    assert 'href="/bahasa/id?ke=/"' in forms.text_of(nowhere)
    with stage.world.app().test_client() as stranger:
        english(stranger)
        refused = stranger.post("/masuk", data={"email": "x@contoh.test", "password": "salah"})
        assert "E-mail and password do not match." in forms.text_of(refused)


def test_dates_and_numbers_follow_the_language(stage: Stage) -> None:
    item = re.search(rf"/{REGION}/dik/(DIK-\d+-\d+)", forms.text_of(stage.citizen.get(f"/{REGION}/dik")))
    assert item
    path = f"/{REGION}/dik/{item[1]}"
    assert re.search(
        r"Exempted until \d+ [A-Z][a-z]+ \d{4}\. Open from",
        forms.text_of(stage.citizen.get(in_english(path))),
    )
    assert re.search(
        r"Dikecualikan sampai \d+ [A-Z][a-z]+ \d{4}\. Terbuka mulai", forms.text_of(stage.citizen.get(path))
    )


def test_the_office_remembers_until_the_browser_closes(stage: Stage) -> None:
    client = stage.world.client(f"auditor@{REGION}")
    assert '<html lang="id">' in forms.text_of(client.get(f"/{REGION}/pusat/beranda"))
    chosen = client.get(f"/bahasa/en?ke=/{REGION}/pusat/beranda")
    cookie = chosen.headers["Set-Cookie"]
    assert cookie.startswith("bahasa=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie
    page = client.get(chosen.headers["Location"])
    assert page.headers["Content-Language"] == "en"
    assert "Set-Cookie" not in page.headers
    client.get("/bahasa/id")
    assert '<html lang="id">' in forms.text_of(client.get(f"/{REGION}/pusat/beranda"))
    assert client.get("/bahasa/fr").status_code == 404


@pytest.mark.parametrize(
    "elsewhere", ["//jahat.test/x", "https://jahat.test", "/\\jahat.test", "jahat", "/a\r\nX: y"]
)
def test_the_switch_leads_nowhere_else(stage: Stage, elsewhere: str) -> None:
    answer = stage.unit.get("/bahasa/en", query_string={"ke": elsewhere})
    assert answer.headers["Location"] == "/"
    assert "X" not in answer.headers


def test_programs_are_answered_in_indonesian(stage: Stage) -> None:
    key = stage.world.key(f"petugas.disdik@{REGION}")
    headers = key | {"Cookie": "bahasa=en"}
    client = stage.world.app().test_client(use_cookies=False)
    answer = client.post(f"/api/v1/{REGION}/u/disdik/items", json={"title": ""}, headers=headers)
    assert answer.status_code == 422
    assert "Isi judul informasi." in json.dumps(answer.json)
    assert (
        client.get(f"/api/v1/{REGION}/u/disdik/items/999999", headers=headers)
        .json["detail"]
        .startswith("Tidak ditemukan")
    )
    told = stage.citizen.get(f"/api/v1/lists/{REGION}/changes?cursor=999999&lang=en")
    assert told.status_code == 422


def test_the_portal_keeps_the_language_in_its_addresses_and_sets_no_cookie(stage: Stage) -> None:
    for path in stage.pages["portal"]:
        answer = stage.citizen.get(in_english(path))
        page = forms.text_of(answer)
        assert "Set-Cookie" not in answer.headers
        links = [html.unescape(link) for link in re.findall(r'<a [^>]*href="([^"#]+)"', page)]
        inside = [
            urlsplit(link)
            for link in links
            if not urlsplit(link).netloc and not link.startswith(("/api/", "/aset/"))
        ]
        lost = [
            link.geturl()
            for link in inside
            if parse_qs(link.query).get("lang") != ["en"]
            and "/berkas/" not in link.path
            and link.geturl() not in back(page)
        ]
        assert not lost, path
        for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL):
            assert '<input type="hidden" name="lang" value="en" />' in form, path


def back(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'<a href="([^"]*)" lang="id"', page)]


def test_a_page_says_which_address_is_its_own(stage: Stage) -> None:
    path = f"/{REGION}/dik?q=rekam&lang=en"
    page = html.unescape(forms.text_of(stage.citizen.get(path)))
    canonical = re.search(r'rel="canonical" href="([^"]+)"', page)
    assert canonical
    assert canonical[1].endswith(f"/{REGION}/dik?q=rekam")
    assert re.search(rf'rel="alternate" hreflang="en" href="[^"]+/{REGION}/dik\?q=rekam&lang=en"', page)


def test_each_language_has_its_own_tag(stage: Stage) -> None:
    plain, foreign = (stage.citizen.get(f"/{REGION}/edisi{query}") for query in ("", "?lang=en"))
    assert plain.headers["ETag"] != foreign.headers["ETag"]
    tag = {"If-None-Match": plain.headers["ETag"]}
    assert stage.citizen.get(f"/{REGION}/edisi", headers=tag).status_code == 304
    assert stage.citizen.get(f"/{REGION}/edisi?lang=en", headers=tag).status_code == 200
    stage.citizen.set_cookie("bahasa", "en")
    assert '<html lang="id">' in forms.text_of(stage.citizen.get(f"/{REGION}/edisi"))
    stage.citizen.delete_cookie("bahasa")
    assert '<html lang="id">' in forms.text_of(stage.citizen.get(f"/{REGION}/edisi?lang=xx"))
