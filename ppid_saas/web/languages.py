"""Indonesian first, English on request: which language a page speaks, the switch between them, and links that keep it.

The portal sets no cookie: there the address says `lang=en`, and every link of the page says it again. Surfaces with
people remember it in a cookie of the browser's session. Answers of the API, mails and what is stored stay Indonesian.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, current_app, has_request_context, make_response, redirect, request, url_for
from flask_babel import Babel, get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.sayings import say, speak_with
from ppid_saas.web.assets import TRANSLATIONS
from ppid_saas.web.marks import public

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
FIRST = "id"
COOKIE = "bahasa"
ARGUMENT = "lang"


def init_languages(app: Flask, surface: str) -> None:
    """Let an app choose the language of each request, and offer the switch to its templates."""
    in_address = surface == "portal"
    app.extensions["ppid_language_in_address"] = in_address
    Babel(
        app,
        default_locale=FIRST,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=_asked_in_address if in_address else _remembered,
    )
    speak_with(get_translations)
    if in_address:
        app.url_defaults(_keep)
    else:
        app.add_url_rule("/bahasa/<code>", "language", public(_choose))
    app.after_request(_declare)
    app.jinja_env.globals.update(languages=choices, kept_language=kept, language_address=_address)
    app.jinja_env.filters.update(sebahasa=same_language, ucap=say)


def _asked_in_address() -> str:
    """Return the language the address asks for; an unknown one is not asked for."""
    if not has_request_context() or request.path.startswith("/api/v1/lists"):
        return FIRST
    asked = request.args.get(ARGUMENT, "")
    return asked if asked in LANGUAGES else FIRST


def _remembered() -> str:
    """Return the language chosen in this browser; programs and workers are answered in Indonesian."""
    if not has_request_context() or request.path.startswith("/api/"):
        return FIRST
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else FIRST


def _spoken() -> str:
    return str(get_locale() or FIRST)


def _choose(code: str) -> Response:
    """Remember a language until the browser is closed, and lead back."""
    if code not in LANGUAGES:
        raise NotFoundError
    response = make_response(redirect(_inside(request.args.get("ke", "/")), 303))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, code, secure=secure, httponly=True, samesite="Lax")
    return response


def _inside(path: str) -> str:
    """Return a path of this surface, never another site."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if ours and not parts.netloc and not parts.scheme else "/"


def choices() -> list[dict[str, Any]]:
    """Return the languages for the switch, each with the address of this page in it."""
    spoken = _spoken()
    return [
        {"code": code, "label": label, "url": _address(code), "current": code == spoken}
        for code, label in LANGUAGES.items()
    ]


def _address(code: str) -> str:
    """Return the address of this page in a language."""
    if current_app.extensions["ppid_language_in_address"]:
        arguments = [(name, value) for name, value in request.args.items(multi=True) if name != ARGUMENT]
        arguments += [(ARGUMENT, code)] if code != FIRST else []
        return request.path + (f"?{urlencode(arguments)}" if arguments else "")
    return url_for("language", code=code, ke=_here())


def _here() -> str:
    """Return where the switch leads back to: this page, or the front door where the address takes only a form."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    try:
        current_app.create_url_adapter(request).match(method="GET")  # type: ignore[union-attr]
    except (HTTPException, RequestRedirect):
        return "/"
    return request.path


def kept() -> Mapping[str, str]:
    """Return what a GET form must carry along so that its answer speaks the same language."""
    in_address = has_request_context() and current_app.extensions["ppid_language_in_address"]
    return {ARGUMENT: _spoken()} if in_address and _spoken() != FIRST else {}


@pass_context  # or Jinja would work out constant addresses once, in the language of whoever came first
def same_language(_: Context, url: str) -> str:
    """Return an address written by hand so that it keeps the language; `url_for` does so by itself."""
    carried = kept()
    if not carried or ARGUMENT in dict(parse_qsl(urlsplit(url).query)):
        return url
    plain, mark, anchor = url.partition("#")
    return f"{plain}{'&' if '?' in plain else '?'}{urlencode(carried)}{mark}{anchor}"


def _keep(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint.startswith("portal.") and endpoint != "portal.file":
        for name, value in kept().items():
            values.setdefault(name, value)


def _declare(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.content_language.add(_spoken())
    return response
