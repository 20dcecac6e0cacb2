"""Example values for `gallery.html`: invented rows that show every macro in use.

Not demo data: nothing here reaches a database. A route to the gallery belongs to development and tests only.
"""

from datetime import date
from typing import Any

from ppid_saas.letters import paper
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.drawing import draw
from ppid_saas.web import charts


def _due(band: str, words: str, due: date | None = None, **more: Any) -> dict[str, Any]:
    return {"band": band, "words": words, "due": due, **more}


DUES = (
    _due("aman", "35 hari kerja lagi", date(2027, 1, 14), estimate=True),
    _due("perhatian", "5 hari kerja lagi", date(2026, 11, 27)),
    _due("segera", "Besok", date(2026, 11, 23)),
    _due("lewat", "Lewat 3 hari kerja", date(2026, 11, 17)),
    _due("jeda", "Jeda sejak Kam, 19 Nov 2026"),
    _due("tanpa-batas", "Tanpa batas waktu (tentatif)"),
    _due("selesai", "Selesai 2 hari kerja lebih awal"),
)

QUEUE = (
    {
        "title": "Data pribadi pegawai pada berkas kepegawaian",
        "code": "DIK-2024-117",
        "unit": "Badan Kepegawaian",
        "due": DUES[3],
        "ends_on": date(2026, 12, 31),
    },
    {
        "title": "Rincian harga perkiraan sendiri pengadaan alat kesehatan",
        "code": "DIK-2022-41",
        "unit": "Dinas Kesehatan",
        "due": DUES[2],
        "ends_on": date(2027, 1, 6),
    },
    {
        "title": "Topologi jaringan pusat data",
        "code": "DIK-2023-9",
        "unit": "Dinas Komunikasi dan Informatika",
        "due": DUES[1],
        "ends_on": date(2027, 1, 14),
    },
    {
        "title": "Berkas pemeriksaan khusus",
        "code": "DIK-2021-230",
        "unit": "Inspektorat",
        "due": DUES[0],
        "ends_on": date(2027, 2, 26),
    },
)

TODAY = date(2026, 11, 20)

PROCESS = charts.process(
    (
        charts.Step("Uji konsekuensi unit", date(2026, 11, 2), date(2026, 11, 16), "done"),
        charts.Step("Uji konsekuensi PPID Utama", date(2026, 11, 16), date(2026, 11, 30), "now"),
        charts.Step("Pertimbangan Tim", date(2026, 11, 30), date(2026, 12, 9), "coming"),
        charts.Step("Penetapan", date(2026, 12, 9), date(2027, 1, 26), "coming"),
    ),
    TODAY,
)

BURNDOWN = charts.burndown(
    [(date(2026, 11, day), left) for day, left in ((4, 51), (9, 44), (12, 31), (16, 22), (19, 14))],
    date(2026, 11, 2),
    date(2026, 11, 27),
    58,
    TODAY,
)

STRIP = charts.strip(
    [
        (date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 1), count)
        for n, count in enumerate((2, 9, 4, 0, 1, 6, 0, 3, 12, 0, 5, 1))
    ]
)

JOB = {
    "title": "Memeriksa daftar",
    "step": "Memeriksa baris 1.200 dari 5.000",
    "state": "running",
    "done": 1200,
    "total": 5000,
    "elapsed": "18 detik",
    "url": "#g-job",
    "fragment_url": "/_galeri/pekerjaan",
    "cancel_url": "/_galeri/pekerjaan/batal",
}

SOP = load_catalogue()["03-sop-ppid.v1"]

LETTER = paper.Paper(
    paper.Frame("Penetapan", "PPID Utama", "Nomor 188/12/2026", draft="KONSEP – belum ditetapkan"),
    (
        paper.Head(("PEMERINTAH KABUPATEN CONTOH", "DINAS KOMUNIKASI DAN INFORMATIKA")),
        paper.Title(("PENETAPAN", "INFORMASI YANG DIKECUALIKAN")),
        paper.Fields((("Nomor", "188/12/2026"), ("Badan publik", "Pemerintah Kabupaten Contoh"))),
        paper.Text("Informasi dalam lampiran dikecualikan sampai masa pengecualiannya berakhir."),
        paper.Signature(paper.Signatory("PPID Utama", "Nama Pejabat", "Contoh", "20 November 2026")),
    ),
)

FRAME = {
    "region": "Kabupaten Contoh",
    "space": "Dinas Kesehatan",
    "home_url": "#",
    "nav": [
        {"label": "Beranda", "url": "#"},
        {"label": "Daftar", "url": "#", "current": True},
        {"label": "Perbaikan", "url": "#", "count": 3},
        {"label": "Pengajuan", "url": "#"},
        {"label": "Berkas", "url": "#"},
        {"label": "Kalender", "url": "#"},
    ],
    "more": [{"label": "Laporan", "url": "#"}, {"label": "SOP", "url": "#"}],
    "spaces": [
        {"label": "Dinas Kesehatan", "url": "#", "current": True, "note": "Petugas unit"},
        {"label": "PPID Utama", "url": "#", "note": "Petugas pusat"},
    ],
    "news_url": "#",
    "unread": 3,
    "help_url": "#",
    "person": "Petugas Contoh",
    "role": "Petugas unit",
    "account_url": "#",
    "sign_out_url": "/keluar",
    "version": "0.1.0",
    "status_url": "#",
    "accessibility_url": "#",
    "contact_url": "#",
    "contact_label": "Bantuan lewat WhatsApp",
}

VALUES: dict[str, Any] = {
    "frame": FRAME,
    "examples": {
        "dues": DUES,
        "queue": QUEUE,
        "job": JOB,
        "process": PROCESS,
        "burndown": BURNDOWN,
        "strip": STRIP,
        "sop": SOP,
        "drawing": draw(SOP),
        "letter": LETTER,
    },
}
