"""A list as offices keep it: titles, a heading of two merged rows, column numbers, sections, a signature. As workbook and as Word.

Twenty-five items; fourteen share a wording that names no period, three say nothing of the harm. All of it is invented.
"""

import io

import xlsxwriter

from tests.intake.foreign_files import docx, word_row

HEAD = (
    "No", "Informasi", "Dasar Hukum", "Konsekuensi", "", "Jangka Waktu Pengecualian", "Jangka Waktu Penyimpanan",
    "Penanggung Jawab",
)  # fmt: skip
SIDES = ("", "", "", "Bila Dibuka", "Bila Ditutup", "", "", "")
TITLES = (
    "PEMERINTAH KABUPATEN CONTOH",
    "DINAS SEMUA URUSAN",
    "DAFTAR INFORMASI YANG DIKECUALIKAN",
    "TAHUN 2026",
)
SIGNED = ("Contoh, 2 Januari 2026", "Kepala Dinas Semua Urusan", "Nama Pejabat, S.Sos.")
ITEMS, VAGUE, HARMLESS = 25, 14, 3
WHEN_NEEDED = "sesuai ketentuan"
SHARED = range(1, 4)
GROUND = "Pasal 17 huruf h UU 14/2008"
THINGS = ("Berkas pengaduan", "Denah ruang arsip", "Hasil asesmen", "Nilai wawancara", "Kata kunci aplikasi")


def item(n: int) -> tuple[str, ...]:
    ground = GROUND if n not in SHARED or n == SHARED[0] else ""
    harm = "" if n > ITEMS - HARMLESS else "Pihak yang bersangkutan dirugikan"
    period = WHEN_NEEDED if n <= VAGUE else f"{n % 4 + 2} tahun"
    return (
        str(n), f"{THINGS[n % 5]} kelompok {n}", ground, harm, "Hak pribadi warga terlindungi", period,
        f"{n % 3 + 5} tahun setelah kegiatan selesai", "Sekretaris Dinas",
    )  # fmt: skip


def sectioned() -> list[tuple[str, ...]]:
    """The rows between heading and signature: column numbers, and two sections of items."""
    numbers = tuple(f"({n})" for n in range(1, len(HEAD) + 1))
    items = [item(n) for n in range(1, ITEMS + 1)]
    return [numbers, ("A. Bidang Pelayanan",), *items[:12], ("B. Bidang Umum",), *items[12:]]


def workbook() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("DIK 2026")
    last, top = len(HEAD) - 1, len(TITLES)
    for n, text in enumerate(TITLES):
        sheet.merge_range(n, 0, n, last, text)
    for column, text in enumerate(HEAD):
        if column not in (3, 4):
            sheet.merge_range(top, column, top + 1, column, text)
    sheet.merge_range(top, 3, top, 4, HEAD[3])
    rows = [SIDES, *sectioned()]
    for n, row in enumerate(rows, start=top + 1):
        if len(row) == 1:
            sheet.merge_range(n, 0, n, last, row[0])
        for column, text in enumerate(row if len(row) > 1 else ()):
            if text:
                sheet.write(n, column, int(text) if text.isdigit() else text)
    first = top + 1 + rows.index(item(SHARED[0]))
    sheet.merge_range(first, 2, first + len(SHARED) - 1, 2, GROUND)
    for n, text in enumerate(SIGNED, start=top + len(rows) + 3):
        sheet.write(n, 5, text)
    book.close()
    return out.getvalue()


def document() -> bytes:
    """The same list as a table of Word; what stands around a table there is no part of it."""
    upper = ["V:No", "V:Informasi", "V:Dasar Hukum", ">Konsekuensi", *(f"V:{text}" for text in HEAD[5:])]
    lower = ["v", "v", "v", *SIDES[3:5], "v", "v", "v"]
    body = [row if len(row) > 1 else (*row, *[""] * (len(HEAD) - 1)) for row in sectioned()]
    return docx("".join(word_row(*row) for row in (upper, lower, *map(merged, body))))


def merged(row: tuple[str, ...]) -> list[str]:
    """Give the shared ground its vertical merge."""
    cells = list(row)
    if cells[0].isdigit() and int(cells[0]) in SHARED:
        cells[2] = f"V:{cells[2]}" if cells[2] else "v"
    return cells
