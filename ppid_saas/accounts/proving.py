"""Whether the person before the browser has lately proven who she is, or does so by the password in this form.

For pages that hand out what is closed; programs prove themselves by their key alone.
"""

from typing import cast

from flask import request, session

from ppid_saas.access.verbs import actor
from ppid_saas.accounts.service import confirm_password
from tenants.http import ServerSession, is_fresh


def is_herself() -> bool:
    """Say so; a wrong password raises, and counts like one of signing in."""
    who, password = actor(), request.form.get("password", "")
    if is_fresh() or not (password and who.person_id):
        return is_fresh()
    token = cast("ServerSession", session).token or ""
    confirm_password(token, who.person_id, password, request.remote_addr or "")
    return True
