"""What follows from an item's body: its columns for lists, its words on screen, what changed between two bodies.

Pure. What an item lacks is the business of `law`; here nothing is judged.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from ppid_saas.access.sayings import Said, counted, joined, say, told
from ppid_saas.law.checks import completeness
from ppid_saas.law.grounds import Ground, catalogue
from ppid_saas.law.periods import Period, PeriodKind, last_closed_day
from ppid_saas.proofs import canonical, hashed

Body = dict[str, Any]

STATES: dict[str, tuple[str, str]] = {
    "draft": (say("Draf"), "netral"),
    "submitted": (say("Terkirim"), "info"),
    "returned": (say("Perlu perbaikan"), "perhatian"),
}
LABELS: dict[str, str] = {
    "title": say("Judul informasi"),
    "document": say("Dokumen yang memuat"),
    "part": say("Bagian yang dikecualikan"),
    "open_part": say("Bagian yang tetap terbuka"),
    "grounds": say("Dasar hukum"),
    "article18": say("Termasuk Pasal 18"),
    "harm": say("Akibat bila dibuka"),
    "benefit": say("Manfaat bila dibuka"),
    "interest": say("Kepentingan yang dilindungi"),
    "loss": say("Kerugian publik bila ditutup"),
    "balance": say("Kesimpulan timbangan"),
    "balance_reason": say("Alasan kesimpulan"),
    "period": say("Jangka waktu"),
    "holder": say("Jabatan penguasa informasi"),
    "trigger": say("Pemicu uji konsekuensi"),
    "trigger_note": say("Nomor dan tanggal permohonan atau perintah"),
    "participants": say("Peserta uji konsekuensi"),
    "forms": say("Bentuk yang tersedia"),
    "softcopy_place": say("Tempat softcopy"),
    "hardcopy_place": say("Tempat hardcopy"),
    "security_class": say("Kelas keamanan arsip"),
    "retention": say("Retensi arsip"),
    "summary": say("Ringkasan isi"),
    "maker": say("Penanggung jawab pembuatan"),
    "made": say("Waktu dan tempat pembuatan"),
    "note": say("Catatan unit"),
}
NINE = ("title", "document", "part", "grounds", "harm", "benefit", "interest", "period", "holder")
READ = ("document", "part", "open_part", "grounds", "harm", "benefit", "interest", "loss", "period", "holder")
OPTIONAL = frozenset({"open_part", "loss", "trigger", "balance_reason"})
MUST = frozenset({"title", "grounds", "harm", "interest", "period"})
PARTS = {"whole": say("Seluruhnya"), "part": say("Sebagian")}
# Fields that hold one code, or none, and what the codes are called.
CHOICES: dict[str, dict[str, str]] = {
    "part": PARTS,
    "article18": {
        "none": say("Tidak termasuk"),
        "listed": say("Termasuk daftar Pasal 18 ayat (1)"),
        "consent": say("Orangnya sudah menyetujui tertulis"),
        "office": say("Menyangkut jabatan publik seseorang"),
    },
    "balance": {
        "close": say("Menutup melindungi kepentingan yang lebih besar"),
        "part": say("Cukup ditutup sebagian"),
        "open": say("Membuka melindungi kepentingan yang lebih besar"),
    },
    "trigger": {
        "routine": say("Pemutakhiran rutin"),
        "request": say("Ada permohonan informasi"),
        "order": say("Perintah Majelis Komisioner"),
    },
    "security_class": {
        "top_secret": say("Sangat Rahasia"),
        "secret": say("Rahasia"),
        "limited": say("Terbatas"),
        "ordinary": say("Biasa/Terbuka"),
    },
}
FORMS = {"softcopy": say("Softcopy (berkas digital)"), "hardcopy": say("Hardcopy (kertas)")}
# What only serves the unit's own keeping, and may be written into many items at once.
INTERNAL = ("holder", "softcopy_place", "hardcopy_place", "security_class", "retention")
LETTER_LENGTH = len("17a")


@dataclass(frozen=True, slots=True)
class Listed:
    """The columns a body gives to lists. Without any date it sorts last."""

    title: str
    ends_on: date | None
    review_on: date | None
    sort_on: date
    done_fields: int
    missing: tuple[str, ...]


def whole_body(data: Mapping[str, Any]) -> Body:
    """Return a body with every key, empty where nothing was written, so that equal contents have equal hashes."""
    body: Body = {name: data.get(name) or "" for name in LABELS}
    body |= {name: data.get(name) or None for name in CHOICES}
    body["forms"] = [form for form in FORMS if form in (data.get("forms") or ())]
    body["participants"] = [line.strip() for line in data.get("participants") or () if line.strip()]
    body["grounds"] = [
        {key: row.get(key) for key in ("code", "law", "article", "text")} for row in data.get("grounds") or ()
    ]
    body["period"] = Period.from_dict(data.get("period")).to_dict()
    return body


def listed(body: Body) -> Listed:
    """Return the columns; an end that counts from the determination is not known before it.

    Source: PP 61/2010 Ps 4 huruf d.
    """
    period = Period.from_dict(body["period"])
    ends_on = last_closed_day(period, None)
    done, _, missing = completeness(body)
    sort_on = ends_on or period.review_on or date.max
    return Listed(body["title"], ends_on, period.review_on, sort_on, done, tuple(missing))


def cited(body: Body) -> list[tuple[str, str | None]]:
    """Return code and regulation of each ground of Ps 17, once each, in the order of the body."""
    found = [(row["code"], row.get("law")) for row in body["grounds"] if row.get("code")]
    return list(dict.fromkeys(found))


# What many new items give to lists, each as a line of text.
COLUMNS = ("ends_on", "review_on", "sort_on", "done_fields", "missing")


class Untitled(NamedTuple):
    """What a body gives beside its title: the canonical text on both sides of it and with none in it, and the columns.

    Lists repeat it in row after row, so it need be made only once.
    """

    before: str
    after: str
    text: str
    columns: tuple[str, ...]


class Written(NamedTuple):
    """A body as it is kept: its title, that title's canonical text, the hash of the whole, and what it gives besides."""

    title: str
    text: str
    hash: str
    beside: Untitled


