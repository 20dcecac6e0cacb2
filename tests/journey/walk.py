"""The outcome as people walk it: from an office's workbook to a citizen who reads why and until when.

Each function is one paragraph of "The first five minutes" in the README, by the words on the screen alone.
"""

import os
import re
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.fixtures.scans import scan
from tests.journey.people import (
    Watch,
    choose,
    date_into,
    follow,
    press,
    until_shown,
    wait_for_job,
)

SAMPLE = Path(__file__).parents[1] / "samples" / "contoh-daftar.xlsx"
REAL = "tardamu-2024.xlsx"
TITLE = "Denah ruang peladen dan kata kunci layanan"
HARM = "Ruang peladen dapat dimasuki orang yang tidak berhak"
YEARS = 5
MONTHS = [
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
]  # fmt: skip
LETTER = scan(2_000)


def real_list() -> Path:
    """A list as an office really keeps it, where the folder of such lists is at hand; else our own."""
    folder = os.environ.get("PPID_SAMPLE_LISTS")
    found = Path(folder) / "lists" / REAL if folder else SAMPLE
    return found if found.is_file() else SAMPLE


def open_collection(page: Page, watch: Watch) -> None:
    choose(page, "Pengumpulan")
    watch.look(page, "pengumpulan-kosong")
    follow(page, "Buka masa pengumpulan")
    watch.look(page, "buka-pengumpulan")
    date_into(page, "Batas pengiriman", "31", "Desember", str(date.today().year + 1))  # noqa: DTZ011  # any later day
    press(page, "Buka")
    expect(page.get_by_role("main")).to_contain_text("Belum mengirim")
    watch.look(page, "pengumpulan")


def bring_list(page: Page, watch: Watch, workbook: Path) -> int:
    """Import a workbook and return how many items came of it."""
    choose(page, "Impor")
    watch.look(page, "impor")
    name = f"{watch.plant('name of the imported file')}.xlsx"
    page.get_by_label("Berkas daftar").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": workbook.read_bytes()}
    )
    press(page, "Unggah dan baca")
    wait_for_job(page, watch)
    if page.url.endswith("/kolom"):
        expect(page.get_by_role("row", name="Judul informasi")).to_contain_text("Yakin")
        watch.look(page, "kolom")
        press(page, "Lanjut periksa baris")
    watch.look(page, "baris")
    press(page, "Simpan dan lanjut ke ringkasan")
    watch.look(page, "simpan")
    press(page, re.compile(r"^Simpan \d+ butir$"))
    made = re.search(r"(\d+) butir dibuat dari", page.get_by_role("main").inner_text())
    assert made
    watch.look(page, "hasil-impor")
    return int(made[1])


def write_item(page: Page, watch: Watch, title: str, harm: str) -> None:
    """Write an item by hand; every field the public never reads carries a planted word."""
    choose(page, "Butir")
    follow(page, "Tambah informasi")
    texts = {
        "Judul informasi": title,
        "Jabatan penguasa informasi": "Kepala Bidang Informatika",
        "Dokumen yang memuat": watch.plant("document that carries it"),
        "Apa akibat buruknya?": harm,
        "Apa manfaatnya bagi publik?": watch.plant("benefit of opening"),
        "Kepentingan apa yang terlindungi?": "Keamanan layanan bagi warga",
        "Apa kerugiannya bagi publik?": watch.plant("loss by closing"),
        "Syarat pembukaan lebih awal": watch.plant("condition of earlier release"),
        "Alasan kesimpulan": watch.plant("reason of the conclusion"),
        "Nomor dan tanggal permohonan": watch.plant("number of the request"),
        "Peserta uji konsekuensi": watch.plant("participant of the test"),
        "Tempat softcopy": watch.plant("place of the soft copy"),
        "Tempat hardcopy": watch.plant("place of the hard copy"),
        "Retensi arsip": watch.plant("retention of the archive"),
        "Ringkasan isi": watch.plant("summary for later"),
        "Penanggung jawab pembuatan": watch.plant("maker of the document"),
        "Waktu dan tempat pembuatan": watch.plant("place it was made"),
        "Catatan unit": watch.plant("note of the unit"),
        "Lama": str(YEARS),
    }
    page.get_by_text("Isian untuk Daftar Informasi Publik").click()
    for label, text in texts.items():
        page.get_by_label(re.compile(f"^{re.escape(label)}")).fill(text)
    page.get_by_label("Seluruhnya").check()
    page.get_by_label(re.compile(r"^Huruf h\b")).check()
    page.get_by_label("Setelah waktu tertentu").check()
    page.get_by_label(re.compile("^Satuan")).select_option("tahun")
    watch.look(page, "isi-butir")
    press(page, "Simpan")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    watch.look(page, "butir")


