"""What the papers of a test contain, field by field: test sheet, minutes of a sitting, and the board's written opinion.

Indonesian whatever the reader's language. How a paper looks is `letters`'; which rows it is about is given.
Source: Perki 1/2021 Ps 49 (test sheet); PP 61/2010 Ps 2 (written consideration); SOP 01/SOP-PPID baris 1 to 3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ppid_saas.consequence_tests.board_queries import Counted
from ppid_saas.consequence_tests.models import Opinion, Round, Sheet, Sitting, SittingPerson
from ppid_saas.consequence_tests.rules import OUTCOMES, TRIGGERS, VIEWS
from ppid_saas.consequence_tests.sitting_queries import AgendaLine
from ppid_saas.law.periods import Period
from ppid_saas.letters import paper as parts
from ppid_saas.letters.paper import Paper
from ppid_saas.register.rules import ground_words, period_words
from ppid_saas.web.formats import INDONESIAN, long_date, moment, weekday_date

BLANK = "………………"
DRAFT = "KONSEP – belum selesai"
BASIS = (
    "Undang-Undang Nomor 14 Tahun 2008 tentang Keterbukaan Informasi Publik, Pasal 2, Pasal 17, dan Pasal 19;",
    "Peraturan Pemerintah Nomor 61 Tahun 2010, Pasal 2 sampai dengan Pasal 4;",
    "Peraturan Komisi Informasi Nomor 1 Tahun 2021 tentang Standar Layanan Informasi Publik, Pasal 49;",
)
_SHEET = tuple(
    parts.Column(*one)
    for one in (
        ("No.", 0), ("Informasi", 2.2), ("Dasar hukum pengecualian", 2), ("Bila dibuka", 2.8), ("Bila ditutup", 2.6),
        ("Jangka waktu", 1.5), ("Hasil uji dan alasan", 2.4),
    )
)  # fmt: skip
_PEOPLE = tuple(
    parts.Column(*one) for one in (("No.", 0), ("Nama", 2), ("Jabatan", 2), ("Unit atau instansi", 2))
)
_DECIDED = tuple(
    parts.Column(*one)
    for one in (
        ("No.", 0), ("Informasi", 2.4), ("Unit", 1.6), ("Keputusan", 1.4), ("Alasan", 2.8), ("Pendapat berbeda", 2),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Around:
    """What every paper says of its house: whose it is, on which paper, in which zone."""

    body: str
    paper: str = "a4"
    zone: str = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Tested:
    """One row of a test sheet."""

    unit: str
    sheet: Sheet
    dissent: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and where a test was held, under which number, for which cause."""

    number: str = ""
    on: date | None = None
    place: str = ""
    trigger: str = "routine"
    note: str = ""
    people: Sequence[parts.Signer] = field(default_factory=tuple)
    done: bool = True


def _day(day: date | None) -> str:
    return weekday_date(day, INDONESIAN) if day else BLANK


def _frame(
    title: str, foot: str, around: Around, *, draft: bool, flipped: bool = False, on: date | None = None
) -> parts.Frame:
    return parts.Frame(
        title=title, author=around.body, foot=foot, paper=around.paper, draft=DRAFT if draft else "", flipped=flipped,
        dated=on.isoformat() if on else "",
    )  # fmt: skip


def sheet_paper(rows: Sequence[Tested], at: Occasion, around: Around) -> Paper:
    """Return the sheet over one item or many, signed by all who took part.

    Source: Perki 1/2021 Ps 49(2).
    """
    held = (
        f"Pada hari {_day(at.on)}, bertempat di {at.place or BLANK}, telah dilakukan Pengujian Konsekuensi terhadap"
        " Informasi Publik sebagaimana tabel berikut."
    )
    cause = f"Pemicu: {TRIGGERS[at.trigger]}{f', {at.note}' if at.note else ''}."
    table = parts.Table(_SHEET, [parts.Group("", [_tested(n, row) for n, row in enumerate(rows, 1)])])
    blocks: list[parts.Block] = [
        parts.Head((around.body,)),
        parts.Title(("LEMBAR PENGUJIAN KONSEKUENSI", f"NOMOR: {at.number or BLANK}")),
        parts.Text(f"{held}\n{cause}"), table,
        parts.Text("Demikian lembar pengujian ini dibuat dengan sebenarnya dan ditandatangani semua peserta."),
        parts.Signatures(tuple(at.people)),
    ]  # fmt: skip
    foot = f"Lembar Pengujian Konsekuensi, Nomor {at.number or BLANK}"
    frame = _frame("Lembar Pengujian Konsekuensi", foot, around, draft=not at.done, flipped=True, on=at.on)
    return Paper(frame, blocks)


