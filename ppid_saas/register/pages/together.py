"""One field of many items at once: chosen in the list, seen before and after, written, and taken back. Parses, calls, renders."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.register import queries, rules, service
from ppid_saas.register.pages.listing import bp, filter_asked
from ppid_saas.register.schemas import load_body, one_line
from ppid_saas.web.marks import needs

MOST = 2_000
SHOWN = 50
NOTHING = say("Pilih paling sedikit satu butir di daftar.")
TOO_MANY = say("Paling banyak 2.000 butir sekali ubah. Persempit saringan, lalu ulangi.")


def _chosen() -> list[int]:
    """Return the numbers of the items meant: those ticked, or all that the filter leaves."""
    if request.values.get("semua"):
        return queries.refs(filter_asked())
    written = ",".join(request.values.getlist("butir")).split(",")
    return [int(ref) for ref in written if ref.isdecimal() and len(ref) < len("1000000000")]


@bp.get("/ubah-bersama")
@needs("item.write")
def together_form(**_: str) -> ResponseReturnValue:
    """Which field, and what to write into it."""
    return _page(_chosen())


def _page(refs: list[int], error: InvalidError | None = None, **more: Any) -> ResponseReturnValue:
    items = queries.to_change(refs[:MOST]) if refs else []
    problem = "" if items else NOTHING
    problem = TOO_MANY if len(refs) > MOST else problem
    names = {name: rules.LABELS[name] for name in rules.INTERNAL}
    errors = {} if error is None else error.by_field or {"value": error.message}
    page = render_template(
        "register/together.html", notice=None, items=items, locked=len(set(refs)) - len(items), problem=problem,
        refs=",".join(str(item.ref) for item in items), names=names, errors=errors, shown=SHOWN,
        levels=rules.CHOICES["security_class"], **{"name": "", "value": "", "preview": [], "many": 0} | more,
    )  # fmt: skip
    return page, 422 if errors or problem else 200


@bp.post("/ubah-bersama")
@needs("item.write")
def together(**_: str) -> ResponseReturnValue:
    """Show what would change; with `go` write it."""
    refs, name = _chosen(), request.form.get("field", "")
    try:
        value = _value(name)
    except InvalidError as error:
        return _page(refs, error, name=name, value=request.form.get("value", ""))
    if request.form.get("go") == "save" and 0 < len(refs) <= MOST:
        made, n = service.change_together(refs, name, value)
        return redirect(url_for("register_pages.items", diubah=made, jumlah=n), 303)
    preview = [
        (item, rules.field_words(item.body, name), rules.field_words(item.body | {name: value}, name))
        for item in queries.to_change(refs[:MOST])
        if (item.body.get(name) or "") != value
    ]
    return _page(refs, name=name, value=value, preview=preview[:SHOWN], many=len(preview), previewed=True)


def _value(name: str) -> str:
    """Return what is to be written, as the item's own form would take it."""
    if name not in rules.INTERNAL:
        raise InvalidError(service.NO_FIELD, {"field": [service.NO_FIELD]})
    written = request.form.get("level" if name == "security_class" else "value", "")
    try:
        return str(
            load_body(
                {
                    "title": "-",
                    name: one_line(written) or None if name in rules.CHOICES else one_line(written),
                }
            )[name]
            or ""
        )
    except InvalidError as error:
        raise InvalidError(error.message, {"value": list(error.by_field.values())}) from None


@bp.post("/ubah-bersama/<uuid:made>/urungkan")
@needs("item.write")
def take_back(made: UUID, **_: str) -> ResponseReturnValue:
    """Put the items back as they were."""
    back, stayed = service.take_back_change(made)
    return redirect(url_for("register_pages.items", kembali=back, tetap=stayed or None), 303)
