"""01/SOP-PPID as the demo regency walks it, its six rows: from a unit's own test to the letter that lies at the unit."""

import re
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.fixtures.scans import scan
from tests.journey.people import date_into, follow, press
from tests.prove._rows_stage import PHONE
from tests.prove._rows_told import Turn, Walk, address, due_day

OFFICER, HEAD, BOARD, SUPERIOR = "petugas.pusat", "kepala.pusat", "tim", "sekda"
UNIT_OFFICER, UNIT_HEAD = "petugas.dpk", "kepala.dpk"
CAST = (OFFICER, HEAD, BOARD, SUPERIOR, UNIT_OFFICER, UNIT_HEAD)
UNIT = "Dinas Perpustakaan dan Kearsipan"
TITLE = "Denah gudang arsip statis"
TYPED = {
    "Judul informasi": TITLE,
    "Jabatan penguasa informasi": "Kepala Bidang Arsip",
    "Dokumen yang memuat": "Gambar bangunan gudang",
    "Apa akibat buruknya?": "Gudang dapat dimasuki orang yang tidak berhak. Arsip warga dapat hilang.",
    "Apa manfaatnya bagi publik?": "Warga tahu di mana arsipnya disimpan.",
    "Kepentingan apa yang terlindungi?": "Keutuhan arsip milik warga.",
    "Apa kerugiannya bagi publik?": "Warga tidak dapat menilai keamanan gudang.",
    "Alasan kesimpulan": "Letak ruang cukup diketahui pengelolanya.",
    "Peserta uji konsekuensi": "Kepala Bidang Arsip\nPetugas PPID",
    "Lama": "5",
}
MINUTES = {"name": "berita-acara.pdf", "mimeType": "application/pdf", "buffer": scan(2_000)}


def walk(one: Walk) -> None:
    """Walk the rows in the form's order, the clock of each beginning with the end of the one before."""
    choose_sop(one)
    tested_at_unit(one)
    tested_at_central(one)
    advise(one)
    draft(one)
    approve(one)
    hand_out(one)


def until(turn: Turn, due: date, *, reminded: str) -> None:
    """Come before the day on which a step is due, or after it when all is late; whoever is reminded then hears of it."""
    turn.walk.scene.move_to(due + timedelta(days=4 if turn.walk.late else -1))
    if turn.walk.late:
        turn.reminds(reminded, "Batas")
    turn.page.reload()
    turn.seen.day = turn.walk.scene.today().isoformat()


def choose_sop(one: Walk) -> None:
    with one.row("–", HEAD, "pusat/sop") as turn:
        follow(turn.page, re.compile("Pilih SOP"))
        turn.page.get_by_label("Uji konsekuensi").select_option(label="01/SOP-PPID, versi 1")
        turn.sees(limited=False)
        turn.press("Simpan")
        turn.says("Dipakai")
    with one.row("–", OFFICER, "pusat/pengumpulan/buka") as turn:
        turn.page.get_by_label("Nama masa pengumpulan").fill("Uji konsekuensi usulan baru")
        due = one.scene.today() + timedelta(days=40)
        date_into(turn.page, "Batas pengiriman", str(due.day), str(due.month), str(due.year))
        turn.sees(limited=False)
        turn.press("Buka masa pengumpulan")
        turn.says("Belum mengirim")
        turn.tells(UNIT_OFFICER, "Masa pengumpulan dibuka", by_mail=True)


def tested_at_unit(one: Walk) -> None:
    with one.row("1", UNIT_OFFICER, "u/dpk/butir/tambah") as turn:
        _write(turn.page)
        turn.press("Simpan")
        turn.says(TITLE)
    with one.row("1", UNIT_OFFICER, "u/dpk/uji") as turn:
        due = due_day(turn.main)
        until(turn, due, reminded=UNIT_HEAD)
        turn.sees()
        turn.does("membaca lembar uji: “Uji semua butir sudah lengkap.”")
        turn.says("Uji semua butir sudah lengkap")
    with one.row("1", UNIT_OFFICER, "u/dpk/pengajuan/periksa") as turn:
        turn.page.get_by_text("Tambah berkas").click()
        turn.page.get_by_label("Jenis berkas").select_option(label="Berita acara")
        turn.page.get_by_label("Berkas", exact=True).set_input_files(MINUTES)
        press(turn.page, "Tambahkan")
        turn.page.get_by_label("Daftar ini sudah diperiksa").check()
        turn.sees()
        turn.press("Kirim ke PPID Utama")
        turn.says("Daftar terkirim")
        turn.tells(OFFICER, "Pengajuan masuk")


