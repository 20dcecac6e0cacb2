"""What is done with a closed file besides fetching it: putting it in, another version, how long it is kept, disputes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import InvalidError, TooLargeError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, require
from ppid_saas.documents import (
    disposal_queries,
    filing,
    filing_queries,
    incoming,
    redacting,
    redaction_queries,
    rules,
)
from ppid_saas.documents.filing_schemas import DisputeIn, RetentionIn
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs

bp = Blueprint("filing_pages", __name__)
bp.url_defaults(stay)

UNIT, CENTRAL = "/<region>/u/<unit>/berkas", "/<region>/pusat/berkas"
ONE = "/<uuid:document_id>"


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"filing_words": rules, "may_with_files": may_with_files, "files_waiting": files_waiting, "upload_most": incoming.MOST_BYTES,
            "upload_accept": incoming.ACCEPT, "upload_too_large": incoming.TOO_LARGE}  # fmt: skip


def may_with_files(what: str) -> bool:
    """Say whether the actor may do something to documents: write, link, dispose, approve."""
    return may(actor().roles, f"document.{what}")


def files_waiting() -> list[dict[str, Any]]:
    """Return what waits for somebody who approves: copies for the public, and documents to be destroyed."""
    copies = [
        {"url": url_for("redacting_pages.decision", document_id=one.document_id), "name": one.name, "at": one.made_at,
         "who": one.made_by_name, "what": say("Salinan untuk publik")}
        for one in redaction_queries.drafts()
    ]  # fmt: skip
    return copies + [
        {"url": url_for("disposing_pages.disposal", document_id=one.document_id), "name": one.name, "at": one.asked_at,
         "who": one.asked_by_name, "what": say("Usul pemusnahan")}
        for one in disposal_queries.in_state("asked")
    ]  # fmt: skip


def to_document(document_id: UUID, **said: Any) -> ResponseReturnValue:
    """Lead back to a document, which says what was just done."""
    return redirect(url_for("documents_pages.document", document_id=document_id, **said), 303)


def at_file(error: InvalidError | TooLargeError) -> tuple[dict[str, str], int]:
    """Return what a form says to a file that was not taken, and its status."""
    status = 413 if isinstance(error, TooLargeError) else 422
    return (error.by_field or {"file": error.message}), status


@bp.get(f"{UNIT}/unggah")
@bp.get(f"{CENTRAL}/unggah")
@needs("document.write")
def upload_form(**_: str) -> ResponseReturnValue:
    """The form by which a file comes in."""
    require("document.write")
    return render_template("documents/upload.html", errors={})


@bp.post(f"{UNIT}/unggah")
@bp.post(f"{CENTRAL}/unggah")
@needs("document.write")
def upload(**_: str) -> ResponseReturnValue:
    """Keep the file, or lead to where its content is already."""
    try:
        taken = incoming.take(request.files.get("file"))
    except (InvalidError, TooLargeError) as error:
        errors, status = at_file(error)
        return render_template("documents/upload.html", errors=errors), status
    return to_document(
        taken.document_id, hasil="sama" if taken.known else "tersimpan", versi=taken.known and taken.known.n
    )


@bp.get(f"{UNIT}{ONE}/versi")
@bp.get(f"{CENTRAL}{ONE}/versi")
@needs("document.write")
def version_form(document_id: UUID, **_: str) -> ResponseReturnValue:
    """The form of the next version."""
    require("document.write")
    filing_queries.changeable(document_id)
    return _version_page(document_id, {})


def _version_page(document_id: UUID, errors: Mapping[str, str]) -> str:
    return render_template(
        "documents/version.html", document=filing_queries.kept(document_id), errors=errors,
        versions=filing_queries.versions(document_id),
    )  # fmt: skip


@bp.post(f"{UNIT}{ONE}/versi")
@bp.post(f"{CENTRAL}{ONE}/versi")
@needs("document.write")
def add_version(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the file as the next version, or say which version has the same content."""
    try:
        is_copy = filing_queries.changeable(document_id) == rules.REDACTED
        take = redacting.make_again if is_copy else incoming.take_version
        taken = take(document_id, request.files.get("file"))
    except (InvalidError, TooLargeError) as error:
        errors, status = at_file(error)
        return _version_page(document_id, errors), status
    return to_document(
        document_id, hasil="sama" if taken.known else "versi", versi=taken.known and taken.known.n
    )


@bp.get(f"{UNIT}{ONE}/simpan")
@bp.get(f"{CENTRAL}{ONE}/simpan")
@needs("document.write")
def retention_form(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Class and retention, to be written down."""
    require("document.write")
    found = filing_queries.kept(document_id)
    day = found.kept_from
    values = {
        "security_class": found.security_class, "fate": found.fate, "active_years": found.active_years,
        "inactive_years": found.inactive_years,
        "kept_from": {"day": day.day, "month": day.month, "year": day.year} if day else {},
    }  # fmt: skip
    return render_template("documents/retention.html", document=found, values=values, errors={})


@bp.post(f"{UNIT}{ONE}/simpan")
@bp.post(f"{CENTRAL}{ONE}/simpan")
@needs("document.write")
def set_retention(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Write them down."""
    form = request.form
    names = ("security_class", "fate", "active_years", "inactive_years")
    typed: dict[str, Any] = {name: form.get(name, "") for name in names}
    try:
        said = load(RetentionIn(), typed | {"kept_from": read_date(form, "kept_from")})
        filing.set_retention(document_id, **said)
    except InvalidError as error:
        values = typed | {"kept_from": boxes(form, "kept_from")}
        found = filing_queries.kept(document_id)
        return render_template(
            "documents/retention.html", document=found, values=values, errors=first_messages(error)
        ), 422
    return to_document(document_id, hasil="simpan")


@bp.get(f"{UNIT}{ONE}/sengketa")
@bp.get(f"{CENTRAL}{ONE}/sengketa")
def disputes(document_id: UUID, **_: str) -> ResponseReturnValue:
    """The disputes about a document, and the form to note one."""
    return _disputes_page(document_id, {})


def _disputes_page(document_id: UUID, errors: Mapping[str, str]) -> str:
    return render_template(
        "documents/disputes.html", document=filing_queries.kept(document_id), holds=filing_queries.holds(document_id),
        errors=errors, values=request.form,
    )  # fmt: skip


@bp.post(f"{UNIT}{ONE}/sengketa")
@bp.post(f"{CENTRAL}{ONE}/sengketa")
@needs("document.write")
def note_dispute(document_id: UUID, **_: str) -> ResponseReturnValue:
    """Note a dispute."""
    form = {name: request.form.get(name, "") for name in ("forum", "number")}
    try:
        filing.note_dispute(document_id, **load(DisputeIn(), form))
    except InvalidError as error:
        return _disputes_page(document_id, first_messages(error)), 422
    return redirect(url_for("filing_pages.disputes", document_id=document_id), 303)


@bp.post(f"{UNIT}{ONE}/sengketa/<int:n>/selesai")
@bp.post(f"{CENTRAL}{ONE}/sengketa/<int:n>/selesai")
@needs("document.write")
def end_dispute(document_id: UUID, n: int, **_: str) -> ResponseReturnValue:
    """Note that it is over, or by the same button that it is not."""
    filing.end_dispute(document_id, n, again="kembali" in request.form)
    return redirect(url_for("filing_pages.disputes", document_id=document_id), 303)
