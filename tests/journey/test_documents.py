"""Documents before a browser: put in from an item, linked, another version, what stands in the way of destroying one,
a second person who destroys another, and a copy for the public that is read before it is approved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.fixtures.scans import scan
from tests.journey.people import (
    Watch,
    accept_invitation,
    choose,
    date_into,
    follow,
    open_browser,
    press,
    until_shown,
)
from tests.journey.running import Running
from tests.journey.screens import faults_of

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
TITLES = ("Denah ruang penyimpanan kunci", "Daftar pelapor pelanggaran")
PART = "Lampiran II: letak lemari kunci"


@dataclass(frozen=True)
class Unit:
    """An officer and the head of one unit, each with a browser, and what was wrong with any screen."""

    officer: Page
    head: Page
    watch: Watch
    faults: dict[str, list[str]]

    def look(self, page: Page, name: str) -> None:
        """Look at a screen on the desk and on a phone."""
        found = faults_of(page)
        page.set_viewport_size(PHONE)
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            found.append(f"{wide} pixels wide on a phone")
        page.set_viewport_size(DESK)
        if found:
            self.faults[name] = found


@pytest.fixture(scope="module", params=[True, False], ids=["with scripts", "without scripts"])
def unit(running: Running, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Unit]:
    """A region of its own; without scripts nothing is looked at, only done."""
    watch = Watch(running, request.param, lambda *_: None)
    slug = "berkasan" if request.param else "berkasiri"
    running.call("tenant", "add-central", slug, f"Kabupaten {slug.title()}")
    running.call("tenant", "import", slug, "-", told="SKPD,Dinas Perhubungan\n")
    pages = []
    for role, name in (("unit_officer", "Petugas"), ("unit_head", "Kepala")):
        link = running.call(
            "member", "add", f"{slug}/dinas-perhubungan", f"{role}.{slug}@contoh.test", name, role
        )
        page = open_browser(browser, watch)
        accept_invitation(page, watch, link.strip())
        pages.append(page)
    officer, head = pages
    for title in TITLES:
        choose(officer, "Butir")
        follow(officer, "Tambah informasi")
        officer.get_by_label("Judul informasi").fill(title)
        press(officer, "Simpan")
    unit = Unit(officer, head, watch, {})
    yield unit
    assert unit.faults == {}
    assert watch.complaints == []


def look(unit: Unit, page: Page, name: str) -> None:
    if unit.watch.scripts:
        unit.look(page, name)


def pdf(name: str, words: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": scan(2_000, words)}


def said(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("main")).to_contain_text(words)


def to_files_of(page: Page, title: str) -> None:
    choose(page, "Butir")
    follow(page, title)
    follow(page, re.compile("^Berkasnya"))


def to_document(page: Page, name: str) -> None:
    choose(page, "Berkas")
    follow(page, name)


def test_a_file_is_put_in_from_its_item(unit: Unit):
    page = unit.officer
    to_files_of(page, TITLES[0])
    look(unit, page, "berkas-butir-kosong")
    press(page, "Simpan dan tautkan")
    said(page, "Pilih berkasnya dulu.")
    look(unit, page, "berkas-butir-galat")
    page.get_by_label("Berkas", exact=True).set_input_files(pdf("denah.pdf", "satu"))
    page.get_by_label(re.compile("^Bagian mana")).fill(PART)
    press(page, "Simpan dan tautkan")
    said(page, "Berkas disimpan tertutup dan ditautkan ke butir ini.")
    said(page, PART)
    look(unit, page, "berkas-butir")


def test_it_belongs_to_a_second_item_and_a_link_can_be_undone(unit: Unit):
    page = unit.officer
    to_document(page, "denah.pdf")
    follow(page, "Tautkan ke butir")
    look(unit, page, "tautkan")
    page.get_by_label("Cari judul atau nomor butir").fill("pelapor")
    press(page, "Cari")
    press(page, f"Tautkan {TITLES[1]}")
    expect(page.get_by_role("row", name=re.compile(TITLES[1]))).to_be_visible()
    press(page, f"Lepas {TITLES[1]}")
    said(page, "Tautan ke butir 2 dilepas.")
    look(unit, page, "tautan-dilepas")
    press(page, "Urungkan")
    press(page, f"Lepas {TITLES[1]}")
    expect(page.get_by_role("row", name=re.compile(TITLES[1]))).to_have_count(0)


def test_another_version_and_the_same_once_more(unit: Unit):
    page = unit.officer
    to_document(page, "denah.pdf")
    for name, words in (
        ("denah 2.pdf", "Versi baru disimpan."),
        ("denah 3.pdf", "Isinya sama dengan versi 2"),
    ):
        follow(page, "Unggah versi baru")
        page.get_by_label("Berkas", exact=True).set_input_files(pdf(name, "dua"))
        press(page, "Simpan versi baru")
        said(page, words)
    expect(page.get_by_role("heading", level=1)).to_have_text("denah 2.pdf")
    look(unit, page, "berkas-dua-versi")


def test_what_is_needed_is_not_destroyed(unit: Unit):
    page = unit.officer
    to_document(page, "denah 2.pdf")
    follow(page, "Ubah masa simpan")
    page.get_by_label(re.compile("^Kelas keamanan arsip")).select_option("secret")
    date_into(page, "Masa simpan dihitung sejak", "5", "Agustus", "2026")
    page.get_by_label(re.compile("^Aktif")).fill("2")
    page.get_by_label(re.compile("^Inaktif")).fill("lama")
    press(page, "Simpan")
    said(page, "Isi dengan angka 0 sampai 100.")
    look(unit, page, "masa-simpan-galat")
    page.get_by_label(re.compile("^Inaktif")).fill("3")
    press(page, "Simpan")
    said(page, "2 tahun aktif, 3 tahun inaktif, sampai 5 Agustus 2031")
    follow(page, re.compile("^Rincian sengketa"))
    page.get_by_label("Di mana").select_option("ki")
    page.get_by_label("Nomor register").fill("012/KI/2026")
    press(page, "Catat sengketa")
    look(unit, page, "sengketa")
    to_document(page, "denah 2.pdf")
    follow(page, "Usulkan pemusnahan")
    said(page, "Belum boleh dimusnahkan")
    said(page, f"Butir 1 masih dikecualikan: {TITLES[0]}.")
    said(page, "Sengketa 012/KI/2026 belum selesai.")
    look(unit, page, "belum-boleh-musnah")


def test_a_second_person_destroys_what_nobody_needs(unit: Unit):
    page, head = unit.officer, unit.head
    choose(page, "Berkas")
    follow(page, "Unggah berkas")
    look(unit, page, "unggah")
    page.get_by_label("Berkas", exact=True).set_input_files(pdf("salah.pdf", "salah"))
    press(page, "Simpan berkas")
    follow(page, "Usulkan pemusnahan")
    page.get_by_label("Mengapa dimusnahkan?").fill("Salah unggah")
    look(unit, page, "usul")
    press(page, "Usulkan pemusnahan")
    said(page, "Usul pemusnahan dicatat.")
    choose(head, "Berkas")
    look(unit, head, "menunggu-keputusan")
    follow(head, "salah.pdf")
    look(unit, head, "keputusan")
    head.get_by_label("Nomor berita acara pemusnahan").fill("BA/3/2026")
    press(head, "Musnahkan")
    expect(head.locator(".error-summary")).to_contain_text("Ketik musnahkan untuk memastikan.")
    head.get_by_label("Ketik untuk memastikan").fill("musnahkan")
    press(head, "Musnahkan")
    said(head, "Berkas dimusnahkan. Catatannya tetap tersimpan.")
    look(unit, head, "dimusnahkan")
    choose(head, "Berkas")
    follow(head, "Pemusnahan")
    said(head, "BA/3/2026")
    look(unit, head, "daftar-pemusnahan")


def test_a_copy_for_the_public_is_read_and_then_approved(unit: Unit):
    page, head = unit.officer, unit.head
    to_document(page, "denah 2.pdf")
    follow(page, "Unggah salinan untuk publik")
    look(unit, page, "salinan")
    page.get_by_label("Berkas", exact=True).set_input_files(pdf("denah publik.pdf", "dua"))
    press(page, "Simpan sebagai draf")
    expect(page.locator(".error-summary")).to_contain_text("sama dengan berkas tertutup")
    page.get_by_label("Berkas", exact=True).set_input_files(pdf("denah publik.pdf", "hitam"))
    press(page, "Simpan sebagai draf")
    said(page, "Salinan disimpan sebagai draf.")
    look(unit, page, "salinan-draf")
    choose(head, "Berkas")
    follow(head, "denah publik.pdf")
    said(head, "Unduh dan baca versi 1 dulu, baru setujui.")
    look(unit, head, "persetujuan")
    follow(head, "Ke halaman unduhan")
    head.get_by_label("Memeriksa atau melengkapi daftar").check()
    with head.expect_download():
        head.get_by_role("button", name="Unduh berkas").click()
    choose(head, "Berkas")
    follow(head, "denah publik.pdf")
    press(head, "Setujui salinan")
    said(head, "Salinan disetujui.")
    to_document(page, "denah 2.pdf")
    until_shown(page, "Disetujui")
