"""03/SOP-PPID as the demo regency walks it, its five rows: from a unit's list to what a citizen reads on the portal."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.fixtures.scans import scan
from tests.journey.people import follow, led_on, press
from tests.prove._rows_told import Turn, Walk, address, due_day, flat

OFFICER, HEAD, UNIT_OFFICER, UNIT_HEAD = "petugas.pusat", "kepala.pusat", "petugas.dpmptsp", "kepala.dpmptsp"
CAST = (OFFICER, HEAD, UNIT_OFFICER, UNIT_HEAD, "sekda")
UNIT = "Dinas Penanaman Modal"
COLLECTION = "pusat/pengumpulan"
LETTER = {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": scan(2_000)}
IDLE = 21  # days that pass before a step without a limit is taken, when all is late


def walk(one: Walk) -> None:
    """Walk the rows in the form's order."""
    hand_in(one)
    collect(one)
    sort(one)
    determine(one)
    reopen(one)
    if one.late:
        open_by_law(one)
    store(one)
    publish(one)


def hand_in(one: Walk) -> None:
    with one.row("1", UNIT_HEAD, "u/dpmptsp/pengajuan") as turn:
        if one.late:
            _grow_late(turn)
        turn.sees()
    with one.row("1", UNIT_OFFICER, "u/dpmptsp/pengajuan/periksa") as turn:
        turn.page.get_by_text("Tambah berkas").click()
        turn.page.get_by_label("Jenis berkas").select_option(label="Lembar pertimbangan")
        turn.page.get_by_label("Berkas", exact=True).set_input_files(LETTER)
        turn.sees()
        turn.press("Tambahkan")
        turn.says("surat.pdf")
    with one.row("1", UNIT_HEAD, "u/dpmptsp/pengajuan/periksa") as turn:
        turn.page.get_by_label("Daftar ini sudah diperiksa").check()
        turn.sees()
        turn.press("Kirim ke PPID Utama")
        turn.says("Daftar terkirim")
        turn.tells(OFFICER, "Pengajuan masuk")


def _grow_late(turn: Turn) -> None:
    """Let the unit's last day pass, and hear on the mornings after who is told."""
    scene, due = turn.walk.scene, due_day(turn.main)
    for days, who, title in (
        (3, UNIT_HEAD, "Batas terlewati"),
        (5, OFFICER, "Unit terlambat"),
        (10, "sekda", "Unit jauh terlambat"),
    ):
        scene.move_to(due + timedelta(days=days))
        turn.reminds(who, title)
    turn.page.reload()


def collect(one: Walk) -> None:
    with one.row("1", OFFICER, "pusat/pengajuan") as turn:
        turn.page.get_by_role("button", name=re.compile(f"^Ambil & periksa {UNIT}")).click()
        expect(turn.page.get_by_role("heading", level=1)).to_contain_text(UNIT)
        turn.sees(limited=None)
        press(turn.page, re.compile(r"^Terima \d+ yang belum diputus$"))
        turn.press("Selesai diperiksa")
        turn.says("Selesai diperiksa")
        turn.tells(UNIT_HEAD, "Hasil pemeriksaan pengajuan")
    with one.row("1", OFFICER, COLLECTION) as turn:
        turn.sees()
        turn.press("Tutup pengumpulan")
        turn.says("Terkumpul")


def sort(one: Walk) -> None:
    one.scene.move_by(IDLE if one.late else 1)
    with one.row("2", OFFICER, "pusat/gabungan") as turn:
        turn.sees(limited=False)
        turn.does("membaca daftar gabungan, terurut menurut berakhirnya masa pengecualian")
    with one.row("2", OFFICER, COLLECTION) as turn:
        turn.sees(limited=False)
        turn.press("Selesai diurutkan")
        turn.says("Terurut")


def determine(one: Walk) -> None:
    """Record the determination, which the law puts between rows 2 and 5 and the form does not print."""
    one.scene.move_by(IDLE if one.late else 1)
    with one.row("2–5", OFFICER, "pusat/penetapan") as turn:
        turn.sees(limited=False)
        follow(turn.page, "Catat penetapan yang sudah ditandatangani")
        head_of_letter(turn.page, "500.12.18/Kep.401-PPID")
        turn.page.get_by_label("Surat yang ditandatangani").set_input_files(LETTER)
        turn.press("Catat penetapan")
        turn.says("Penetapan tercatat")
        turn.tells(HEAD, "Penetapan dicatat")


