"""Invented lists in the layouts offices really use, each from a seed, with what an importer must find in it."""

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from ppid_saas.intake.rules import Field

HEADINGS: dict[Field, tuple[str, ...]] = {
    "number": ("No", "NO.", "No. Urut", "Nomor", "N O"),
    "title": (
        "Informasi",
        "JENIS INFORMASI",
        "Judul  Informasi",
        "Informasi Publik yang Dikecualikan",
        "Nama Informasi Publik",
        "Esensi Informasi",
        "Judul\nInformasi",
        "Jenis Informsi",
    ),
    "content": (
        "Konten Informasi",
        "Ringkasan Isi Informasi",
        "Uraian Singkat",
        "Rincian isi informasi",
        "Deskripsi",
    ),
    "ground": (
        "Dasar Hukum",
        "DASAR HUKUM PENGECUALIAN INFORMASI",
        "Dasar Hukm Pengecualian",
        "Landasan Hukum",
        "Dasar hukum (pasal dan huruf)",
        "Peraturan perundang-undangan yang menjadi dasar",
    ),
    "harm": (
        "Konsekuensi Dibuka",
        "Akibat bila info dibuka",
        "Dampak apabila informasi di buka kepada umum",
        "konsekuensi_dibuka",
        "Risiko jika informasi publik dibuka",
        "Konsekuensi/Pertimbanagn Dibuka bagi Publik",
    ),
    "interest": (
        "Konsekuensi Ditutup",
        "Manfaat bila informasi ditutup",
        "Kepentingan yang dilindungi bila di tutup",
        "konsekuensi_ditutup",
        "Akibat bila info ditutup",
        "Konsekuensi/Pertimbanagn Ditutup bagi Publik",
    ),
    "period": (
        "Jangka Waktu",
        "BATAS WAKTU PENGECUALIAN",
        "Jangka Waktu\nPengecualian",
        "Masa Pengecualian (tahun)",
        "Jangka Waktu Pengecualian Informasi",
        "Jangka Wakttu",
    ),
    "retention": (
        "Jangka Waktu Penyimpanan",
        "Masa Simpan Arsip",
        "Retensi Arsip (JRA)",
        "Jangka waktu simpan",
    ),
    "holder": (
        "Penanggung Jawab",
        "Pejabat yang Menguasai Informasi",
        "Penanggungjawab Pembuatan/Penerbitan Informasi",
        "Pejabat/Unit/Satker yang menguasai informasi",
        "Penanggung jwb",
    ),
    "unit": ("Perangkat Daerah", "SKPD", "Unit Kerja", "OPD"),
    "form": ("Bentuk Informasi", "Format Informasi", "Bentuk informasi yang tersedia"),
    "note": ("Keterangan", "KET.", "Catatan"),
}
UNKNOWN = (
    "Waktu dan tempat pembuatan informasi",
    "Kategori",
    "Tautan",
    "Nomor dan tanggal penetapan",
    "Volume",
)
GROUPS = (
    "Konsekuensi/Pertimbangan Bagi Publik",
    "KONSEKUENSI",
    "Konsekuensi / Pertimbangan bagi publik apabila",
)
SIDES = (
    ("Dibuka", "Ditutup"),
    ("DIBUKA", "DITUTUP"),
    ("Akibat bila dibuka", "Manfaat bila ditutup"),
    ("Jika di buka", "Jika di tutup"),
)
Words = Callable[[random.Random, Field | None], str]
OPTIONAL: tuple[Field, ...] = ("content", "retention", "holder", "unit", "form", "note")

THINGS = (
    "Data pribadi",
    "Hasil pemeriksaan",
    "Rancangan",
    "Berita acara",
    "Identitas pelapor",
    "Rekaman",
    "Catatan",
)
ABOUT = (
    "pegawai",
    "pasien puskesmas",
    "jaringan peladen",
    "penyidikan pelanggaran perda",
    "peserta seleksi",
    "wajib pajak",
)
LAWS = (
    "UU 14/2008 Pasal 17 huruf h",
    "UU No 14 Tahun 2008 Pasal 17 huruf a\nKUHAP Pasal 7",
    "1. UU KIP Pasal 17 huruf i\n2. UU 43/2009 tentang Kearsipan",
    "Undang-Undang Nomor 14 Tahun 2008, Pasal 17 huruf b",
)
PERIODS = (
    "5 Tahun",
    "Tidak terbatas",
    "Sampai proses selesai",
    "1 (satu) tahun",
    "Selama sistem digunakan",
    "10 tahun, dapat ditinjau",
)
WORDS = (
    "mengganggu proses",
    "melindungi warga",
    "merugikan pihak lain",
    "menjaga ketertiban",
    "membuka rahasia jabatan",
)
SECTIONS = (
    "A. SEKRETARIAT",
    "BIDANG PELAYANAN",
    "II. Informasi yang menghambat penegakan hukum",
    "Bagian Hukum",
)
SIGNATURES = (
    (
        "Ditetapkan di Kota Contoh",
        "pada tanggal 5 Maret 2026",
        "KEPALA DINAS,",
        "",
        "NAMA PEJABAT",
        "NIP. 1970",
    ),
    ("Kota Contoh, 12 Januari 2026", "Plt. Kepala Badan", "", "", "(..............)"),
    ("Mengetahui,", "Sekretaris Daerah", "selaku Atasan PPID", "", "Nama Terang", "Pembina Utama"),
)


