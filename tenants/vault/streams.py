"""The object format: Tink's streaming AEAD, AES-256-GCM-HKDF in segments of 1 MiB, under a new key for each object.

Segments of 1 MiB: 16 bytes of tag for each instead of 4 KiB's 256-fold; nothing reads ranges. Knows no store, no key
above the data key.
"""

import contextlib
import hashlib
import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

import tink
from tink import proto_keyset_format, secret_key_access, streaming_aead

streaming_aead.register()

CHUNK = 1024 * 1024
_SEGMENT = 1024 * 1024
_HEADER = 40
_TAG = 16
_IN_MEMORY = 4 * 1024 * 1024


def stored_size(size: int) -> int:
    """Return how many bytes `size` bytes take in the store, known before the first is sent."""
    beyond_first = size - (_SEGMENT - _HEADER - _TAG)
    further = max(0, -(-beyond_first // (_SEGMENT - _TAG)))
    return size + _HEADER + _TAG * (1 + further)


def new_data_key() -> bytes:
    """Return a keyset of one key, for one object."""
    handle = tink.new_keyset_handle(streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB)
    return bytes(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))


@dataclass(frozen=True)
class Sealed:
    """Ciphertext in a spool of its own, and the measures of both sides."""

    spool: IO[bytes]
    size: int
    stored_size: int
    sha_plain: str
    sha_cipher: str


class OneWay(io.RawIOBase):
    """A source of known size that can be read once, from its beginning."""

    def __init__(self, size: int, read: Callable[[int], bytes]) -> None:
        self.size, self._read = size, read

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self.size if whence == io.SEEK_END else offset

    def read(self, size: int = -1) -> bytes:
        return self._read(size)


Source = BinaryIO | OneWay


class _Measured(io.RawIOBase):
    """Where Tink writes: passes on to the spool, counts and hashes, and leaves the spool open."""

    def __init__(self, spool: IO[bytes]) -> None:
        self.spool, self.size, self.sha = spool, 0, hashlib.sha256()
        self.trouble: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.sha.update(data)
        self.size += len(data)
        try:
            return self.spool.write(data)
        except OSError as error:  # Tink would tell that something failed, but not that the disk is full
            self.trouble = error
            raise


def new_spool() -> IO[bytes]:
    """Return a place for ciphertext: memory, beyond 4 MiB a file without a name. Plaintext never comes here."""
    return cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))


def encrypt(source: Source, data_key: bytes, bound_to: bytes) -> Sealed:
    """Encrypt everything `source` holds from where it stands."""
    spool = new_spool()
    out, sha, size = _Measured(spool), hashlib.sha256(), 0
    try:
        with _primitive(data_key).new_encrypting_stream(out, bound_to) as stream:
            while chunk := source.read(CHUNK):
                sha.update(chunk)
                size += len(chunk)
                stream.write(chunk)
    except BaseException:
        with contextlib.suppress(OSError):
            spool.close()
        if out.trouble is not None:
            raise out.trouble from None
        raise
    spool.seek(0)
    return Sealed(spool, size, out.size, sha.hexdigest(), out.sha.hexdigest())


def decrypting(spool: IO[bytes], data_key: bytes, bound_to: bytes) -> BinaryIO:
    """Return the plaintext as a stream that closes the spool; the first segment is checked before returning."""
    stream = cast("io.BufferedReader", _primitive(data_key).new_decrypting_stream(spool, bound_to))
    try:
        stream.peek(1)
    except BaseException:
        stream.close()
        raise
    return stream


def _primitive(data_key: bytes) -> streaming_aead.StreamingAead:
    handle = proto_keyset_format.parse(data_key, secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)
