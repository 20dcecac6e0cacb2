"""Reasons that say nothing, speak of another ground, or contradict their own conclusion: questions, seldom a stop.

It reads wording only. Whether a reason is there at all stands in checks.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ppid_saas.law.findings import Finding, block, warn

Body = Mapping[str, Any]

SHORT = 12  # words: longer than this, an empty phrase has been explained
_EMPTY = re.compile(
    r"\b(?:(?:dapat |akan |bisa )?(?:merugikan (?:negara|daerah|instansi|pihak (?:lain|tertentu)|masyarakat)"
    r"|disalahgunakan(?: oleh)?(?: pihak (?:lain|tertentu|yang tidak bertanggung\s?jawab|tidak bertanggung\s?jawab))?"
    r"|menimbulkan (?:keresahan|kegaduhan|konflik|dampak negatif|hal[- ]hal yang tidak diinginkan)"
    r"|mengganggu (?:kinerja|stabilitas|kelancaran tugas))"
    r"|(?:sesuai|berdasarkan) (?:ketentuan )?peraturan perundang[- ]undangan|bersifat rahasia|rahasia negara)\b"
)
_RELEASE = re.compile(
    r"(?:(?:hanya )?(?:dapat|akan|bisa|boleh) (?:di|ter)?buka\b|(?:dapat |bisa )?(?:dibuka|terbuka|diberikan)"
    r" (?:setelah|apabila|jika|bila|atas|dengan|kepada|sampai)\b"
    r"|(?:setelah|sampai|atas (?:izin|persetujuan|permintaan)|dengan (?:izin|persetujuan))\b)"
)
# What a reason speaks of when it was written for another letter; the letter that protects it, and what to call it.
_TOPICS = (
    ("c", "pertahanan dan keamanan negara", re.compile(r"\bpertahanan (?:dan|serta|negara)\b|\bkeamanan negara\b")),
    ("d", "kekayaan alam", re.compile(r"\bkekayaan alam\b")),
    ("e", "ketahanan ekonomi", re.compile(r"\bketahanan ekonomi\b")),
    ("f", "hubungan luar negeri", re.compile(r"\bhubungan (?:luar negeri|diplomatik)\b")),
)  # fmt: skip


def check_reasons(body: Body, letters: set[str]) -> Iterator[Finding]:
    """Empty phrases, a condition of release in place of a harm, and reasons taken over from another ground.

    Source: UU 14/2008 Ps 2(4), Ps 19; Perki 1/2021 Ps 49(2).
    """
    for name in ("harm", "interest"):
        plain = _plain(body, name)
        empty = _EMPTY.search(plain)
        if empty and len(plain.split()) <= SHORT:
            yield warn(name, "kons.hampa", phrase=empty[0])
        for letter, topic, pattern in _TOPICS:
            if letters and not letters & {letter, "j"} and pattern.search(plain):
                yield warn(name, "kons.dasar_lain", topic=topic, letter=letter)
    if _RELEASE.match(_plain(body, "harm")):
        yield warn("harm", "kons.syarat_buka")


def check_balance(body: Body) -> Iterator[Finding]:
    """The conclusion must be to close, at least in part, and say why.

    Source: UU 14/2008 Ps 2(4).
    """
    balance = body.get("balance")
    if balance == "open":
        yield block("balance", "timbangan.buka")
    elif balance == "part" and body.get("part") != "part":
        yield warn("balance", "timbangan.sebagian")
    if balance and not _plain(body, "balance_reason"):
        yield warn("balance_reason", "timbangan.tanpa_alasan")


def _plain(body: Body, name: str) -> str:
    return " ".join(str(body.get(name) or "").lower().split())
