"""Short links for messages that people forward and type off a screen: `/t/` and eight letters.

The code says nothing and opens nothing: it leads a member to a page that asks her who she is, and everyone else nowhere.
"""

import secrets
from typing import Any, Final

from flask import current_app
from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from ppid_saas.access.verbs import command
from ppid_saas.notifications.models import Link
from tenants import clock
from tenants.db import db
from tenants.http import hash_token

# Without letters and digits that are taken for one another.
ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH: Final = 8


@command("space.see")
def short_link(path: str) -> str:
    """Return the whole short address of a page inside the bound tenant's space; a page has one, whoever asks."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    made = insert_or_skip(Link).values(code=code, path=path, made_at=clock.now())
    db.session.execute(made.on_conflict_do_nothing(index_elements=[Link.tenant_id, Link.path]))
    kept = db.session.execute(select(Link.code).where(Link.path == path)).scalar_one()
    return f"{current_app.extensions['ppid']['settings'].origins['office']}/t/{kept}"


def target(token: str | None, code: str) -> Row[Any] | None:
    """Return region, slug, kind and path behind a code, if the session's person is a member there."""
    typed = code.lower()
    if len(typed) != LENGTH or not set(typed) <= set(ALPHABET):
        return None
    asked = text("select * from door.follow(:hash, :code)")
    return db.session.execute(asked, {"hash": hash_token(token or ""), "code": typed}).one_or_none()
