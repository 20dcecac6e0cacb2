"""Why a file cannot be taken in, in the words shown to the officer: what happened, and what to do about it."""

from typing import Literal, NoReturn

from ppid_saas.access.sayings import say

Refusal = Literal["not_a_workbook", "damaged", "encrypted", "too_big", "empty", "too_many_columns", "bomb"]

MAX_BYTES = 10 * 1024 * 1024
# A hundred thousand items, and room for the letterhead, headings, sections and signatures around them.
MAX_ROWS = 101_000
MAX_COLUMNS = 50


MESSAGES: dict[Refusal, str] = {
    "not_a_workbook": say(
        "Berkas ini bukan daftar yang dapat dibaca. Pakai berkas .xlsx, .xls, .ods, .csv, atau .docx."
    ),
    "damaged": say(
        "Berkas ini rusak atau terpotong. Buka berkas aslinya, simpan ulang sebagai .xlsx, lalu unggah lagi."
    ),
    "encrypted": say("Berkas ini terkunci kata sandi. Hapus kata sandinya, simpan, lalu unggah lagi."),
    "too_big": say(
        "Berkas ini terlalu besar: paling banyak 10 MB dan 100.000 baris. Bagi menjadi beberapa berkas."
    ),
    "empty": say("Tidak ada tabel berisi di berkas ini. Periksa apakah Anda memilih berkas yang benar."),
    "too_many_columns": say(
        "Tabel ini lebih dari 50 kolom. Sisakan kolom daftar saja, simpan, lalu unggah lagi."
    ),
    "bomb": say(
        "Isi berkas ini tidak wajar sehingga tidak dibuka. Salin tabelnya ke buku kerja baru, lalu unggah yang baru."
    ),
}


class UnreadableFile(Exception):  # noqa: N818  # it tells what the file is, as the screen does
    """A file that gives no table; `code` is for programs, `message` for the officer."""

    def __init__(self, code: Refusal, message: str = "") -> None:
        self.code = code
        self.message = message or MESSAGES[code]
        super().__init__(self.message)


def refuse(code: Refusal, message: str = "") -> NoReturn:
    raise UnreadableFile(code, message)
