"""The documents of an item on screen, and the items of a document: putting in, linking, taking away. Parses, calls, renders."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError, TooLargeError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, require
from ppid_saas.documents import filing_queries
from ppid_saas.documents.filing_pages import at_file
from ppid_saas.documents.filing_schemas import ExemptPartIn
from ppid_saas.register import link_queries, linking, queries, rules
from ppid_saas.register.link_queries import Linked
from ppid_saas.register.pages.listing import bp
from ppid_saas.web.forms import load
from ppid_saas.web.marks import needs

DONE = {
    "tersimpan": say("Berkas disimpan tertutup dan ditautkan ke butir ini."),
    "sama": say("Isi berkas itu sudah tersimpan, jadi tidak disimpan lagi. Yang sudah ada ditautkan ke butir ini."),
    "tertaut": say("Berkas ditautkan ke butir ini."),
}  # fmt: skip


@bp.app_context_processor
def _of_documents() -> dict[str, Any]:
    return {"items_of_document": items_of_document, "files_of_item": files_of_item}


def items_of_document(document_id: UUID) -> Sequence[Linked]:
    """Return the items of a document, those it was taken from too, for the document's own page."""
    return link_queries.items(document_id) if actor().kind == "unit" else []


def files_of_item(item_id: UUID) -> int | None:
    """Return how many documents an item has, to whoever may see documents."""
    return link_queries.count(item_id) if may(actor().roles, "document.read") else None


@bp.get("/<int:ref>/berkas")
def files(ref: int, **_: str) -> ResponseReturnValue:
    """The documents of an item, and the ways to add one."""
    return _page(ref, {})


def _page(ref: int, errors: Mapping[str, str]) -> str:
    item, q = queries.item(ref), request.args.get("q", "")[:200]
    kept = link_queries.files(item.id)
    whole = rules.field_words(item.body, "part") if item.body["part"] == "whole" else item.body["open_part"]
    return render_template(
        "register/files.html", item=item, files=kept, q=q, errors=errors, notice=_notice(ref),
        offered=link_queries.documents_to_link(item.id, q) if may(actor().roles, "document.link") else [],
        part=request.form.get("exempt_part", "" if item.body["part"] == "part" else whole), total=len(kept),
    )  # fmt: skip


def _notice(ref: int) -> dict[str, Any] | None:
    args = request.args
    if (taken := args.get("dilepas", type=UUID)) is not None:
        url = url_for("register_pages.unlink_file", ref=ref, document_id=taken, kembali=1)
        actions = [{"label": say("Urungkan"), "url": url, "post": True}]
        return {"tone": "aman", "text": say("Tautan dilepas. Berkasnya tetap tersimpan."), "actions": actions}
    done = DONE.get(args.get("hasil", ""))
    return {"tone": "aman", "text": done} if done else None


@bp.post("/<int:ref>/berkas")
@needs("document.link")
def take_file(ref: int, **_: str) -> ResponseReturnValue:
    """Keep a file and link it at once."""
    try:
        taken = linking.take(ref, request.files.get("file"), _part())
    except (InvalidError, TooLargeError) as error:
        errors, status = at_file(error)
        return _page(ref, errors), status
    return redirect(
        url_for("register_pages.files", ref=ref, hasil="sama" if taken.known else "tersimpan"), 303
    )


def _part() -> str:
    return str(load(ExemptPartIn(), {"exempt_part": request.form.get("exempt_part", "")})["exempt_part"])


@bp.post("/<int:ref>/berkas/<uuid:document_id>")
@needs("document.link")
def link_file(ref: int, document_id: UUID, **_: str) -> ResponseReturnValue:
    """Link a document that is here already, or change the words about its closed part."""
    try:
        linking.link(ref, document_id, _part())
    except InvalidError as error:
        return _page(ref, error.by_field), 422
    return _back(ref, document_id, hasil="tertaut")


@bp.post("/<int:ref>/berkas/<uuid:document_id>/lepas")
@needs("document.link")
def unlink_file(ref: int, document_id: UUID, **_: str) -> ResponseReturnValue:
    """Take a document from an item; the next page offers the way back, which is the same address with `kembali`."""
    back = "kembali" in request.args
    linking.unlink(ref, document_id, back=back)
    return _back(ref, document_id, **{"hasil": "tertaut"} if back else {"dilepas": document_id})


def _back(ref: int, document_id: UUID, **said: Any) -> ResponseReturnValue:
    """Lead back to the side from which it was done."""
    if request.values.get("go") != "document":
        return redirect(url_for("register_pages.files", ref=ref, **said), 303)
    gone = ref if "dilepas" in said else None
    return redirect(url_for("documents_pages.document", document_id=document_id, dilepas=gone), 303)


@bp.get("/untuk-berkas/<uuid:document_id>")
@needs("document.link")
def choose_item(document_id: UUID, **_: str) -> ResponseReturnValue:
    """The items a document could belong to, found by title or number."""
    require("document.link")
    q = request.args.get("q", "")[:200]
    return render_template(
        "register/choose_item.html", document=filing_queries.kept(document_id), q=q,
        offered=link_queries.items_to_link(document_id, q),
    )  # fmt: skip
