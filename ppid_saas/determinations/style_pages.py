"""How letters are written, on screen: instrument, paper, letterhead, who signs, wording; with a PDF of what it gives."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.determinations import papers, shown, styling
from ppid_saas.determinations.papers import Facts, Style
from ppid_saas.determinations.rules import KINDS
from ppid_saas.letters import wording
from ppid_saas.letters.paper import PAPERS
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("style_pages", __name__, url_prefix="/<region>/pusat/penetapan/surat")
bp.url_defaults(stay)

INSTRUMENTS = [("surat", say("Surat penetapan")), ("keputusan", say("Keputusan"))]
SIZES = [("a4", "A4 (210 × 297 mm)"), ("f4", "F4 (215 × 330 mm)")]
GROUPINGS = [("unit", say("Per unit")), ("letter", say("Per huruf Pasal 17"))]
LINES = ("signatory", "position", "number", "place", "pattern")
CHOICES: dict[str, dict[str, Any]] = {
    "instrument": dict(INSTRUMENTS),
    "paper": dict.fromkeys(PAPERS),
    "grouping": dict(GROUPINGS),
}
MOST_HEAD_LINES, LONGEST = 6, 300
SAVED = say("Pengaturan surat disimpan. Berlaku untuk draf dan penetapan berikutnya.")


@bp.get("")
@needs("letter.style")
def style(**_: str) -> ResponseReturnValue:
    """The settings in force."""
    notice = {"tone": "aman", "title": SAVED, "text": ""} if request.args.get("hasil") == "disimpan" else None
    return _page(styling.said(), {}, notice)


def _page(said: dict[str, Any], errors: dict[str, str], notice: dict[str, str] | None = None) -> str:
    return render_template(
        "determinations/style.html", style=Style.from_dict(said), errors=errors, notice=notice, instruments=INSTRUMENTS,
        sizes=SIZES, groupings=GROUPINGS, kinds=KINDS, shipped=wording.INSTRUMENTS, fields=wording.FIELDS,
        faulty={name.rpartition(".")[0] for name in errors},
    )  # fmt: skip


@bp.post("")
@needs("letter.style")
def save(**_: str) -> ResponseReturnValue:
    """Keep the settings, or show what they give without keeping them."""
    said = _typed()
    try:
        if request.form.get("go") in KINDS:
            return _sample(said, request.form["go"])
        styling.set_style(said)
    except InvalidError as error:
        return _page(said, error.by_field), 422
    return redirect(url_for("style_pages.style", hasil="disimpan"), 303)


def _typed() -> dict[str, Any]:
    form = request.form
    said: dict[str, Any] = {name: " ".join(form.get(name, "").split())[:LONGEST] for name in LINES}
    for name, known in CHOICES.items():
        said[name] = form[name] if form.get(name) in known else next(iter(known))
    head = [line[:LONGEST] for line in wording.lines(form.get("head", ""))]
    return said | {"head": head[:MOST_HEAD_LINES], "wording": _own_wording()}


def _own_wording() -> dict[str, dict[str, str]]:
    """Return the parts whose words are not those that ship."""
    own: dict[str, dict[str, str]] = {}
    for instrument, kinds in wording.INSTRUMENTS.items():
        for kind, parts in kinds.items():
            for part in parts:
                typed = request.form.get(f"{instrument}.{kind}.{part.name}", part.text).replace("\r\n", "\n")
                if typed.strip() != part.text.strip():
                    own.setdefault(f"{instrument}.{kind}", {})[part.name] = typed
    return own


def _sample(said: dict[str, Any], kind: str) -> ResponseReturnValue:
    found = styling.check(said["wording"])
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)
    given = Style.from_dict(said)
    example = wording.FIELDS
    facts = Facts(
        kind=kind, title=papers.TITLES[kind], body=str(actor().name), region=papers.region_of(str(actor().name)),
        signatory=given.signatory or example["penanda_tangan"], position=given.position or example["jabatan"],
        place=given.place or example["tempat"], number=example["nomor"], dated_on=date(2026, 11, 22), tests=example["uji"],
        earlier="" if kind == "exemption" else example["asal"], reason=example["alasan"] if kind in papers.OPENS else "",
    )  # fmt: skip
    return shown.sent(papers.determination(facts, papers.SAMPLE, given, draft=True), "pdf", "contoh-surat")
