"""A tenant's closed files: the list with its room, one document, and the recorded download."""

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ppid_saas.access import policy
from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.verbs import actor
from ppid_saas.documents import queries, service
from ppid_saas.documents.rules import KINDS, REASONS
from ppid_saas.documents.schemas import attachment
from ppid_saas.web.addresses import stay

bp = Blueprint("documents_pages", __name__)
bp.url_defaults(stay)


@bp.get("/<region>/u/<unit>/berkas")
@bp.get("/<region>/pusat/berkas")
def documents(**_: str) -> ResponseReturnValue:
    page, total = request.args.get("hal", 1, int), queries.count()
    pages = max(1, -(-total // queries.PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFoundError
    found = queries.documents(page)
    return render_template(
        "documents/list.html", documents=found, kinds=KINDS, usage=queries.usage(),
        fetched=queries.last_fetched([one.document_id for one in found]),
        page=page, pages=pages, total=total, per_page=queries.PER_PAGE, may_write=policy.may(actor().roles, "document.write"),
    )  # fmt: skip


@bp.get("/<region>/u/<unit>/berkas/<uuid:document_id>")
@bp.get("/<region>/pusat/berkas/<uuid:document_id>")
def document(document_id: UUID, **_: str) -> ResponseReturnValue:
    return _page(document_id, {})


@bp.post("/<region>/u/<unit>/berkas/<uuid:document_id>/unduh")
@bp.post("/<region>/pusat/berkas/<uuid:document_id>/unduh")
def download(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Send a file; other pages' buttons name their reason in the address, the document's own page asks for it."""
    reason = request.form.get("reason") or request.args.get("alasan", "")
    try:
        return attachment(service.download(document_id, reason))
    except InvalidError as error:
        return _page(document_id, {name: text[0] for name, text in error.fields.items()}), 422


def _page(document_id: UUID, errors: dict[str, str]) -> str:
    found = queries.version(document_id)
    return render_template(
        "documents/document.html", document=found, kinds=KINDS, reasons=REASONS,
        fetched=queries.last_fetched([document_id]).get(document_id), errors=errors,
    )  # fmt: skip
