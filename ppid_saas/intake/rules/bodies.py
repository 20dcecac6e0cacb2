"""From the cells of one row to an item's body, and what is wrong with it, said where the cell stands. Pure.

Reading citations, periods and judging them is `law`'s; finding the cells is the business of the modules beside.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from ppid_saas.access.sayings import recalled, say
from ppid_saas.intake.rules.sheets import one_line, tidy, unrepeated
from ppid_saas.law.checks import Beside, check_beside, check_titled
from ppid_saas.law.citations import Citation, parse_citation
from ppid_saas.law.dates_in_words import find_dates
from ppid_saas.law.findings import Finding
from ppid_saas.law.messages import MESSAGES
from ppid_saas.law.periods import Period
from ppid_saas.law.wording import parse_period
from ppid_saas.register.rules import Untitled, Written, titled, untitled

Cells = Mapping[str, str]
Problem = dict[str, Any]
Others = tuple[tuple[str, str], ...]

WORDS: dict[str, str] = {
    "title": say("Judul informasi"),
    "document": say("Dokumen yang memuat"),
    "part": say("Bagian yang dikecualikan"),
    "open_part": say("Bagian yang tetap terbuka"),
    "ground": say("Dasar hukum"),
    "harm": say("Akibat bila dibuka"),
    "benefit": say("Manfaat bila dibuka"),
    "interest": say("Kepentingan yang dilindungi bila ditutup"),
    "loss": say("Kerugian publik bila ditutup"),
    "period": say("Jangka waktu pengecualian"),
    "review": say("Tanggal peninjauan"),
    "release": say("Syarat pembukaan lebih awal"),
    "holder": say("Jabatan penguasa informasi"),
    "content": say("Isi informasi"),
    "unit": say("Bidang atau bagian"),
    "form": say("Bentuk informasi"),
    "retention": say("Jangka waktu penyimpanan"),
    "note": say("Catatan"),
    "code": say("Kode"),
    "number": say("Nomor urut"),
}
EDITED = (
    "title",
    "document",
    "part",
    "open_part",
    "ground",
    "harm",
    "benefit",
    "interest",
    "loss",
    "period",
    "review",
    "release",
    "holder",
    "note",
)
SHOWN = ("title", "ground", "harm", "interest", "period")
NOTED = ("content", "unit", "form", "retention")
PART_WORDS = {"whole": re.compile(r"(se(lu)?ruh|keseluruhan)"), "part": re.compile(r"sebagian")}
CELL_OF = {"grounds": "ground", "part": "title", "open_part": "title"}
# What tells rows apart in which nothing else differs: of all else each wording is read and judged once.
APART = frozenset({"title", "number", "code"})
REMEMBERED = 2048
AGAINST = frozenset({"ganda.dalam_berkas", "ganda.mirip", "jw.lampau"})
ASKS_REVIEW = frozenset({"jw.tanpa_tinjau", "jw.peristiwa_tanpa_tinjau", "jw.tinjau_lampau"})

SAME_ROW = say("Sama dengan baris %(n)s. Gabungkan atau lewati.")
ALIKE = say("Mirip butir %(ref)s (%(score)s). Perbarui butir itu, atau buat baru?")
STRANGE_CODE = say(
    "Kode ini bukan kode butir di daftar Anda, atau sudah dipakai baris lain. Baris ini dibaca sebagai butir baru."
)
UNREAD_DATE = say("Tulis tanggal peninjauan dengan hari, bulan, dan tahun. Contoh: 5 Agustus 2027.")


def body_of(cells: Cells) -> dict[str, Any]:
    """Return the body a row stands for; what has no field of its own is kept in the note, under its name."""
    return {"title": title_of(cells), **_body_beside(dict(_others(cells)))}


def written_of(cells: Cells) -> Written:
    """Return the same as it is kept in the register."""
    return titled(_untitled(_others(cells)), title_of(cells))


def title_of(cells: Cells) -> str:
    return unrepeated(cells.get("title", ""))


def _others(cells: Cells) -> Others:
    """Return what rows have in common that differ in their titles alone."""
    return tuple([pair for pair in cells.items() if pair[0] not in APART])


@lru_cache(maxsize=REMEMBERED)
def _untitled(others: Others) -> Untitled:
    return untitled(_body_beside(dict(others)))


def _body_beside(cells: Cells) -> dict[str, Any]:
    period = _period_of(cells.get("period", "")).to_dict()
    more = [line for line in cells.get("release", "").split("\n") if line and line not in period["release"]]
    period["release"] = [*period["release"], *more]
    period["review_on"] = review_of(cells)
    own = {
        name: tidy(cells.get(name, ""))
        for name in ("document", "open_part", "harm", "benefit", "interest", "loss", "holder")
    }
    return own | {
        "part": part_of(cells),
        "grounds": [citation.as_ground() for citation in _citations_of(cells.get("ground", ""))],
        "period": period,
        "note": note_of(cells),
    }


@lru_cache(maxsize=1024)
def _period_of(text: str) -> Period:
    """Read a wording once: a list repeats its few wordings in every row."""
    return parse_period(text)


@lru_cache(maxsize=1024)
def _citations_of(text: str) -> tuple[Citation, ...]:
    return tuple(parse_citation(text))


def part_of(cells: Cells) -> str | None:
    written = cells.get("part", "").strip().lower()
    return next((code for code, words in PART_WORDS.items() if words.match(written)), None)


def review_of(cells: Cells) -> str | None:
    """Return the day of the review; None where no single day is written."""
    found = find_dates(cells.get("review", "").lower())
    return found[0].day.isoformat() if len(found) == 1 else None


def note_of(cells: Cells) -> str:
    names = NOTED if part_of(cells) else ("part", *NOTED)
    lines = [f"{WORDS[name]}: {one_line(cells[name])}" for name in names if cells.get(name)]
    return "\n".join([*lines, cells["note"]] if cells.get("note") else lines)


class Judged(NamedTuple):
    """The title of a row, what is wrong with the row, and what it shares with every row that repeats it."""

    title: str
    problems: list[Problem]
    sameness: tuple[str, tuple[str, ...]]


def judged(cells: Cells, today: date) -> Judged:
    """Judge a row: what stops sending, and doubts about what is written; what is absent is left to completeness."""
    others, title = _others(cells), title_of(cells)
    found, same, unread = _judged_beside(others, today)
    return Judged(
        title, [_told(each) for each in check_titled(title, found)] + unread, (title.casefold(), same)
    )


def problems_of(cells: Cells, today: date) -> list[Problem]:
    return judged(cells, today).problems


@lru_cache(maxsize=REMEMBERED)
def _judged_beside(others: Others, today: date) -> tuple[Beside, tuple[str, ...], list[Problem]]:
    cells = dict(others)
    return _found_beside(cells, today), _same_beside(cells), _unread(cells)


def _found_beside(cells: Cells, today: date) -> Beside:
    found = check_beside(_body_beside(cells), today)
    before, after = ([each for each in part if _is_told(each, cells)] for part in (found.before, found.after))
    return found._replace(before=tuple(before), after=tuple(after))


def _is_told(finding: Finding, cells: Cells) -> bool:
    if finding.severity == "block":
        return True
    return finding.field not in ("part", "open_part") and bool(cells.get(_cell_of(finding)))


def _cell_of(finding: Finding) -> str:
    return "review" if finding.code in ASKS_REVIEW else CELL_OF.get(finding.field, finding.field)


def _told(finding: Finding) -> Problem:
    message = finding.message_id % dict(finding.params)
    return problem(_cell_of(finding), finding.code, finding.severity, message)


def _unread(cells: Cells) -> list[Problem]:
    if cells.get("review") and not review_of(cells):
        return [problem("review", "tinjau.tak_terbaca", "block", UNREAD_DATE)]
    return []


def problem(field: str, code: str, severity: str, message: str) -> Problem:
    return {"field": field, "code": code, "severity": severity, "message": message}


def problem_words(message: str) -> str:
    """Return the sentence of a kept problem so that it can be told in the reader's language."""
    return recalled(message, (text for text in (*MESSAGES.values(), SAME_ROW, ALIKE) if "%(" in text))


def is_worth_taking(cells: Cells, problems: list[Problem]) -> bool:
    """Say whether a row is proposed: it has a title, is nothing we know already, and is not open by law already.

    Source: PP 61/2010 Ps 10(2).
    """
    return bool(cells.get("title")) and not any(found["code"] in AGAINST for found in problems)


def _same_beside(cells: Cells) -> tuple[str, ...]:
    names = ("ground", "harm", "interest", "period", "unit", "holder", "content")
    return tuple(one_line(cells.get(name, "")).casefold() for name in names)
