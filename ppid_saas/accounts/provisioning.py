"""Make tenants, members and keys as role platform: what the operator's commands and the seed call.

The operator creates the house and hands out keys to its doors; nothing here can read what a tenant keeps.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from ppid_saas.accounts.service import add_person, make_invitation
from ppid_saas.sop.roles import ROLES
from tenants.db import new_id
from tenants.http import CENTRAL_SLUG, hash_token, new_token
from tenants.vault import RootKey, generate_tenant_key

DEFAULT_CAP = 10 * 1024**3
KEY_LIFE = timedelta(days=365)
CATEGORIES = {
    "pemprov": "SKPD", "skpd": "SKPD", "opd": "SKPD", "kecamatan": "SKPD", "bumd": "BUMD", "kpu": "KPU",
    "pemkab/kota": "CENTRAL", "pemkab": "CENTRAL", "kota": "CENTRAL", "pusat": "CENTRAL",
}  # fmt: skip


@dataclass(frozen=True)
class NewTenant:
    """What a tenant is made of. A central has no recipient; a unit sends to the central of its region."""

    region: str
    slug: str
    kind: str
    category: str
    name: str
    region_name: str = ""


def slug_of(name: str) -> str:
    """Return a name as it stands in an address: lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]


def create_tenant(connection: Connection, new: NewTenant, root: RootKey) -> UUID:
    """Create a tenant with its key pair, its quota and, for a central, its published list. Safe to repeat."""
    found = find_tenant(connection, new.region, new.slug)
    if found is not None:
        return found
    parent = find_tenant(connection, new.region, CENTRAL_SLUG) if new.kind == "unit" else None
    if new.kind == "unit" and parent is None:
        raise LookupError(f"wilayah {new.region} belum mempunyai PPID Utama")
    tenant = new_id()
    connection.execute(
        text(
            "insert into identity.tenant (id, region, slug, kind, category, name, parent_id, recipient_id, settings)"
            " values (:id, :region, :slug, :kind, :category, :name, :parent, :parent, '{}')"
        ),
        {
            "id": tenant,
            "parent": parent,
            **{k: getattr(new, k) for k in ("region", "slug", "kind", "category", "name")},
        },
    )
    _equip(connection, tenant, root)
    if new.kind == "central":
        connection.execute(
            text(
                "insert into publication.list (central_id, slug, name, region_name, zone)"
                " values (:id, :region, :name, :region_name, 'Asia/Jakarta')"
            ),
            {
                "id": tenant,
                "region": new.region,
                "name": new.name,
                "region_name": new.region_name or new.name,
            },
        )
    return tenant


def _equip(connection: Connection, tenant: UUID, root: RootKey) -> None:
    public, wrapped = generate_tenant_key(root)
    connection.execute(
        text(
            "insert into keys.tenant_key (tenant_id, n, public, wrapped, root) values (:tenant, 1, :public, :wrapped, :root)"
        ),
        {"tenant": tenant, "public": public, "wrapped": wrapped, "root": root.name},
    )
    default = (
        "insert into ops.quota (tenant_id, cap) select :tenant, coalesce((select q.unit_cap from ops.quota q"
        " join identity.tenant t on t.parent_id = q.tenant_id where t.id = :tenant), :cap)"
    )
    connection.execute(text(default), {"tenant": tenant, "cap": DEFAULT_CAP})


def find_tenant(connection: Connection, region: str, slug: str) -> UUID | None:
    """Return the id of a tenant by its address."""
    query = text("select id from identity.tenant where region = :region and slug = :slug")
    return connection.execute(query, {"region": region, "slug": slug}).scalar()


def add_member(connection: Connection, tenant: UUID, email: str, name: str, role: str) -> str:
    """Give a person a role in a tenant and return the token of her invitation link."""
    if role not in ROLES:
        raise LookupError(f"peran {role} tidak dikenal; pilih {', '.join(ROLES)}")
    person = add_person(connection, email, name)
    connection.execute(
        text(
            "insert into identity.membership (person_id, tenant_id, role) values (:person, :tenant, :role)"
            " on conflict do nothing"
        ),
        {"person": person, "tenant": tenant, "role": role},
    )
    return make_invitation(connection, person, tenant)


def make_key(connection: Connection, tenant: UUID, email: str, name: str) -> str:
    """Return a new API key that acts in `tenant` on behalf of one of its members; shown once, stored hashed."""
    person = connection.execute(
        text(
            "select p.id from identity.person p join identity.membership m on m.person_id = p.id"
            " where lower(p.email) = lower(:email) and m.tenant_id = :tenant limit 1"
        ),
        {"email": email, "tenant": tenant},
    ).scalar()
    if person is None:
        raise LookupError(f"{email} bukan anggota unit itu")
    key = f"ppid_{new_token()}"
    connection.execute(
        text(
            "insert into identity.api_key (hash, tenant_id, person_id, name, expires_at)"
            " values (:hash, :tenant, :person, :name, now() + :life)"
        ),
        {"hash": hash_token(key), "tenant": tenant, "person": person, "name": name, "life": KEY_LIFE},
    )
    return key


def read_units(lines: Iterable[str], region: str) -> list[NewTenant]:
    """Read a pasted list `kategori,nama`: offices become units of `region`, regencies and cities centrals of their own."""
    units = []
    for number, row in enumerate(csv.reader(lines), 1):
        if len(row) < 2 or row[0].strip().lower() == "kategori":
            continue
        category = CATEGORIES.get(row[0].strip().lower())
        if category is None:
            raise LookupError(
                f"baris {number}: kategori {row[0]!r} tidak dikenal; pakai {', '.join(CATEGORIES)}"
            )
        name = " ".join(row[1].split())
        if category == "CENTRAL":
            units.append(
                NewTenant(slug_of(name), CENTRAL_SLUG, "central", "PEMKAB", f"PPID Utama {name}", name)
            )
        else:
            units.append(NewTenant(region, slug_of(name), "unit", category, name))
    return units
