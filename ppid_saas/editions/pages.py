"""The central's pages of editions: prepare, look at exactly what the public will see, publish, recall, withdraw."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.editions import queries, service
from ppid_saas.publication import queries as published
from ppid_saas.publication.showing import shown
from ppid_saas.web.addresses import stay
from tenants import clock, context

bp = Blueprint("editions_pages", __name__)
bp.url_defaults(stay)

PER_PAGE = 20


@bp.get("/<region>/pusat/edisi")
def editions(**_: str) -> ResponseReturnValue:
    return _list({})


@bp.post("/<region>/pusat/edisi")
def prepare(**_: str) -> ResponseReturnValue:
    keep_others = request.form.get("keep_others") == "1"
    try:
        draft = service.prepare(_uuid(request.form.get("determination", "")), keep_others=keep_others)
    except InvalidError as error:
        return _list(error.fields or {"determination": [error.message]}), 422
    if draft.job_id is None:
        raise NotFoundError
    return redirect(url_for("job_pages.job", job_id=draft.job_id), 303)


@bp.get("/<region>/pusat/edisi/<uuid:draft_id>/pratinjau")
def preview(draft_id: UUID, **_: str) -> ResponseReturnValue:
    return _preview(draft_id, "")


@bp.post("/<region>/pusat/edisi/<uuid:draft_id>/terbit")
def publish(draft_id: UUID, **_: str) -> ResponseReturnValue:
    try:
        edition = service.publish(draft_id, request.form.get("confirmation", ""))
    except InvalidError as error:
        return _preview(draft_id, _first(error, "confirmation")), 422
    return redirect(url_for("editions_pages.edition", n=edition.n, terbit=1), 303)


@bp.get("/<region>/pusat/edisi/<int:n>")
def edition(n: int, **_: str) -> ResponseReturnValue:
    return _edition(n, {})


@bp.post("/<region>/pusat/edisi/<int:n>/tarik")
def retract(n: int, **_: str) -> ResponseReturnValue:
    try:
        service.retract(n, request.form.get("confirmation", ""), request.form.get("reason", ""))
    except InvalidError as error:
        return _edition(n, error.by_field), 422
    return redirect(url_for("editions_pages.edition", n=n), 303)


@bp.get("/<region>/pusat/edisi/butir")
def items(**_: str) -> ResponseReturnValue:
    wanted, page = request.args.get("q", "").strip(), request.args.get("hal", 1, int)
    found = queries.live(wanted)
    pages = max(1, -(-len(found) // PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFoundError
    today = clock.today(published_zone())
    chosen = [shown(body, today) for body in found[(page - 1) * PER_PAGE : page * PER_PAGE]]
    return render_template(
        "editions/items.html", items=chosen, q=wanted, page=page, pages=pages, total=len(found)
    )


@bp.get("/<region>/pusat/edisi/butir/<code>")
def item(code: str, **_: str) -> ResponseReturnValue:
    return _item(code, {})


@bp.post("/<region>/pusat/edisi/butir/<code>/cabut")
def withdraw(code: str, **_: str) -> ResponseReturnValue:
    if request.form.get("confirmation", "").strip() != code:
        return _item(code, {"confirmation": say("Ketik %(code)s untuk mencabut butir ini.", code=code)}), 422
    try:
        service.withdraw(code, request.form.get("reason", ""))
    except InvalidError as error:
        return _item(code, error.by_field), 422
    return redirect(url_for("editions_pages.items"), 303)


def _list(problems: Mapping[str, Sequence[str]]) -> str:
    return render_template(
        "editions/list.html", editions=queries.editions(), drafts=queries.drafts(),
        determinations=queries.determinations(), facts=queries.facts(), leaks=problems.get("leaks", []),
        errors={name: words[0] for name, words in problems.items() if name != "leaks"},
        may_prepare=_may("edition.prepare"), held_back=queries.held_back(),
    )  # fmt: skip


def _preview(draft_id: UUID, error: str) -> str:
    draft = queries.draft(draft_id)
    page, pages = request.args.get("hal", 1, int), max(1, -(-len(draft.items) // PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFoundError
    today = clock.today(published_zone())
    rows = draft.items[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render_template(
        "editions/preview.html", draft=draft, items=[shown(row["body"], today) for row in rows], page=page,
        pages=pages, changes=queries.draft_differences(draft), facts=queries.facts(), error=error,
        determination=queries.determination_of(draft), mine=actor().person_id == draft.prepared_by,
        may_publish=_may("edition.publish"), held_back=queries.held_back(),
    )  # fmt: skip


def _edition(n: int, errors: dict[str, str]) -> str:
    found = queries.edition(n)
    return render_template(
        "editions/edition.html", edition=found, facts=queries.facts(), errors=errors,
        files=published.edition_files(context.tenant_id(), n), may_retract=_may("edition.retract"),
        fresh="terbit" in request.args, reason=request.form.get("reason", ""),
    )  # fmt: skip


def _item(code: str, errors: dict[str, str]) -> str:
    live = published.find_live(context.tenant_id(), code)
    if live is None:
        raise NotFoundError("Butir itu tidak ada di daftar terbit.")
    return render_template(
        "editions/item.html", item=shown(live.body, clock.today(published_zone())), errors=errors,
        may_withdraw=_may("list.amend"), reason=request.form.get("reason", ""), facts=queries.facts(),
    )  # fmt: skip


def published_zone() -> str:
    """The time zone of the bound central's list."""
    return queries.facts().zone


def _may(permission: str) -> bool:
    return may(actor().roles, permission)


def _first(error: InvalidError, name: str) -> str:
    return next(iter(error.fields.get(name, [error.message])))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidError("Pilih penetapan.", {"determination": [say("Pilih penetapan.")]}) from error
