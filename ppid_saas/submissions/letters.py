"""What units are written about a collection, pure: the reminder as a mail and as a text for WhatsApp.

These are letters: Indonesian alone, and without a title of any item. Sending is for `jobs`, choosing for `board`.
"""

from collections.abc import Sequence
from datetime import date

from babel import Locale

from ppid_saas.web import formats

INDONESIAN = Locale("id")
WHATSAPP_FOOT = "(Tautan ini meminta Anda masuk. Jangan teruskan dokumen lewat WhatsApp.)"
REMINDER = "Pengingat pengumpulan daftar"


def long_date(day: date) -> str:
    """Return a day as letters write it, whatever language the screen speaks."""
    return formats.long_date(day, locale=INDONESIAN)


def reminder(title: str, standing: str, due_on: date) -> str:
    """Return the one sentence of a reminder by mail."""
    owed = "perbaikan Anda" if standing == "in_repair" else "daftar unit Anda"
    return f"{title}: kami menunggu {owed}. Batasnya {long_date(due_on)}."


def whatsapp_text(unit: str, standing: str, returned: int, due_on: date, link: str) -> str:
    """Return a unit's reminder as one sends it from one's own WhatsApp."""
    owed = {
        "in_repair": f"{returned} informasi perlu diperbaiki sebelum {long_date(due_on)}.",
        "late": f"Daftar unit Anda belum kami terima. Batasnya sudah lewat: {long_date(due_on)}.",
    }.get(standing, f"Daftar unit Anda kami tunggu paling lambat {long_date(due_on)}.")
    return f"Yth. Bapak/Ibu Petugas PPID {unit},\n{owed}\nBuka: {link}\n{WHATSAPP_FOOT}"


def group_text(title: str, units: Sequence[str], due_on: date) -> str:
    """Return the text for the officers' group: names of units and nothing else about them."""
    lines = "\n".join(f"- {name}" for name in units)
    return (
        f"{title}: kami masih menunggu {len(units)} unit, batas {long_date(due_on)}.\n{lines}\nTerima kasih."
    )
