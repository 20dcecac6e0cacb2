"""Makes the tenants and people of the demo, marks them as a demo, and gives people passwords.

By the same provisioning as an operator's commands. What they do is the business of `story`.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, create_engine, text

from ppid_saas.accounts import provisioning
from ppid_saas.accounts.provisioning import NewTenant
from ppid_saas.accounts.service import store_password
from ppid_saas.demo import content
from ppid_saas.settings import Settings
from tenants.http import CENTRAL_SLUG
from tenants.vault import RootKey

LOADING, LOADED = "loading", "loaded"
Passwords = list[tuple[content.Person, str]]


@contextmanager
def as_role(settings: Settings, role: str) -> Iterator[Connection]:
    """Run one transaction as a login role of the installation."""
    engine = create_engine(settings.database_url(role), connect_args=settings.driver_options)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def found_in(connection: Connection) -> str:
    """Tell what the database holds: `` (no tenant at all), `loading`, `loaded`, or `other` (tenants of real offices).

    The small regency of `./ppid seed` may stand beside the demo: it is as invented.
    """
    marks = connection.execute(
        text("select distinct coalesce(settings->>'demo', '') from identity.tenant")
    ).scalars()
    found = set(marks)
    if not found:
        return ""
    if "" in found:
        return "other"
    return next((mark for mark in (LOADING, LOADED) if mark in found), "other")


def make(connection: Connection, root: RootKey) -> None:
    """Make whatever tenants and people are still missing."""
    region, name = content.regency()["region"], content.regency()["name"]
    places: dict[str, UUID] = {}
    for unit in content.units():
        new = NewTenant(region, unit.slug, unit.kind, unit.category, unit.name, name)
        places[unit.slug] = provisioning.create_tenant(connection, new, root)
    mark(connection, LOADING)
    for person in content.people():
        provisioning.add_member(connection, places[person.place], person.email, person.position, person.role)


def mark(connection: Connection, as_what: str, region: str = "") -> None:
    """Mark the tenants of a region as invented, those of the demo unless told otherwise."""
    connection.execute(
        text(
            "update identity.tenant set settings = settings || jsonb_build_object('demo', cast(:mark as text))"
            " where region = :region"
        ),
        {"mark": as_what, "region": region or content.regency()["region"]},
    )


def people_ids(connection: Connection) -> dict[str, UUID]:
    """Return the id of each person by the part of the address before the @."""
    emails = {person.email: person.local for person in content.people()}
    rows = connection.execute(
        text("select id, email from identity.person where email = any(:emails)"), {"emails": list(emails)}
    )
    return {emails[row.email]: row.id for row in rows}


def give_passwords(settings: Settings, *, everyone: bool = False) -> Passwords:
    """Set new random passwords, for those shown or for everyone, and return them; nothing else keeps them."""
    chosen = [person for person in content.people() if person.shown or everyone]
    made: Passwords = [(person, secrets.token_urlsafe(9)) for person in chosen]
    with as_role(settings, "app_identity") as connection:
        ids = people_ids(connection)
        for person, password in made:
            store_password(connection, ids[person.local], password)
    return made


def make_key(settings: Settings) -> str:
    """Return a new API key of the officer whose list is in review, so that a program can be tried at once."""
    region, place, local = (content.regency()[name] for name in ("region", "key_place", "key_person"))
    with as_role(settings, "platform") as connection:
        tenant = provisioning.find_tenant(connection, region, place)
        if tenant is None:
            raise LookupError(f"{region}/{place}")
        person = next(one for one in content.people() if one.local == local)
        return provisioning.make_key(connection, tenant, person.email, "demo")


def central_path(page: str) -> str:
    return f"/{content.regency()['region']}/{CENTRAL_SLUG}/{page}"


def unit_path(slug: str, page: str) -> str:
    return f"/{content.regency()['region']}/u/{slug}/{page}"
