"""Uploads in pieces: each is sealed by itself and lies in quarantine until one object is made of them all.

A piece is bound to tenant, upload, place and name, so that none can stand for another. Which pieces there are is
remembered by the caller's rows; room for the whole is held from the beginning.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

import tink
from tink import aead, proto_keyset_format, secret_key_access

from tenants import context, quota
from tenants.db import new_id
from tenants.vault.keys import Aead, canonical, seal, unseal
from tenants.vault.objects import (
    QUARANTINE_BUCKET,
    abandon,
    connected,
    private_key,
    public_key,
    remove_stray,
    reserve,
)
from tenants.vault.store import UnreadableObjectError
from tenants.vault.streams import stored_size

LIFE: Final = timedelta(days=3)  # a file begun on Friday can be finished on Monday


@dataclass(frozen=True)
class Incoming:
    """An upload that was begun: the room held for it, and the key of its pieces, sealed for the tenant."""

    upload_id: UUID
    room: UUID
    key: bytes
    key_n: int


@dataclass(frozen=True)
class Piece:
    """One piece: where in the file it begins, how long it is, and the name it lies under."""

    start: int
    size: int
    name: UUID


def begin(size: int) -> Incoming:
    """Hold room for a file of `size` bytes that is to come in pieces; raises `quota.QuotaExceededError`.

    It is held for a moment: whoever writes the upload's row prolongs it, so that one who dies before does not keep it.
    """
    upload_id, owner = new_id(), context.tenant_id()
    key_n, public = public_key(owner)
    handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    key = bytes(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
    room = reserve(stored_size(size), QUARANTINE_BUCKET, upload_id, quota.RETRY_AFTER)
    return Incoming(upload_id, room, seal(key, public, _key_binding(owner, upload_id)), key_n)


class Placing:
    """Pieces of one upload on their way into the store: one travels while the next one comes."""

    def __init__(self, incoming: Incoming, line: ThreadPoolExecutor) -> None:
        self._upload_id, self._primitive, self._line = incoming.upload_id, _primitive(incoming), line
        self._under_way: Future[None] | None = None

    def add(self, start: int, data: bytes) -> Piece:
        """Seal a piece and send it off. It counts only when it has arrived and the caller's rows name it."""
        self.settle()
        piece = Piece(start, len(data), new_id())
        sealed = self._primitive.encrypt(data, _binding(self._upload_id, piece))
        key = _key(self._upload_id, piece.name)
        self._under_way = self._line.submit(connected().store.place, QUARANTINE_BUCKET, key, sealed)
        return piece

    def settle(self) -> None:
        """Wait until everything that was sent off has arrived."""
        under_way, self._under_way = self._under_way, None
        if under_way:
            connected().store.placed(under_way)


@contextmanager
def placing(incoming: Incoming) -> Iterator[Placing]:
    """Store pieces for the length of a block; when it is left nothing is under way any more."""
    with ThreadPoolExecutor(1, "piece") as line:
        yield Placing(incoming, line)


def drop_piece(upload_id: UUID, piece: Piece) -> None:
    """Delete a piece that no row names."""
    connected().store.remove(QUARANTINE_BUCKET, _key(upload_id, piece.name))


def read_pieces(incoming: Incoming, pieces: Iterable[Piece]) -> Iterator[bytes]:
    """Yield the plaintext of each piece in the given order."""
    primitive, pieces = _primitive(incoming), list(pieces)
    keys = [_key(incoming.upload_id, piece.name) for piece in pieces]
    for piece, sealed in zip(pieces, connected().store.fetch_all(QUARANTINE_BUCKET, keys), strict=True):
        try:
            yield primitive.decrypt(sealed, _binding(incoming.upload_id, piece))
        except tink.TinkError as error:
            raise UnreadableObjectError("key, binding or bytes of a piece are others") from error


def clear(upload_id: UUID, room: UUID) -> None:
    """Delete all pieces of an upload that is over, and free the room it may still hold."""
    abandon(room)
    remove_stray(QUARANTINE_BUCKET, upload_id)


def _primitive(incoming: Incoming) -> Aead:
    try:
        bound_to = _key_binding(context.tenant_id(), incoming.upload_id)
        key = unseal(incoming.key, private_key(incoming.key_n), bound_to)
    except tink.TinkError as error:
        raise UnreadableObjectError("the key of the pieces is another's") from error
    return cast("Aead", proto_keyset_format.parse(key, secret_key_access.TOKEN).primitive(aead.Aead))


def _key(upload_id: UUID, name: UUID) -> str:
    return f"t/{context.tenant_id()}/{upload_id}/{name}"


def _key_binding(owner: UUID, upload_id: UUID) -> bytes:
    return canonical("ppid upload key", str(owner), str(upload_id))


def _binding(upload_id: UUID, piece: Piece) -> bytes:
    place = (str(piece.start), str(piece.size), str(piece.name))
    return canonical("ppid piece", str(context.tenant_id()), str(upload_id), *place)
