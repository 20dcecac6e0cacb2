"""`Idempotency-Key` on writing API views: a repeat with the same body gets the same answer and has no second effect.

The view, its effects and the kept answer share one transaction. Pages do not need it: their forms carry what they expect.
"""

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, jsonify, request
from sqlalchemy import text
from werkzeug.exceptions import BadRequest

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.verbs import actor, ring_bells
from ppid_saas.events.models import Idempotency
from tenants import context
from tenants.db import db, transaction

HEADER = "Idempotency-Key"
_FORM = re.compile(r"[\x21-\x7e]{1,255}")


def idempotent(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a writing view; put it outermost, so that it keeps the finished answer. Only good answers are kept."""

    @functools.wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None or actor().tenant_id is None:
            return view(*args, **kwargs)
        if not _FORM.fullmatch(key):
            raise BadRequest
        with transaction():
            answer = _once(key, functools.partial(view, *args, **kwargs))
        ring_bells()
        return answer

    return run


def _once(key: str, view: Callable[[], Any]) -> Response:
    _claim(key)
    kept = db.session.get(Idempotency, (context.tenant_id(), key))
    if kept is None:
        return _first(key, view)
    if kept.body_hash != _fingerprint():
        message = "Idempotency-Key ini sudah dipakai untuk permintaan lain."
        raise InvalidError(message, {HEADER: [message]})
    answer = jsonify(kept.answer)
    answer.status_code = kept.status
    return answer


def _first(key: str, view: Callable[[], Any]) -> Response:
    answer = current_app.make_response(view())
    db.session.add(
        Idempotency(key=key, body_hash=_fingerprint(), status=answer.status_code, answer=answer.get_json())
    )
    return answer


def _claim(key: str) -> None:
    """Keep a second request with the key away while the first is under way."""
    free = db.session.execute(
        text("select pg_try_advisory_xact_lock(hashtextextended(:key, 7432))"),
        {"key": f"{context.tenant_id()}:{key}"},
    ).scalar_one()
    if not free:
        raise ConflictError("Permintaan dengan Idempotency-Key ini sedang diproses. Coba lagi sebentar lagi.")


def _fingerprint() -> str:
    """Return what makes a request the same: who, where to, and every byte of it."""
    head = f"{actor().person_id} {request.method} {request.path}?{request.query_string.decode('latin-1')}\n"
    return hashlib.sha256(head.encode() + request.get_data(cache=True)).hexdigest()
