"""Typed errors -> HTTP status, once; answered as a page, or as RFC 9457 JSON under /api. Knows no slice."""

import errno
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from ppid_saas.access import errors
from ppid_saas.access.sayings import recalled, say
from tenants.db import db
from tenants.quota import QuotaExceededError
from tenants.vault import StoreAwayError

log = logging.getLogger("ppid.web")
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})

STATUS: dict[type[errors.DomainError], int] = {
    errors.NotFoundError: 404,
    errors.NotSignedInError: 401,
    errors.InvalidError: 422,
    errors.ConflictError: 409,
    errors.GoneError: 410,
    errors.TooManyError: 429,
    errors.TooLargeError: 413,
    errors.AwayError: 503,
}
MESSAGES = {
    400: say("Permintaan tidak dapat dibaca. Muat ulang halaman, lalu coba lagi."),
    401: say("Silakan masuk lebih dahulu."),
    403: say("Permintaan ini ditolak karena datang dari situs lain."),
    404: say("Tidak ditemukan, atau bukan milik unit Anda."),
    405: say("Cara ini tidak berlaku untuk alamat tersebut."),
    409: say("Keadaannya sudah berubah. Muat ulang, lalu periksa kembali."),
    410: say("Berkas ini telah ditarik."),
    413: say("Berkas terlalu besar."),
    415: say("Jenis isi tidak dikenal. Kirim sebagai application/json."),
    422: say("Ada isian yang perlu diperbaiki."),
    429: say("Terlalu sering mencoba. Tunggu sebentar, lalu coba lagi."),
    500: say("Terjadi kesalahan pada sistem. Yang sudah tersimpan tetap aman."),
    503: say("Layanan sedang tidak tersedia. Coba lagi beberapa menit lagi."),
}


TITLES = {460: "checksum mismatch"}  # a status of tus alone
KEPT_HEADERS = {"Allow", "Retry-After", "WWW-Authenticate"}
FULL = say("Berkas %(size)s, sisa kuota %(left)s.")


def wants_json() -> bool:
    """Say whether the answer is for a program."""
    return request.path.startswith("/api/")


def answer(
    status: int, message: str = "", code: str = "", fields: Mapping[str, Any] | None = None
) -> tuple[Response | str, int]:
    """Build the error answer in the form of the surface that was asked."""
    if wants_json():
        text = message or MESSAGES.get(status) or MESSAGES[400]
        problem: dict[str, Any] = {
            "type": "about:blank",
            "title": TITLES.get(status) or HTTPStatus(status).phrase,
            "status": status,
            "detail": text,
        }
        if code:
            problem["code"] = code
        if fields:
            problem["errors"] = fields
        response = jsonify(problem)
        response.mimetype = "application/problem+json"
        return response, status
    return _page(status, message, fields or {}), status


def _page(status: int, message: str, fields: Mapping[str, Any]) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        back = request.full_path.rstrip("?") if request.method == "GET" else ""
        return render_template("accounts/sign_in.html", next=back, action="/masuk", message=message)
    known = status if status in {403, 404, 409, 410, 413, 422, 429, 500, 503} else 400
    return render_template(f"errors/{known}.html", message=message, fields=fields)


def _roll_back() -> None:
    """End the transaction; one whose server is gone has ended by itself."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session().invalidate()


def _domain(error: errors.DomainError) -> tuple[Response | str, int]:
    _roll_back()
    return answer(STATUS[type(error)], error.message, error.code, error.fields)


def _http(error: HTTPException) -> Any:
    original = getattr(error, "original_exception", None)
    if isinstance(original, DBAPIError):  # lost after the view had answered, when the session was to be kept
        return _database(original)
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    data = getattr(error, "data", None) or {}
    told, status = answer(status, fields=data.get("messages"))
    return told, status, [header for header in error.get_headers() if header[0] in KEPT_HEADERS]


def _database(error: DBAPIError) -> tuple[Response | str, int]:
    """A value PostgreSQL refuses is bad input; a lost server is a pause. The statement is never logged."""
    _roll_back()
    state = getattr(error.orig, "sqlstate", None) or ""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        log.warning("database unavailable: %s", type(error.orig).__name__)
        return answer(503)
    if isinstance(error, DataError):  # as a NUL, which no text column holds
        return answer(422)
    log.error("database error %s at %s", state, request.endpoint)
    return answer(500)


def _full(error: QuotaExceededError) -> tuple[Response | str, int]:
    _roll_back()
    return answer(413, recalled(error.message, (FULL,)), "kuota-penuh")


def _store_away(_: StoreAwayError) -> tuple[Response | str, int]:
    _roll_back()
    log.warning("object store unavailable")
    return answer(503)


def _system(error: OSError) -> tuple[Response | str, int]:
    """A full disk is a pause, where a large upload was to be put down; any other such error is ours."""
    if error.errno not in NO_ROOM:
        return _unexpected(error)
    _roll_back()
    log.error("no room on the disk")
    return answer(503)


def _unexpected(error: Exception) -> tuple[Response | str, int]:
    """Log where it happened, never the values: an exception's text may quote content."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("%s at %s (%s)", type(error).__name__, request.endpoint, " > ".join(places[-6:]))
    return answer(500)


def init_errors(app: Flask) -> None:
    """Register the mapping; call after flask-smorest, whose own handler would answer JSON to people."""
    app.register_error_handler(errors.DomainError, _domain)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(QuotaExceededError, _full)
    app.register_error_handler(StoreAwayError, _store_away)
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(OSError, _system)
        app.register_error_handler(Exception, _unexpected)
