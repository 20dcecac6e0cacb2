"""An SOP as the official form on paper: the data of letters/sop.typ, and a limit in the form's words."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ppid_saas import letters
from ppid_saas.sop.drawing import lanes_of
from ppid_saas.sop.model import Limit, LimitKind, Sop

SOURCE = Path(letters.__file__).with_name("sop.typ")
PAPERS = ("a4", "f4")
TENTATIVE = "tentatif"


def limit_words(limit: Limit) -> str:
    """Return how long a step has, in the form's words; a step without a limit is "tentatif" here, whatever is printed."""
    if limit.kind is LimitKind.WORKING_DAYS:
        after = " sebelum jangka waktu berakhir" if limit.anchor == "period_end" else ""
        return f"{limit.n} hari kerja{after}"
    if limit.kind is LimitKind.WINDOW:
        return f"minggu {limit.first_week}–{limit.last_week}"
    return TENTATIVE


def pdf(sop: Sop, columns: Sequence[str], symbols: Mapping[str, str], paper: str) -> bytes:
    """Return the form as PDF, lying on A4 or F4."""
    return letters.typeset(SOURCE, data(sop, columns, symbols, paper))


def data(sop: Sop, columns: Sequence[str], symbols: Mapping[str, str], paper: str) -> dict[str, Any]:
    """Return what the sheet says; a correction never stands in the place of what is printed."""
    return {
        "paper": paper,
        "number": sop.number,
        "title": sop.title,
        "version": sop.version,
        "lanes": list(columns),
        "header": [
            {"label": field.label, "printed": list(field.printed), "reading": field.reading, "corrections": list(field.corrections)}
            for field in sop.header.values()
        ],
        "steps": [
            {
                "row": str(step.row or ""), "activity": step.activity, "inputs": list(step.inputs),
                "outputs": list(step.outputs), "time": limit_words(step.limit), "note": step.note,
                "lanes": list(lanes_of(step)), "shape": symbols[step.id],
            }
            for step in sop.steps
        ],
    }  # fmt: skip
