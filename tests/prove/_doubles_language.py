"""A generator of lists that no office wrote: titles, bodies, and other wordings of them by rules of its own.

It shares no list with the matcher. What a rule changes is what a person retyping a list from memory would change.
"""

import re
from collections.abc import Callable
from random import Random
from typing import Any

THINGS = (
    "rekam medis", "daftar gaji", "nomor rekening", "hasil seleksi", "kunci jawaban", "berita acara pemeriksaan",
    "denah ruang", "topologi jaringan", "kata sandi", "surat pengaduan", "kertas kerja audit", "riwayat hukuman disiplin",
    "penilaian kinerja", "rincian harga perkiraan", "dokumen penawaran", "notulen rapat", "hasil laboratorium",
    "foto identitas", "sidik jari", "riwayat kesehatan", "kartu keluarga", "catatan konseling", "naskah soal",
    "rencana operasi", "strategi gugatan", "pendapat hukum", "usulan mutasi", "hasil asesmen", "data transaksi",
    "formula produk", "laporan insiden", "konfigurasi server", "kode sumber", "peta lokasi", "jadwal patroli",
    "hasil visum", "resep obat", "nilai rapor", "agunan kredit", "tunggakan pajak",
)  # fmt: skip
WHOSE = (
    "pasien", "pegawai", "guru", "siswa", "penyedia", "pelapor", "saksi", "korban", "pemohon izin", "wajib pajak",
    "pelanggan", "nasabah", "calon pejabat", "penerima bantuan", "penerima beasiswa", "pedagang", "nelayan", "petani",
    "ibu hamil", "anak asuh", "lansia", "difabel", "tenaga kontrak", "kader", "relawan", "pengemudi", "peneliti",
    "auditor", "penyuluh", "bidan", "perawat", "dokter", "apoteker", "konselor", "arsiparis", "peternak", "perajin",
    "pemilih", "saksi partai", "penghuni panti",
)  # fmt: skip
SYLLABLES = (
    "ra",
    "mo",
    "lu",
    "vi",
    "no",
    "ga",
    "wu",
    "zo",
    "da",
    "fo",
    "hu",
    "jo",
    "ka",
    "ny",
    "qo",
    "ru",
    "sa",
    "to",
    "xa",
    "yu",
)
HARMS = (
    "Apabila {what} terbuka, {who} dapat dirugikan dan disalahgunakan oleh orang lain.",
    "Membuka {what} memberi celah bagi penyalahgunaan yang merugikan {who}.",
    "Pihak lain dapat memakai {what} untuk menekan {who}.",
    "{what} yang tersebar menghilangkan rasa aman {who}.",
)
INTERESTS = (
    "Perlindungan atas {who} serta kepercayaan pada layanan.",
    "Ketertiban layanan dan keamanan {who}.",
)
# what a person writes instead, known to this file alone
INSTEAD = (
    ("gaji", "pendapatan bulanan"), ("rekam medis", "riwayat medis"), ("nomor rekening", "nomor akun bank"),
    ("hasil seleksi", "pengumuman seleksi internal"), ("kunci jawaban", "jawaban resmi"), ("denah ruang", "tata ruang"),
    ("kata sandi", "kode akses"), ("surat pengaduan", "surat keluhan"), ("notulen rapat", "catatan rapat"),
    ("rencana operasi", "renops"), ("peta lokasi", "peta titik"), ("jadwal patroli", "waktu patroli"),
    ("resep obat", "resep pengobatan"), ("pasien", "orang sakit"), ("pegawai", "aparatur"), ("siswa", "anak didik"),
    ("penyedia", "pihak ketiga"), ("lansia", "lanjut usia"), ("difabel", "penyandang disabilitas"),
    ("ibu hamil", "bumil"), ("pelanggan", "konsumen"), ("hasil laboratorium", "hasil uji lab"),
)  # fmt: skip
BEFORE = (
    "Dokumen ",
    "Seluruh ",
    "Informasi mengenai ",
    "Kumpulan ",
    "Berkas ",
    "Data tentang ",
    "Arsip ",
    "Rincian ",
)
LINKS = (" milik ", " dari ", " atas nama ", " untuk ", " para ", " pada ")
LETTERS = ("17a", "17b", "17h", "17i", "17j")


