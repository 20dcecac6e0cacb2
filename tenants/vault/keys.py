"""Keys in three storeys: the installation's root key wraps tenants' private keys, a tenant's public key seals data keys.

Destroying a tenant's wrapped key makes all its objects unreadable. Not a key store: rows are read by `objects`.
"""

import hashlib
import json
from pathlib import Path
from typing import Any, Protocol, Self, cast

import tink
from tink import aead, hybrid, proto_keyset_format, secret_key_access
from tink.proto import aes_gcm_pb2, tink_pb2

aead.register()
hybrid.register()

FORMAT = 1
_TOKEN = secret_key_access.TOKEN
_READABLE_BY_OTHERS = 0o007
_KEY_BYTES = 32


class RootKeyError(RuntimeError):
    """The root key cannot be used; the message names its file and the remedy."""


class Aead(Protocol):
    """What a root key must be able to do: Tink's own interface, which its KMS clients have too."""

    def encrypt(self, plaintext: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, ciphertext: bytes, associated_data: bytes, /) -> bytes: ...


class RootKey:
    """The installation's key, in a file of this machine or behind a KMS; it wraps the private keys of tenants."""

    def __init__(self, primitive: Aead) -> None:
        self._primitive = primitive

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file that the first start made: 64 hexadecimal digits, an AES-256-GCM key."""
        try:
            everyone_reads = path.stat().st_mode & _READABLE_BY_OTHERS
            value = bytes.fromhex(path.read_text(encoding="ascii"))
        except (OSError, ValueError) as error:
            raise RootKeyError(
                f"{path} tidak terbaca atau bukan kunci induk; pulihkan dari cadangan"
            ) from error
        if everyone_reads:
            raise RootKeyError(f"{path} terbaca oleh semua orang; jalankan chmod 600 {path}")
        if len(value) != _KEY_BYTES:
            raise RootKeyError(f"{path} bukan kunci induk yang utuh; pulihkan dari cadangan")
        return cls(_primitive(value))

    def wrap(self, handle: Any, public: bytes) -> bytes:
        """Encrypt a private keyset, tied to its public half."""
        return bytes(proto_keyset_format.serialize_encrypted(handle, self._primitive, _tie(public)))

    def unwrap(self, wrapped: bytes, public: bytes) -> Any:
        """Return the private keyset again."""
        return proto_keyset_format.parse_encrypted(wrapped, self._primitive, _tie(public))


def _primitive(value: bytes) -> Aead:
    """Return Tink's AEAD under a given key, whose id is drawn from it so that a later key can stand beside it."""
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmKey",
        value=aes_gcm_pb2.AesGcmKey(version=0, key_value=value).SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    key_id = int.from_bytes(hashlib.sha256(value).digest()[:4], "big") | 1
    key = tink_pb2.Keyset.Key(
        key_data=data, status=tink_pb2.ENABLED, key_id=key_id, output_prefix_type=tink_pb2.TINK
    )
    keyset = tink_pb2.Keyset(primary_key_id=key_id, key=[key])
    return cast("Aead", proto_keyset_format.parse(keyset.SerializeToString(), _TOKEN).primitive(aead.Aead))


def _tie(public: bytes) -> bytes:
    return canonical("ppid tenant key", hashlib.sha256(public).hexdigest())


def canonical(*parts: str) -> bytes:
    """Return an unambiguous form of what a ciphertext is bound to; the format's number is part of it."""
    return json.dumps([FORMAT, *parts], ensure_ascii=True, separators=(",", ":")).encode("ascii")


def generate_tenant_key(root: RootKey) -> tuple[bytes, bytes]:
    """Return a new tenant's public keyset (X25519) and its private one, wrapped."""
    template = hybrid.hybrid_key_templates.DHKEM_X25519_HKDF_SHA256_HKDF_SHA256_AES_256_GCM
    private = tink.new_keyset_handle(template)
    public = bytes(proto_keyset_format.serialize_without_secret(private.public_keyset_handle()))
    return public, root.wrap(private, public)


def seal(data_key: bytes, public: bytes, bound_to: bytes) -> bytes:
    """Encrypt a data key to a tenant's public key; only its private key, with the same binding, opens it."""
    handle = proto_keyset_format.parse_without_secret(public)
    return bytes(handle.primitive(hybrid.HybridEncrypt).encrypt(data_key, bound_to))


def unseal(sealed: bytes, private: Any, bound_to: bytes) -> bytes:
    """Return a data key; a `tink.TinkError` says that key or binding is another."""
    return bytes(private.primitive(hybrid.HybridDecrypt).decrypt(sealed, bound_to))
