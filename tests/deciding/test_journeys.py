"""How those decide who come seldom: a sitting, a member and a superior on their phones, an opening, an auditor. Each within its presses."""

import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ppid_saas.determinations import drafting
from tenants import clock
from tests.consequence_tests.walking import at_board, in_test
from tests.deciding.conftest import PHONE, Sit
from tests.determinations.test_drafting import Head, drafted
from tests.fixtures import walk
from tests.fixtures.world import World
from tests.journey.hands import WAYS, Hands, button, link
from tests.journey.screens import faults_of
from tests.reopening.test_ends import DIP, closed

PEOPLE = "Bapak Contoh; Sekretaris; Dinas Kesehatan\nIbu Contoh; Kepala Bidang; Diskominfo"
ENDS_IN = timedelta(days=80)
LEAST = 44  # pixels of what a thumb presses


@pytest.fixture(params=WAYS)
def hands(request: pytest.FixtureRequest) -> Hands:
    return WAYS[request.param]()


def sound(page: Page, hands: Hands) -> None:
    assert faults_of(page) == []
    assert hands.faults == []


def test_a_sitting_is_called_and_held_within_its_presses(fresh_world: World, sit: Sit, hands: Hands) -> None:
    """J8: what is contested is picked already; two presses an item, turned by keys; the minutes come by themselves."""
    _, ids, _ = in_test(fresh_world)
    page = sit("pusat", "sidang")
    hands.attend(page)
    hands.follow(link(page, "Buat sidang"))
    boxes = page.get_by_role("checkbox", name=re.compile("^Pilih "))
    expect(boxes).to_have_count(len(ids))
    for box in boxes.all():
        expect(box).to_be_checked()
    for label, words in (("Nama sidang", "Sidang uji"), ("Tanggal", "24"), ("Bulan", "November"), ("Tahun", "2026"),
                         ("Tempat", "Aula"), ("Peserta lain (tidak wajib)", PEOPLE)):  # fmt: skip
        hands.write(page.get_by_label(label, exact=True), words)
    hands.follow(button(page, "Buat sidang"))
    for box in page.get_by_role("group", name="Yang hadir").get_by_role("checkbox").all()[-2:]:
        hands.press(box)
    hands.follow(button(page, "Simpan kehadiran"))
    hands.follow(link(page, "Mode rapat"))
    called = hands.acts
    for n in range(1, len(ids) + 1):
        expect(page.get_by_text(f"Butir {n} dari {len(ids)}")).to_be_visible()
        hands.write(page.get_by_label("Alasan keputusan"), "Bahayanya nyata.")
        hands.follow(button(page, "Dikecualikan"))
        sound(page, hands)
        if page.url.endswith(f"butir={n}"):
            with page.expect_navigation(wait_until="domcontentloaded"):
                page.keyboard.press("PageDown")
            hands.acts += 1
    assert hands.acts - called <= 2 * len(ids)
    assert called <= 6
    page.goto(page.url.partition("/rapat")[0])
    hands.write(page.get_by_label("Nomor berita acara"), "7/BA/2026")
    hands.follow(button(page, "Tutup sidang"))
    expect(page.get_by_role("heading", name="Berita acara 7/BA/2026")).to_be_visible()
    sound(page, hands)


def test_a_member_answers_on_a_phone_within_three_presses_an_item(
    fresh_world: World, sit: Sit, hands: Hands
) -> None:
    """J9, first half; check 33: whole J9 by keyboard."""
    _, ids, _ = at_board(fresh_world)
    page = sit("tim", "telaah", screen=PHONE)
    hands.attend(page)
    hands.follow(link(page, "Mulai"))
    hands.follow(button(page, "Sependapat"))
    hands.write(page.get_by_label("Catatan atau alasan"), "Sebut bagian yang tetap terbuka.")
    hands.follow(button(page, "Sependapat dengan catatan"))
    for answer in page.locator(".board-answers button").all():
        box = answer.bounding_box()
        assert box
        assert box["height"] >= LEAST
    sound(page, hands)
    hands.write(page.get_by_label("Catatan atau alasan"), "Tidak ada bahaya yang nyata.")
    hands.follow(button(page, "Tidak sependapat"))
    expect(page.get_by_role("main")).to_contain_text("Semua butir sudah Anda pertimbangkan.")
    assert hands.acts <= 3 * len(ids)
    sound(page, hands)


