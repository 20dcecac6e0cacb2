"""What the letters of a determination contain, field by field, pure: the decision with its annex, and a receipt.

Source: PP 61/2010 Ps 4 (six contents); Perki 1/2021 Ps 49 (a clear description, and the consequence as reason). How a
paper looks is `letters`'; which determination it is about is given.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from ppid_saas.law import grounds
from ppid_saas.law.periods import Period
from ppid_saas.letters import paper as parts
from ppid_saas.letters import wording
from ppid_saas.letters.paper import Paper, volumes
from ppid_saas.register.rules import ground_words, period_words
from ppid_saas.web.formats import INDONESIAN, long_date, words

NAMES = {
    "surat": "SURAT PENETAPAN",
    "keputusan": "KEPUTUSAN",
}
TITLES = {
    "exemption": "Penetapan Daftar Informasi yang Dikecualikan",
    "amendment": "Perubahan Penetapan Informasi yang Dikecualikan",
    "revocation": "Pencabutan Penetapan Informasi yang Dikecualikan",
    "opening": "Penetapan Informasi Terbuka",
}
CAPTIONS = {
    "exemption": "DAFTAR INFORMASI YANG DIKECUALIKAN",
    "amendment": "DAFTAR INFORMASI YANG DIKECUALIKAN (PERUBAHAN)",
    "revocation": "DAFTAR INFORMASI YANG TIDAK LAGI DIKECUALIKAN",
    "opening": "DAFTAR INFORMASI YANG DITETAPKAN TERBUKA",
}
CLASSES = {
    "exemption": "Informasi yang Dikecualikan",
    "amendment": "Informasi yang Dikecualikan (perubahan)",
    "revocation": "Informasi yang tidak lagi dikecualikan (pencabutan)",
    "opening": "Informasi terbuka, semula dikecualikan",
}
_EXEMPT = tuple(
    parts.Column(*one)
    for one in (
        ("No.", 0), ("Informasi yang dikecualikan", 3), ("Dasar hukum pengecualian", 2.2),
        ("Akibat bila dibuka", 2.8), ("Manfaat bila ditutup", 2.6), ("Jangka waktu", 1.8), ("Penanggung jawab", 1.6),
    )
)  # fmt: skip
_OPEN = tuple(
    parts.Column(*one)
    for one in (
        ("No.", 0), ("Informasi", 3), ("Dasar hukum pengecualian semula", 2.2), ("Penetapan semula", 2),
        ("Alasan", 2.8), ("Terbuka terhitung sejak", 1.6), ("Penanggung jawab", 1.6),
    )
)  # fmt: skip
OPENS = frozenset({"opening", "revocation"})
BLANK = "………………"


@dataclass(frozen=True, slots=True)
class Style:
    """How a central writes its letters: instrument, paper, letterhead, who signs, how the annex is grouped, own wording."""

    instrument: str = "surat"
    paper: str = "a4"
    head: tuple[str, ...] = ()
    signatory: str = ""
    position: str = ""
    number: str = ""
    place: str = ""
    pattern: str = ""
    grouping: str = "unit"
    wording: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> "Style":
        known = {name: said[name] for name in cls.__slots__ if name in said}
        return cls(**known | {"head": tuple(known.get("head", ()))})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a determination says of itself. Without a number or a day it is a draft."""

    kind: str
    title: str
    body: str
    region: str
    signatory: str
    position: str
    place: str
    number: str = ""
    dated_on: date | None = None
    code: str = ""
    tests: str = ""
    earlier: str = ""
    reason: str = ""

    @property
    def day(self) -> str:
        return long_date(self.dated_on, locale=INDONESIAN) if self.dated_on else BLANK


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the annex; `note` and `earlier` are told where it opens."""

    unit: str
    body: Mapping[str, Any]
    ends_on: date | None = None
    note: str = ""
    earlier: str = ""


# What the sample on the settings screen lists; no item of anyone.
SAMPLE = [
    Row(
        f"Unit contoh {n}",
        {
            "title": "Rincian contoh informasi", "document": "Berkas contoh", "part": "part", "open_part": "Jumlah per bulan",
            "grounds": [{"code": "17h", "law": "UU 14/2008", "article": "", "text": ""}],
            "harm": "Akibat yang dapat timbul bila informasi dibuka.", "interest": "Kepentingan yang dilindungi.",
            "period": {"kind": "fixed", "value": 5, "unit": "year", "text": "5 (lima) tahun"}, "holder": "Sekretaris unit",
        },
        date(2031, 11, 22),
    )
    for n in (1, 2)
]  # fmt: skip


def determination(facts: Facts, rows: Sequence[Row], style: Style, *, draft: bool) -> list[Paper]:
    """Return the volumes of a letter: the first holds the letter itself, each its part of the annex."""
    ordered = sorted(rows, key=_grouping(style))
    line = _line_of(facts)

    def letters(numbered: tuple[int, Row]) -> int:
        n, row = numbered
        return sum(len(cell) for cell in line(n, row, facts))

    many = volumes(list(enumerate(ordered, start=1)), letters)
    units = len({row.unit for row in rows})
    letter = _letter(facts, style, len(rows), units)
    return [
        Paper(
            _frame(facts, style, (n, len(many)), draft=draft),
            [*(letter if n == 1 else ()), _annex(facts, style, part, (n, len(many)))],
        )
        for n, part in enumerate(many, start=1)
    ]


def _frame(facts: Facts, style: Style, volume: tuple[int, int], *, draft: bool) -> parts.Frame:
    code = f" · Kode verifikasi {facts.code}" if facts.code else ""
    return parts.Frame(
        title=f"{facts.title}, Nomor {facts.number or BLANK}{_volume(volume)}",
        author=facts.body,
        foot=f"Nomor {facts.number or BLANK}{_volume(volume)}{code}",
        paper=style.paper,
        draft=parts.DRAFT if draft else "",
        dated=facts.dated_on.isoformat() if facts.dated_on else "",
    )


def _volume(volume: tuple[int, int]) -> str:
    return f", jilid {volume[0]} dari {volume[1]}" if volume[1] > 1 else ""


def _letter(facts: Facts, style: Style, count: int, units: int) -> list[parts.Block]:
    values = _values(facts, count, units)
    said = {
        name: wording.fill(text, values)
        for name, text in wording.chosen(
            style.instrument, facts.kind, style.wording.get(f"{style.instrument}.{facts.kind}", {})
        ).items()
    }
    middle = _decree(said) if style.instrument == "keputusan" else _plain(facts, said, count, units)
    return [
        parts.Head(style.head),
        parts.Title(_title(facts, style)),
        *middle,
        parts.Signature(_signatory(facts, style)),
        parts.Copies(wording.lines(said["copies"])),
    ]


def _values(facts: Facts, count: int, units: int) -> dict[str, str]:
    return {
        "nomor": facts.number or BLANK, "tanggal": facts.day, "tempat": facts.place, "tentang": facts.title,
        "badan_publik": facts.body, "wilayah": facts.region, "penanda_tangan": facts.signatory, "jabatan": facts.position,
        "butir": str(count), "unit": str(units), "uji": facts.tests or "hasil pengujian konsekuensi unit dan PPID Utama",
        "asal": facts.earlier or BLANK, "alasan": facts.reason or BLANK,
    }  # fmt: skip


def _title(facts: Facts, style: Style) -> list[str]:
    name = NAMES[style.instrument]
    whose = f"{name} {facts.position.upper()}" if style.instrument == "keputusan" else name
    return [whose, f"NOMOR {facts.number or BLANK}", "TENTANG", facts.title.upper()]


def _decree(said: Mapping[str, str]) -> list[parts.Block]:
    before = (
        ("Menimbang", "considering", "a."),
        ("Mengingat", "minding", "1."),
        ("Memperhatikan", "regarding", "1."),
    )
    decided = (("KESATU", "first"), ("KEDUA", "second"), ("KETIGA", "third"), ("KEEMPAT", "fourth"))
    return [
        parts.Reasons([parts.Reason(label, wording.lines(said[name]), mark) for label, name, mark in before]),
        parts.Centred("MEMUTUSKAN:"),
        parts.Reasons(
            [parts.Reason(label, [" ".join(wording.lines(said[name]))]) for label, name in decided]
        ),
    ]


def _plain(facts: Facts, said: Mapping[str, str], count: int, units: int) -> list[parts.Block]:
    """The letter with the six contents named one by one.

    Source: PP 61/2010 Ps 4 huruf a-f; Perki 1/2021 Ps 49.
    """
    period = (
        "Terbuka terhitung sejak tanggal dalam Lampiran"
        if facts.kind in OPENS
        else "Sebagaimana tercantum per butir dalam Lampiran"
    )
    contents = [
        ("Jenis klasifikasi", CLASSES[facts.kind]),
        ("Uraian informasi", f"{count} butir sebagaimana tercantum dalam Lampiran"),
        ("Pejabat PPID yang menetapkan", f"{facts.signatory}, {facts.position}"),
        ("Badan Publik dan unit", f"{facts.body}; {units} unit sebagaimana tercantum dalam Lampiran"),
        ("Jangka waktu pengecualian", period),
        ("Alasan", facts.reason or "Dasar hukum dan konsekuensi per butir dalam Lampiran"),
        ("Tempat dan tanggal", f"{facts.place}, {facts.day}"),
    ]  # fmt: skip
    if facts.earlier:
        contents.insert(1, ("Penetapan semula", facts.earlier))
    return [parts.Text(said["opening"]), parts.Fields(contents), parts.Text(said["closing"])]


def _signatory(facts: Facts, style: Style) -> parts.Signatory:
    own = style.number if facts.signatory == style.signatory else ""
    return parts.Signatory(facts.position, facts.signatory, facts.place, facts.day, own)


def _grouping(style: Style) -> Callable[[Row], tuple[str, date]]:
    by = _letter_of if style.grouping == "letter" else lambda row: row.unit
    return lambda row: (by(row), row.ends_on or date.max)


def _letter_of(row: Row) -> str:
    found = [grounds.find(one.get("code")) for one in row.body.get("grounds") or ()]
    letters = sorted({one.letter for one in found if one})
    return f"Pasal 17 huruf {letters[0]}" if letters else "Dasar hukum lain"


def _annex(
    facts: Facts, style: Style, rows: Sequence[tuple[int, Row]], volume: tuple[int, int]
) -> parts.Annex:
    by, line = _grouping(style), _line_of(facts)
    return parts.Annex(
        label=f"LAMPIRAN {NAMES[style.instrument]}{_volume(volume).upper()}",
        rows=[("Nomor", facts.number or BLANK), ("Tanggal", facts.day), ("Tentang", facts.title)],
        caption=CAPTIONS[facts.kind],
        columns=_OPEN if facts.kind in OPENS else _EXEMPT,
        groups=[
            parts.Group(label, [line(n, row, facts) for n, row in group])
            for label, group in groupby(rows, key=lambda pair: by(pair[1])[0])
        ],
        signature=_signatory(facts, style) if volume[0] == volume[1] else None,
    )


def _line_of(facts: Facts) -> Callable[[int, Row, Facts], list[str]]:
    return _opened if facts.kind in OPENS else _exempt


def _exempt(n: int, row: Row, _: Facts) -> list[str]:
    body = row.body
    return [
        str(n), described(row), _grounds(body), str(body.get("harm") or ""), str(body.get("interest") or ""),
        _period(row), str(body.get("holder") or ""),
    ]  # fmt: skip


def _opened(n: int, row: Row, facts: Facts) -> list[str]:
    body = row.body
    return [
        str(n), described(row, opens=True), _grounds(body), row.earlier or facts.earlier, row.note or facts.reason, facts.day,
        str(body.get("holder") or ""),
    ]  # fmt: skip


def described(row: Row, *, opens: bool = False) -> str:
    """Return what an item is, clearly: title, unit, the document that carries it, and what of it stays open.

    Source: Perki 1/2021 Ps 49; PP 61/2010 Ps 4 huruf c.
    """
    body = row.body
    part = body.get("part") == "part"
    told = (
        str(body.get("title") or ""), row.unit, f"Dokumen: {body['document']}" if body.get("document") else "",
        _closed(part=part, opens=opens),
        f"Tetap terbuka: {body['open_part']}" if part and not opens and body.get("open_part") else "",
    )  # fmt: skip
    return "\n".join(line for line in told if line)


def _closed(*, part: bool, opens: bool) -> str:
    said = "sebagian dikecualikan" if part else "seluruhnya dikecualikan"
    return f"Semula {said}" if opens else said.capitalize()


def _grounds(body: Mapping[str, Any]) -> str:
    return "\n".join(str(ground_words(row)) for row in body.get("grounds") or ())


def _period(row: Row) -> str:
    period = Period.from_dict(row.body.get("period"))
    said = period.text.strip() or str(period_words(period))
    until = f"sampai {long_date(row.ends_on, locale=INDONESIAN)}" if row.ends_on else ""
    return "\n".join(line for line in (said, until) if line)


def receipt(facts: Facts, style: Style, count: int, by: parts.Signatory) -> Paper:
    """Return the receipt a unit leaves behind: which letter, how many of its items, when it came and who took it."""
    frame = parts.Frame(
        title=f"Tanda terima penetapan Nomor {facts.number}", author=facts.body, foot=f"Tanda terima · Nomor {facts.number}",
        paper=style.paper,
    )  # fmt: skip
    rows = [
        ("Nomor penetapan", facts.number),
        ("Tanggal penetapan", facts.day),
        ("Tentang", facts.title),
        ("Unit", by.position),
        ("Butir unit ini", str(count)),
        ("Diterima", by.day),
    ]
    return Paper(
        frame,
        [
            parts.Head(style.head),
            parts.Title(["TANDA TERIMA", facts.title.upper()]),
            parts.Text("Telah diterima salinan penetapan beserta daftarnya sebagai berikut."),
            parts.Fields(rows),
            parts.Signature(by),
        ],
    )


def named(determinations: Iterable[tuple[str, date]]) -> str:
    """Return earlier determinations as a letter names them."""
    told = [f"Nomor {number} tanggal {long_date(day, locale=INDONESIAN)}" for number, day in determinations]
    return words(told, locale=INDONESIAN) if told else ""


def region_of(name: str) -> str:
    """Return the region in the name of its PPID Utama."""
    return name.removeprefix("PPID Utama ").strip()
