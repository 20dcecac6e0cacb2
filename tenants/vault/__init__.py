"""Bytes of tenants: sealed objects in S3, each under a data key of its own, and the plain files of editions.

The one package that speaks to the object store. `put` reserves room, seals and uploads; the caller commits the
reservation with its own rows. What the bytes are for is the caller's business, named by `purpose`.
"""

from tenants.vault.incoming import Incoming, Piece, Placing, begin, clear, drop_piece, placing, read_pieces
from tenants.vault.keys import (
    Aead,
    RootKey,
    RootKeyError,
    generate_tenant_key,
    new_root_key,
    without_older_keys,
)
from tenants.vault.objects import (
    Found,
    Stored,
    StoredRow,
    abandon,
    connect,
    is_there,
    listing,
    open_object,
    open_public,
    open_received,
    pinger,
    prepare,
    put,
    put_public,
    release_expired,
    release_lost,
    remove_stray,
)
from tenants.vault.rekeying import (
    newest_key,
    newest_key_of,
    retire_keys,
    rewrap_keys,
    sealed_anew,
    sealed_for,
)
from tenants.vault.store import StoreAwayError, UnreadableObjectError
from tenants.vault.streams import OneWay, Source, stored_size

__all__ = [
    "Aead", "Found", "Incoming", "OneWay", "Piece", "Placing", "RootKey", "RootKeyError", "Source", "StoreAwayError", "Stored",
    "StoredRow", "UnreadableObjectError", "abandon", "begin", "clear", "connect", "drop_piece",
    "generate_tenant_key", "is_there", "listing", "new_root_key", "newest_key", "newest_key_of", "open_object",
    "open_public", "open_received", "pinger", "placing", "prepare", "put", "put_public", "read_pieces", "release_expired", "release_lost",
    "remove_stray", "retire_keys", "rewrap_keys", "sealed_anew", "sealed_for", "stored_size", "without_older_keys",
]  # fmt: skip
