"""Builds the bare app of a surface: configuration, database role, doors, headers, templates, health. Knows no slice."""

import secrets
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager, UserMixin
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect
from marshmallow import Schema

from ppid_saas.access.errors import NotFoundError, NotSignedInError
from ppid_saas.access.policy import may
from ppid_saas.settings import Settings
from ppid_saas.web import arguments as arguments  # noqa: PLC0414  # sets how every API reads its query
from ppid_saas.web.addresses import Number
from ppid_saas.web.assets import TEMPLATES, init_assets
from ppid_saas.web.described import Common
from ppid_saas.web.errors import answer
from ppid_saas.web.fast_json import FastJSON
from ppid_saas.web.formats import init_formats
from ppid_saas.web.languages import init_languages
from ppid_saas.web.marks import PUBLIC, TENANT, access_of, permission_of
from ppid_saas.web.observing import init_observing
from ppid_saas.web.shortcuts import init_shortcuts
from tenants import clock, context, jobs
from tenants.db import IDENTITY_BIND, db
from tenants.http import SAFE_METHODS, init_doors, init_public_door, is_for_programs

ROLES = {
    "office": "app_tenant",
    "files": "app_tenant",
    "portal": "app_public",
    "console": "platform",
    "worker": "app_tenant",
}
MAX_BODY = 64 * 1024 * 1024
MAX_FILE = 1024 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'{nonce}; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'{connects}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HARDENING = {
    name.lower(): (name, value)
    for name, value in {
        "Content-Security-Policy": POLICY.format(nonce="", connects=""),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }.items()
}
STRICT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")

csrf = CSRFProtect()
login_manager = LoginManager()


class Surface(Flask):
    """A Flask app whose every answer is hardened, whoever made it, and none of whose views and hooks is a coroutine."""

    json_provider_class = FastJSON

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def wsgi_app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, _hardened(headers, environ["wsgi.url_scheme"]), *error)

        return super().wsgi_app(environ, start)


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login knows of the actor: the door's answer, for templates."""

    def __init__(self, binding: context.Binding) -> None:
        self.binding = binding
        self.name = binding.person_name

    def get_id(self) -> str:
        return str(self.binding.person_id)


def _user_of_request(_: Any) -> SignedIn | None:
    try:
        binding = context.current_binding()
    except context.UnboundTransactionError:
        return None
    return SignedIn(binding) if binding.person_id else None


def create_surface(settings: Settings, surface: str) -> Flask:
    """Return an app of `surface`, signed in to the database with that surface's role."""
    app = Surface("ppid", template_folder=str(TEMPLATES), static_folder=None)
    app.url_map.converters["int"] = Number
    app.config.update(_config(settings, surface))
    app.extensions["ppid"] = {"settings": settings, "surface": surface}
    init_observing(app, settings, surface)
    db.init_app(app)
    jobs.connect(settings.redis_url)
    clock.follow(settings.clock_file)
    if surface != "worker":
        init_public_door(app) if surface == "portal" else _init_people(app)
    init_languages(app, surface)
    if surface == "office":
        init_shortcuts(app)
    init_assets(app)
    init_formats(app)
    app.after_request(_allow_drawn)
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce, binding=_binding_or_none, surface=surface, origins=settings.origins
    )
    return app


def _binding_or_none() -> context.Binding | None:
    return getattr(_user_of_request(None), "binding", None)


def _config(settings: Settings, surface: str) -> dict[str, Any]:
    role = ROLES[surface]
    binds = (
        {
            IDENTITY_BIND: {
                "url": settings.database_url("app_identity"),
                "connect_args": settings.driver_options,
            }
        }
        if surface in {"office", "files", "console", "worker"}
        else {}
    )
    origin = urlsplit(settings.origins.get(surface, "http://localhost"))
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url(role),
        "SQLALCHEMY_BINDS": binds,
        "SQLALCHEMY_ENGINE_OPTIONS": {"connect_args": settings.driver_options},
        "SESSION_COOKIE_SECURE": origin.scheme == "https",
        "PPID_SURFACE_PORT": origin.port or 443,
        "PPID_TAKES_PASSES": surface == "files",
        "PPID_FIRST_PAGE": "console.tenants"
        if surface == "console"
        else "",  # of whoever signs in; else a space
        "MAX_CONTENT_LENGTH": MAX_FILE if surface == "files" else MAX_BODY,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "API_TITLE": "PPID",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/api/v1",
        "OPENAPI_JSON_PATH": "openapi.json",
    }


def _init_people(app: Flask) -> None:
    init_doors(app)
    app.before_request(_require_access)
    csrf.init_app(app)
    app.before_request(_refuse_unfit)
    login_manager.init_app(app)
    login_manager.request_loader(_user_of_request)


def create_api(app: Flask) -> Api:
    """Attach flask-smorest; register blueprints on what it returns, then `init_errors`."""
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    common = Common(app.extensions["ppid"]["surface"])
    return Api(app, spec_kwargs={"marshmallow_plugin": plugin, "extra_plugins": [common]})


def _schema_name(schema: Any) -> str:
    """Name a schema in the API's description by its slice and class, so that two slices may use one word."""
    cls = cast("type[Schema]", resolve_schema_cls(schema))
    name = f"{cls.__module__.split('.')[1].title().replace('_', '')}{cls.__name__.removesuffix('Schema')}"
    return name if not isinstance(schema, Schema) or not schema.partial else f"{name}Partial"


def csp_nonce() -> str:
    """Return this response's nonce for the few scripts that carry one."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _require_access() -> None:
    """Stop strangers before any view or form is looked at: nobody known is 401, no such tenant for them 404."""
    rule = request.url_rule
    if rule is None:
        return
    access = access_of(current_app, rule.endpoint, rule.arguments)
    if access == PUBLIC:
        return
    binding = context.current_binding()
    if binding.person_id is None:
        raise NotSignedInError
    permission = permission_of(current_app, rule.endpoint, request.method)
    if access == TENANT and (
        binding.tenant_id is None or not (permission is None or may(binding.roles, permission))
    ):
        raise NotFoundError


def _refuse_unfit() -> Any:
    """Refuse a form that another site sent; read a program's body, which answers 400 to what is no JSON or no number it can hold."""
    if request.method in SAFE_METHODS:
        return None
    if not is_for_programs(request):
        sent_from = request.headers.get("Sec-Fetch-Site", "same-origin")
        return None if sent_from in {"same-origin", "none"} else answer(403)
    if 0 < (request.content_length or 0) <= MAX_BODY and request.is_json:
        request.get_json()
    return None


def _allow_drawn(response: Response) -> Response:
    """Widen the policy by the nonce a page drew and the one surface it speaks to; every other page is allowed neither."""
    nonce, other = g.get("csp_nonce"), g.get("connects_to")
    if (nonce or other) and "Content-Security-Policy" not in response.headers:
        allowed = {"nonce": f" 'nonce-{nonce}'" if nonce else "", "connects": f" {other}" if other else ""}
        response.headers["Content-Security-Policy"] = POLICY.format(**allowed)
    return response


def _hardened(headers: list[tuple[str, str]], scheme: str) -> list[tuple[str, str]]:
    """Add what no view may forget and has not set itself."""
    given = {name.lower() for name, _ in headers}
    missing = [header for name, header in HARDENING.items() if name not in given]
    return [*headers, *missing, STRICT] if scheme == "https" else [*headers, *missing]
