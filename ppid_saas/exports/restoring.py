"""Bring an archive into an empty tenant: check it, seal its files anew, then write every row in one transaction, or nothing.

Room is charged as for any upload. Whatever was sealed and not kept is taken back.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from sqlalchemy import text

from ppid_saas.access.errors import ConflictError, DomainError, InvalidError, TooLargeError
from ppid_saas.access.sayings import joined, say
from ppid_saas.access.verbs import actor, command, require
from ppid_saas.accounts.service import add_person
from ppid_saas.documents.examining import examined
from ppid_saas.documents.rules import purpose_of
from ppid_saas.documents.service import BUCKET, TOO_SLOW
from ppid_saas.events.service import record
from ppid_saas.exports import arriving, queries
from ppid_saas.exports.queries import IMPORTED
from ppid_saas.exports.reading import Archive, open_archive
from ppid_saas.exports.rules import CHANGED, OTHER_KIND, STRANGE, UNFIT, File, RefusedArchiveError
from ppid_saas.exports.tables import DOCUMENTS, EDITIONS, PEOPLE
from ppid_saas.sop.roles import ROLES
from ppid_saas.storage import service as storage
from ppid_saas.web.formats import size as size_words
from tenants import context, quota, vault
from tenants.db import db, leave_transaction
from tenants.http import identity

NOT_EMPTY: Final = say(
    "Ruang ini sudah berisi %(what)s. Arsip hanya dapat dipulihkan ke ruang yang masih kosong."
)
NO_ROOM: Final = say(
    "Arsip ini memerlukan ruang %(size)s, sisanya di sini %(left)s. Minta tambahan ruang dulu."
)
UNSOUND: Final = say("%(name)s tidak diterima. %(why)s")
NO_FILE: Final = say("Pilih arsipnya dulu.")
# Tables that people bring to be read are opened in a limited process each time, whatever else they hold.
UNEXAMINED: Final = frozenset({"import"})
LONGEST: Final = 300
IN_MEMORY: Final = 1024 * 1024


@dataclass(frozen=True)
class Restored:
    """What came in."""

    rows: int
    files: int
    people: int


@dataclass(frozen=True)
class Owned:
    """A file of the archive with the row that owns it; `kind` is its document's."""

    table: str
    kind: str
    row: Mapping[str, Any]
    file: File

    @property
    def room(self) -> int:
        return vault.stored_size(self.file.size) if self.table == DOCUMENTS else self.file.size


def restore(stream: BinaryIO | None) -> Restored:
    """Bring an archive in, or raise with what is in the way; nothing is left behind then."""
    require("tenant.import")
    refuse_unless_empty()
    if stream is None:
        raise InvalidError(NO_FILE, {"file": [NO_FILE]})
    with _in_words():
        archive = open_archive(stream)
        if archive.manifest.tenant["kind"] != actor().kind:
            raise RefusedArchiveError(OTHER_KIND)
        arriving.check_tables(archive)
        owned = list(_owned(archive))
        _refuse_without_room(sum(one.room for one in owned))
        return _seal_and_keep(archive, owned)


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except RefusedArchiveError as error:
        raise InvalidError(error.message, {"file": [error.message]}) from error


def refuse_unless_empty() -> None:
    """Raise while anything is here that an archive would mix with."""
    there = queries.in_the_way()
    if there:
        raise ConflictError(say(NOT_EMPTY, what=joined(", ", there)))


def _owned(archive: Archive) -> Iterator[Owned]:
    """Yield each file once, with its row; a file without one, or a row whose file is another, is refused."""
    files = {one.path: one for one in archive.manifest.files}
    members = {one.name: one for one in archive.manifest.tables}
    kinds = {str(row["id"]): str(row["kind"]) for row in archive.lines(members["work.document"])}
    for table in (DOCUMENTS, EDITIONS):
        for row in archive.lines(members[table]):
            if row["file"] is not None:
                yield Owned(table, kinds.get(str(row.get("document_id")), ""), row, _file_of(row, files))
    if files:
        raise RefusedArchiveError(say(STRANGE, name=min(files)))


def _file_of(row: Mapping[str, Any], files: dict[str, File]) -> File:
    file = files.pop(str(row["file"]), None)
    if file is None or (file.size, file.sha256) != (row["size"], row.get("sha_plain", row.get("sha256"))):
        raise RefusedArchiveError(say(UNFIT, name=str(row["file"])[:LONGEST]))
    return file


def _refuse_without_room(needed: int) -> None:
    left = queries.room().left
    leave_transaction()
    if needed > left:
        raise TooLargeError(say(NO_ROOM, size=size_words(needed), left=size_words(left)))


def _seal_and_keep(archive: Archive, owned: list[Owned]) -> Restored:
    sealed: dict[str, vault.Stored] = {}
    try:
        for one in owned:
            sealed[one.file.path] = stored = _sealed(archive, one)
            if stored.sha_plain != one.file.sha256:
                raise RefusedArchiveError(say(CHANGED, name=one.file.path))
        return _keep(archive, owned, sealed)
    except quota.QuotaExceededError as error:
        raise TooLargeError(error.message) from error
    finally:
        for stored in sealed.values():
            vault.abandon(stored.reservation)


