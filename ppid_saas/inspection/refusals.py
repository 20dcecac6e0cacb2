"""Why a file is not taken in: a code for programs, and the words for whoever brought it, with the way out."""

from typing import Literal, NoReturn

from ppid_saas.access.sayings import say

Refusal = Literal[
    "type", "name", "empty", "too_large", "size", "not_its_type", "damaged", "encrypted", "macros", "scripted",
    "embedded", "remote", "hidden", "bomb", "virus", "unscannable", "unscanned", "busy",
]  # fmt: skip

MESSAGES: dict[Refusal, str] = {
    "type": say(
        "Jenis berkas ini tidak diterima. Simpan sebagai PDF, Word, Excel, PowerPoint, OpenDocument, teks, CSV, JPG, PNG, TIFF, atau WebP, lalu unggah lagi."
    ),
    "name": say(
        "Nama berkas ini memuat tanda yang tidak dapat dipakai. Ganti nama berkasnya, lalu unggah lagi."
    ),
    "empty": say("Berkas ini kosong. Periksa apakah Anda memilih berkas yang benar."),
    "too_large": say(
        "Berkas ini terlalu besar: jenis ini paling besar %(most)s. Bagi menjadi beberapa berkas."
    ),
    "size": say("Berkas ini berubah selagi diunggah. Unggah sekali lagi."),
    "not_its_type": say(
        "Isi berkas ini tidak cocok dengan akhiran namanya. Buka dengan program pembuatnya, simpan ulang, lalu unggah lagi."
    ),
    "damaged": say("Berkas ini rusak atau terpotong. Buka berkas aslinya, simpan ulang, lalu unggah lagi."),
    "encrypted": say("Berkas ini terkunci kata sandi. Hapus kata sandinya, simpan, lalu unggah lagi."),
    "macros": say(
        "Berkas ini memuat makro. Simpan sebagai .docx, .xlsx, atau .pptx tanpa makro, lalu unggah lagi."
    ),
    "scripted": say(
        "PDF ini memuat skrip atau perintah yang jalan sendiri. Cetak ke PDF baru, lalu unggah yang baru."
    ),
    "embedded": say(
        "Berkas ini membawa berkas lain di dalamnya. Keluarkan lampirannya, simpan, lalu unggah masing-masing."
    ),
    "remote": say(
        "Berkas ini mengambil isi dari alamat lain saat dibuka. Putuskan tautannya, simpan ulang, lalu unggah lagi."
    ),
    "hidden": say(
        "Ada data lain yang menumpang di berkas ini. Buka dengan program pembuatnya, simpan ulang, lalu unggah lagi."
    ),
    "bomb": say(
        "Isi berkas ini tidak wajar sehingga tidak dibuka. Simpan salinannya dengan program pembuatnya, lalu unggah salinan itu."
    ),
    "virus": say(
        "Pemindai menemukan virus di berkas ini. Jangan membukanya; hubungi petugas TI, lalu unggah salinan yang bersih."
    ),
    "unscannable": say(
        "Pemindai virus tidak dapat memeriksa berkas ini sampai habis. Bagi menjadi beberapa berkas yang lebih kecil."
    ),
    "unscanned": say("Pemindai virus sedang tidak menjawab. Berkas belum diterima; coba lagi nanti."),
    "busy": say("Pemeriksa berkas sedang penuh. Berkas belum diterima; coba lagi sebentar lagi."),
}
PASSING = frozenset({"unscanned", "busy"})


class RefusedFileError(Exception):
    """A file that is not taken in; `passing` tells that the same file may well be taken later."""

    def __init__(self, code: Refusal, message: str = "") -> None:
        self.code = code
        self.message = message or MESSAGES[code]
        self.passing = code in PASSING
        super().__init__(self.message)


def refuse(code: Refusal, message: str = "") -> NoReturn:
    raise RefusedFileError(code, message)
