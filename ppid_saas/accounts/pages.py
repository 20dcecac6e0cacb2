"""Sign in, accept an invitation, choose a space, sign out. Parses, calls, renders."""

from typing import cast
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ppid_saas.access.errors import InvalidError, NotFoundError, TooManyError
from ppid_saas.access.words import role_names
from ppid_saas.accounts import queries, service
from ppid_saas.web.errors import STATUS
from ppid_saas.web.marks import public, signed_in
from tenants.http import ServerSession, set_cookie

bp = Blueprint("accounts", __name__)


def _token() -> str | None:
    return cast("ServerSession", session).token


def _with_session(token: str, target: str) -> Response:
    old = cast("ServerSession", session)
    if old.token:
        service.sign_out(old.token)
    old.modified = False
    response = make_response(redirect(target, 303))
    set_cookie(current_app, response, token)
    return response


def _inside(path: str) -> str:
    """Return where to go after signing in: a path of ours, never another site."""
    parts = urlsplit(path)
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if safe and not parts.netloc and not parts.scheme else url_for("accounts.spaces")


@bp.get("/")
@public
def root() -> ResponseReturnValue:
    return redirect(url_for("accounts.spaces"), 303)


@bp.get("/masuk")
@public
def sign_in_form() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("accounts.spaces"), 303)
    next_path = request.args.get("ke", "")
    return render_template("accounts/sign_in.html", next=next_path, is_empty=queries.is_empty())


@bp.post("/masuk")
@public
def sign_in() -> ResponseReturnValue:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    next_path = request.form.get("next", "")
    try:
        token = service.sign_in(email, password, request.remote_addr or "")
    except (InvalidError, TooManyError) as error:
        page = render_template(
            "accounts/sign_in.html",
            next=next_path,
            values={"email": email},
            errors=error.by_field or {"email": error.message},
        )
        return page, STATUS[type(error)]
    return _with_session(token, _inside(next_path))


@bp.get("/undangan/<token>")
@public
def invitation_form(token: str) -> ResponseReturnValue:
    return _invitation_page(token, {}), 200


def _invitation_page(token: str, errors: dict[str, str]) -> str:
    try:
        invitation = service.invited(token)
    except NotFoundError:
        return render_template("accounts/invitation.html", state="used", errors={})
    role = role_names(invitation.roles or ())
    return render_template("accounts/invitation.html", invitation=invitation, role=role, errors=errors)


@bp.post("/undangan/<token>")
@public
def accept_invitation(token: str) -> ResponseReturnValue:
    try:
        opened = service.accept_invitation(token, request.form.get("password", ""))
    except InvalidError as error:
        return _invitation_page(token, error.by_field), STATUS[type(error)]
    return _with_session(opened, url_for("accounts.spaces"))


@bp.get("/ruang")
@signed_in
def spaces() -> ResponseReturnValue:
    if elsewhere := current_app.config["PPID_FIRST_PAGE"]:
        return redirect(url_for(elsewhere), 303)
    found = queries.spaces(_token())
    if len(found) == 1:
        return redirect(found[0].path, 303)
    entries = [{"label": space.name, "url": space.path, "role": role_names(space.roles)} for space in found]
    return render_template("accounts/spaces.html", spaces=entries)


@bp.post("/keluar")
@public
def sign_out() -> ResponseReturnValue:
    token = _token()
    if token:
        service.sign_out(token)
    cast("ServerSession", session).modified = False
    response = make_response(redirect(url_for("accounts.sign_in_form"), 303))
    set_cookie(current_app, response, None)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
