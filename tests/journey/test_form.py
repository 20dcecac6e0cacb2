"""The form of an item before a browser: what it says back, what it keeps, and an item written by mouse and by keyboard."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journey.hands import WAYS, link
from tests.journey.people import Watch, accept_invitation, choose, date_into, follow, open_browser, press
from tests.journey.running import Running
from tests.journey.screens import faults_of
from tests.journey.walk import open_collection

CLICKS = 12  # an item with its consequence test, typing not counted
TYPED = {
    "Jabatan penguasa informasi": "Kepala Bidang Arsip",
    "Dokumen yang memuat": "Gambar bangunan",
    "Apa akibat buruknya?": "Gudang dapat dimasuki orang yang tidak berhak. Arsip warga dapat hilang.",
    "Apa manfaatnya bagi publik?": "Warga tahu arsipnya disimpan di mana.",
    "Kepentingan apa yang terlindungi?": "Keutuhan arsip milik warga.",
}
COUNTED = """() => { window.said = [];
  new MutationObserver(() => window.said.push(document.getElementById("announcer").textContent))
    .observe(document.getElementById("announcer"), {childList: true, characterData: true, subtree: true}); }"""


@pytest.fixture(scope="module")
def watch(running: Running) -> Watch:
    return Watch(running, True, lambda *_: None)


@pytest.fixture(scope="module")
def people(running: Running, browser: Browser, watch: Watch) -> dict[str, Page]:
    """A region of its own, with its collection open, so that no other walk is disturbed."""
    running.call("tenant", "add-central", "seberang", "Kabupaten Seberang")
    running.call("tenant", "import", "seberang", "-", told="SKPD,Dinas Perpustakaan\n")
    pages = {}
    for place, role in (
        ("seberang/pusat", "central_officer"),
        ("seberang/dinas-perpustakaan", "unit_officer"),
    ):
        link = running.call("member", "add", place, f"{role}@contoh.test", "Petugas", role).strip()
        pages[role] = open_browser(browser, watch)
        accept_invitation(pages[role], watch, link)
    open_collection(pages["central_officer"], watch)
    return pages


@pytest.fixture
def page(people: dict[str, Page]) -> Iterator[Page]:
    page = people["unit_officer"]
    page.set_viewport_size({"width": 1280, "height": 900})
    choose(page, "Butir")
    follow(page, "Tambah informasi")
    if page.get_by_role("button", name="Buang isian itu").count():
        press(page, "Buang isian itu")
        expect(page.get_by_role("button", name="Buang isian itu")).to_have_count(0)
    yield page
    page.goto("about:blank")
    page.goto(page_of(watch_of(people), ""))


def watch_of(people: dict[str, Page]) -> str:
    return people["central_officer"].url.split("/pusat")[0]


def page_of(region: str, path: str) -> str:
    return f"{region}/u/dinas-perpustakaan/{path or 'beranda'}"


def label(page: Page, text: str) -> Locator:
    return page.get_by_label(re.compile(f"^{re.escape(text)}"))


def test_an_empty_form_sent_names_each_fault_once(page: Page):
    label(page, "Lama").fill("lima")
    press(page, "Simpan")
    expect(page).to_have_title(re.compile("^Galat: "))
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    said = [link.inner_text() for link in summary.get_by_role("link").all()]
    shown = [
        error.inner_text().removeprefix("Galat:").strip() for error in page.locator(".field-error").all()
    ]
    assert sorted(said) == sorted(shown)
    assert len(said) == page.locator(".has-error").count() == 2
    summary.get_by_role("link").first.click()
    expect(label(page, "Judul informasi")).to_be_focused()
    assert faults_of(page) == []


def test_writing_is_never_red_and_the_count_is_said_once(page: Page):
    page.evaluate(COUNTED)
    count = page.locator("#completeness strong").first
    label(page, "Judul informasi").press_sequentially("Denah")
    expect(count).to_have_text("0 dari 9")
    page.keyboard.press("Tab")
    expect(count).to_have_text("1 dari 9")
    page.get_by_label("Seluruhnya").check()
    expect(count).to_have_text("2 dari 9")
    page.wait_for_function("said.length === 2")
    assert page.evaluate("said") == ["Kelengkapan 1 dari 9", "Kelengkapan 2 dari 9"]
    assert page.locator(".field-error, .has-error, [aria-invalid=true]").count() == 0


def test_without_an_end_under_b_alone_is_answered_at_once(page: Page):
    page.get_by_label(re.compile(r"^Huruf b\b")).check()
    page.get_by_label("Tanpa batas").check()
    expect(page.locator("#completeness")).to_contain_text("huruf a sampai f tidak boleh tanpa batas")
    assert faults_of(page) == []


@pytest.mark.parametrize("boxes", [("5", "Agustus", "2027"), ("5", "8", "2027"), ("5/8/2027", "", "")])
def test_a_day_is_said_back_in_full(page: Page, boxes: tuple[str, str, str]):
    page.get_by_label("Pada tanggal tertentu").check()
    date_into(page, "Tanggal akhir", *boxes)
    page.keyboard.press("Tab")
    expect(page.locator("#echo-ends_on")).to_have_text("Kamis, 5 Agustus 2027")
    expect(page.locator("#echo-end")).to_contain_text("30 hari kerja sebelumnya")


def test_what_is_written_survives_a_reload_and_leaving(page: Page):
    label(page, "Apa akibat buruknya?").fill("Belum selesai ditulis")
    page.keyboard.press("Tab")
    expect(page.locator("#draft-status")).to_have_text(re.compile(r"^Tersimpan \d\d\.\d\d"))
    page.reload()
    expect(label(page, "Apa akibat buruknya?")).to_have_value("Belum selesai ditulis")
    label(page, "Catatan unit").fill("ditinggalkan di tengah kalimat")
    address = page.url
    follow(page, "Butir")
    for _ in range(50):  # what is sent on leaving may arrive after the next question
        page.goto(address)
        if label(page, "Catatan unit").input_value():
            break
    expect(label(page, "Catatan unit")).to_have_value("ditinggalkan di tengah kalimat")
    assert page.evaluate("localStorage.length") == 0
    assert "tengah kalimat" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_two_tabs_changing_one_item_settle_it_on_a_page_with_both_texts(page: Page):
    label(page, "Judul informasi").fill("Dua jendela")
    press(page, "Simpan")
    address = f"{page.url.partition('?')[0]}/ubah"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    label(other, "Apa akibat buruknya?").fill("Kata jendela kedua")
    press(other, "Simpan")
    expect(other.get_by_role("heading", level=1)).to_have_text("Dua jendela")
    other.close()
    label(page, "Apa akibat buruknya?").fill("Kata jendela pertama")
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.status == 409):
        press(page, "Simpan")
    for words in ("Kata jendela kedua", "Kata jendela pertama"):
        expect(page.get_by_role("main")).to_contain_text(words)
    assert faults_of(page) == []


def test_a_title_with_the_number_of_a_person_stops_the_sending(page: Page):
    label(page, "Judul informasi").fill("Berkas NIK 3604011234560001")
    press(page, "Simpan")
    choose(page, "Pengajuan")
    follow(page, "Periksa dan kirim")
    expect(page.locator(".error-summary")).to_contain_text("Judul memuat NIK/nama orang.")
    expect(page.get_by_role("button", name="Kirim ke PPID Utama")).to_have_count(0)
    choose(page, "Butir")
    follow(page, "Berkas NIK 3604011234560001")
    press(page, "Hapus")


@pytest.mark.parametrize("way", WAYS)
def test_an_item_is_written_within_its_clicks(page: Page, way: str):
    hands = WAYS[way]()
    hands.attend(page)
    page.goto(page_of(page.url.split("/u/")[0], "butir"))
    hands.follow(link(page, "Tambah informasi"))
    hands.write(label(page, "Judul informasi"), f"Ditulis lewat {way}")
    hands.press(page.get_by_label("Seluruhnya"))
    for name in ("Jabatan penguasa informasi", "Dokumen yang memuat"):
        hands.write(label(page, name), TYPED[name])
    hands.press(page.get_by_label(re.compile(r"^Huruf h\b")))
    for name in ("Apa akibat buruknya?", "Apa manfaatnya bagi publik?", "Kepentingan apa yang terlindungi?"):
        hands.write(label(page, name), TYPED[name])
    hands.press(page.get_by_label("Menutup", exact=True))
    hands.write(label(page, "Alasan kesimpulan"), "Denah tidak berguna bagi warga.")
    hands.press(page.get_by_label("Setelah waktu tertentu"))
    hands.write(label(page, "Lama"), "5")
    hands.pick(label(page, "Satuan"), "tahun")
    expect(page.locator("#completeness strong").first).to_have_text("9 dari 9")
    hands.follow(page.get_by_role("main").get_by_role("button", name="Simpan", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ditulis lewat {way}")
    expect(page.get_by_role("main")).to_contain_text("9 dari 9")
    assert hands.acts <= CLICKS
    assert hands.faults == []


def test_the_form_and_its_pages_have_no_fault(page: Page):
    for path in (
        "butir/tambah",
        *(f"butir/tambah/{n}" for n in range(1, 6)),
        "butir",
        "butir/ubah-bersama?semua=1",
    ):
        page.goto(page_of(page.url.split("/u/")[0], path))
        assert faults_of(page) == [], path


def test_no_browser_had_anything_to_complain_of(watch: Watch):
    conflicts = "the server responded with a status of 409"
    assert [said for said in watch.complaints if conflicts not in said] == []