def _sealed(archive: Archive, one: Owned) -> vault.Stored:
    source, media_type = vault.OneWay(one.file.size, archive.reader(one.file)), str(one.row["media_type"])
    if one.table == EDITIONS:
        return _published(source, media_type)
    try:
        purpose = purpose_of(UUID(str(one.row["document_id"])), int(one.row["n"]))
    except (TypeError, ValueError) as error:
        raise RefusedArchiveError(say(UNFIT, name=one.file.path)) from error
    if one.kind in UNEXAMINED:
        return vault.put(source, bucket=BUCKET, purpose=purpose, media_type=media_type)
    return _examined(source, one, purpose, media_type)


def _published(source: vault.OneWay, media_type: str) -> vault.Stored:
    """Upload a file of an edition as it is; it is read twice, and is public anyway."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        while chunk := source.read(IN_MEMORY):
            spool.write(chunk)
        spool.seek(0)
        return vault.put_public(cast("BinaryIO", spool), media_type=media_type)


def _examined(source: vault.OneWay, one: Owned, purpose: str, media_type: str) -> vault.Stored:
    """Seal a file as people bring them: examined meanwhile, and given up when it is not what its name says."""
    stored: vault.Stored | None = None
    try:
        with examined(one.file.path.rpartition("/")[2], source) as file:
            stored = vault.put(file.source, bucket=BUCKET, purpose=purpose, media_type=media_type)
    except DomainError as error:
        if stored is not None:
            vault.abandon(stored.reservation)
        if isinstance(error, InvalidError | TooLargeError):
            raise RefusedArchiveError(say(UNSOUND, name=one.file.path, why=error.message)) from error
        raise
    return stored


@command("tenant.import")
def _keep(archive: Archive, owned: list[Owned], sealed: Mapping[str, vault.Stored]) -> Restored:
    """Write everything under one lock: of two who bring something, the second finds the tenant no longer empty."""
    key = {"key": f"{context.tenant_id()}:import"}
    db.session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7441))"), key)
    refuse_unless_empty()
    rows = arriving.bring(archive, {one.file.path: _known(one, sealed[one.file.path]) for one in owned})
    for one in owned:
        _charge(sealed[one.file.path], "document" if one.table == DOCUMENTS else "edition")
    people = _people(archive)
    manifest = archive.manifest
    data = {
        "manifest": archive.sha256, "tenant": manifest.tenant["id"], "rows": rows, "files": len(owned),
        "people": len(people), "from": f"{manifest.tenant['region']}/{manifest.tenant['slug']}",
    }  # fmt: skip
    record(IMPORTED, None, data)
    db.session.flush()
    return Restored(rows, len(owned), _invite(people))


def _charge(stored: vault.Stored, cause: str) -> None:
    try:
        storage.charge(stored.reservation, cause)
    except quota.ReservationLostError as error:
        raise ConflictError(TOO_SLOW) from error


def _known(one: Owned, stored: vault.Stored) -> dict[str, Any]:
    """Return what a row remembers of its new object."""
    if one.table == EDITIONS:
        return {"object_id": str(stored.object_id)}
    return {
        "object_id": str(stored.object_id), "bucket": stored.bucket, "stored_size": stored.stored_size,
        "sha_cipher": stored.sha_cipher, "key": f"\\x{stored.key.hex()}", "key_n": stored.key_n,
    }  # fmt: skip


def _people(archive: Archive) -> list[dict[str, Any]]:
    [member] = [one for one in archive.manifest.tables if one.name == PEOPLE]
    found = list(archive.lines(member))
    for one in found:
        texts = [one["email"], one["name"], one["position"]]
        fits = all(isinstance(said, str) and len(said) <= LONGEST and said.isprintable() for said in texts)
        roles = one["roles"]
        if not (
            fits and "@" in one["email"] and isinstance(roles, list) and roles and set(roles) <= set(ROLES)
        ):
            raise RefusedArchiveError(say(UNFIT, name=member.path))
    return found


def _invite(people: list[dict[str, Any]]) -> int:
    """Give everyone her roles again; whoever is new here gets an invitation by mail. Last, for it commits by itself."""
    new = 0
    with identity() as connection:
        for one in people:
            person = add_person(connection, one["email"], one["name"], one["position"])
            given = connection.execute(
                text(
                    "insert into identity.membership (person_id, tenant_id, role)"
                    " select :person, :tenant, unnest(cast(:roles as text[])) on conflict do nothing returning role"
                ),
                {"person": person, "tenant": context.tenant_id(), "roles": one["roles"]},
            ).first()
            if given is not None:
                record("member.invited", person, {"role": one["roles"][0]})
                new += 1
    return new