def _tested(n: int, row: Tested) -> Sequence[str]:
    body, outcome = row.sheet.body, row.sheet.outcome
    title = "\n".join(part for part in (str(body.get("title") or ""), row.unit, _document(body)) if part)
    bases = "\n".join(ground_words(ground) for ground in body.get("grounds") or ())
    opened = _lines(("Akibat", body.get("harm")), ("Manfaat bagi publik", body.get("benefit")))
    closed = _lines(("Kepentingan terlindungi", body.get("interest")), ("Kerugian publik", body.get("loss")))
    said = str(OUTCOMES[outcome][0]) if outcome in OUTCOMES else BLANK
    kept = f"Tetap terbuka: {body['open_part']}" if body.get("open_part") else ""
    result = "\n".join(part for part in (said, row.sheet.reason, kept) if part)
    return (
        str(n),
        title,
        bases,
        opened,
        closed,
        str(period_words(Period.from_dict(body.get("period")))),
        result,
    )


def _document(body: dict[str, Any]) -> str:
    return f"Termuat dalam: {body['document']}" if body.get("document") else ""


def _lines(*pairs: tuple[str, Any]) -> str:
    return "\n".join(f"{label}: {words}" for label, words in pairs if words)


def signers(people: Iterable[SittingPerson], zone: str) -> list[parts.Signer]:
    """Return those who were there, each with a line to sign on or the mark of having signed here."""
    return [
        parts.Signer(
            one.name or one.position, ", ".join(part for part in (one.position, one.body) if part),
            f"Ditandai di sistem, {moment(one.signed_at, zone, INDONESIAN)}" if one.signed_at else "",
        )
        for one in people
        if one.present
    ]  # fmt: skip


def minutes(
    sitting: Sitting, agenda: Sequence[AgendaLine], people: Sequence[SittingPerson], around: Around
) -> Paper:
    """Return the minutes of a sitting: who was there, what was decided on each item and why, who thought otherwise.

    Source: SOP 01/SOP-PPID baris 2.
    """
    there = [one for one in people if one.present]
    begins = f", pukul {sitting.begins}" if sitting.begins else ""
    held = (
        f"Pada hari {_day(sitting.held_on)}{begins}, bertempat di {sitting.place}, telah dilaksanakan {sitting.title}"
        f"{f', dipimpin {sitting.chair}' if sitting.chair else ''}, yang dihadiri {len(there)} orang."
    )
    who = [(str(n), one.name, one.position, one.body) for n, one in enumerate(there, 1)]
    rows = [_decided(n, one) for n, one in enumerate(agenda, 1)]
    notes = [f"{one.line.sheet.body.get('title')}: {one.row.notes}" for one in agenda if one.row.notes]
    blocks: list[parts.Block] = [
        parts.Head((around.body,)),
        parts.Title(("BERITA ACARA UJI KONSEKUENSI", f"NOMOR: {sitting.minutes_number or BLANK}")),
        parts.Text(held), parts.Heading("Dasar"), parts.Items(BASIS),
        parts.Heading("Peserta"), parts.Table(_PEOPLE, [parts.Group("", who)]),
        parts.Heading("Keputusan atas setiap informasi"), parts.Table(_DECIDED, [parts.Group("", rows)]),
        *((parts.Heading("Catatan sidang"), parts.Items(notes)) if notes else ()),
        parts.Text("Demikian berita acara ini dibuat dengan sebenarnya dan ditandatangani semua peserta."),
        parts.Signatures(tuple(signers(people, around.zone))),
    ]  # fmt: skip
    foot = f"Berita Acara Uji Konsekuensi, Nomor {sitting.minutes_number or BLANK}"
    frame = _frame(
        "Berita Acara Uji Konsekuensi", foot, around, draft=sitting.closed_at is None, on=sitting.held_on
    )
    return Paper(frame, blocks)