@dataclass
class Layout:
    """A workbook and the truth about it: heading block (first row from 1, depth), field of each column, its items."""

    data: bytes = b""
    top: int = 0
    depth: int = 1
    fields: list[Field | None] = field(default_factory=list)
    items: list[dict[Field, str]] = field(default_factory=list)


def from_lists(draw: random.Random, name: Field | None) -> str:
    return draw.choice(UNKNOWN if name is None else HEADINGS[name])


def make_layout(seed: int | str, words: Words = from_lists) -> Layout:
    """One workbook; `words` writes the heading over a column of each kind, None being a column of none of ours."""
    draw = random.Random(seed)
    layout = Layout(fields=columns(draw))
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    if draw.random() < 0.3:
        book.add_worksheet("Rekap").write_row(0, 0, ("Perangkat Daerah", "Jumlah"))
    sheet = book.add_worksheet("DIK")
    row = letterhead(draw, sheet, len(layout.fields))
    layout.top = row + 1
    row = write_heading(draw, sheet, layout, row, words)
    write_rows(draw, sheet, layout, row)
    book.close()
    layout.data = buffer.getvalue()
    return layout


def columns(draw: random.Random) -> list[Field | None]:
    chosen: list[Field | None] = ["title", "ground", "harm", "interest", "period"]
    for extra in draw.sample(OPTIONAL, draw.randint(0, 4)):
        chosen.insert(draw.randint(1, len(chosen)), extra)
    position = chosen.index("harm")
    chosen.remove("interest")
    chosen.insert(position + 1, "interest")
    if draw.random() < 0.4:
        chosen.append(None)
    return ["number", *chosen] if draw.random() < 0.85 else chosen


def letterhead(draw: random.Random, sheet: Worksheet, width: int) -> int:
    lines = draw.sample(
        (
            "PEMERINTAH KABUPATEN CONTOH",
            "DAFTAR INFORMASI YANG DIKECUALIKAN TAHUN 2026",
            "SKPD : Dinas Contoh",
            "Lampiran Keputusan Nomor 188/1/2026",
        ),
        draw.randint(0, 4),
    )
    for row, line in enumerate(lines):
        if draw.random() < 0.7:
            sheet.merge_range(row, 0, row, width - 1, line)
        else:
            sheet.write_string(row, 0, line)
    return len(lines) + (draw.randint(0, 2) if lines else 0)


def write_heading(draw: random.Random, sheet: Worksheet, layout: Layout, row: int, words: Words) -> int:
    texts = [words(draw, name) for name in layout.fields]
    style = draw.choice(("single", "merged", "merged", "blank", "narrow"))
    if style == "single":
        sheet.write_row(row, 0, texts)
    else:
        layout.depth = 2
        left = layout.fields.index("harm")
        group = draw.choice(GROUPS)
        for column, text in enumerate(texts):
            if column not in (left, left + 1):
                write_tall(sheet, row, column, text, merged=style != "blank")
        if style == "blank":
            sheet.write_string(row, left, group)
        else:
            sheet.merge_range(row, left, row, left + 1, group)
        sheet.write_row(row + 1, left, draw.choice(SIDES))
    row += layout.depth
    if draw.random() < 0.5:
        form = draw.choice(("{}", "({})", "{}."))
        sheet.write_row(row, 0, [form.format(n) if form != "{}" else n for n in range(1, len(texts) + 1)])
        row += 1
    return row


def write_tall(sheet: Worksheet, row: int, column: int, text: str, *, merged: bool) -> None:
    if merged:
        sheet.merge_range(row, column, row + 1, column, text)
    else:
        sheet.write_string(row, column, text)


