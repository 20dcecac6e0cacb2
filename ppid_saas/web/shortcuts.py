"""Keyboard shortcuts of the office: off until someone turns them on in this browser, and listed on a page of their own.

Not the keys themselves: js/shortcuts.js listens, and only on pages that say so.
Source: WCAG 2.2 success criterion 2.1.4.
"""

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for

from ppid_saas.web.marks import signed_in

COOKIE = "pintasan"
_A_YEAR = 365 * 24 * 3600


def init_shortcuts(app: Flask) -> None:
    """Add the page that lists and switches them, and tell templates whether they are on."""
    app.add_url_rule("/pintasan", "shortcuts", signed_in(_show))
    app.add_url_rule("/pintasan", "switch_shortcuts", signed_in(_switch), methods=["POST"])
    app.jinja_env.globals["shortcuts_on"] = are_on


def are_on() -> bool:
    """Return whether this browser asked for shortcuts."""
    return request.cookies.get(COOKIE) == "ya"


def _show() -> str:
    return render_template("shortcuts.html")


def _switch() -> Response:
    response = make_response(redirect(url_for("shortcuts"), 303))
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    if request.form.get("on") == "1":
        response.set_cookie(COOKIE, "ya", max_age=_A_YEAR, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, secure=secure, httponly=True, samesite="Lax")
    return response
