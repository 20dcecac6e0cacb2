"""Papers on screen: the list, one paper, where an item's papers are, moving, lending and giving back. Parses, calls, renders."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.cases.rules import Chip, chip
from ppid_saas.places import lending, queries, rules, service
from ppid_saas.places.pages.shelves import bp, form_of_request, may_keep
from ppid_saas.places.queries import Filter, Paper
from ppid_saas.places.schemas import USUAL_DAYS, LoanIn, PaperChangeIn, PaperIn
from ppid_saas.web.addresses import number_asked
from ppid_saas.web.formats import said_date
from ppid_saas.web.forms import first_messages, load
from ppid_saas.web.marks import needs
from tenants import clock

CODES_OFFERED = 500
MOST_CHOSEN = 500


@bp.get("/kertas")
def papers(**_: str) -> ResponseReturnValue:
    """The papers of the unit, filtered by the address."""
    return _list(_notice())


def _list(notice: Mapping[str, Any] | None, errors: Mapping[str, str] | None = None) -> str:
    places, args = queries.places(), request.args
    within = args.get("di", type=UUID)
    status = args.get("status", "") if args.get("status") in rules.STATUSES else ""
    chosen = Filter(
        q=args.get("q", "").replace("\x00", "")[:200], status=status, today=clock.today(actor().zone),
        within=frozenset(rules.inside(places, within)) if within in places and within else None,
    )  # fmt: skip
    total, everything = queries.count(chosen), queries.count(Filter())
    pages = max(1, -(-total // queries.PER_PAGE))
    number = min(max(number_asked("hal"), 1), pages)
    found = queries.page(chosen, number)
    asked = {"q": chosen.q, "status": status, "di": str(within) if chosen.within is not None else ""}
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    return render_template(
        "places/papers.html", papers=found, places=places, chosen=chosen, total=total,
        everything=everything, page=number, pages=pages, per_page=queries.PER_PAGE, notice=notice, errors=errors or {},
        marks=_marks(kept, places), href=url_for("places_pages.papers", **kept) + ("&" if kept else "?") + "hal={hal}",
        chips=chips_of(found), codes=codes_offered(), within=asked["di"],
    )  # fmt: skip


def chips_of(papers: Iterable[Paper]) -> dict[UUID, Chip]:
    """Return the chip of each paper that is lent: how long until it should be back."""
    lent = [(paper.id, paper.due_on) for paper in papers if paper.due_on]
    if not lent:
        return {}
    calendar, today = calendar_for_tenant(), clock.today(actor().zone)
    return {paper_id: chip(calendar, due_on, USUAL_DAYS, today) for paper_id, due_on in lent}


def _marks(kept: Mapping[str, str], places: Mapping[UUID, Any]) -> list[dict[str, str]]:
    said = {
        "q": say("Cari: %(q)s", q=kept.get("q", "")),
        "status": rules.STATUSES.get(kept.get("status", ""), ""),
        "di": say("Di %(code)s", code=places[UUID(kept["di"])].code) if "di" in kept else "",
    }
    return [
        {"label": said[name], "remove_url": url_for("places_pages.papers", **_without(kept, name))} for name in kept
    ]  # fmt: skip


def _without(kept: Mapping[str, str], name: str) -> dict[str, Any]:
    return {key: value for key, value in kept.items() if key != name}


def codes_offered() -> list[str]:
    """Return the codes of places that papers may lie in, to choose from while typing."""
    places = rules.in_order(queries.places())
    return [place.code for place in places if rules.may_hold(place.kind)][:CODES_OFFERED]


def _notice() -> dict[str, Any] | None:
    """Say what was just done and offer the way back; the address names it."""
    args = request.args
    if (made := args.get("dipindah", type=UUID)) is not None:
        text = counted("%(num)s kertas dipindahkan.", number_asked("jumlah"))
        url = url_for("places_pages.take_back_move", made=made)
    elif (removed := args.get("dihapus", type=UUID)) is not None:
        text, url = (
            say("Kertas dihapus dari daftar tempat."),
            url_for("places_pages.restore_paper", paper_id=removed),
        )
    elif "kembali" in args:
        return {
            "tone": "aman",
            "text": counted("%(num)s kertas dikembalikan ke tempat semula.", number_asked("kembali")),
        }
    else:
        return None
    action = {"label": say("Urungkan"), "url": url, "post": True}
    return {"tone": "aman", "text": text, "actions": [action] if may_keep() else []}


@bp.post("/kertas/pindah")
@needs("place.write")
def move(**_: str) -> ResponseReturnValue:
    """Put the chosen papers into another place."""
    chosen = [found for one in request.form.getlist("kertas")[:MOST_CHOSEN] if (found := _uuid(one))]
    try:
        made, n = service.move_papers(chosen, request.form.get("where", "")[:200])
    except InvalidError as error:
        errors = {"where" if name == "paper" else name: text for name, text in first_messages(error).items()}
        return _list(None, errors), 422
    return redirect(url_for("places_pages.papers", dipindah=made, jumlah=n), 303)


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


@bp.post("/kertas/pindah/<uuid:made>/urungkan")
@needs("place.write")
def take_back_move(made: UUID, **_: str) -> ResponseReturnValue:
    """Put papers moved together back where they were."""
    return redirect(url_for("places_pages.papers", kembali=service.take_back_move(made)), 303)


@bp.get("/butir/<int:ref>")
def of_item(ref: int, **_: str) -> ResponseReturnValue:
    """Where the papers of an item are."""
    found = queries.papers_of(ref)
    return render_template(
        "places/of_item.html", item=queries.item_of(ref), papers=found, places=queries.places(),
        chips=chips_of(found),
    )  # fmt: skip


@bp.get("/kertas/tambah")
@needs("place.write")
def add_paper_form(**_: str) -> ResponseReturnValue:
    """An empty form; the address may name the item or the place."""
    within = request.args.get("di", type=UUID)
    place = queries.places().get(within) if within else None
    ref = number_asked("butir")
    return _paper_form({"ref": str(ref or ""), "where": place.code if place else ""}, {})


def _paper_form(values: Mapping[str, Any], errors: Mapping[str, str], paper: Paper | None = None) -> str:
    return render_template(
        "places/paper_form.html", values=values, errors=errors, codes=codes_offered(), paper=paper
    )


@bp.post("/kertas/tambah")
@needs("place.write")
def add_paper(**_: str) -> ResponseReturnValue:
    """Say that a paper of an item lies in a place."""
    try:
        made = service.add_holding(**load(PaperIn(), form_of_request()))
    except InvalidError as error:
        return _paper_form(dict(request.form), first_messages(error)), 422
    return redirect(url_for("places_pages.paper", paper_id=made.id, dicatat=1), 303)


@bp.get("/kertas/<uuid:paper_id>")
def paper(paper_id: UUID, **_: str) -> ResponseReturnValue:
    """One paper: where it is, who has it, where it has been."""
    said = next((text for name, text in DONE.items() if request.args.get(name)), "")
    return _paper_page(queries.paper(paper_id), {"tone": "aman", "text": said} if said else None)


DONE = {
    "dicatat": say("Kertas dicatat. Cetak labelnya, lalu tempelkan."),
    "dipinjam": say("Peminjaman dicatat. Bila lewat batas, petugas unit diberi tahu."),
    "kembali": say("Pengembalian dicatat."),
    "tersimpan": say("Perubahan disimpan."),
}


def _paper_page(
    found: Paper,
    notice: Mapping[str, Any] | None,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> str:
    steps = queries.past_of_paper(found.id)
    places = queries.places()
    gone = queries.names_of_places([step.place_id for step in steps if step.place_id])
    return render_template(
        "places/paper.html", paper=found, places=places, notice=notice, errors=errors or {}, values=values or {},
        chip=chips_of([found]).get(found.id), codes=codes_offered(),
        past=[_told(step, gone) for step in steps],
    )  # fmt: skip


def _told(step: queries.Step, places: Mapping[UUID, Any]) -> dict[str, Any]:
    place = places.get(step.place_id) if step.place_id else None
    titles = {
        "put": say("Ditempatkan di %(code)s", code=place.code if place else ""),
        "lent": say("Dipinjam %(borrower)s", borrower=step.borrower),
        "back": say("Dikembalikan %(borrower)s", borrower=step.borrower),
    }
    text = say("Batas kembali %(day)s.", day=said_date(step.due_on)) if step.due_on else ""
    return {"title": titles[step.kind], "at": step.at, "who": step.by, "text": text}


@bp.get("/kertas/<uuid:paper_id>/ubah")
@needs("place.write")
def change_paper_form(paper_id: UUID, **_: str) -> ResponseReturnValue:
    """The form with the paper in it."""
    found = queries.paper(paper_id)
    return _paper_form({"title": found.title, "sheets": found.sheets or ""}, {}, found)


@bp.post("/kertas/<uuid:paper_id>/ubah")
@needs("place.write")
def change_paper(paper_id: UUID, **_: str) -> ResponseReturnValue:
    """Save another title or number of sheets."""
    found = queries.paper(paper_id)
    try:
        service.change_holding(paper_id, **load(PaperChangeIn(), form_of_request()))
    except InvalidError as error:
        return _paper_form(dict(request.form), first_messages(error), found), 422
    return redirect(url_for("places_pages.paper", paper_id=paper_id, tersimpan=1), 303)


@bp.post("/kertas/<uuid:paper_id>/pinjam")
@needs("place.write")
def lend(paper_id: UUID, **_: str) -> ResponseReturnValue:
    """Lend the paper."""
    found = queries.paper(paper_id)
    try:
        lending.lend(paper_id, **load(LoanIn(), form_of_request()))
    except InvalidError as error:
        return _paper_page(found, None, first_messages(error), dict(request.form)), 422
    except ConflictError as error:
        return _refused(paper_id, error)
    return redirect(url_for("places_pages.paper", paper_id=paper_id, dipinjam=1), 303)


@bp.post("/kertas/<uuid:paper_id>/kembali")
@needs("place.write")
def give_back(paper_id: UUID, **_: str) -> ResponseReturnValue:
    """Record that the paper is back."""
    try:
        lending.take_back(paper_id)
    except ConflictError as error:
        return _refused(paper_id, error)
    return redirect(url_for("places_pages.paper", paper_id=paper_id, kembali=1), 303)


def _refused(paper_id: UUID, error: ConflictError) -> ResponseReturnValue:
    return _paper_page(queries.paper(paper_id), {"tone": "perhatian", "text": error.message}), 409


@bp.post("/kertas/<uuid:paper_id>/hapus")
@needs("place.write")
def remove_paper(paper_id: UUID, **_: str) -> ResponseReturnValue:
    """Take the paper out of the register; the next page offers the way back."""
    try:
        service.remove_holding(paper_id)
    except ConflictError as error:
        return _refused(paper_id, error)
    return redirect(url_for("places_pages.papers", dihapus=paper_id), 303)


@bp.post("/kertas/<uuid:paper_id>/pulihkan")
@needs("place.write")
def restore_paper(paper_id: UUID, **_: str) -> ResponseReturnValue:
    """Bring a removed paper back."""
    service.restore_holding(paper_id)
    return redirect(url_for("places_pages.paper", paper_id=paper_id), 303)