def invented(draw: random.Random, n: int, name: Field) -> str:
    sentence = partial(draw.choice, WORDS)
    return {
        "number": str(n),
        "title": f"{draw.choice(THINGS)} {draw.choice(ABOUT)} nomor {n}",
        "ground": draw.choice(LAWS),
        "period": draw.choice(PERIODS),
        "retention": f"{draw.randint(1, 30)} Tahun aktif",
        "holder": f"Kepala Seksi {draw.randint(1, 9)}",
        "unit": f"Dinas Contoh {draw.randint(1, 4)}",
        "form": draw.choice(("Soft copy", "Hard copy", "Soft dan hard copy")),
        "note": "",
    }.get(name) or (f"Dapat {sentence()} dan {sentence()}" if name != "note" else "")


def write_rows(draw: random.Random, sheet: Worksheet, layout: Layout, row: int) -> None:
    width = len(layout.fields)
    with_sections, spread = draw.random() < 0.5, draw.choice(("none", "ground", "item", "none"))
    count = draw.randint(6, 25)
    n = 0
    while n < count:
        if with_sections and n % 5 == 0:
            write_section(draw, sheet, layout, row)
            row += 1
        elif n and n % 7 == 0 and layout.depth == 1 and draw.random() < 0.5:
            row = repeat_heading(sheet, layout, row)
        if spread == "ground" and n % 4 == 0 and n + 2 <= count and not (with_sections and (n + 1) % 5 == 0):
            row = write_shared(draw, sheet, layout, row, n)
            n += 2
        elif spread == "item" and "number" in layout.fields and n % 3 == 0:
            row = write_spread(draw, sheet, layout, row, n)
            n += 1
        else:
            n += 1
            write_item(sheet, layout, row, item_of(draw, layout, n))
            row += 1
    if draw.random() < 0.7:
        column = draw.randint(max(width - 3, 1), width - 1)
        for line in draw.choice(SIGNATURES):
            row += 1
            sheet.write_string(row, column, line)


def repeat_heading(sheet: Worksheet, layout: Layout, row: int) -> int:
    texts = [sheet.table[layout.top - 1][column] for column in range(len(layout.fields))]
    strings = list(sheet.str_table.string_table)
    sheet.write_row(row, 0, [strings[text.string] for text in texts])
    return row + 1


def item_of(draw: random.Random, layout: Layout, n: int) -> dict[Field, str]:
    item = {name: invented(draw, n, name) for name in layout.fields if name}
    layout.items.append(item)
    return item


def write_item(sheet: Worksheet, layout: Layout, row: int, item: dict[Field, str]) -> None:
    for column, name in enumerate(layout.fields):
        if name == "number":
            sheet.write_number(row, column, int(item[name]))
        elif name and item[name]:
            sheet.write_string(row, column, item[name])


def write_section(draw: random.Random, sheet: Worksheet, layout: Layout, row: int) -> None:
    text = draw.choice(SECTIONS)
    if draw.random() < 0.6 or "number" not in layout.fields:
        sheet.merge_range(row, 0, row, len(layout.fields) - 1, text)
    elif draw.random() < 0.5:
        sheet.write_string(row, 0, text)
    else:
        sheet.write_string(row, 0, draw.choice("ABC"))
        sheet.write_string(row, layout.fields.index("title"), text)


def write_shared(draw: random.Random, sheet: Worksheet, layout: Layout, row: int, n: int) -> int:
    """Two items under one merged legal ground and one merged period."""
    first, second = item_of(draw, layout, n + 1), item_of(draw, layout, n + 2)
    for step, item in enumerate((first, second)):
        item |= {"ground": first["ground"], "period": first["period"]}
        write_item(sheet, layout, row + step, item)
    for name in ("ground", "period"):
        column = layout.fields.index(name)
        sheet.merge_range(row, column, row + 1, column, first[name])
    return row + 2


def write_spread(draw: random.Random, sheet: Worksheet, layout: Layout, row: int, n: int) -> int:
    """One item over two rows: everything merged but the laws, one a row."""
    item = item_of(draw, layout, n + 1)
    laws = ("UU 14/2008 Pasal 17 huruf h", "UU 27/2022 Pasal 4")
    item["ground"] = "\n".join(laws)
    for column, name in enumerate(layout.fields):
        if name == "ground":
            sheet.write_column(row, column, laws)
        elif name:
            sheet.merge_range(
                row, column, row + 1, column, int(item[name]) if name == "number" else item[name]
            )
    return row + 2