def test_a_superior_approves_on_a_phone_within_four_presses(
    fresh_world: World, sit: Sit, hands: Hands
) -> None:
    """J9, second half; check 38: the letter open, at most four presses."""
    drafted(fresh_world)
    page = sit("sekda", "beranda", screen=PHONE)
    hands.attend(page)
    hands.follow(link(page, "Baca dan jawab"))
    hands.press(page.get_by_text("Baca surat dan lampiran di sini"))
    expect(page.get_by_role("main")).to_contain_text(walk.TITLES[0])
    approve = button(page, "Setujui")
    box = approve.bounding_box()
    assert box
    assert box["height"] >= LEAST
    sound(page, hands)
    hands.follow(approve)
    expect(page.get_by_role("main")).to_contain_text("Draf disetujui")
    assert hands.acts <= 4
    sound(page, hands)


def test_a_letter_changed_meanwhile_is_read_again(fresh_world: World, sit: Sit) -> None:
    """Check 38: what was opened is what is approved."""
    region, ids, draft_id = drafted(fresh_world)
    page = sit("sekda", f"telaah/persetujuan/{draft_id}", screen=PHONE)
    with fresh_world.acting(f"pusat@{region}"):
        drafting.change(
            draft_id, Head("Judul lain", "Pejabat Contoh", "Sekretaris Daerah", "Kota Contoh"), [ids[0]]
        )
    with page.expect_navigation(wait_until="domcontentloaded"):
        button(page, "Setujui").click()
    expect(page.get_by_role("main")).to_contain_text("Baca sekali lagi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Judul lain")
    assert faults_of(page) == []


def test_what_nears_its_end_is_opened_within_four_presses(
    fresh_world: World, sit: Sit, region: str, hands: Hands
) -> None:
    """J11: from the queue to the letter; the entry stands among the opened ones."""
    closed(fresh_world, region, "Hasil evaluasi jabatan", ends_on=clock.today("Asia/Jakarta") + ENDS_IN)
    page = sit("kabid", "pembukaan")
    hands.attend(page)
    hands.press(page.get_by_role("checkbox", name="Pilih Hasil evaluasi jabatan"))
    hands.follow(button(page, "Tetapkan dibuka"))
    for label, words in (("Nomor penetapan", "500/9"), ("Tentang", "Pembukaan"), ("Ditetapkan di", "Kota Contoh"),
                         ("Nama penanda tangan", "Pejabat"), ("Jabatan penanda tangan", "Kepala Dinas"),
                         ("Nomor lembar pertimbangan (tidak wajib)", "LP-1")):  # fmt: skip
        hands.write(page.get_by_label(label, exact=True), words)
    for name, words in DIP.items():
        hands.write(page.locator(f"input[name$='.{name}']"), words)
    sound(page, hands)
    hands.follow(button(page, "Tetapkan dibuka"))
    expect(page.get_by_role("main")).to_contain_text("Pembukaan dicatat.")
    assert hands.acts <= 4
    page.goto(f"/{region}/pusat/pembukaan/dibuka")
    expect(page.get_by_role("main")).to_contain_text("Ditetapkan terbuka")
    sound(page, hands)


def test_an_auditor_takes_the_evidence_within_four_presses(
    fresh_world: World, sit: Sit, region: str, hands: Hands, tmp_path: Path
) -> None:
    """J14: from the list to the whole story of an item and its evidence."""
    walk.determined(fresh_world, region)
    fresh_world.drain()
    page = sit("auditor", "gabungan")
    hands.attend(page)
    hands.follow(page.get_by_role("main").get_by_role("table").get_by_role("link"))
    hands.follow(link(page, re.compile("[Rr]iwayat")))
    expect(page.locator(".timeline > li").first).to_be_visible()
    sound(page, hands)
    with page.expect_download() as coming:
        hands.press(button(page, "Unduh berkas bukti (ZIP)"))
    evidence = tmp_path / "bukti.zip"
    coming.value.save_as(evidence)
    with zipfile.ZipFile(evidence) as archive:
        assert json.loads(archive.read("manifest.json"))["chain"]["holds"] is True
    assert hands.acts <= 4