def untitled(body: Mapping[str, Any]) -> Untitled:
    """Return what a body gives under whatever title."""
    whole = whole_body({**body, "title": "-"})
    before = canonical({name: value for name, value in whole.items() if name < "title"}).decode()
    after = canonical({name: value for name, value in whole.items() if name > "title"}).decode()
    found = listed(whole)
    columns = (
        str(found.ends_on or ""), str(found.review_on or ""), str(found.sort_on),
        str(found.done_fields), "{" + ",".join(found.missing) + "}",
    )  # fmt: skip
    before, after = before[:-1] + ',"title":', "," + after[1:]
    return Untitled(before, after, f'{before}""{after}', columns)


def titled(beside: Untitled, title: str) -> Written:
    """Return the body with this title in it."""
    text = canonical(title).decode()
    return Written(title, text, hashed(beside.before + text + beside.after), beside)


def as_written(body: Mapping[str, Any]) -> Written:
    return titled(untitled(body), body.get("title") or "")


class Known(NamedTuple):
    """What an item is recognised by."""

    id: UUID
    ref: int
    title: str
    state: str
    version: int
    hash: str
    codes: tuple[str, ...]


def likeness(title: str, codes: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return what two items share when they are the same information on the same grounds."""
    return " ".join(title.casefold().split()), tuple(sorted(set(codes)))


def code_words(code: str) -> str:
    """Return how a ground is written: `17h.3` -> `Pasal 17 huruf h angka 3`."""
    ground = catalogue().grounds[code]
    return f"Pasal 17 huruf {ground.letter}" + (f" angka {ground.number}" if ground.number else "")


def letter_words(code: str) -> str:
    """Return a ground as filters name it: `Huruf h – Rahasia pribadi`."""
    return say("Huruf %(letter)s – %(name)s", letter=code[2:], name=say(catalogue().grounds[code].name))


def limit_words(ground: Ground) -> str:
    """Return how long a letter may close information, in a sentence or two.

    Source: UU 14/2008 Ps 20(1); PP 61/2010 Ps 5(1).
    """
    if ground.cap_years:
        return say("Jangka waktu: paling lama %(years)s tahun.", years=ground.cap_years)
    if ground.unlimited == "block":
        return say(
            "Jangka waktu: harus berakhir. Bila berakhir karena suatu peristiwa, isi juga tanggal peninjauan."
        )
    if ground.unlimited_needs == "release":
        return say("Jangka waktu: boleh tanpa batas, bila ada syarat pembukaan dan tanggal peninjauan.")
    if ground.unlimited_needs == "cited_law":
        return say("Jangka waktu: menurut undang-undang yang Anda sebut.")
    return say("Jangka waktu: biasanya berakhir oleh keputusan Komisi Informasi atau pengadilan.")


def label_words(code: str) -> str:
    """Return what a ground protects, to follow its letter: `menghambat proses penegakan hukum`."""
    label = say(catalogue().grounds[code].label)
    return Said(_small(label), lambda: _small(told(label)))


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def letters_words(codes: Iterable[str]) -> str:
    """Return the letters alone, as in the column of a list: `17 h, j`."""
    letters = sorted({code[LETTER_LENGTH - 1] for code in codes})
    return f"17 {', '.join(letters)}" if letters else ""


def ground_words(row: Mapping[str, Any]) -> str:
    """Return one legal basis in full: ground or article, then the regulation, or the wording when it was not read."""
    place = code_words(row["code"]) if row.get("code") else row.get("article") or ""
    read = " ".join(part for part in (place, row.get("law") or "") if part)
    return read or row.get("text") or ""


def diff_words(before: str, after: str) -> list[tuple[str, str]]:
    """Return what became of a text, word by word: (`=`, `-` or `+`, words)."""
    old, new = _tokens(before), _tokens(after)
    parts: list[tuple[str, str]] = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("=", "".join(old[a:b])))
            continue
        parts += [(sign, text) for sign, text in (("-", "".join(old[a:b])), ("+", "".join(new[c:d]))) if text]
    return parts


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)


def changed_fields(before: Body, after: Body) -> list[str]:
    """Return the names of the fields in which two bodies differ, in the order of the form."""
    return [name for name in LABELS if before.get(name) != after.get(name)]


def field_words(body: Body, name: str) -> str:
    """Return one field as text, for comparing bodies on screen."""
    value = body.get(name)
    if name == "grounds":
        return "\n".join(ground_words(row) for row in body["grounds"])
    if name in CHOICES:
        return CHOICES[name].get(str(value), "")
    if name == "forms":
        return joined(", ", tuple(FORMS[form] for form in value or () if form in FORMS))
    if name == "participants":
        return "\n".join(value or ())
    return period_words(Period.from_dict(body["period"])) if name == "period" else str(value or "")


def facts(body: Body, names: Sequence[str] = READ) -> list[dict[str, Any]]:
    """Return fields as rows for reading, label and words; of those that nobody must fill only the filled."""
    kept = [name for name in names if name not in OPTIONAL or body.get(name)]
    return [
        {"key": LABELS[name], "value": [ground_words(row) for row in body["grounds"]] if name == "grounds" else field_words(body, name)}
        for name in kept
    ]  # fmt: skip


_SPAN = ("kind", "value", "unit", "starts_on", "ends_on", "event")


def period_words(period: Period) -> str:
    """Return a period in one line; the wording as written stands in for what was not understood."""
    span = span_words(period.value, period.unit)
    begins = (
        say("sejak %(day)s", day=day_words(period.starts_on)) if period.starts_on else say("sejak penetapan")
    )
    ends = day_words(period.ends_on)
    words: Mapping[str, str] = {
        "fixed": joined(" ", (span, begins)),
        "until_date": say("sampai %(day)s", day=ends) if ends else "",
        "until_event": joined(say(" setelah "), (span, period.event or "")),
        "until_consent": say("sampai ada persetujuan"),
        "unlimited": say("tanpa batas"),
    }
    said = words.get(period.kind.value, "") or period.text
    late = say("paling lambat %(day)s", day=ends) if ends and period.kind != "until_date" else ""
    review = say("ditinjau %(day)s", day=day_words(period.review_on)) if period.review_on else ""
    return joined(", ", (said, late, review))


def without_stale_wording(before: Body, after: Body) -> Body:
    """Return a body whose period no longer carries words as written once, when it was changed and they were not.

    Letters and the public read these words first: five years are not told as two.
    """
    old, new = Period.from_dict(before.get("period")), Period.from_dict(after.get("period"))
    is_changed = any(getattr(old, name) != getattr(new, name) for name in _SPAN)
    if not new.text or old.kind is PeriodKind.UNSPECIFIED or old.text != new.text or not is_changed:
        return after
    return after | {"period": after["period"] | {"text": ""}}


def span_words(value: int | None, unit: str | None) -> str:
    """Return `5 tahun`."""
    if not value:
        return ""
    counts = {
        "year": counted("%(num)s tahun", value),
        "month": counted("%(num)s bulan", value),
        "day": counted("%(num)s hari", value),
    }
    return counts.get(unit or "", str(value))


MONTHS = (
    say("Januari"), say("Februari"), say("Maret"), say("April"), say("Mei"), say("Juni"), say("Juli"),
    say("Agustus"), say("September"), say("Oktober"), say("November"), say("Desember"),
)  # fmt: skip


def day_words(day: date | None) -> str:
    """Return `5 Maret 2026`; to be compared and kept it is Indonesian whatever the language of the screen."""
    if day is None:
        return ""
    return say("%(day)s %(month)s %(year)s", day=day.day, month=MONTHS[day.month - 1], year=day.year)


def written(body: Body) -> list[str]:
    """Return the fields in which something stands, in the order of the form."""
    return [name for name in LABELS if body.get(name)]


def anchor(name: str) -> str:
    """Return where a field stands in the form: `#f-title`; a period begins with its kind."""
    return f"#f-{'period.kind' if name == 'period' else name}"


def missing_words(missing: Sequence[str]) -> list[dict[str, Any]]:
    """Return the nine fields for the completeness block: label, whether done, and whether sending needs it."""
    return [{"name": n, "label": LABELS[n], "done": n not in missing, "must": n in MUST} for n in NINE]
