"""A tenant's closed files: the list with its room, one document, and the recorded download."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError, NotFoundError, TooManyError
from ppid_saas.accounts.proving import is_herself
from ppid_saas.documents import queries, service
from ppid_saas.documents.rules import KINDS, REASONS
from ppid_saas.documents.schemas import attachment
from ppid_saas.documents.shown import around
from ppid_saas.storage import fixity
from ppid_saas.web.addresses import LARGEST, stay
from ppid_saas.web.errors import STATUS

bp = Blueprint("documents_pages", __name__)
bp.url_defaults(stay)


@bp.get("/<region>/u/<unit>/berkas")
@bp.get("/<region>/pusat/berkas")
def documents(**_: str) -> ResponseReturnValue:
    q = request.args.get("q", "")[:200]
    page, total = request.args.get("hal", 1, int), queries.count(q)
    pages = max(1, -(-total // queries.PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFoundError
    found = queries.documents(page, q=q)
    return render_template(
        "documents/list.html", documents=found, kinds=KINDS, usage=queries.usage(),
        fetched=queries.last_fetched([one.document_id for one in found]),
        looks=fixity.last_looks(one.object_id for one in found),
        page=page, pages=pages, total=total, per_page=queries.PER_PAGE, q=q,
    )  # fmt: skip


@bp.get("/<region>/u/<unit>/berkas/<uuid:document_id>")
@bp.get("/<region>/pusat/berkas/<uuid:document_id>")
def document(document_id: UUID, **_: str) -> ResponseReturnValue:
    return _page(document_id, {})


@bp.post("/<region>/u/<unit>/berkas/<uuid:document_id>/unduh")
@bp.post("/<region>/pusat/berkas/<uuid:document_id>/unduh")
def download(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Send a file; other pages' buttons name their reason in the address, the document's own page asks for it."""
    n = _version_asked()
    found, reason = (
        queries.version(document_id, n),
        request.form.get("reason") or request.args.get("alasan", ""),
    )
    try:
        service.check_reason(reason)
    except InvalidError as error:
        return _page(document_id, error.by_field), 422
    try:
        if not is_herself():
            return _ask_password(found, reason, {}), 401
    except (InvalidError, TooManyError) as error:
        return _ask_password(found, reason, error.by_field or {"password": error.message}), STATUS[
            type(error)
        ]
    return attachment(service.download(document_id, reason, n))


def _ask_password(found: queries.Version, reason: str, errors: dict[str, str]) -> str:
    """The page between: it sends the same request once more, with the password."""
    return render_template("documents/confirm.html", document=found, reason=reason, errors=errors)


def _version_asked() -> int | None:
    """Return the version that was chosen; the latest is meant where none was."""
    written = request.form.get("version", "")
    return (
        int(written)
        if written.isascii() and written.isdecimal() and len(written) < len(str(LARGEST))
        else None
    )


def _page(document_id: UUID, errors: dict[str, str]) -> str:
    found = queries.version(document_id)
    return render_template(
        "documents/document.html", document=found, kinds=KINDS, reasons=REASONS,
        fetched=queries.last_fetched([document_id]).get(document_id), errors=errors,
        looked=fixity.last_looks([found.object_id]).get(found.object_id), **around(document_id),
    )  # fmt: skip
