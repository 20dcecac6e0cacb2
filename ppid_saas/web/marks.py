"""Default deny: which views may be reached without a tenant. A view is bound to a tenant by its address, or marked here."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed_in"
TENANT = "tenant"
FRAMEWORK = {"static", "api-docs.openapi_json"}


class UnmarkedViewError(RuntimeError):
    """A route can be reached by nobody or by everyone and does not say which."""


def public(view: V) -> V:
    """Open a view to everyone."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: V) -> V:
    """Open a view to anyone signed in, whatever the tenant."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def needs(permission: str) -> Callable[[V], V]:
    """Say what a view needs before its form is parsed, so that a wrong role learns nothing from what it sent."""

    def mark(view: V) -> V:
        view.needs = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(app: Flask, endpoint: str, method: str) -> str | None:
    """Return the permission marked on a view, or on the method of a view class."""
    view = app.view_functions[endpoint]
    return getattr(getattr(getattr(view, "view_class", None), method.lower(), view), "needs", None)


def access_of(app: Flask, endpoint: str, arguments: set[str]) -> str | None:
    """Return the access of a route: its mark, or `tenant` when its address names one."""
    view = app.view_functions[endpoint]
    marked = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    if endpoint in FRAMEWORK:
        return PUBLIC
    return marked or (TENANT if "region" in arguments else None)


def check_marks(app: Flask) -> None:
    """Refuse to start while a route has no access."""
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint, rule.arguments) is None:
            raise UnmarkedViewError(f"{rule.rule} ({rule.endpoint}) has no access mark")
