"""The door of every request: cookie or key in, tenant bound, actor known; and the server-side session behind the cookie.

Not a place for rules about people: who may sign in is the business of `accounts`, what one may do that of `access`.
"""

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import Connection, text
from werkzeug.datastructures import CallbackDict

from tenants import context
from tenants.db import IDENTITY_BIND, db, open_door

CENTRAL_SLUG = "pusat"
ABSOLUTE_LIMIT = timedelta(hours=12)
TOUCH_AFTER_SECONDS = 60
FRESH_SECONDS = 15 * 60
WENT_WRONG = 500  # of a request that failed no session is kept: the database may be what failed
MARK_OF_PASSES = "berkas-"  # how a pass to the files surface begins; keys begin otherwise
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DOORLESS = frozenset(
    {"static", "health", "ready", "metrics"}
)  # they tell nobody's data and must not wait for the database


def hash_token(token: str) -> bytes:
    """Return what is stored of a random token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """Return 256 random bits for a cookie, a link or a key."""
    return secrets.token_urlsafe(32)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What `flask.session` holds: a dictionary stored in identity.session, filled when the door is passed."""

    def __init__(self, token: str | None) -> None:
        def touch(_: object) -> None:
            self.modified = True

        super().__init__({}, touch)
        self.token = token
        self.modified = False
        self.stored = False

    def fill(self, data: dict[str, Any]) -> None:
        """Take over what the door found, without counting it as a change."""
        self.stored = True
        dict.update(self, data)
        self.modified = False


class PostgresSessions(SessionInterface):
    """Reads through the door, writes as app_identity, and only when something changed."""

    def cookie_name_of(self, app: Flask) -> str:
        """Return `__Host-` over https, a name per port over http (several instances share localhost)."""
        secure = bool(app.config["SESSION_COOKIE_SECURE"])
        return "__Host-ppid" if secure else f"ppid-{app.config['PPID_SURFACE_PORT']}"

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        return ServerSession(request.cookies.get(self.cookie_name_of(app)))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        held = cast("ServerSession", session)
        if not held.modified or response.status_code >= WENT_WRONG or IDENTITY_BIND not in db.engines:
            return
        data = {k: v for k, v in held.items() if k not in {"created_at", "seen_at", "fresh_at"}}
        if held.stored and held.token:
            with identity() as connection:
                store_session(connection, held.token, data)
            return
        held.token = new_token()
        with identity() as connection:
            create_session(connection, held.token, data)
        set_cookie(app, response, held.token)


def set_cookie(app: Flask, response: Response, token: str | None) -> None:
    """Send the session cookie, or take it away."""
    interface = cast("PostgresSessions", app.session_interface)
    name, secure = interface.cookie_name_of(app), bool(app.config["SESSION_COOKIE_SECURE"])
    if token is None:
        response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")
    else:
        response.set_cookie(name, token, path="/", secure=secure, httponly=True, samesite="Lax")


@contextmanager
def identity() -> Iterator[Connection]:
    """Run one transaction as app_identity, apart from the tenant's."""
    with db.engines[IDENTITY_BIND].begin() as connection:
        yield connection


def create_session(
    connection: Connection, token: str, data: dict[str, Any], person_id: object = None
) -> None:
    """Insert a session of at most twelve hours, signed in when `person_id` is given."""
    connection.execute(
        text(
            "insert into identity.session (hash, person_id, person_epoch, data, fresh_at, expires_at)"
            " values (:hash, :person, coalesce((select epoch from identity.person where id = :person), 0),"
            " cast(:data as jsonb), case when cast(:person as uuid) is null then null else now() end,"
            " now() + :limit)"
        ),
        {
            "limit": ABSOLUTE_LIMIT,
            "hash": hash_token(token),
            "person": person_id,
            "data": current_app.json.dumps(data),
        },
    )


def issue_pass() -> str:
    """Return what stands for the running session on the files surface, where its cookie does not reach; it dies with it."""
    held = cast("ServerSession", session)
    issued = MARK_OF_PASSES + new_token()
    with identity() as connection:
        connection.execute(
            text("insert into identity.files_pass (hash, session_hash) values (:hash, :session)"),
            {"hash": hash_token(issued), "session": hash_token(held.token or "")},
        )
    return issued