def _decided(n: int, one: AgendaLine) -> Sequence[str]:
    row, body = one.row, one.line.sheet.body
    said = str(OUTCOMES[row.outcome][0]) if row.outcome in OUTCOMES else BLANK
    return (
        str(n),
        str(body.get("title") or ""),
        one.line.entry.sender_name,
        said,
        row.reason,
        row.dissent or "Tidak ada",
    )


def opinion(made: Round, items: Sequence[Counted], around: Around, on: date | None) -> Paper:
    """Return the board's written opinion: harm, balance and recommendation of each item, who said what, and the day.

    Source: PP 61/2010 Ps 2; SOP 01/SOP-PPID baris 3.
    """
    blocks: list[parts.Block] = [
        parts.Head((around.body,)),
        parts.Title(("LEMBAR PERTIMBANGAN", "TIM PERTIMBANGAN PELAYANAN INFORMASI", f"NOMOR: {made.advice_number or BLANK}")),
        parts.Text(
            f"Atas hasil uji konsekuensi “{made.title}”, Tim Pertimbangan memberi pertimbangan berdasarkan"
            " undang-undang, kepatutan, dan kepentingan umum atas informasi berikut."
        ),
        *(block for n, one in enumerate(items, 1) for block in _weighed(n, one)),
        *((parts.Heading("Kesimpulan"), parts.Text(made.advice_note)) if made.advice_note else ()),
        parts.Text(f"Pertimbangan ini diberikan pada {long_date(on, locale=INDONESIAN) if on else BLANK}."),
        parts.Signatures(tuple(_members(items, around.zone))),
    ]  # fmt: skip
    foot = f"Lembar Pertimbangan, Nomor {made.advice_number or BLANK}"
    return Paper(_frame("Lembar Pertimbangan", foot, around, draft=made.advised_at is None, on=on), blocks)


def _weighed(n: int, one: Counted) -> Sequence[parts.Block]:
    body, sheet = one.line.sheet.body, one.line.sheet
    rows = [
        ("Unit", one.line.entry.sender_name),
        ("Akibat bila dibuka", str(body.get("harm") or BLANK)),
        ("Kepentingan yang dilindungi", str(body.get("interest") or BLANK)),
        ("Hasil uji PPID Utama", f"{OUTCOMES[one.line.outcome][0]}. {sheet.reason}"),
        ("Pertimbangan Tim", _counted(one)),
        *((said.person_name, f"{VIEWS[said.view][0]}: {said.reason}") for said in one.opinions if said.reason),
    ]  # fmt: skip
    return (parts.Heading(f"{n}. {body.get('title')}"), parts.Fields(rows))


def _counted(one: Counted) -> str:
    found = one.tally
    told = [
        f"{number} {str(VIEWS[view][0]).lower()}"
        for view, number in (
            ("agree", found.agree), ("with_note", found.with_note), ("disagree", found.disagree), ("recused", found.recused),
        )
        if number
    ]  # fmt: skip
    return ", ".join(told) or "tidak ada pendapat sampai batas waktu"


def _members(items: Sequence[Counted], zone: str) -> list[parts.Signer]:
    """Return each member once, with the moment of her last view as her mark."""
    last: dict[Any, tuple[datetime, Opinion]] = {}
    for one in items:
        for said in one.opinions:
            at = said.given_at or said.saved_at
            if said.person_id not in last or last[said.person_id][0] < at:
                last[said.person_id] = (at, said)
    return [
        parts.Signer(
            said.person_name,
            "Anggota Tim Pertimbangan",
            f"Diberikan di sistem, {moment(at, zone, INDONESIAN)}",
        )
        for at, said in last.values()
    ]
