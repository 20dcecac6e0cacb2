"""A unit's register as a list: search, filters, files to take away. Parses, calls, renders."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block

from ppid_saas.access.policy import may
from ppid_saas.access.sayings import counted, joined, say
from ppid_saas.access.verbs import actor
from ppid_saas.law.grounds import catalogue
from ppid_saas.register import exports, queries, rules
from ppid_saas.register.queries import Filter
from ppid_saas.web.addresses import number_asked, stay
from tenants import clock

bp = Blueprint("register_pages", __name__, url_prefix="/<region>/u/<unit>/butir")
bp.url_defaults(stay)

COMPLETE = {"yes": say("Lengkap"), "no": say("Belum lengkap")}
ENDS = {"past": say("Sudah lewat"), "none": say("Belum bertanggal")}
YEAR = re.compile(r"(?:19|20|21)[0-9]{2}")
SORTED = {"": "ascending", "-": "descending"}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"item_words": rules, "may_write": may_write}


def may_write() -> bool:
    return may(actor().roles, "item.write")


def filter_asked() -> Filter:
    """Return the filter an address names; what it does not know shows everything."""
    args = request.args
    status, ground, missing, ends = (args.get(name, "") for name in ("status", "dasar", "kurang", "akhir"))
    sort, level = args.get("urut", "habis"), args.get("kelas", "")
    return Filter(
        q=args.get("q", "")[:200],
        status=status if status in rules.STATES else "",
        ground=ground if ground in catalogue().grounds else "",
        missing=missing if missing in rules.NINE else "",
        sort=sort if sort.removeprefix("-") in queries.SORTS else "habis",
        complete=args.get("lengkap", "") if args.get("lengkap") in COMPLETE else "",
        ends=ends if ends in ENDS or YEAR.fullmatch(ends) else "",
        holder=args.get("jabatan", "").replace("\x00", "")[:1_000],
        security_class=level if level in rules.CHOICES["security_class"] else "",
        today=clock.today(actor().zone),
    )


def _page_number(total: int) -> tuple[int, int]:
    pages = max(1, -(-total // queries.PER_PAGE))
    return min(max(number_asked("hal"), 1), pages), pages


def values_of(chosen: Filter) -> dict[str, Any]:
    """Return a filter as the values of an address; empty ones are left out."""
    values = {
        "q": chosen.q, "status": chosen.status, "dasar": chosen.ground, "kurang": chosen.missing,
        "lengkap": chosen.complete, "akhir": chosen.ends, "jabatan": chosen.holder, "kelas": chosen.security_class,
        "urut": "" if chosen.sort == "habis" else chosen.sort,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _query(chosen: Filter, **changed: str) -> str:
    """Return the address of this list with some of its choices changed."""
    values: dict[str, Any] = values_of(chosen) | changed
    if values.get("urut") == "habis":
        values["urut"] = ""
    return url_for("register_pages.items", **{key: value for key, value in values.items() if value})


def _sort(chosen: Filter, name: str, label: str) -> dict[str, str]:
    here = chosen.sort.removeprefix("-") == name
    backwards = here and not chosen.sort.startswith("-")
    found = {"label": label, "sort_url": _query(chosen, urut=f"-{name}" if backwards else name)}
    return found | ({"sorted": SORTED["-" if chosen.sort.startswith("-") else ""]} if here else {})


def _marks(chosen: Filter) -> list[dict[str, str]]:
    said = {
        "q": say("Cari: %(q)s", q=chosen.q),
        "status": say("Status: %(state)s", state=rules.STATES.get(chosen.status, ("", ""))[0]),
        "dasar": say("Dasar: %(ground)s", ground=rules.code_words(chosen.ground) if chosen.ground else ""),
        "kurang": say("Belum diisi: %(field)s", field=rules.LABELS.get(chosen.missing, "")),
        "lengkap": COMPLETE.get(chosen.complete, ""),
        "akhir": say("Masa habis: %(when)s", when=ENDS.get(chosen.ends, chosen.ends)),
        "jabatan": say("Penguasa: %(holder)s", holder=chosen.holder),
        "kelas": say(
            "Kelas arsip: %(level)s", level=rules.CHOICES["security_class"].get(chosen.security_class, "")
        ),
    }
    return [
        {"label": said[name], "remove_url": _query(chosen, **{name: ""})}
        for name in values_of(chosen) if name in said
    ]  # fmt: skip


def _filters(chosen: Filter) -> list[dict[str, Any]]:
    """Return the choices of each filter with how many items they leave; one with nothing to choose is not shown."""
    states, ends = queries.state_counts(), queries.end_counts(chosen.today)
    levels = queries.word_counts("security_class")
    found = [
        _facet("status", say("Status"), chosen.status,
               [(state, words, states.get(state, 0)) for state, (words, _) in rules.STATES.items()]),
        _facet("dasar", say("Dasar hukum"), chosen.ground,
               [(code, rules.letter_words(code), n) for code, n in queries.ground_counts().items()]),
        _facet("lengkap", say("Kelengkapan"), chosen.complete, list(COMPLETE.items())),
        _facet("akhir", say("Masa habis"), chosen.ends, [(when, ENDS.get(when, when), n) for when, n in ends.items()]),
        _facet("jabatan", say("Jabatan penguasa"), chosen.holder,
               [(holder, holder, n) for holder, n in queries.word_counts("holder").items()]),
        _facet("kelas", say("Kelas keamanan arsip"), chosen.security_class,
               [(level, words, levels.get(level, 0)) for level, words in rules.CHOICES["security_class"].items()]
               if levels else []),
    ]  # fmt: skip
    return [facet for facet in found if facet["options"]]


def _facet(name: str, label: str, value: str, options: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    known = (
        [*options, (value, value)] if value and value not in {option[0] for option in options} else options
    )
    return {"name": name, "label": label, "value": value, "options": known}


def _notice() -> dict[str, Any] | None:
    """Say what was just done and offer the way back; the address names it, the register knows whether it is so."""
    args, made = request.args, request.args.get("diubah", type=UUID)
    if ref := number_asked("dihapus"):
        text, url = (
            say("Butir %(ref)s dihapus dari daftar.", ref=ref),
            url_for("register_pages.restore", ref=ref),
        )
    elif made:
        text = counted("%(num)s butir diubah.", number_asked("jumlah"))
        url = url_for("register_pages.take_back", made=made)
    elif "kembali" in args:
        return {"tone": "aman", "text": _put_back(), "actions": []}
    else:
        return None
    action = {"label": say("Urungkan"), "url": url, "post": True}
    return {"tone": "aman", "text": text, "actions": [action] if may_write() else []}


def _put_back() -> str:
    back = counted("%(num)s butir dikembalikan seperti semula.", number_asked("kembali"))
    stayed = number_asked("tetap")
    more = counted("%(num)s butir tetap, karena sudah diubah lagi atau terkirim.", stayed) if stayed else ""
    return joined(" ", (back, more))


def _change_url(chosen: Filter) -> str:
    return url_for("register_pages.together_form", semua=1, **values_of(chosen))


@bp.get("")
def items(**_: str) -> ResponseReturnValue:
    """The register."""
    chosen, everything = filter_asked(), queries.count()
    marks = _marks(chosen)
    total = queries.count(chosen) if marks else everything
    number, pages = _page_number(total)
    values = {
        "chosen": chosen, "lines": queries.page(chosen, number), "total": total, "everything": everything,
        "page": number, "pages": pages, "per_page": queries.PER_PAGE, "marks": marks, "filters": _filters(chosen),
        "downloads": {kind: _download_url(chosen, kind) for kind in ("xlsx", "csv")},
        "href": _query(chosen) + ("&" if "?" in _query(chosen) else "?") + "hal={hal}", "notice": _notice(), "change_all_url": _change_url(chosen),
        "columns": [
            _sort(chosen, "judul", say("Informasi")), say("Dasar hukum"), _sort(chosen, "habis", say("Masa habis")),
            say("Status"), say("Kelengkapan"),
        ],
    }  # fmt: skip
    block = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    page = (
        render_block("register/items.html", "results", **values)
        if block
        else render_template("register/items.html", **values)
    )
    response = make_response(page)
    response.headers["Vary"] = "HX-Request"
    return response


@bp.get("/unduh.<any(xlsx, csv):kind>")
def download(kind: str, **_: str) -> ResponseReturnValue:
    """The list as a file that the import knows again, with the filters of the page it was asked from."""
    items = queries.exported(filter_asked())
    data = exports.workbook(items) if kind == "xlsx" else exports.comma_separated(items)
    name = f"daftar-{actor().slug}-{clock.today(actor().zone):%Y%m%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype=exports.XLSX if kind == "xlsx" else "text/csv", headers=headers)


def _download_url(chosen: Filter, kind: str) -> str:
    query = _query(chosen).partition("?")[2]
    return url_for("register_pages.download", kind=kind) + (f"?{query}" if query else "")
