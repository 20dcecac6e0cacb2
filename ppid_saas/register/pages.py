"""A unit's register on screen: list, item, form, and the page that settles two people's changes. Parses, calls, renders."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from jinja2_fragments.flask import render_block
from werkzeug.datastructures import MultiDict

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say, told
from ppid_saas.access.verbs import actor
from ppid_saas.law.checks import check_item, completeness
from ppid_saas.law.grounds import catalogue
from ppid_saas.law.periods import Period
from ppid_saas.register import exports, queries, rules, schemas, service
from ppid_saas.register.models import Item
from ppid_saas.register.queries import Filter
from ppid_saas.register.rules import Body
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("register_pages", __name__, url_prefix="/<region>/u/<unit>/butir")
bp.url_defaults(stay)

SORTED = {"": "ascending", "-": "descending"}


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"item_words": rules, "may_write": _may_write}


def _may_write() -> bool:
    return may(actor().roles, "item.write")


def _filter() -> Filter:
    args = request.args
    status, ground, missing = (args.get(name, "") for name in ("status", "dasar", "kurang"))
    return Filter(
        q=args.get("q", "")[:200],
        status=status if status in rules.STATES else "",
        ground=ground if ground in catalogue().grounds else "",
        missing=missing if missing in rules.NINE else "",
        sort=args.get("urut", "habis")
        if args.get("urut", "").removeprefix("-") in queries.SORTS
        else "habis",
    )


def _page_number(total: int) -> tuple[int, int]:
    pages = max(1, -(-total // queries.PER_PAGE))
    asked = request.args.get("hal", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < len("1000000") else 1
    return min(max(number, 1), pages), pages


def _query(chosen: Filter, **changed: str) -> str:
    """Return the address of this list with some of its choices changed; empty ones are left out."""
    values: dict[str, Any] = {
        "q": chosen.q,
        "status": chosen.status,
        "dasar": chosen.ground,
        "kurang": chosen.missing,
        "urut": chosen.sort,
    } | changed
    if values["urut"] == "habis":
        values["urut"] = ""
    return url_for("register_pages.items", **{key: value for key, value in values.items() if value})


def _sort(chosen: Filter, name: str, label: str) -> dict[str, str]:
    here = chosen.sort.removeprefix("-") == name
    backwards = here and not chosen.sort.startswith("-")
    found = {"label": label, "sort_url": _query(chosen, urut=f"-{name}" if backwards else name)}
    return found | ({"sorted": SORTED["-" if chosen.sort.startswith("-") else ""]} if here else {})


def _marks(chosen: Filter) -> list[dict[str, str]]:
    found = []
    if chosen.q:
        found.append({"label": say("Cari: %(q)s", q=chosen.q), "remove_url": _query(chosen, q="")})
    if chosen.status:
        found.append(
            {
                "label": say("Status: %(state)s", state=rules.STATES[chosen.status][0]),
                "remove_url": _query(chosen, status=""),
            }
        )
    if chosen.ground:
        label = say("Dasar: %(ground)s", ground=rules.code_words(chosen.ground))
        found.append({"label": label, "remove_url": _query(chosen, dasar="")})
    if chosen.missing:
        label = say("Belum diisi: %(field)s", field=rules.LABELS[chosen.missing])
        found.append({"label": label, "remove_url": _query(chosen, kurang="")})
    return found


def _filters(chosen: Filter) -> list[dict[str, Any]]:
    states, grounds = queries.state_counts(), queries.ground_counts()
    return [
        {
            "name": "status", "label": say("Status"), "value": chosen.status,
            "options": [(state, words, states.get(state, 0)) for state, (words, _) in rules.STATES.items()],
        },
        {
            "name": "dasar", "label": say("Dasar hukum"), "value": chosen.ground,
            "options": [(code, rules.letter_words(code), n) for code, n in grounds.items()],
        },
    ]  # fmt: skip


def _undo_notice() -> dict[str, Any] | None:
    """Offer to bring back what was just deleted; the address names it, the register knows whether it is so."""
    ref = request.args.get("dihapus", "")
    if not ref.isdecimal() or len(ref) > len("100000000"):
        return None
    action = {"label": say("Urungkan"), "url": url_for("register_pages.restore", ref=int(ref)), "post": True}
    return {
        "tone": "aman",
        "text": say("Butir %(ref)s dihapus dari daftar.", ref=ref),
        "actions": [action] if _may_write() else [],
    }


@bp.get("")
def items(**_: str) -> ResponseReturnValue:
    """The register."""
    chosen, everything = _filter(), queries.count()
    marks = _marks(chosen)
    total = queries.count(chosen) if marks else everything
    number, pages = _page_number(total)
    values = {
        "chosen": chosen, "lines": queries.page(chosen, number), "total": total, "everything": everything,
        "page": number, "pages": pages, "per_page": queries.PER_PAGE, "marks": marks, "filters": _filters(chosen),
        "downloads": {kind: _download_url(chosen, kind) for kind in ("xlsx", "csv")},
        "href": _query(chosen) + ("&" if "?" in _query(chosen) else "?") + "hal={hal}", "notice": _undo_notice(),
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
    items = queries.exported(_filter())
    data = exports.workbook(items) if kind == "xlsx" else exports.comma_separated(items)
    name = f"daftar-{actor().slug}-{clock.today(actor().zone):%Y%m%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, mimetype=exports.XLSX if kind == "xlsx" else "text/csv", headers=headers)


def _download_url(chosen: Filter, kind: str) -> str:
    query = _query(chosen).partition("?")[2]
    return url_for("register_pages.download", kind=kind) + (f"?{query}" if query else "")


def _form_page(
    values: Mapping[str, Any], errors: Mapping[str, str], item: Item | None, version: int = 0
) -> str:
    shown = rules.whole_body({}) if item is None else item.body
    return render_template(
        "register/form.html", values=values, errors=errors, item=item, version=version, notice=None,
        grounds=catalogue().grounds, entries=_entries(shown),
    )  # fmt: skip


def _entries(body: Body) -> dict[str, Any]:
    done, total, missing = completeness(body)
    return {"done": done, "total": total, "entries": _linked(rules.missing_words(missing))}


def _linked(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        entry | {"url": f"#f-{'period.kind' if entry['name'] == 'period' else entry['name']}"}
        for entry in entries
    ]


def _first_errors(error: InvalidError) -> dict[str, str]:
    return error.by_field or {"title": error.message}


@bp.get("/tambah")
@needs("item.write")
def add_form(**_: str) -> ResponseReturnValue:
    """An empty form."""
    return _form_page(schemas.form_of_body(rules.whole_body({})), {}, None)


@bp.post("/tambah")
@needs("item.write")
def add(**_: str) -> ResponseReturnValue:
    """Save a new draft."""
    try:
        saved = service.save_item(schemas.body_of_form(request.form))
    except InvalidError as error:
        return _form_page(schemas.form_of_input(request.form), _first_errors(error), None), 422
    return redirect(url_for("register_pages.item", ref=saved.ref, tersimpan=1), 303)


@bp.post("/kelengkapan")
@needs("item.write")
def live_completeness(**_: str) -> ResponseReturnValue:
    """The completeness block for what is typed so far; nothing is saved."""
    try:
        body = schemas.body_of_form(request.form)
    except InvalidError:
        return "", 204
    return render_block("register/form.html", "completeness", entries=_entries(body))


@bp.get("/<int:ref>")
def item(ref: int, **_: str) -> ResponseReturnValue:
    """One item: contents, completeness, what the law says to it, history."""
    return _item_page(queries.item(ref), _saved_notice())


def _saved_notice() -> dict[str, str] | None:
    if request.args.get("tersimpan"):
        return {
            "tone": "aman",
            "title": say("Tersimpan"),
            "text": say("Butir disimpan sebagai draf di daftar unit Anda."),
        }
    return (
        {"tone": "aman", "text": say("Butir dikembalikan ke daftar.")}
        if request.args.get("dipulihkan")
        else None
    )


def _item_page(found: Item, notice: Mapping[str, Any] | None) -> str:
    done, total, missing = completeness(found.body)
    edit_url = url_for("register_pages.edit_form", ref=found.ref)
    editable = _may_write() and found.state != "submitted"
    entries = [
        entry | {"url": edit_url + entry["url"] if editable else ""}
        for entry in _linked(rules.missing_words(missing))
    ]
    findings = [
        {"label": rules.LABELS[f.field], "text": say(f.message_id, **f.params), "must": f.severity == "block",
         "url": f"{edit_url}#f-{'period.kind' if f.field == 'period' else f.field}"}
        for f in check_item(found.body, clock.today(actor().zone))
    ]  # fmt: skip
    return render_template(
        "register/item.html", item=found, notice=notice, done=done, total=total, entries=entries, findings=findings,
        period=Period.from_dict(found.body["period"]), past=_past(found), edit_url=edit_url, zone=actor().zone,
        locked=found.state == "submitted", editable=editable,
    )  # fmt: skip


def _past(found: Item) -> list[dict[str, Any]]:
    """Return the versions with what each changed, newest first."""
    versions = queries.history(found)
    shown = []
    for newer, older in zip(versions, [*versions[1:], None], strict=True):
        names = rules.changed_fields(older.body, newer.body) if older else []
        shown.append(
            {"version": newer, "first": newer.version == 1, "changes": _changes(names, older, newer)}
        )
    return shown


def _changes(names: list[str], older: Any, newer: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": rules.LABELS[name],
            "parts": rules.diff_words(
                told(rules.field_words(older.body, name)), told(rules.field_words(newer.body, name))
            ),
        }
        for name in names
    ]


@bp.get("/<int:ref>/ubah")
def edit_form(ref: int, **_: str) -> ResponseReturnValue:
    """The form with the item in it; a locked item is shown instead, with the reason."""
    found = queries.item(ref)
    if found.state == "submitted":
        return _item_page(found, {"tone": "perhatian", "title": say("Terkunci"), "text": service.LOCKED})
    return _form_page(schemas.form_of_body(found.body), {}, found, found.version)


@bp.post("/<int:ref>/ubah")
def edit(ref: int, **_: str) -> ResponseReturnValue:
    """Save the next version, or show both texts when someone was faster."""
    before = queries.item(ref)
    version = request.form.get("version", "")
    try:
        body = _picked(schemas.body_of_form(request.form, before.body), before.body)
        service.save_item(
            body, ref, int(version) if version.isdecimal() and len(version) < len("1000000000") else 0
        )
    except InvalidError as error:
        return _form_page(
            schemas.form_of_input(request.form), _first_errors(error), before, before.version
        ), 422
    except ConflictError as error:
        return _conflict(ref, error)
    return redirect(url_for("register_pages.item", ref=ref, tersimpan=1), 303)


def _picked(mine: Body, theirs: Body) -> Body:
    """Return my body with those fields taken from the other that the conflict page's answers name."""
    taken = [name for name in rules.LABELS if request.form.get(f"{schemas.PICK}{name}") == "theirs"]
    return mine | {name: theirs[name] for name in taken}


