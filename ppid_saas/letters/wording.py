"""The sentences of a decision, pure: those that ship, and a check of those a tenant writes instead.

A wording is plain text with named fields in braces, as `{butir}`; nothing in it can act. A part whose required field is
missing, or that names one we do not know, is not used. Which facts fill the fields is the business of who writes letters.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 6000
# What a wording may name, with an example for people who write one.
FIELDS: Final = {
    "nomor": "500.12/17/2026",
    "tanggal": "22 November 2026",
    "tempat": "Kota Contoh",
    "tentang": "Penetapan Daftar Informasi yang Dikecualikan",
    "badan_publik": "PPID Utama Kabupaten Contoh",
    "wilayah": "Kabupaten Contoh",
    "penanda_tangan": "Pejabat Contoh",
    "jabatan": "Sekretaris Daerah selaku Atasan PPID",
    "butir": "12",
    "unit": "3",
    "uji": "Berita Acara Nomor 7 tanggal 3 November 2026",
    "asal": "Nomor 500.12/3/2025 tanggal 4 Maret 2025",
    "alasan": "masa pengecualiannya diubah setelah pengujian ulang",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a letter: its words on the settings screen, what ships, the fields it may not lack. Lists go by lines."""

    name: str
    label: str
    text: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a wording: `unknown`, `missing`, `braces`, `empty` or `long`, and the field it is about."""

    kind: str
    field: str = ""


_CONSIDERING = (
    "bahwa informasi yang dikecualikan bersifat ketat, terbatas, dan tidak mutlak, serta ditetapkan melalui pengujian konsekuensi;\n"
    "bahwa {butir} butir informasi yang diusulkan {unit} unit telah diuji dan dipertimbangkan kepatutan serta kepentingan publiknya;\n"
)
_MINDING = Part(
    "minding", "Mengingat",
    "Undang-Undang Nomor 14 Tahun 2008 tentang Keterbukaan Informasi Publik;\n"
    "Peraturan Pemerintah Nomor 61 Tahun 2010 tentang Pelaksanaan Undang-Undang Nomor 14 Tahun 2008;\n"
    "Peraturan Menteri Dalam Negeri Nomor 3 Tahun 2017 tentang Pedoman Pengelolaan Pelayanan Informasi dan Dokumentasi;\n"
    "Peraturan Komisi Informasi Nomor 1 Tahun 2021 tentang Standar Layanan Informasi Publik;",
)  # fmt: skip
_REGARDING = Part("regarding", "Memperhatikan", "{uji};", ("uji",))
_COPIES = Part(
    "copies", "Tembusan", "Bupati/Wali Kota sebagai laporan;\nPimpinan unit yang bersangkutan;\nArsip."
)


def _decision(considering: str, first: Part, second: str, third: str, fourth: str) -> tuple[Part, ...]:
    return (
        Part("considering", "Menimbang", considering), _MINDING, _REGARDING, first, Part("second", "KEDUA", second),
        Part("third", "KETIGA", third), Part("fourth", "KEEMPAT", fourth), _COPIES,
    )  # fmt: skip


# Source: PP 61/2010 Ps 4; Perki 1/2021 Ps 49.
_IN_FORCE = "Keputusan ini mulai berlaku pada tanggal ditetapkan."
_GUARD = "Pimpinan unit yang menguasai informasi wajib menyimpan, mengamankan, dan menjaga kerahasiaannya, serta tetap memberikan bagian yang terbuka."
DECREE: Final = {
    "exemption": _decision(
        f"{_CONSIDERING}bahwa berdasarkan pertimbangan tersebut perlu menetapkan Keputusan {{jabatan}} tentang {{tentang}};",
        Part("first", "KESATU", "Menetapkan {butir} butir informasi sebagaimana tercantum dalam Lampiran sebagai Informasi yang Dikecualikan.", ("butir",)),
        "Jangka waktu pengecualian setiap informasi sebagaimana tercantum dalam Lampiran, terhitung sejak tanggal keputusan ini kecuali disebut lain.",
        _GUARD, _IN_FORCE,
    ),
    "amendment": _decision(
        f"{_CONSIDERING}bahwa penetapan {{asal}} perlu diubah;",
        Part("first", "KESATU", "Mengubah penetapan {asal} mengenai {butir} butir informasi sehingga menjadi sebagaimana tercantum dalam Lampiran.", ("butir", "asal")),
        "Jangka waktu pengecualian setiap informasi sebagaimana tercantum dalam Lampiran, terhitung sejak tanggal keputusan ini kecuali disebut lain.",
        "Penetapan {asal} tetap berlaku sepanjang tidak diubah dengan keputusan ini.", _IN_FORCE,
    ),
    "revocation": _decision(
        "bahwa {alasan};\nbahwa penetapan {asal} perlu dicabut mengenai informasi sebagaimana tercantum dalam Lampiran;",
        Part("first", "KESATU", "Mencabut penetapan {asal} mengenai {butir} butir informasi sebagaimana tercantum dalam Lampiran.", ("butir", "asal")),
        "Informasi sebagaimana tercantum dalam Lampiran tidak lagi dikecualikan karena {alasan}.",
        "Pimpinan unit memasukkan informasi tersebut ke dalam Daftar Informasi Publik.", _IN_FORCE,
    ),
    "opening": _decision(
        "bahwa masa pengecualian {butir} butir informasi berakhir atau informasinya dinyatakan terbuka;\nbahwa informasi tersebut perlu ditetapkan sebagai informasi publik;",
        Part("first", "KESATU", "Menetapkan {butir} butir informasi sebagaimana tercantum dalam Lampiran sebagai informasi yang terbuka.", ("butir",)),
        "Informasi tersebut semula dikecualikan dengan penetapan {asal}.",
        "Pimpinan unit memasukkan informasi tersebut ke dalam Daftar Informasi Publik.", _IN_FORCE,
    ),
}  # fmt: skip
_CLOSING = Part(
    "closing",
    "Penutup",
    "Demikian surat penetapan ini dibuat untuk dilaksanakan dengan penuh tanggung jawab.",
)
LETTER: Final = {
    kind: (Part("opening", "Pembuka", text, needs), _CLOSING, _COPIES)
    for kind, text, needs in (
        ("exemption", "Berdasarkan hasil pengujian konsekuensi ({uji}), dengan ini ditetapkan {butir} butir informasi pada {unit} unit sebagai Informasi yang Dikecualikan, sebagaimana tercantum dalam Lampiran.", ("butir", "uji")),
        ("amendment", "Dengan surat ini penetapan {asal} diubah mengenai {butir} butir informasi, sehingga menjadi sebagaimana tercantum dalam Lampiran.", ("butir", "asal")),
        ("revocation", "Dengan surat ini penetapan {asal} dicabut mengenai {butir} butir informasi sebagaimana tercantum dalam Lampiran, karena {alasan}.", ("butir", "asal", "alasan")),
        ("opening", "Dengan surat ini {butir} butir informasi yang semula dikecualikan dengan penetapan {asal} ditetapkan sebagai informasi yang terbuka, sebagaimana tercantum dalam Lampiran.", ("butir",)),
    )
}  # fmt: skip
INSTRUMENTS: Final[Mapping[str, Mapping[str, tuple[Part, ...]]]] = {"surat": LETTER, "keputusan": DECREE}


def faults(part: Part, text: str) -> list[Fault]:
    """Return what keeps a text from standing in for a part."""
    if not text.strip():
        return [Fault("empty")]
    if len(text) > LONGEST:
        return [Fault("long")]
    try:
        parsed = list(string.Formatter().parse(text))
    except ValueError:
        return [Fault("braces")]
    named = [name for _, name, spec, conversion in parsed if name is not None]
    if any(spec or conversion for _, name, spec, conversion in parsed if name is not None):
        return [Fault("braces")]
    unknown = [Fault("unknown", name) for name in dict.fromkeys(named) if name not in FIELDS]
    return unknown + [Fault("missing", name) for name in part.needs if name not in named]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a faultless wording with its fields filled."""
    return "".join(
        before + (values[name] if name is not None else "")
        for before, name, _, _ in string.Formatter().parse(text)
    )


def lines(text: str) -> list[str]:
    """Return the items of a part that is a list: its lines."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def chosen(instrument: str, kind: str, own: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each part: the tenant's where it may stand, else what ships."""
    return {
        part.name: text if (text := own.get(part.name, "")) and not faults(part, text) else part.text
        for part in INSTRUMENTS[instrument][kind]
    }
