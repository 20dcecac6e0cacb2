"""What the central sees in an item: its state in words, what changed since it was last accepted, what to look at.

Pure. The comparing itself is `register.rules`, what an item lacks is `law`; nothing here decides.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ppid_saas.access.sayings import counted, say, told
from ppid_saas.law.periods import Period, PeriodKind, last_closed_day
from ppid_saas.register.rules import LABELS, changed_fields, cited, diff_words, field_words, letters_words

# what a repeated hand-in of the same content leaves as it is
SETTLED = ("accepted", "awaiting_kpu_ri", "partly_exempt", "determined", "published", "reopening")
# what a hand-in would close again
OPENED = ("not_exempt", "opened", "opened_by_law", "opened_by_decision", "revoked")
DETERMINABLE = ("accepted", "partly_exempt")
TONES = {"returned": "perhatian", "accepted": "aman", "determined": "aman", "published": "aman"}
KINDS = {
    "new": (say("Baru"), "info"),
    "changed": (say("Berubah"), "perhatian"),
    "same": (say("Tidak berubah"), "netral"),
    "gone": (say("Tidak lagi dikirim"), "perhatian"),
}
# what a reviewer can show: the view's name in addresses -> its words
VIEWS = {"baru": say("Berubah dan baru"), "perhatian": say("Perlu perhatian"), "semua": say("Semua")}
_LONG = date.max
_SHORTER = 0.6
_MONTH = 30.44
# honorifics and degrees that stand beside a name; the words after "ibu" that make it no person
_NAMED = re.compile(
    r"\b(?:a\.n\.|an\.|[Aa]tas [Nn]ama|[Ss]dr[ai]?\.?|[Ss]audar[ai]|[Bb]apak|[Tt]n\.|[Nn]y\.|[Nn]n\.|[Dd]rs?\.|[Ii]r\.|Hj?\.)\s+[A-Z][a-z]+"
    r"|\b[Ii]bu\s+(?!(?:[Hh]amil|[Kk]ota|[Mm]elahirkan|[Mm]enyusui|[Bb]ersalin|[Rr]umah|[Dd]an|[Bb]ayi|[Aa]nak|[Nn]ifas)\b)[A-Z][a-z]+"
    r"|[A-Z][a-z]+,? (?:S\.\s?(?:H|E|T|IP|Sos|Pd|Kom|Kep|Ked|Ag|Si|STP|KM|AP|Ak|I\.Kom|Pt|P|Hut)|A\.\s?Md"
    r"|M\.\s?(?:M|H|T|Si|Pd|Kes|AP|Kom|Ak|Hum|Sc|Eng|IP))(?=[.,;\s)]|$)"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs, word by word."""

    label: str
    parts: list[tuple[str, str]]
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """What an item is compared with: its last accepted body, else the last one that was answered, and its day."""

    body: Mapping[str, Any]
    on: date
    accepted: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason often given: the word on the chip and the sentence it writes, Indonesian like every note to a unit."""

    label: str
    sentence: str


# Source: UU 14/2008 Ps 17, 19, 20; Perki 1/2021 Ps 49(2).
REASONS = (
    Reason(say("Judul"), say("Judul tampil ke publik. Tulis lebih umum, tanpa nama orang atau nomor identitas.")),
    Reason(say("Dasar hukum"), say("Sebutkan pasal dan huruf yang sesuai. Huruf j perlu undang-undang lain beserta pasalnya.")),
    Reason(say("Akibat"), say("Uraikan akibat bila dibuka: siapa yang dirugikan, bagaimana, dan seberapa besar kemungkinannya.")),
    Reason(say("Kepentingan"), say("Sebutkan kepentingan yang dilindungi dan bandingkan dengan manfaat bila dibuka.")),
    Reason(say("Jangka waktu"), say("Isi jangka waktu yang pasti: tanggal, lama tahun, atau peristiwa beserta tanggal peninjauannya.")),
    Reason(say("Alasan perpanjangan"), say("Masa pengecualian diperpanjang. Jelaskan alasannya atau kembalikan ke masa semula.")),
    Reason(say("Bagian"), say("Sebutkan bagian mana yang dikecualikan. Bagian lain tetap terbuka.")),
)  # fmt: skip


def written_reasons() -> list[Reason]:
    """Return the shipped reasons with sentences as they are written to a unit: Indonesian whatever the screen's language."""
    return [Reason(reason.label, str(reason.sentence)) for reason in REASONS]


