"""A tenant's whole data on screen: taken along by its head, brought in by whoever sets up an empty tenant elsewhere."""

from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access import policy
from ppid_saas.access.errors import ConflictError, InvalidError, TooLargeError, TooManyError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.accounts.proving import is_herself
from ppid_saas.exports import queries, restoring, service
from ppid_saas.exports.rules import MOST_DATA, REASONS
from ppid_saas.web.addresses import stay
from ppid_saas.web.errors import STATUS
from ppid_saas.web.marks import needs
from ppid_saas.web.shell import csrf
from tenants import clock
from tenants.http import is_fresh

bp = Blueprint("export_pages", __name__)
bp.url_defaults(stay)

FORM_ROOM = 1024 * 1024
NO_PASSWORD = say(
    "Tulis kata sandi Anda sekali lagi. Seluruh data hanya diberikan kepada yang baru saja membuktikan dirinya."
)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"moves": _may}


def _may(permission: str) -> bool:
    """Say whether to show the way out or in, on whatever page it begins."""
    return policy.may(actor().roles, permission)


@bp.get("/<region>/u/<unit>/berkas/ekspor")
@bp.get("/<region>/pusat/berkas/ekspor")
def export_form(**_: str) -> ResponseReturnValue:
    """What would go out, and what for."""
    return _export_form({})


def _export_form(errors: dict[str, str]) -> str:
    return render_template(
        "exports/export.html",
        summary=queries.summary(),
        reasons=REASONS,
        errors=errors,
        zone=actor().zone,
        reason=request.form.get("reason", ""),
        asks_password=not is_fresh(),
    )


@bp.post("/<region>/u/<unit>/berkas/ekspor")
@bp.post("/<region>/pusat/berkas/ekspor")
@needs("tenant.export")
def export(**_: str) -> ResponseReturnValue:
    """Send the archive as it is made: saved, never shown, never kept on the way."""
    try:
        service.check_reason(request.form.get("reason", ""))
        if not is_herself():
            return _export_form({"password": NO_PASSWORD}), 422
        stream = service.export(request.form.get("reason", ""))
    except (InvalidError, TooManyError) as error:
        return _export_form(error.by_field or {"password": error.message}), STATUS[type(error)]
    who = actor()
    response = Response(stream, mimetype="application/zip")
    name = f"ekspor-{who.region}-{who.slug}-{clock.today(who.zone):%Y%m%d}.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Accel-Buffering"] = "no"
    return response


@bp.get("/<region>/u/<unit>/berkas/pulihkan")
@bp.get("/<region>/pusat/berkas/pulihkan")
def restore_form(**_: str) -> ResponseReturnValue:
    """Where an archive is brought in, or what came of the last one."""
    return _restore_form({})


def _restore_form(errors: dict[str, str]) -> str:
    return render_template(
        "exports/restore.html", in_the_way=queries.in_the_way(), room=queries.room(), arrival=queries.arrival(),
        record=queries.record(), errors=errors, zone=actor().zone,
    )  # fmt: skip


@csrf.exempt  # type: ignore[untyped-decorator]  # checked in the view, which first says how large a body may be
@bp.post("/<region>/u/<unit>/berkas/pulihkan")
@bp.post("/<region>/pusat/berkas/pulihkan")
@needs("tenant.import")
def restore(**_: str) -> ResponseReturnValue:
    """Take an archive as large as the room that is left for its files."""
    request.max_content_length = queries.room().left + MOST_DATA + FORM_ROOM
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    sent = request.files.get("file")
    try:
        restoring.restore(cast("BinaryIO", sent.stream) if sent else None)
    except InvalidError as error:
        return _restore_form(error.by_field), 422
    except (ConflictError, TooLargeError) as error:
        return _restore_form({"file": error.message}), 409 if isinstance(error, ConflictError) else 413
    return redirect(url_for("export_pages.restore_form"), 303)
