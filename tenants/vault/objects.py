"""Put and open objects: reserve, seal, upload; check, unseal, read. Key `t/<tenant>/<object>`, one object, one key.

An object's ciphertext and its wrapped keys are bound to tenant, object and purpose, so that a swap of any of them
opens nothing. A version of a document is a purpose of its own.
"""

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import IO, BinaryIO, Protocol
from uuid import UUID

import tink
from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, PendingRollbackError

from tenants import context, quota
from tenants.db import db, leave_transaction, new_id
from tenants.models import TenantKey
from tenants.vault.keys import RootKey, canonical, seal, unseal
from tenants.vault.store import Access, Store, StoreAwayError, UnreadableObjectError
from tenants.vault.streams import CHUNK, Source, decrypting, encrypt, new_data_key, stored_size

PUBLIC_BUCKET = "editions"
EXEMPT_BUCKET = "exempt"
QUARANTINE_BUCKET = "quarantine"
SEALED_TYPE = "application/octet-stream"
_DATABASE_AWAY = (OperationalError, PendingRollbackError)


class StoredRow(Protocol):
    """What a row must remember of an object, so that its tenant can open it again."""

    @property
    def object_id(self) -> UUID: ...
    @property
    def bucket(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha_cipher(self) -> str: ...
    @property
    def key(self) -> bytes: ...
    @property
    def key_n(self) -> int: ...


@dataclass(frozen=True)
class Stored:
    """An uploaded object whose reservation still waits for `quota.commit` in the caller's transaction.

    `room` is a second one to commit with it: that of an upload in pieces, which has held the room all the while.
    """

    object_id: UUID
    bucket: str
    media_type: str
    size: int
    stored_size: int
    sha_plain: str
    sha_cipher: str
    key: bytes
    key_n: int
    reservation: UUID
    recipient_keys: Mapping[UUID, tuple[int, bytes]] = field(default_factory=dict)
    room: UUID | None = None


@dataclass(frozen=True)
class Found:
    """An object as the store lists it."""

    bucket: str
    size: int


@dataclass(frozen=True)
class _Vault:
    store: Store
    root: RootKey | None


def connect(access: Access, buckets: Mapping[str, str], root: RootKey | None) -> None:
    """Connect the running app; called once by a composition root. Without a root key only public files can be read."""
    current_app.extensions["vault"] = _Vault(Store(access, dict(buckets)), root)


def connected() -> _Vault:
    vault = current_app.extensions.get("vault")
    if not isinstance(vault, _Vault):
        raise TypeError("tenants.vault.connect was not called for this app")
    return vault


def pinger() -> Callable[[], None]:
    """Return what asks the running app's store whether it answers; it may be called in a thread without an app."""
    return connected().store.ping


def prepare() -> None:
    """Read now what every forked process needs to speak to the store, and would read again for itself."""
    connected().store.prepare()


def put(
    data: bytes | Source,
    *,
    bucket: str,
    purpose: str,
    media_type: str,
    recipients: tuple[UUID, ...] = (),
    room: UUID | None = None,
) -> Stored:
    """Seal and upload an object of the bound tenant, outside of any command, and charge it as a reservation.

    `purpose` is asked for again at opening; `recipients` are tenants that shall open it besides, with keys of their own;
    `room` is a reservation that holds the room already.
    """
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    owner, object_id = context.tenant_id(), new_id()
    public_keys = {tenant: public_key(tenant) for tenant in (owner, *recipients)}
    size = stored_size(_measure(source))
    reservation = reserve(0 if room else size, bucket, object_id)
    try:
        data_key = new_data_key()
        sealed = encrypt(source, data_key, _object_binding(owner, object_id, purpose))
        connected().store.upload(bucket, _key(owner, object_id), sealed, size, SEALED_TYPE)
    except BaseException as error:
        _give_up(reservation, error)
        raise
    keys = {
        tenant: (n, seal(data_key, public, _key_binding(owner, object_id, purpose, tenant)))
        for tenant, (n, public) in public_keys.items()
    }
    own_n, own_key = keys.pop(owner)
    return Stored(
        object_id, bucket, media_type, sealed.size, sealed.stored_size, sealed.sha_plain, sealed.sha_cipher,
        own_key, own_n, reservation, keys, room,
    )  # fmt: skip


def put_public(data: bytes | BinaryIO, *, media_type: str) -> Stored:
    """Upload a file of an edition as it is, for everyone to read; charged to the bound central like any other."""
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    owner, object_id, size = context.tenant_id(), new_id(), _measure(source)
    sha = _hash(source)
    reservation = reserve(size, PUBLIC_BUCKET, object_id)
    try:
        connected().store.upload(PUBLIC_BUCKET, _key(owner, object_id), source, size, media_type)
    except BaseException as error:
        _give_up(reservation, error)
        raise
    return Stored(object_id, PUBLIC_BUCKET, media_type, size, size, sha, sha, b"", 0, reservation)


def open_object(row: StoredRow, *, purpose: str) -> BinaryIO:
    """Return the plaintext of an object of the bound tenant, to be closed by the caller."""
    return _open(context.tenant_id(), row, purpose, row.key, row.key_n)


@dataclass(frozen=True)
class _Received:
    object_id: UUID
    size: int
    sha_cipher: str
    key: bytes
    key_n: int
    bucket: str = EXEMPT_BUCKET


def open_received(
    owner: UUID, object_id: UUID, *, size: int, sha_cipher: str, key: bytes, key_n: int, purpose: str
) -> BinaryIO:
    """Return the plaintext of an object that `owner` handed to the bound tenant with a key wrapped for it."""
    return _open(owner, _Received(object_id, size, sha_cipher, key, key_n), purpose, key, key_n)


def open_public(central: UUID, object_id: UUID, *, size: int, sha: str) -> IO[bytes]:
    """Return a file of an edition, its hash checked; needs no key and no tenant."""
    return connected().store.download(PUBLIC_BUCKET, _key(central, object_id), size, sha)


def abandon(reservation: UUID) -> None:
    """Take back an upload that came to nothing: object first, then its room. One already committed is left alone.

    Where store or database are away the sweep does it later: what is told is the error that led here, or the success.
    """
    with contextlib.suppress(StoreAwayError, context.UnboundTransactionError, *_DATABASE_AWAY):
        quota.abandon(reservation, _remove)


def _give_up(reservation: UUID, error: BaseException) -> None:
    """Take back what could not be uploaded; a store that is away is not waited for a second time."""
    if not isinstance(error, StoreAwayError):
        abandon(reservation)
        return
    with contextlib.suppress(*_DATABASE_AWAY):
        quota.postpone(reservation)


def release_expired() -> int:
    """Free the room of the bound tenant's uploads that died, their objects deleted first; returns how many."""
    return quota.release_expired(_remove)


def release_lost(object_id: UUID) -> int:
    """Free the room of one dead upload, its object deleted first."""
    return quota.release_lost(object_id, _remove)


def listing() -> dict[UUID, Found]:
    """Return every object of the bound tenant in every bucket; keys that no object of ours can have are left aside."""
    store, owner = connected().store, context.tenant_id()
    found: dict[UUID, Found] = {}
    for bucket in store.buckets:
        for key, size in store.listing(bucket, f"t/{owner}/"):
            with contextlib.suppress(ValueError):
                object_id = UUID(key.split("/")[2])
                before = found[object_id].size if object_id in found else 0
                found[object_id] = Found(bucket, before + size)
    return found


def is_there(object_id: UUID) -> bool:
    """Say whether some bucket has this object of the bound tenant, asked anew."""
    store, key = connected().store, _key(context.tenant_id(), object_id)
    return any(store.has(bucket, key) for bucket in store.buckets)


def remove_stray(bucket: str, object_id: UUID) -> None:
    """Delete an object of the bound tenant that nobody knows; whoever calls has made sure of that twice."""
    _remove(bucket, object_id)


def reserve(size: int, bucket: str, object_id: UUID, life: timedelta = quota.UPLOAD_LIFE) -> UUID:
    """Hold room; only where there is none it is worth waiting for the store to take back what died."""
    leave_transaction()
    try:
        return quota.reserve(size, bucket, object_id, life)
    except quota.QuotaExceededError:
        with contextlib.suppress(StoreAwayError):
            release_expired()
        return quota.reserve(size, bucket, object_id, life)


def _remove(bucket: str, object_id: UUID) -> None:
    """Delete an object, or all the pieces of an upload; the pieces' prefix ends with a slash and means no neighbour."""
    store, key = connected().store, _key(context.tenant_id(), object_id)
    if bucket == QUARANTINE_BUCKET:
        for piece, _ in list(store.listing(bucket, f"{key}/")):
            store.remove(bucket, piece)
    else:
        store.abort(bucket, key)
        store.remove(bucket, key)


def _open(owner: UUID, row: StoredRow, purpose: str, key: bytes, key_n: int) -> BinaryIO:
    reader = context.tenant_id()
    try:
        data_key = unseal(key, private_key(key_n), _key_binding(owner, row.object_id, purpose, reader))
        spool = connected().store.download(
            row.bucket, _key(owner, row.object_id), stored_size(row.size), row.sha_cipher
        )
        return decrypting(spool, data_key, _object_binding(owner, row.object_id, purpose))
    except tink.TinkError as error:
        raise UnreadableObjectError("key, binding or bytes are others") from error


def public_key(tenant: UUID) -> tuple[int, bytes]:
    row = db.session.execute(
        text("select n, public from door.public_key(:tenant)"), {"tenant": tenant}
    ).first()
    if row is None:
        raise UnreadableObjectError("the tenant's key is destroyed")
    return row.n, bytes(row.public)


def private_key(n: int) -> object:
    alive = TenantKey.destroyed_at.is_(None)
    row = db.session.execute(
        select(TenantKey.public, TenantKey.wrapped).where(TenantKey.n == n, alive)
    ).first()
    root = connected().root
    if row is None or root is None:
        raise UnreadableObjectError("the tenant's key is destroyed, or this process may not use it")
    return root.unwrap(row.wrapped, row.public)


def _key(owner: UUID, object_id: UUID) -> str:
    return f"t/{owner}/{object_id}"


def _object_binding(owner: UUID, object_id: UUID, purpose: str) -> bytes:
    return canonical("ppid object", str(owner), str(object_id), purpose)


def _key_binding(owner: UUID, object_id: UUID, purpose: str, reader: UUID) -> bytes:
    return canonical("ppid data key", str(owner), str(object_id), purpose, str(reader))


def _measure(source: Source) -> int:
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    return size


def _hash(source: BinaryIO) -> str:
    sha = hashlib.sha256()
    while chunk := source.read(CHUNK):
        sha.update(chunk)
    source.seek(0)
    return sha.hexdigest()
