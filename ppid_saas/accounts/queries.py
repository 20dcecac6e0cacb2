"""Read who is here: the spaces of a signed-in person, the members and counterparts of the bound tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from ppid_saas.access.verbs import query
from tenants.db import db
from tenants.http import hash_token, identity


@dataclass(frozen=True)
class Space:
    """A tenant a person may act as: where it is and what she is there."""

    path: str
    name: str
    kind: str
    roles: tuple[str, ...]


def spaces(token: str | None) -> list[Space]:
    """Return the spaces of the session behind a cookie, first page of whoever has several."""
    rows = db.session.execute(text("select * from door.spaces(:hash)"), {"hash": hash_token(token or "")})
    return [Space(space_path(r.region, r.slug, r.kind), r.name, r.kind, tuple(r.roles)) for r in rows]


def space_path(region: str, slug: str, kind: str) -> str:
    """Return the address of a tenant's first page."""
    return f"/{region}/pusat/beranda" if kind == "central" else f"/{region}/u/{slug}/beranda"


def is_empty() -> bool:
    """Tell whether no tenant exists yet, so that nobody could sign in to anything."""
    with identity() as connection:
        return bool(connection.execute(text("select not exists (select from identity.tenant)")).scalar())


@query("member.read")
def people() -> Sequence[Row[Any]]:
    """Return the bound tenant's members: id, name, email, position, roles."""
    return db.session.execute(text("select * from door.people() order by name")).all()


@query("space.see")
def counterparts() -> dict[UUID, Row[Any]]:
    """Return the bound tenant, its recipient and its units by id: region, slug, kind, category, name."""
    rows = db.session.execute(text("select * from door.tenants() order by name"))
    return {row.id: row for row in rows}


@query("space.see")
def units() -> list[Row[Any]]:
    """Return the units that send to the bound central, by name."""
    rows = db.session.execute(
        text("select * from door.tenants() where recipient_id = door.tenant() order by name")
    )
    return list(rows)
