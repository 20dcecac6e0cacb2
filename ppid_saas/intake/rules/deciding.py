"""The words that decide between look-alike headings: without one of them a field is out of question, with others it is.

Data only. Each word is in the form `headings.normal` produces.
"""

from ppid_saas.intake.rules.sheets import Field

# One of these words (or a slip of the pen away from one) must stand in the heading of such a column.
REQUIRED_WORDS: dict[Field, frozenset[str]] = {
    "ground": frozenset([
        "dasar", "hukum", "pasal", "undang", "undangan", "peraturan", "landasan", "ketentuan", "regulasi", "perundang", "uu",
    ]),
    "harm": frozenset([
        "dibuka", "membuka", "terbuka", "diberikan", "konsekuensi", "akibat", "dampak", "risiko", "resiko", "bahaya",
    ]),
    "benefit": frozenset(["manfaat", "kepentingan", "keuntungan"]),
    "interest": frozenset(
        ["ditutup", "tertutup", "menutup", "dikecualikan", "dilindungi", "terlindungi", "perlindungan"]
    ),
    "loss": frozenset(["kerugian", "merugikan", "ditutup", "tertutup", "menutup", "dikecualikan"]),
    "period": frozenset(
        ["jangka", "batas", "masa", "waktu", "lama", "lamanya", "durasi", "berlaku", "periode", "tenggang", "sampai"]
    ),
    "code": frozenset(["kode"]),
    "number": frozenset(["no", "nomor", "nomer", "urut", "urutan"]),
    "content": frozenset([
        "konten", "isi", "ringkasan", "deskripsi", "uraian", "rincian", "detail", "penjelasan", "substansi", "muatan",
        "cakupan", "gambaran",
    ]),
    "part": frozenset(["bagian", "sebagian", "seluruh", "seluruhnya"]),
    "open_part": frozenset(["bagian"]),
    "review": frozenset(["peninjauan", "tinjau", "ditinjau"]),
    "retention": frozenset(["penyimpanan", "simpan", "retensi", "jra"]),
    "holder": frozenset(
        [
            "penanggung",
            "penanggungjawab",
            "jawab",
            "pejabat",
            "penguasa",
            "menguasai",
            "pemilik",
            "pengelola",
            "pemegang",
            "jabatan",
            "pic",
            "pj",
        ]
    ),
    "release": frozenset(["dibuka", "membuka", "pembukaan", "terbuka"]),
}  # fmt: skip

OPENED = frozenset({"dibuka", "membuka", "diberikan", "terbuka", "dibukanya"})
CLOSED = frozenset({"ditutup", "menutup", "tertutup", "ditutupnya"})
STORED = frozenset({"penyimpanan", "simpan", "disimpan", "retensi", "jra"})
CONDITION = frozenset({"syarat", "tanggal", "kondisi", "kapan", "prosedur", "dapat", "setelah"})
GOOD = frozenset({"manfaat", "kepentingan", "keuntungan", "kebaikan"})
LOSS = frozenset({"kerugian", "merugikan", "negatif", "buruk", "mudarat", "rugi"})
EFFECT = GOOD | LOSS | {"akibat", "konsekuensi", "dampak", "risiko", "resiko", "bahaya", "pertimbangan"}
TIME = frozenset(
    {"jangka", "batas", "masa", "waktu", "lama", "lamanya", "durasi", "periode", "tenggang", "jadwal"}
)
BOOKED = frozenset(
    {
        "nomor",
        "no",
        "tanggal",
        "tahun",
        "petugas",
        "status",
        "tempat",
        "tautan",
        "tingkat",
        "kategori",
        "jumlah",
    }
)
HOLDING = frozenset(
    {
        "penanggung",
        "penanggungjawab",
        "jawab",
        "menguasai",
        "penguasa",
        "pemegang",
        "pengelola",
        "pejabat",
        "pj",
    }
)
LEGAL = frozenset({"hukum", "pasal", "peraturan", "perundang", "undang", "undangan", "yuridis", "uu"})
EXEMPT = CLOSED | {
    "dikecualikan",
    "pengecualian",
    "pengecualiannya",
    "kerahasiaan",
    "rahasia",
    "dirahasiakan",
}
NAMING = frozenset({"judul", "nama", "jenis", "informasi", "materi", "esensi", "objek", "pokok", "butir"})
SHAPE = frozenset({"bentuk", "format", "wujud", "media"})

# These words take a heading away from the fields named, however alike it looks otherwise.
FORBIDDEN_WORDS: dict[Field, frozenset[str]] = {
    "code": frozenset({"pos"}),
    "title": OPENED | EFFECT | LEGAL | TIME | HOLDING | STORED | SHAPE | BOOKED,
    "content": OPENED | CLOSED | EFFECT | HOLDING | TIME | BOOKED,
    "unit": HOLDING | BOOKED,
    "document": SHAPE | HOLDING | STORED | BOOKED,
    "form": HOLDING | TIME,
    "period": STORED | LEGAL | HOLDING,
    "harm": CLOSED | CONDITION | STORED | BOOKED | TIME,
    "benefit": CLOSED | CONDITION | BOOKED | TIME,
    "interest": OPENED | BOOKED | TIME,
    "loss": OPENED | BOOKED | TIME,
    "part": OPENED | CLOSED | EFFECT,
    "open_part": CLOSED | EFFECT,
    "review": OPENED | CLOSED | STORED,
    "holder": EFFECT | TIME,
    "ground": OPENED | CLOSED | TIME,
    "retention": LEGAL | HOLDING | SHAPE,
    "number": frozenset({"sk", "surat", "keputusan", "penetapan", "hp", "telepon"}),
}
