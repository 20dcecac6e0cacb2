"""A central brings its units in: makes those that are new, invites their officers, prints links for those without mail.

Only into units that nobody works in yet: from then on a unit's own admin invites, and no central enters its register.
A link that a central may see is made only for someone who is nobody elsewhere, so that it opens nothing else.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import current_app
from sqlalchemy import Connection, Row, text
from sqlalchemy.dialects.postgresql import insert as insert_or_change

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts import queries, rolls
from ppid_saas.accounts.models import Contact
from ppid_saas.accounts.provisioning import DEFAULT_CAP, slug_of
from ppid_saas.accounts.service import add_person, make_invitation
from ppid_saas.events.service import record
from ppid_saas.notifications.links import ALPHABET
from ppid_saas.notifications.whatsapp import whatsapp_number
from tenants import clock, context
from tenants.db import db, new_id
from tenants.http import CENTRAL_SLUG, identity
from tenants.vault import RootKey, generate_tenant_key

# The first officer of a unit also looks after its members.
FIRST_ROLES: Final = ("unit_officer", "tenant_admin")
CODE_GROUPS: Final = 4
NOT_READY = say("Masih ada isian yang perlu diperbaiki.")


@dataclass(frozen=True, slots=True)
class Slip:
    """What one officer is given on paper or by WhatsApp; without a link she signs in with the account she has."""

    unit: str
    contact: Contact
    link: str | None


def enrol(rows: Sequence[rolls.Row]) -> int:
    """Make the units of a list that are new and invite every officer on it; repeating invites nobody twice at a time."""
    if not rows or any(rolls.faults_of(rows, queries.known_units())):
        raise InvalidError(NOT_READY, {"list": [NOT_READY]})
    add_units(rows)
    return invite_officers(rows)


@command("unit.invite")
def add_units(rows: Sequence[rolls.Row]) -> list[UUID]:
    """Make each unit that is not there yet, below this central. Returns the new ones."""
    _one_at_a_time()
    there = {rolls.plain(row.name) for row in queries.units()}
    slugs = {row.slug for row in queries.counterparts().values()} | {CENTRAL_SLUG}
    root = RootKey.load(current_app.extensions["ppid"]["settings"].root_key_file)
    made = []
    for row in rows:
        if rolls.plain(row["unit"]) not in there:
            there.add(rolls.plain(row["unit"]))
            made.append(_add_unit(row, slugs, root))
    return made


def _one_at_a_time() -> None:
    key = {"key": f"{context.tenant_id()}:units"}
    db.session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7436))"), key)


def _add_unit(row: rolls.Row, slugs: set[str], root: RootKey) -> UUID:
    unit, (public, wrapped) = new_id(), generate_tenant_key(root)
    base = slug_of(row["unit"]) or "unit"
    slug = next(name for n in range(1, 1_000) if (name := base if n == 1 else f"{base}-{n}") not in slugs)
    slugs.add(slug)
    sop = rolls.sop_of(row["sop"])
    values = {
        "id": unit, "slug": slug, "kind": row["kind"], "name": row["unit"], "public": public, "wrapped": wrapped,
        "cap": DEFAULT_CAP, "settings": json.dumps({"sop": {sop.process: sop.id}} if sop else {}),
    }  # fmt: skip
    db.session.execute(
        text(
            "select door.add_unit(:id, :slug, :kind, :name, :public, :wrapped, :cap, cast(:settings as jsonb))"
        ),
        values,
    )
    record("unit.added", unit)
    return unit


@command("unit.invite")
def invite_officers(rows: Sequence[rolls.Row]) -> int:
    """Give each officer a place in her unit and have the invitation mailed; the central keeps how to reach her."""
    units = {rolls.plain(row.name): row for row in queries.units()}
    started: set[UUID] = set()
    with identity() as connection:
        working = queries.working_units(connection, [unit.id for unit in units.values()])
        for row in rows:
            unit = units[rolls.plain(row["unit"])]
            if unit.id in working:
                raise ConflictError(say("%(unit)s sudah bekerja. Muat ulang halaman.", unit=unit.name))
            person = _enter(connection, unit, row)
            started.add(person)
            _keep_contact(unit.id, person, row)
            record("unit.invited", person, {"unit": str(unit.id)}, reader=unit.id)
    return len(started)


def _enter(connection: Connection, unit: Row[Any], row: rolls.Row) -> UUID:
    person = add_person(connection, row["email"], row["name"], row["position"])
    others = text(
        "select exists (select from identity.membership where tenant_id = :unit and person_id <> :person)"
    )
    has_admin = connection.execute(others, {"unit": unit.id, "person": person}).scalar()
    for role in FIRST_ROLES[:1] if has_admin else FIRST_ROLES:
        connection.execute(
            text("insert into identity.membership (person_id, tenant_id, role) values (:person, :unit, :role)"
                 " on conflict do nothing"), {"person": person, "unit": unit.id, "role": role},
        )  # fmt: skip
    return person


def _keep_contact(unit: UUID, person: UUID, row: rolls.Row) -> None:
    said = {
        "name": row["name"], "position": row["position"], "email": row["email"],
        "phone": whatsapp_number(row["phone"]) or "", "invited_at": clock.now(),
    }  # fmt: skip
    made = insert_or_change(Contact).values(unit_id=unit, person_id=person, **said)
    keys = [Contact.tenant_id, Contact.unit_id, Contact.person_id]
    db.session.execute(made.on_conflict_do_update(index_elements=keys, set_=said))


@command("unit.invite")
def make_slips() -> list[Slip]:
    """Return one slip for each officer who has not been in yet, with a fresh link; links sent before stay good."""
    units = {row.id: row for row in queries.units()}
    origin = current_app.extensions["ppid"]["settings"].origins["office"]
    contacts = [contact for contact in queries.contacts() if contact.unit_id in units]
    slips = []
    with identity() as connection:
        states = queries.standings(connection, [contact.person_id for contact in contacts], list(units))
        for contact in contacts:
            state = states[contact.person_id]
            if state.has_been_in:
                continue
            code = _code() if state.is_ours else None
            if code:
                make_invitation(connection, contact.person_id, contact.unit_id, code, beside=True)
            slips.append(
                Slip(units[contact.unit_id].name, contact, f"{origin}/undangan/{code}" if code else None)
            )
    record("unit.slips", None, {"slips": len(slips), "by": str(actor().person_id)})
    return sorted(slips, key=lambda slip: slip.unit)


def _code() -> str:
    """Return a token one can type off paper: sixteen letters that are not taken for one another."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(CODE_GROUPS))
