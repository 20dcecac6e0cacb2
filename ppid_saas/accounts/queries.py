"""Read who is here: the spaces of a signed-in person, the members and counterparts of the bound tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, select, text

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.accounts.models import Contact
from ppid_saas.accounts.rolls import Known, plain
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


def units_that_send() -> list[Row[Any]]:
    """Return the units that send to the bound central; raises ConflictError while there are none."""
    found = units()
    if not found:
        raise ConflictError(say("Belum ada unit yang mengirim ke PPID Utama ini."))
    return found


@dataclass(frozen=True)
class Standing:
    """How far an invited person is: has set a password, belongs to our units alone, until when her link is good."""

    has_been_in: bool
    is_ours: bool
    open_until: datetime | None


@query("collection.remind")
def contacts() -> Sequence[Contact]:
    """Return whom this central invited, by unit."""
    return db.session.execute(select(Contact).order_by(Contact.unit_id, Contact.invited_at)).scalars().all()


@query("unit.invite")
def known_units() -> Known:
    """Return the units below this central as a list of officers is checked against them."""
    rows = units()
    with identity() as connection:
        working = working_units(connection, [row.id for row in rows])
    return Known(
        {plain(row.name): row.category for row in rows},
        {plain(row.name) for row in rows if row.id in working},
    )


@query("unit.invite")
def invited_people() -> list[tuple[Row[Any], Contact | None, Standing | None]]:
    """Return every unit with each person invited there, units without anyone first."""
    rows, told = units(), contacts()
    with identity() as connection:
        found = standings(connection, [one.person_id for one in told], [row.id for row in rows])
        working = working_units(connection, [row.id for row in rows])
    lines: list[tuple[Row[Any], Contact | None, Standing | None]] = []
    for row in rows:
        mine = [one for one in told if one.unit_id == row.id]
        lines += [(row, one, found[one.person_id]) for one in mine]
        if not mine:
            lines.append((row, None, Standing(True, True, None) if row.id in working else None))
    return lines


def working_units(connection: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Return those units in which someone has a password: they look after their own members."""
    asked = text(
        "select distinct m.tenant_id from identity.membership m"
        " join identity.credential c on c.person_id = m.person_id where m.tenant_id = any(:ids)"
    )
    return set(connection.execute(asked, {"ids": list(ids)}).scalars())


def standings(connection: Connection, people: Sequence[UUID], ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Return how far each person is, seen from the units of one central."""
    asked = text(
        "select p.id, exists (select from identity.credential c where c.person_id = p.id) as has_been_in,"
        " not p.is_operator and not exists (select from identity.membership m where m.person_id = p.id"
        " and m.tenant_id <> all(:ids)) as is_ours,"
        " (select max(i.expires_at) from identity.invitation i where i.person_id = p.id and i.used_at is null"
        " and i.expires_at > now() and i.tenant_id = any(:ids)) as open_until"
        " from identity.person p where p.id = any(:people)"
    )
    rows = connection.execute(asked, {"people": list(people), "ids": list(ids)})
    return {row.id: Standing(row.has_been_in, row.is_ours, row.open_until) for row in rows}
