"""A unit with something of everything, and the two ends of its move: taken along by its head, brought in by an admin."""

import hashlib
import io
import json
import zipfile
from contextlib import closing
from uuid import UUID

from werkzeug.datastructures import FileStorage

from ppid_saas.accounts import provisioning
from ppid_saas.accounts.provisioning import NewTenant
from ppid_saas.documents import examining
from ppid_saas.documents import service as documents
from ppid_saas.exports import restoring, service
from ppid_saas.exports.reading import open_archive
from ppid_saas.exports.rules import MANIFEST, SUMS, Manifest, checksums
from ppid_saas.exports.schemas import read_manifest
from ppid_saas.places import lending, taking_stock
from ppid_saas.places import service as places
from ppid_saas.submissions import files
from tenants.vault import RootKey
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.fixtures.world import World, email_of, platform

SCAN, NEWER = scan(2_600_000), scan(300_000, seed=2)
ROLES = ("petugas", "kepala", "admin")


def lived_in(world: World, region: str, slug: str = "dinkes") -> None:
    """Let a unit work for a while: items, files with versions, paper on loan, a submission and its answer."""
    officer = f"petugas.{slug}@{region}"
    window = walk.open_collection(world, region)
    world.drain()
    walk.fill(world, officer)
    with world.acting(officer):
        _store(SCAN, NEWER, "pindaian no. 1.pdf")
        _store(b"Catatan rapat\n", b"Catatan rapat, diperbaiki\n", "catatan.txt")
        places.add_places("room", "", "A", "", 2)
        paper = places.add_holding(1, "A-01")
        places.move_papers([paper.id], "A-02")
        lending.lend(paper.id, "Bagian Hukum", 3)
        taking_stock.begin()
        files.attach(window, "cover_letter", _upload(scan(9_000), "pengantar.pdf"))
    sent = walk.send(world, officer, window)
    world.drain()
    walk.accept_all(world, region, sent.id)
    world.drain()


def _store(first: bytes, second: bytes, name: str) -> None:
    with examining.receiving("attachment", name, first) as staged:
        document = documents.keep(staged)
    with examining.receiving("attachment", name, second, document_id=document) as staged:
        documents.keep(staged)


def _upload(data: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(data), name)


def taken(world: World, who: str) -> bytes:
    """Take a tenant's archive as its head."""
    with world.acting(who):
        stream = service.export("move")
    with closing(stream):
        return b"".join(stream)


def manifest_of(archive: bytes) -> Manifest:
    return open_archive(io.BytesIO(archive)).manifest


def newcomer(world: World, region: str, members_of: str, slug: str = "pendatang") -> UUID:
    """Make an empty unit and let the admin of another, the same person, into it; `who` is then `admin.pendatang@…`."""
    with platform(world.settings) as connection:
        new = NewTenant(region, slug, "unit", "SKPD", "Pendatang")
        tenant = provisioning.create_tenant(connection, new, RootKey.load(world.settings.root_key_file))
        for role, policy_role in zip(ROLES, ("unit_officer", "unit_head", "tenant_admin"), strict=True):
            old = f"{role}.{members_of}"
            if role == "admin":
                provisioning.add_member(connection, tenant, email_of(old), old, policy_role)
            world.people[f"{role}.{slug}@{region}"] = world.people[old]
    world.tenants[region, slug] = tenant
    return tenant


def brought(world: World, who: str, archive: bytes) -> restoring.Restored:
    with world.acting(who):
        return restoring.restore(io.BytesIO(archive))


def members_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    """Put members into a ZIP as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def resigned(members: dict[str, bytes], **more: object) -> bytes:
    """Put members into a ZIP with a manifest and checksums that fit them, as a forger would."""
    told = json.loads(members[MANIFEST]) | more
    for one in (*told["tables"], *told["past"], *told["files"]):
        data = members[one["path"]]
        one |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        if "rows" in one:
            one["rows"] = data.count(b"\n")
    written = json.dumps(told).encode()
    manifest = read_manifest(written)
    return packed(members | {MANIFEST: written, SUMS: checksums(manifest, written)})