def head_of_letter(page: Page, number: str) -> None:
    for label, text in (
        ("Nomor penetapan", number),
        ("Ditetapkan di", "Ciruas"),
        ("Nama penanda tangan", "Atasan PPID"),
        ("Jabatan penanda tangan", "Sekretaris Daerah Kabupaten Serang"),
    ):
        page.get_by_label(label).fill(text)
    title = page.get_by_label("Tentang")
    if not title.input_value():
        title.fill("Penetapan Daftar Informasi yang Dikecualikan")


def reopen(one: Walk) -> None:
    """Determine open what nears its end: before the thirtieth working day, or after it and before the end itself."""
    group = "late" if one.late else "month"
    with one.row("3", HEAD, f"pusat/pembukaan?kelompok={group}") as turn:
        if not turn.main.get_by_role("checkbox").count():
            turn.page.goto(one.scene.at("pusat/pembukaan?kelompok=ahead"))
        chosen = turn.page.get_by_role("row").filter(has=turn.page.get_by_role("checkbox")).last
        turn.sees()
        turn.does(f"memilih “{flat(chosen.get_by_role('link').first.inner_text())}”")
        chosen.get_by_role("checkbox").check()
        press(turn.page, "Tetapkan dibuka")
        turn.seen.screen = address(turn.page)
        head_of_letter(turn.page, "500.12.18/Kep.402-PPID")
        turn.page.get_by_label("Nomor lembar pertimbangan").fill("12/TP")
        for empty in turn.page.locator("input[name^='dip.']").all():
            if not empty.input_value():
                empty.fill("Diisi dari arsip unit")
        turn.press("Tetapkan dibuka")
        turn.says("Pembukaan dicatat")
        turn.tells(OFFICER, "Penetapan pembukaan dicatat")


def open_by_law(one: Walk) -> None:
    """Let an item's period end with no decision."""
    with one.row("3", HEAD, "pusat/pembukaan?kelompok=late") as turn:
        turn.sees()
        ends = turn.main.locator("tbody tr").first.inner_text()
        turn.does(f"tidak memutus apa pun sampai masanya habis ({flat(ends)})")
        one.scene.move_by(45)
        turn.tells("sekda", "Terbuka demi hukum", by_mail=True)
        turn.page.goto(one.scene.at("pusat/pembukaan/lewat"))
        turn.says("Terbuka")


def store(one: Walk) -> None:
    one.scene.move_by(IDLE if one.late else 1)
    with one.row("4", OFFICER, "pusat/berkas") as turn:
        turn.sees(limited=False)
        follow(turn.page, "Unggah berkas")
        turn.page.get_by_label("Berkas", exact=True).set_input_files(LETTER | {"name": "dik-terurut.pdf"})
        turn.press("Simpan berkas")
        turn.says("dik-terurut.pdf")
    with one.row("4", OFFICER, COLLECTION) as turn:
        turn.sees(limited=False)
        turn.press("Catat penyimpanan")
        turn.says("Tersimpan")


def publish(one: Walk) -> None:
    one.scene.move_by(IDLE if one.late else 1)
    with one.row("5", OFFICER, "pusat/edisi") as turn:
        turn.sees(limited=False)
        newest = turn.page.locator("option", has_text="Kep.401").first.get_attribute("value")
        turn.page.get_by_label("Dari penetapan").select_option(newest)
        turn.page.get_by_label("Butir lain yang masih berlaku tetap dimuat").check()
        turn.press("Siapkan edisi")
        led_on(turn.page)
        turn.says("Edisi diterbitkan oleh Kepala PPID Utama")
    with one.row("5", HEAD, "pusat/edisi") as turn:
        turn.sees(limited=False)
        prepared = turn.main.get_by_role("link", name="Periksa").first
        with turn.page.expect_navigation():
            prepared.click()
        turn.seen.screen = address(turn.page)
        n = re.search(r"edisi (\d+)", turn.page.get_by_role("heading", level=1).inner_text())
        assert n
        turn.page.get_by_label("Ketik nomor edisi").fill(n[1])
        turn.press("Terbitkan edisi")
        turn.says(f"Edisi {n[1]} terbit")
        turn.tells(OFFICER, "Edisi terbit")
    _read_as_citizen(one, n[1])


def _read_as_citizen(one: Walk, n: str) -> None:
    page = one.scene.visitor()
    page.goto(one.scene.at("", "portal"))
    expect(page.get_by_role("main")).to_contain_text(f"Edisi {n}")
    one.rows[-1].received.append(f"Publik, portal: {flat(page.get_by_role('main').inner_text())[:160]} …")
