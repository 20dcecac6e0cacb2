"""The office as a WSGI callable in this process, and a notebook of what one of its requests asked and rendered."""

import gc
import inspect
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, before_render_template
from sqlalchemy import Engine, event

from ppid_saas import app as composition
from ppid_saas.settings import Settings
from ppid_saas.web import assets
from ppid_saas.web.shell import ROLES
from tenants.db import db

Statement = tuple[str, Any]


@dataclass
class Notes:
    """What a request did: its statements in order, the template it rendered and with what; functions answer what they answered then."""

    statements: list[Statement] = field(default_factory=list)
    template: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@contextmanager
def office_app(settings: Settings) -> Iterator[Flask]:
    """Make the office as its server does, and close its connections afterwards."""
    assets.build()
    app = composition.create("office", settings)
    gc.collect()
    gc.freeze()  # as `surfaces.make` does
    try:
        yield app
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def call(app: Flask, path: str, headers: dict[str, str]) -> bytes:
    """Send one GET through WSGI and return the body; anything but 200 is an error."""
    place, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": place, "QUERY_STRING": query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False, "wsgi.multiprocess": False,
        "wsgi.run_once": False, "HTTP_HOST": "localhost", **headers,
    }  # fmt: skip
    seen: list[str] = []
    answer = app(environ, lambda status, _headers, _error=None: seen.append(status))
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    if not seen[0].startswith("200"):
        raise RuntimeError(f"{path}: {seen[0]}")
    return body


def _remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that asks once for each question; not all questions have a hash."""
    answers: dict[str, Any] = {}

    def answer(*given: Any, **named: Any) -> Any:
        question = repr((given, named))
        if question not in answers:
            answers[question] = function(*given, **named)
        return answers[question]

    return answer


def cookie(app: Flask, token: str) -> dict[str, str]:
    """Return the headers of a member's browser."""
    return {"HTTP_COOKIE": f"{app.session_interface.cookie_name_of(app)}={token}"}  # type: ignore[attr-defined]


def bearer(key: str) -> dict[str, str]:
    """Return the headers of a program with a key."""
    return {"HTTP_AUTHORIZATION": f"Bearer {key}"}


def watch(app: Flask, path: str, headers: dict[str, str]) -> Notes:
    """Send one GET and note what it did as the office; that a session was seen is written by another role."""
    notes = Notes()

    def ask(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if connection.engine.url.username == ROLES["office"]:
            notes.statements.append((statement, values))

    def render(_app: Flask, template: Any, context: dict[str, Any], **_: Any) -> None:
        context |= {name: _remembering(value) for name, value in context.items() if inspect.isroutine(value)}
        notes.template, notes.values = template.name, dict(context)

    event.listen(Engine, "before_cursor_execute", ask)
    before_render_template.connect(render, app)
    try:
        call(app, path, headers)
    finally:
        event.remove(Engine, "before_cursor_execute", ask)
        before_render_template.disconnect(render, app)
    for name in ("request", "session", "g"):
        notes.values.pop(name, None)
    return notes