def named(n: int) -> str:
    """Return the n-th name of a programme or a site: two of them differ in more than a slip of the pen."""
    base = len(SYLLABLES)
    return "".join(SYLLABLES[n // base**power % base] for power in (2, 1, 0))


ALL = len(THINGS) * len(WHOSE) * len(SYLLABLES) ** 3
STEP = 7919


def base(n: int) -> tuple[str, str, str]:
    """Return what the n-th item is about; no two are the same."""
    things, whose = len(THINGS), len(WHOSE)
    mixed = n * STEP % ALL
    return THINGS[mixed % things], WHOSE[mixed // things % whose], named(mixed // (things * whose))


def number(thing: int, whose: int, name: int) -> int:
    """Return which item is about this, those and there."""
    mixed = (name * len(WHOSE) + whose) * len(THINGS) + thing
    return mixed * pow(STEP, -1, ALL) % ALL


def body(thing: str, whose: str, name: str, seed: str, title: str = "") -> dict[str, Any]:
    """Return an item of an office: about this, of these, at this place."""
    rng = Random(seed)
    what = f"{thing} {whose}"
    return {
        "title": title or f"{thing} {whose} {name}".capitalize(),
        "document": f"Berkas {rng.choice(('layanan', 'kegiatan', 'program'))} {name}",
        "part": "whole",
        "grounds": [{"code": rng.choice(LETTERS), "law": "UU 14/2008", "article": "", "text": ""}],
        "harm": rng.choice(HARMS).format(what=what, who=whose),
        "benefit": "Warga mengetahui cara kerja layanan.",
        "interest": rng.choice(INTERESTS).format(who=whose),
        "period": {"kind": "fixed", "value": rng.choice((1, 2, 5)), "unit": "year"},
    }


def same(rng: Random, item: dict[str, Any]) -> dict[str, Any]:
    """Copy an item as another office would: capitals, a year, a word that carries nothing."""
    title = rng.choice((str.upper, str.title, str.lower))(item["title"])
    return item | {"title": rng.choice((title, f"Data {title}", f"{title} tahun {rng.randint(2019, 2026)}"))}


def _instead(rng: Random, words: str) -> str:
    for old, new in rng.sample(INSTEAD, len(INSTEAD)):
        if re.search(rf"\b{old}\b", words):
            return re.sub(rf"\b{old}\b", new, words)
    return words


def _slip(rng: Random, words: str) -> str:
    long = [word for word in words.split() if len(word) > 7]
    if not long:
        return words
    word = rng.choice(long)
    at = rng.randint(2, len(word) - 2)
    return words.replace(word, word[:at] + word[at + 1 :])


def reworded(rng: Random, parts: tuple[str, str, str], seed: str) -> dict[str, Any]:
    """Write an item from memory: other order, other words, other sentences about the same."""
    thing, whose, name = parts
    shapes: tuple[Callable[[str, str, str], str], ...] = (
        lambda t, w, n: f"{n}: {t} {w}",
        lambda t, w, n: f"{t}{rng.choice(LINKS)}{w} di {n}",
        lambda t, w, n: f"{t} para {w} ({n})",
        lambda t, w, n: f"{w} {n} – {t}",
    )
    title = rng.choice(shapes)(thing, whose, name)
    for change in rng.sample((_instead, _slip, lambda r, t: r.choice(BEFORE) + t), rng.randint(1, 2)):
        title = change(rng, title)
    return body(thing, whose, name, f"{seed}-again", title)


def contradicting(rng: Random, item: dict[str, Any]) -> dict[str, Any]:
    """Copy an item on another ground, or for another time."""
    other = same(rng, item)
    if rng.random() < 0.5:
        mine = item["grounds"][0]["code"]
        code = rng.choice([letter for letter in LETTERS if letter != mine])
        return other | {"grounds": [{"code": code, "law": "UU 14/2008", "article": "", "text": ""}]}
    return other | {
        "period": rng.choice(({"kind": "unlimited"}, {"kind": "fixed", "value": 20, "unit": "year"}))
    }


def near_miss(rng: Random, n: int, size: int, seed: str) -> dict[str, Any]:
    """Write about something that only sounds the same: another thing, other people, another place or another number.

    What it is about is nowhere else among the first `size` items.
    """
    turn, parts = rng.randrange(4), base(n)
    if turn == 3:
        made = body(*parts, seed)
        return made | {"title": f"{made['title']} paket {rng.randint(2, 99)}"}
    mixed = n * STEP % ALL
    at = [mixed % len(THINGS), mixed // len(THINGS) % len(WHOSE), mixed // (len(THINGS) * len(WHOSE))]
    while number(*at) < size:
        at[turn] = rng.randrange((len(THINGS), len(WHOSE), len(SYLLABLES) ** 3)[turn])
    return body(THINGS[at[0]], WHOSE[at[1]], named(at[2]), seed)