def kind_of(before: Base | None, after: Mapping[str, Any], was: str | None = None) -> str:
    """Return whether an item is new, changed or the same: the same only as what was accepted and not opened since."""
    if before is None:
        return "new"
    return "same" if before.accepted and before.body == after and was not in OPENED else "changed"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return the differing fields in the order of the form."""
    old, new = dict(before), dict(after)
    return [
        Change(LABELS[name], diff_words(told(field_words(old, name)), told(field_words(new, name))))
        for name in changed_fields(old, new)
    ]


def flags(before: Base | None, after: Mapping[str, Any], today: date, was: str | None = None) -> list[str]:
    """Return what a change means, most weighty first; word diffs come below it.

    Source: UU 14/2008 Ps 17, 19, 20; UU 27/2022 Ps 4; PP 61/2010 Ps 10.
    """
    found = [
        say("Butir ini sudah dibuka. Menerimanya berarti menutupnya kembali.") if was in OPENED else "",
        _name_flag(before, after),
    ]
    if before is not None and before.body == after and not before.accepted:
        found.append(say("Dikirim ulang tanpa perubahan."))
    if before is not None and before.body != after:
        old = before.body
        found += [
            _period_flag(before, after, today),
            say("Dasar hukum berubah.") if cited(dict(old)) != cited(dict(after)) else "",
            say("Kini seluruhnya dikecualikan; sebelumnya hanya sebagian.") if _closed_more(old, after) else "",
            *(say("Uraian konsekuensi dipersingkat.") for _ in _cut_short(old, after)),
        ]  # fmt: skip
    return list(dict.fromkeys(flag for flag in found if flag))


def has_name(title: str) -> bool:
    """Say whether a title seems to name a person. A question for the reviewer, never a stop.

    Source: UU 27/2022 Ps 4; UU 14/2008 Ps 17 huruf h.
    """
    return _NAMED.search(title) is not None


def _name_flag(before: Base | None, after: Mapping[str, Any]) -> str:
    title = str(after.get("title") or "")
    known = before is not None and before.accepted and before.body.get("title") == title
    return say("Judul tampaknya memuat nama orang.") if has_name(title) and not known else ""


def _closed_more(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return old.get("part") == "part" and new.get("part") == "whole"


def _cut_short(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return the arguments that lost much of their length.

    Source: UU 14/2008 Ps 19.
    """
    return [
        name
        for name in ("harm", "interest")
        if len(str(new.get(name) or "")) < _SHORTER * len(str(old.get(name) or ""))
    ]


def _period_flag(before: Base, after: Mapping[str, Any], today: date) -> str:
    """Return whether an item stays closed longer or shorter than before.

    Lengths that both count from a determination are compared as such; else the old counts from its own hand-in.
    Source: UU 14/2008 Ps 20; PP 61/2010 Ps 4 huruf d, Ps 10.
    """
    old, new = Period.from_dict(before.body.get("period")), Period.from_dict(after.get("period"))
    anchor = today if _counts_from_determination(old) and _counts_from_determination(new) else before.on
    ended, ends = last_closed_day(old, anchor) or _LONG, last_closed_day(new, today) or _LONG
    if ends == ended:
        return ""
    if ends == _LONG:
        return say("Masa pengecualian kini tanpa tanggal akhir. Minta uji ulang?")
    if ended == _LONG:
        return say("Masa pengecualian kini bertanggal akhir.")
    months = max(1, round(abs((ends - ended).days) / _MONTH))
    if ends > ended:
        return counted("Masa pengecualian diperpanjang %(num)s bulan. Minta uji ulang?", months)
    return counted("Masa pengecualian dipersingkat %(num)s bulan.", months)


def _counts_from_determination(period: Period) -> bool:
    return period.kind is PeriodKind.FIXED and period.starts_on is None


def grounds_words(body: Mapping[str, Any]) -> str:
    """Return the letters an item rests on: `17 h, j`."""
    return letters_words(row["code"] for row in body.get("grounds") or () if row.get("code"))


def added(note: str, sentence: str) -> str:
    """Return a note with a reason's sentence at its end, once."""
    written = note.strip()
    if sentence in written:
        return written
    return f"{written}\n{sentence}" if written else sentence


def next_of(ids: Sequence[Any], here: Any) -> Any:
    """Return what comes after one of a row of things, None at its end."""
    later = ids[ids.index(here) + 1 :] if here in ids else []
    return later[0] if later else None


def after_accepting(category: str) -> tuple[str, str]:
    """Say where an accepted item goes and whose turn it is: KPU's to KPU RI, which alone determines it.

    Source: SOP 74/ORT.06/3604/2022 baris 4; PKPU 22/2023.
    """
    return ("awaiting_kpu_ri", "kpu_ri") if category == "KPU" else ("accepted", "central")
