"""The office's side of large files: a pass for the page that sends them, what is unfinished, and giving one up."""

from uuid import UUID

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.documents import queries, upload_queries, uploads
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs
from tenants.http import issue_pass

bp = Blueprint("upload_pages", __name__)
bp.url_defaults(stay)


@bp.post("/<region>/u/<unit>/berkas/unggahan/izin")
@bp.post("/<region>/pusat/berkas/unggahan/izin")
@needs("document.write")
def give_pass(region: str, unit: str = "") -> ResponseReturnValue:
    """Give the page what lets it send files: where to, and what to show there instead of this surface's cookie."""
    files = current_app.extensions["ppid"]["settings"].origins["files"]
    space = f"u/{unit}" if unit else "pusat"
    return jsonify(endpoint=f"{files}/api/v1/{region}/{space}/uploads", token=issue_pass())


@bp.get("/<region>/u/<unit>/berkas/unggahan")
@bp.get("/<region>/pusat/berkas/unggahan")
@needs("document.write")
def unfinished(**_: str) -> ResponseReturnValue:
    """What has been begun and not finished, by whomever of this tenant."""
    g.connects_to = current_app.extensions["ppid"]["settings"].origins["files"]
    address = url_for("documents_pages.document", document_id=UUID(int=0)).replace(str(UUID(int=0)), "{id}")
    return render_template(
        "documents/uploads.html",
        uploads=upload_queries.open_uploads(),
        document_url=address,
        usage=queries.usage(),
    )


@bp.post("/<region>/u/<unit>/berkas/unggahan/<uuid:upload_id>/batal")
@bp.post("/<region>/pusat/berkas/unggahan/<uuid:upload_id>/batal")
@needs("document.write")
def cancel(upload_id: UUID, **_: str) -> ResponseReturnValue:
    """Give one up; its room is free at once."""
    uploads.cancel(upload_id)
    return redirect(url_for("upload_pages.unfinished"), 303)