def delete_draft(page: Page, watch: Watch) -> None:
    choose(page, "Butir")
    follow(page, "Tambah informasi")
    page.get_by_label("Judul informasi").fill(watch.plant("title of a deleted draft"))
    press(page, "Simpan")
    press(page, "Hapus")
    watch.look(page, "daftar-butir")


def mend(page: Page, watch: Watch) -> int:
    """Follow each thing the check says is missing to its field, fill it, and come back; return how many there were."""
    said = page.locator("section.error-summary")
    mended = 0
    while said.count():
        if not mended:
            watch.look(page, "periksa-terhalang")
        link = said.get_by_role("link").first
        field = str(link.get_attribute("href")).partition("#f-")[2]
        link.click()
        _fill_missing(page, field)
        press(page, "Simpan")
        mended += 1
        assert mended < 100
        choose(page, "Pengajuan")
        follow(page, "Periksa dan kirim")
    return mended


def _fill_missing(page: Page, field: str) -> None:
    expect(page.locator(f"[id='f-{field}']"), f"the check points at {field}").to_have_count(1)
    if field == "grounds":
        page.get_by_label(re.compile(r"^Huruf h\b")).check()
    elif field == "period.review_on":
        date_into(page, "Tanggal peninjauan", "2", "1", str(date.today().year + 2))  # noqa: DTZ011  # any later day
    elif field == "period.kind":
        page.get_by_label("Setelah waktu tertentu").check()
        page.get_by_label(re.compile("^Lama")).fill("3")
        page.get_by_label(re.compile("^Satuan")).select_option("tahun")
    else:
        page.locator(f"[id='f-{field}']").fill("Diisi menurut permintaan layar")


def hand_in(page: Page, watch: Watch) -> int:
    """Mend what blocks, declare and send; return how much had to be mended."""
    choose(page, "Pengajuan")
    watch.look(page, "pengajuan")
    follow(page, "Periksa dan kirim")
    mended = mend(page, watch)
    watch.look(page, "periksa")
    page.get_by_label("Daftar ini sudah diperiksa").check()
    press(page, "Kirim ke PPID Utama")
    expect(page.get_by_role("main")).to_contain_text("Daftar terkirim")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("PJ-"))
    watch.look(page, "tanda-terima")
    return mended


def return_one(page: Page, watch: Watch, unit: str) -> None:
    """Find the submission in the inbox, send one item back with a note, accept the others."""
    choose(page, "Pemeriksaan")
    until_shown(page, unit)
    watch.look(page, "pengajuan-masuk")
    press(page, re.compile(f"^Ambil & periksa {re.escape(unit)}$"))
    watch.look(page, "pemeriksaan")
    item = page.get_by_role("article").last
    item.get_by_text("Minta perbaikan").click()
    item.get_by_label("Apa yang perlu diperbaiki?").fill(watch.plant("note of a returned item"))
    item.get_by_role("button", name="Kembalikan ke unit").click()
    finish_review(page, watch)


def finish_review(page: Page, watch: Watch) -> None:
    press(page, re.compile(r"^Terima \d+ yang belum diputus$"))
    press(page, "Selesai diperiksa")
    expect(page.get_by_role("main")).to_contain_text("Selesai diperiksa")
    watch.look(page, "selesai-diperiksa")


def send_again(page: Page, watch: Watch) -> None:
    """Mend the returned item as its note asks, and send it once more."""
    choose(page, "Beranda")
    until_shown(page, "butir perlu diperbaiki")
    watch.look(page, "beranda-perbaikan")
    follow(page, "Perbaiki butir")
    expect(page.get_by_role("main")).to_contain_text(watch.secret["note of a returned item"])
    watch.look(page, "perbaikan")
    follow(page, re.compile(r"^Perbaiki butir \d+$"))
    page.get_by_label("Catatan unit").fill(watch.plant("note of the unit after mending"))
    press(page, "Simpan")
    choose(page, "Pengajuan")
    follow(page, re.compile("butir yang dikembalikan"))
    page.get_by_label("Daftar ini sudah diperiksa").check()
    press(page, "Kirim ulang 1 butir")
    expect(page.get_by_role("main")).to_contain_text("Daftar terkirim")