def _write(page: Page) -> None:
    """Write one item with its whole test."""
    for label, text in TYPED.items():
        page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(text)
    page.get_by_label("Seluruhnya").check()
    page.get_by_label(re.compile(r"^Huruf h\b")).check()
    page.get_by_label("Setelah waktu tertentu").check()
    page.get_by_label(re.compile("^Satuan")).select_option("tahun")
    page.get_by_label("Menutup", exact=True).check()


def tested_at_central(one: Walk) -> None:
    with one.row("2", OFFICER, "pusat/pengajuan") as turn:
        turn.page.get_by_role("button", name=re.compile(f"^Ambil & periksa {UNIT}")).click()
        expect(turn.page.get_by_role("heading", level=1)).to_contain_text(UNIT)
        until(turn, due_day(turn.main), reminded=HEAD)
        turn.sees()
        press(turn.page, re.compile(r"^Terima \d+ yang belum diputus$"))
        turn.press("Selesai diperiksa")
        turn.says("Selesai diperiksa")
    with one.row("2", OFFICER, "pusat/uji") as turn:
        _to_first(turn.page)
        turn.sees()
        turn.press(re.compile("^Pakai hasil uji unit"))
        turn.says("Siap disampaikan ke Tim Pertimbangan")
        turn.press("Sampaikan ke Tim Pertimbangan")
        turn.says("Menunggu Tim Pertimbangan")
        turn.tells(BOARD, "Pertimbangan Anda diminta", by_mail=True)


def _to_first(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()


def advise(one: Walk) -> None:
    with one.row("3", BOARD, "pusat/telaah") as turn:
        turn.page.set_viewport_size(PHONE)
        until(turn, due_day(turn.main), reminded=BOARD)
        turn.sees()
        follow(turn.page, "Mulai")
        turn.press("Sependapat")
        turn.says("Semua butir sudah Anda pertimbangkan")
    with one.row("3", OFFICER, "pusat/uji") as turn:
        _to_first(turn.page)
        turn.sees()
        turn.page.get_by_label("Nomor lembar pertimbangan").fill("13/TP")
        turn.press("Tutup pertimbangan")
        turn.says("Lembar pertimbangan 13/TP")
        turn.tells(HEAD, "Pertimbangan selesai")


def draft(one: Walk) -> None:
    with one.row("4", OFFICER, "pusat/penetapan") as turn:
        follow(turn.page, "Siapkan draf penetapan")
        turn.page.get_by_label("Ditetapkan di").fill("Ciruas")
        turn.page.get_by_label("Nama penanda tangan").fill("Atasan PPID")
        turn.page.get_by_label("Jabatan penanda tangan").fill("Sekretaris Daerah Kabupaten Serang")
        for box in turn.page.get_by_label(re.compile("^Jangan ikutkan (?!" + TITLE + ")")).all():
            box.check()
        press(turn.page, "Simpan draf")
        until(turn, due_day(turn.main), reminded=HEAD)
        turn.sees()
        turn.press("Kirim ke Atasan PPID")
        turn.says("Draf dikirim ke Atasan PPID")
        turn.tells(SUPERIOR, "Penetapan menunggu persetujuan Anda", by_mail=True)


def approve(one: Walk) -> None:
    with one.row("5", SUPERIOR, "pusat/beranda") as turn:
        turn.page.set_viewport_size(PHONE)
        until(turn, due_day(turn.main), reminded=SUPERIOR)
        turn.sees()
        follow(turn.page, "Baca dan jawab")
        turn.seen.screen = address(turn.page)
        turn.look()
        turn.press("Setujui")
        turn.says("Draf disetujui")
        turn.tells(OFFICER, "Penetapan disetujui", by_mail=True)


def hand_out(one: Walk) -> None:
    with one.row("6", OFFICER, "pusat/penetapan") as turn:
        _to_first(turn.page)
        turn.page.get_by_label("Nomor penetapan").fill("500.12.18/Kep.411-PPID")
        turn.press("Catat penetapan")
        turn.says("Penetapan tercatat")
        until(turn, due_day(turn.main), reminded=HEAD)
        turn.sees()
        turn.press("Serahkan salinan ke unit")
        turn.says("diserahkan ke unit")
        turn.tells(UNIT_OFFICER, "Penetapan diserahkan", by_mail=True)
    with one.row("6", UNIT_OFFICER, "u/dpk/penetapan") as turn:
        _to_first(turn.page)
        turn.sees(limited=None)
        turn.press("Beri tanda terima")
        turn.tells(OFFICER, "Penetapan diterima unit")
