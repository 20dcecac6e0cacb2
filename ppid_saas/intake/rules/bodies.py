"""From the cells of one row to an item's body, and what is wrong with it, said where the cell stands. Pure.

Reading citations, periods and judging them is `law`'s; finding the cells is the business of the modules beside.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ppid_saas.intake.rules.sheets import one_line, tidy
from ppid_saas.law.checks import check_item
from ppid_saas.law.citations import parse_citation
from ppid_saas.law.dates_in_words import find_dates
from ppid_saas.law.wording import parse_period

Cells = Mapping[str, str]
Problem = dict[str, Any]

WORDS: dict[str, str] = {
    "title": "Judul informasi",
    "document": "Dokumen yang memuat",
    "ground": "Dasar hukum",
    "harm": "Akibat bila dibuka",
    "benefit": "Manfaat bila dibuka",
    "interest": "Kepentingan yang dilindungi bila ditutup",
    "loss": "Kerugian publik bila ditutup",
    "period": "Jangka waktu pengecualian",
    "review": "Tanggal peninjauan",
    "release": "Syarat pembukaan lebih awal",
    "holder": "Jabatan penguasa informasi",
    "content": "Isi informasi",
    "unit": "Bidang atau bagian",
    "form": "Bentuk informasi",
    "retention": "Jangka waktu penyimpanan",
    "note": "Catatan",
    "code": "Kode",
    "number": "Nomor urut",
}
EDITED = (
    "title",
    "document",
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
CELL_OF = {"grounds": "ground", "part": "title", "open_part": "title"}
ASKS_REVIEW = frozenset({"jw.tanpa_tinjau", "jw.peristiwa_tanpa_tinjau", "jw.tinjau_lampau"})

SAME_ROW = "Sama dengan baris {n}. Gabungkan atau lewati."
KNOWN = "Sudah ada di daftar: butir {ref}. Pakai hanya bila memang informasi lain."


def body_of(cells: Cells) -> dict[str, Any]:
    """Return the body a row stands for; what has no field of its own is kept in the note, under its name."""
    period = parse_period(cells.get("period", "")).to_dict()
    more = [line for line in cells.get("release", "").split("\n") if line and line not in period["release"]]
    period["release"] = [*period["release"], *more]
    period["review_on"] = review_of(cells)
    own = {
        name: tidy(cells.get(name, ""))
        for name in ("document", "harm", "benefit", "interest", "loss", "holder")
    }
    return own | {
        "title": one_line(tidy(cells.get("title", ""))),
        "grounds": [citation.as_ground() for citation in parse_citation(cells.get("ground", ""))],
        "period": period,
        "note": note_of(cells),
    }


def review_of(cells: Cells) -> str | None:
    """Return the day a person wrote beside the row; no file has such a column."""
    found = find_dates(cells.get("review", "").lower())
    return found[0].day.isoformat() if len(found) == 1 else None


def note_of(cells: Cells) -> str:
    lines = [f"{WORDS[name]}: {one_line(cells[name])}" for name in NOTED if cells.get(name)]
    return "\n".join([*lines, cells["note"]] if cells.get("note") else lines)


def problems_of(body: Mapping[str, Any], cells: Cells, today: date) -> list[Problem]:
    """Return what stops sending, and doubts about what is written; what is merely absent is left to completeness."""
    found = []
    for finding in check_item(body, today):
        field = "review" if finding.code in ASKS_REVIEW else CELL_OF.get(finding.field, finding.field)
        if finding.severity == "block" or (cells.get(field) and finding.field not in ("part", "open_part")):
            message = finding.message_id % dict(finding.params)
            found.append(problem(field, finding.code, finding.severity, message))
    return found


def problem(field: str, code: str, severity: str, message: str) -> Problem:
    return {"field": field, "code": code, "severity": severity, "message": message}


def is_worth_taking(cells: Cells, problems: list[Problem]) -> bool:
    """Say whether a row is proposed: it has a title, is nothing we know already, and is not open by law already.

    Source: PP 61/2010 Ps 10(2).
    """
    against = {"ganda.dalam_berkas", "ganda.sudah_ada", "jw.lampau"}
    return bool(cells.get("title")) and not any(found["code"] in against for found in problems)


def sameness(cells: Cells) -> tuple[str, ...]:
    """Return what two rows share when one repeats the other."""
    names = ("title", "ground", "harm", "interest", "period", "unit", "holder", "content")
    return tuple(one_line(cells.get(name, "")).casefold() for name in names)