def accept_the_rest(page: Page, watch: Watch, unit: str) -> None:
    choose(page, "Pemeriksaan")
    until_shown(page, "putaran 2")
    press(page, re.compile(f"^Ambil & periksa {re.escape(unit)}$"))
    watch.look(page, "pemeriksaan-kedua")
    finish_review(page, watch)


def write_internal_note(page: Page, watch: Watch, title: str) -> None:
    choose(page, "Daftar gabungan")
    watch.look(page, "daftar-gabungan")
    follow(page, title)
    page.get_by_label("Catatan internal PPID Utama").fill(watch.plant("internal note of the central"))
    press(page, "Simpan catatan")
    watch.look(page, "butir-terhimpun")


def determine(page: Page, watch: Watch, left_out: str) -> date:
    """Record the decision over every accepted item but one; return its day."""
    choose(page, "Penetapan")
    watch.look(page, "penetapan-kosong")
    follow(page, "Catat penetapan")
    page.get_by_label("Nomor penetapan").fill("500.12/1/PPID")
    page.get_by_label("Ditetapkan di").fill("Kota Contoh")
    page.get_by_label("Nama penanda tangan").fill(watch.plant("name of the signatory"))
    page.get_by_label("Jabatan penanda tangan").fill("Kepala Dinas Komunikasi")
    name = f"{watch.plant('name of the letter')}.pdf"
    page.get_by_label("Surat yang ditandatangani").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": LETTER}
    )
    page.get_by_label(f"Jangan ikutkan {left_out}").check()
    boxes = page.get_by_role("group", name="Tanggal penetapan")
    day, month, year = (
        int(boxes.get_by_label(part, exact=True).input_value()) for part in ("Tanggal", "Bulan", "Tahun")
    )
    watch.look(page, "catat-penetapan")
    press(page, "Catat penetapan")
    expect(page.get_by_role("main")).to_contain_text("Penetapan tercatat")
    watch.look(page, "penetapan")
    return date(year, month, day)


def prepare_edition(page: Page, watch: Watch) -> None:
    choose(page, "Edisi")
    watch.look(page, "edisi-kosong")
    press(page, "Siapkan edisi")
    wait_for_job(page, watch)
    expect(page.get_by_role("main")).to_contain_text("Edisi diterbitkan oleh Kepala PPID Utama")
    watch.look(page, "pratinjau")


def publish(page: Page, watch: Watch) -> None:
    choose(page, "Edisi")
    watch.look(page, "edisi-disiapkan")
    follow(page, "Edisi 1")
    watch.look(page, "pratinjau-kepala")
    page.get_by_label("Ketik nomor edisi").fill("satu")
    press(page, "Terbitkan edisi")
    expect(page.get_by_role("main")).to_contain_text("Ketik 1 untuk menerbitkan.")
    watch.look(page, "pratinjau-galat")
    page.get_by_label("Ketik nomor edisi").fill("1")
    press(page, "Terbitkan edisi")
    expect(page.get_by_role("main")).to_contain_text("Edisi 1 terbit")
    watch.look(page, "edisi-terbit")


def in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def years_later(day: date, years: int) -> date:
    """The same date years on, 28 February where there is no 29th."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, day.month, 28 if leap else day.day)


def read_as_citizen(page: Page, watch: Watch, region: str, title: str, last_day: date) -> str:
    """Search as anyone would, open the item, read why and until when; return its address."""
    page.goto(watch.running.at("portal", f"/{region}/"))
    watch.look(page, "portal")
    page.get_by_role("searchbox").fill("kunci peladen")
    press(page, "Cari")
    expect(page.get_by_role("main")).to_contain_text("1 hasil")
    watch.look(page, "portal-hasil")
    follow(page, title)
    answer = page.get_by_role("main")
    expect(answer).to_contain_text(f"Dikecualikan sampai {in_words(last_day)}.")
    expect(answer).to_contain_text("Pasal 17 huruf h")
    watch.look(page, "portal-butir")
    assert page.context.cookies() == []
    return page.url
