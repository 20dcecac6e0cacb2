"""Bytes of tenants: sealed objects in S3, each under a data key of its own, and the plain files of editions.

The one package that speaks to the object store. `put` reserves room, seals and uploads; the caller commits the
reservation with its own rows. What the bytes are for is the caller's business, named by `purpose`.
"""

from tenants.vault.keys import Aead, RootKey, RootKeyError, generate_tenant_key
from tenants.vault.objects import (
    Stored,
    StoredRow,
    abandon,
    connect,
    open_object,
    open_public,
    open_received,
    pinger,
    put,
    put_public,
    release_expired,
    release_lost,
)
from tenants.vault.store import StoreAwayError, UnreadableObjectError
from tenants.vault.streams import stored_size

__all__ = [
    "Aead", "RootKey", "RootKeyError", "StoreAwayError", "Stored", "StoredRow", "UnreadableObjectError", "abandon",
    "connect", "generate_tenant_key", "open_object", "open_public", "open_received", "pinger", "put", "put_public",
    "release_expired", "release_lost", "stored_size",
]  # fmt: skip