def store_session(connection: Connection, token: str, data: dict[str, Any]) -> None:
    """Write back changed session data."""
    connection.execute(
        text("update identity.session set data = cast(:data as jsonb) where hash = :hash"),
        {"hash": hash_token(token), "data": current_app.json.dumps(data)},
    )


def entry_of(request: Request, token: str | None) -> context.Entry:
    """Say how this request enters: by key under /api, by session elsewhere; the address names the tenant."""
    values = request.view_args or {}
    region = values.get("region")
    slug = values.get("unit", CENTRAL_SLUG) if region else None
    read_only = request.method in SAFE_METHODS
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if request.path.startswith("/api/"):
        bearer = key.strip() if scheme.lower() == "bearer" else ""
        takes = bearer.startswith(MARK_OF_PASSES) and current_app.config["PPID_TAKES_PASSES"]
        return context.Entry(
            "enter_pass" if takes else "enter_key", (hash_token(bearer), region, slug), read_only
        )
    return context.Entry("enter", (hash_token(token or ""), region, slug), read_only)


def _pass_door() -> None:
    held = cast("ServerSession", session)
    g.entering = context.entering(entry_of(request, held.token))
    g.entering.__enter__()
    if request.endpoint in DOORLESS:
        return
    found = open_door().session
    if found is not None:
        held.fill(dict(found))


def _leave_door(_: BaseException | None) -> None:
    entering = g.pop("entering", None)
    if entering is not None:
        entering.__exit__(None, None, None)


def _end_transaction(response: Response) -> Response:
    if request.method in SAFE_METHODS and db.session().in_transaction():
        db.session.commit()  # a rollback would drop the driver's prepared statements
    return response


TOUCH_BY_PASS = text("""
    update identity.session s set seen_at = now() from identity.files_pass f
    where f.hash = :hash and s.hash = f.session_hash and s.seen_at < now() - make_interval(secs => :seconds)
""")


def _touch_session(response: Response) -> Response:
    """Note that somebody is there; whoever sends a file by a pass is, though the page itself asks for nothing."""
    entry = context.current_entry()
    if entry.function == "enter_pass":
        with identity() as connection:
            connection.execute(TOUCH_BY_PASS, {"hash": entry.arguments[0], "seconds": TOUCH_AFTER_SECONDS})
        return response
    held = cast("ServerSession", session)
    if held.token:
        note_seen(hash_token(held.token), held.get("seen_at"))
    return response


def note_seen(token_hash: bytes, seen_at: float | None) -> None:
    """Keep a session from going idle while it is used, with one write a minute at most."""
    if not seen_at or time.time() - seen_at <= TOUCH_AFTER_SECONDS:
        return
    with identity() as connection:
        connection.execute(
            text("update identity.session set seen_at = now() where hash = :hash"), {"hash": token_hash}
        )


def is_fresh() -> bool:
    """Say whether the password behind this session was entered a moment ago; a program's key has none to enter."""
    held = context.current_binding().session
    return held is None or time.time() - (held.get("fresh_at") or 0) < FRESH_SECONDS


def make_fresh(connection: Connection, token: str) -> None:
    """Note that the person of this session has just proven again who she is."""
    connection.execute(
        text("update identity.session set fresh_at = now() where hash = :hash"), {"hash": hash_token(token)}
    )


def init_doors(app: Flask) -> None:
    """Put the door before every request of a surface with people or keys; the portal has none."""
    app.session_interface = PostgresSessions()
    app.before_request(_pass_door)
    app.after_request(_end_transaction)
    app.after_request(_touch_session)
    app.teardown_request(_leave_door)


def init_public_door(app: Flask) -> None:
    """Let every request of the portal in as the public: bound to nobody, by a role that can only read."""

    def enter() -> None:
        g.entering = context.entering(context.PUBLIC)
        g.entering.__enter__()

    app.before_request(enter)
    app.after_request(_end_transaction)
    app.teardown_request(_leave_door)
