"""Headings put together from parts, as a stranger might word them; no list of names is shared with what must read them."""

import random

from ppid_saas.intake.rules import Field

Parts = tuple[tuple[str, ...], ...]

WHEN = ("bila", "jika", "apabila", "kalau", "ketika", "seandainya")
WHAT = ("", "", "informasi", "info", "informasi publik", "informasi tersebut", "data")
TO_WHOM = ("", "", "", "kepada publik", "ke masyarakat", "untuk umum", "bagi publik")
SENTENCES: dict[Field, tuple[Parts, ...]] = {
    "number": ((("no", "nomor", "no. urut", "nomor urut", "nmr", "urutan"),),),
    "title": (
        (
            ("judul", "nama", "jenis", "materi", "pokok", "objek", "butir", "daftar"),
            ("informasi",),
            ("", "publik", "yang dikecualikan", "publik yang dikecualikan", "tertutup", "yang dirahasiakan", "yg dikecualikan"),
        ),
        (("informasi",), ("", "publik", "yang dikecualikan", "publik yang dikecualikan", "yang ditutup")),
    ),
    "content": (
        (
            ("ringkasan", "uraian", "rincian", "deskripsi", "penjelasan", "gambaran", "isi", "detail"),
            ("", "singkat", "isi", "lengkap"),
            ("informasi", "", "muatan informasi"),
        ),
    ),
    "ground": (
        (
            ("dasar", "landasan", "acuan", "rujukan", "ketentuan"),
            ("hukum", "peraturan", "pasal", "perundang-undangan", "undang-undang", "yuridis"),
            ("", "pengecualian", "pengecualian informasi", "yang digunakan", "yang dipakai", "untuk mengecualikan"),
        ),
        (("alasan hukum", "pasal", "dasar"), ("pengecualian", "yang menjadi dasar pengecualian")),
    ),
    "harm": (
        (
            ("akibat", "konsekuensi", "dampak", "risiko", "bahaya", "kerugian", "pertimbangan", "akibat yang timbul"),
            WHEN, WHAT, ("dibuka", "di buka", "diberikan", "terbuka", "tidak ditutup", "dibuka"), TO_WHOM,
        ),
        (("konsekuensi", "dampak", "akibat"), ("dibuka", "pembukaan informasi", "membuka informasi", "keterbukaan")),
    ),
    "interest": (
        (
            ("manfaat", "akibat", "konsekuensi", "dampak", "pertimbangan", "kepentingan yang dilindungi", "keuntungan"),
            WHEN, WHAT, ("ditutup", "di tutup", "tidak dibuka", "dikecualikan", "ditutup"), TO_WHOM,
        ),
        (("kepentingan",), ("yang dilindungi", "yang terlindungi", "yang hendak dilindungi", "yg dilindungi")),
    ),
    "period": (
        (
            ("jangka waktu", "batas waktu", "masa", "lama", "periode", "lamanya", "durasi", "tenggang waktu"),
            ("", "pengecualian", "dikecualikan", "kerahasiaan", "pengecualian informasi", "ditutup", "berlakunya pengecualian"),
        ),
    ),
    "retention": (
        (
            ("jangka waktu", "masa", "lama", "jadwal", "umur", "batas waktu"),
            ("simpan", "penyimpanan", "retensi", "penyimpanan arsip", "simpan arsip", "retensi arsip"),
        ),
    ),
    "holder": (
        (
            ("pejabat", "unit", "unit kerja", "pihak", "jabatan", "bidang"),
            ("penanggung jawab", "yang bertanggung jawab", "penguasa", "yang menguasai", "pengelola", "pemegang"),
            ("", "informasi", "dokumen"),
        ),
        (("penanggung jawab", "penanggungjawab", "pj"), ("", "informasi", "pembuatan informasi")),
    ),
    "unit": ((("perangkat daerah", "skpd", "opd", "unit kerja", "satuan kerja", "instansi", "badan publik", "nama dinas"),),),
    "form": ((("bentuk", "format", "wujud", "media"), ("", "informasi", "penyimpanan informasi", "dokumen", "yang tersedia")),),
    "note": ((("keterangan", "catatan", "ket", "ket.", "lain-lain"), ("", "", "tambahan", "lainnya")),),
}  # fmt: skip
NONE_OF_OURS: Parts = (
    ("tanggal", "tempat", "tahun", "status", "nomor", "kategori", "tingkat", "jumlah", "tautan", "petugas"),
    (
        "pembuatan",
        "uji konsekuensi",
        "surat",
        "permohonan",
        "verifikasi",
        "arsip",
        "pengesahan",
        "entri",
        "layanan",
    ),
)
BRACKETS = ("(diisi lengkap)", "(pasal/ayat)", "(tahun)", "*)", "(jelaskan)")


def composed(draw: random.Random, name: Field | None) -> str:
    """One heading in somebody's spelling: capitals, line breaks, doubled spaces, a slip of the pen."""
    parts = NONE_OF_OURS if name is None else draw.choice(SENTENCES[name])
    words = " ".join(draw.choice(part) for part in parts).split()
    if draw.random() < 0.12:
        at = draw.randrange(len(words))
        words[at] = slipped(draw, words[at])
    glue = draw.choices((" ", "\n", "  "), (8, 1, 1))[0]
    text = draw.choice((str.upper, str.title, str.capitalize, str.lower))(glue.join(words))
    return f"{text} {draw.choice(BRACKETS)}" if name not in (None, "number") and draw.random() < 0.1 else text


def slipped(draw: random.Random, word: str) -> str:
    """A letter dropped, doubled or exchanged with its neighbour; short words stay."""
    if len(word) < 6:
        return word
    at = draw.randrange(1, len(word) - 2)
    return draw.choice((
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ))  # fmt: skip