def _conflict(ref: int, error: ConflictError) -> tuple[str, int]:
    found = queries.item(ref)
    if "version" not in error.fields:
        return _item_page(found, {"tone": "perhatian", "title": say("Terkunci"), "text": error.message}), 409
    mine = schemas.body_of_form(request.form, found.body)
    rows = [
        {"name": name, "label": rules.LABELS[name], "mine": rules.field_words(mine, name),
         "theirs": rules.field_words(found.body, name)}
        for name in rules.changed_fields(found.body, mine)
    ]  # fmt: skip
    return render_template(
        "register/conflict.html",
        item=found,
        rows=rows,
        typed=_typed(request.form),
        message=error.message,
        notice=None,
    ), 409


def _typed(form: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Return what was typed as hidden fields, so that settling the conflict needs no second typing."""
    return [
        (name, value)
        for name in form
        if name not in schemas.META and not name.startswith(schemas.PICK)
        for value in form.getlist(name)
    ]


@bp.post("/<int:ref>/hapus")
def delete(ref: int, **_: str) -> ResponseReturnValue:
    """Take a draft out of the list; the next page offers the way back."""
    try:
        service.delete_item(ref)
    except ConflictError as error:
        return _item_page(queries.item(ref), {"tone": "perhatian", "text": error.message}), 409
    return redirect(url_for("register_pages.items", dihapus=ref), 303)


@bp.post("/<int:ref>/pulihkan")
def restore(ref: int, **_: str) -> Response | ResponseReturnValue:
    """Bring a deleted draft back."""
    service.restore_item(ref)
    return redirect(url_for("register_pages.item", ref=ref, dipulihkan=1), 303)
