"""Keys in three storeys: the installation's root key wraps tenants' private keys, a tenant's public key seals data keys.

Destroying a tenant's wrapped key makes all its objects unreadable. Not a key store: rows are read by `objects`.
"""

import hashlib
import json
import os
import secrets
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
    """The installation's key, in a file of this machine or behind a KMS; it wraps the private keys of tenants.

    Its file may hold older keys below the newest: what they wrapped is still read, and everything new is wrapped by the
    first. A file that changes is read again, so that no process must be started anew for it.
    """

    def __init__(self, primitive: Aead, name: str, path: Path | None = None) -> None:
        self._primitive, self._name, self._path = primitive, name, path
        self._seen = _stamp(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file that the first start made: a line of 64 hexadecimal digits for each AES-256-GCM key."""
        values = read_root_keys(path)
        return cls(_primitive(values), name_of(values[0]), path)

    @property
    def name(self) -> str:
        """Return what tells the key that wraps now from those before."""
        self._follow_file()
        return self._name

    def wrap(self, handle: Any, public: bytes) -> bytes:
        """Encrypt a private keyset, tied to its public half."""
        self._follow_file()
        return bytes(proto_keyset_format.serialize_encrypted(handle, self._primitive, _tie(public)))

    def unwrap(self, wrapped: bytes, public: bytes) -> Any:
        """Return the private keyset again."""
        self._follow_file()
        return proto_keyset_format.parse_encrypted(wrapped, self._primitive, _tie(public))

    def _follow_file(self) -> None:
        if self._path is None or (stamp := _stamp(self._path)) in {self._seen, None}:
            return
        values = read_root_keys(self._path)
        self._primitive, self._name, self._seen = _primitive(values), name_of(values[0]), stamp


def read_root_keys(path: Path) -> list[bytes]:
    """Return the keys of a file, the newest first, or raise with what is wrong with it."""
    try:
        everyone_reads = path.stat().st_mode & _READABLE_BY_OTHERS
        values = [bytes.fromhex(line) for line in path.read_text(encoding="ascii").split()]
    except (OSError, ValueError) as error:
        raise RootKeyError(f"{path} tidak terbaca atau bukan kunci induk; pulihkan dari cadangan") from error
    if everyone_reads:
        raise RootKeyError(f"{path} terbaca oleh semua orang; jalankan chmod 600 {path}")
    if not values or any(len(value) != _KEY_BYTES for value in values):
        raise RootKeyError(f"{path} bukan kunci induk yang utuh; pulihkan dari cadangan")
    return values


def new_root_key(path: Path) -> str:
    """Put a new key above those of a file; returns its name."""
    values = [secrets.token_bytes(_KEY_BYTES), *read_root_keys(path)]
    _write_root_keys(path, values)
    return name_of(values[0])


def without_older_keys(path: Path) -> int:
    """Leave only the newest key in a file; returns how many went."""
    values = read_root_keys(path)
    _write_root_keys(path, values[:1])
    return len(values) - 1


def _write_root_keys(path: Path, values: list[bytes]) -> None:
    """Write through a new name, with owner and mode of the file before, so that a crash leaves no half key."""
    fresh, before = path.with_name(f".{path.name}.new"), path.stat()
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write("".join(f"{value.hex()}\n" for value in values))
        file.flush()
        os.fsync(file.fileno())
    os.chown(fresh, before.st_uid, before.st_gid)
    fresh.rename(path)


def _stamp(path: Path | None) -> tuple[int, int] | None:
    """Return what changes when a file is written anew; a file that is away for a moment has not changed."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino) if found else None


def name_of(value: bytes) -> str:
    """Return what a root key is called: it says nothing about the key itself."""
    return f"{_id_of(value):08x}"


def _id_of(value: bytes) -> int:
    return int.from_bytes(hashlib.sha256(value).digest()[:4], "big") | 1


def _primitive(values: list[bytes]) -> Aead:
    """Return Tink's AEAD under given keys, whose ids are drawn from them; the first encrypts, each decrypts its own."""
    keyset = tink_pb2.Keyset(primary_key_id=_id_of(values[0]), key=[_keyset_key(value) for value in values])
    return cast("Aead", proto_keyset_format.parse(keyset.SerializeToString(), _TOKEN).primitive(aead.Aead))


def _keyset_key(value: bytes) -> Any:
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmKey",
        value=aes_gcm_pb2.AesGcmKey(version=0, key_value=value).SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    return tink_pb2.Keyset.Key(
        key_data=data, status=tink_pb2.ENABLED, key_id=_id_of(value), output_prefix_type=tink_pb2.TINK
    )


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
