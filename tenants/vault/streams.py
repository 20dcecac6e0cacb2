"""The object format: Tink's streaming AEAD, AES-256-GCM-HKDF in segments of 1 MiB, under a new key for each object.

Segments of 1 MiB: 16 bytes of tag for each instead of 4 KiB's 256-fold; nothing reads ranges. Knows no store, no key
above the data key.
"""

import hashlib
import io
import tempfile
from collections.abc import Callable
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


class _Sealed(io.RawIOBase):
    """Where Tink writes: what was not fetched yet."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.waiting += data
        return len(data)


class Sealing:
    """A source as ciphertext, sealed while it is read; the measures of both sides stand when all of it was read."""

    def __init__(self, source: Source, data_key: bytes, bound_to: bytes) -> None:
        self._source, self._out = source, _Sealed()
        self._stream = _primitive(data_key).new_encrypting_stream(self._out, bound_to)
        self._plain, self._cipher = hashlib.sha256(), hashlib.sha256()
        self.size = self.stored_size = 0

    @property
    def sha_plain(self) -> str:
        return self._plain.hexdigest()

    @property
    def sha_cipher(self) -> str:
        return self._cipher.hexdigest()

    def read(self, size: int = -1) -> bytearray:
        """Return ciphertext, at most `size` bytes of it where that is given, and nothing at its end."""
        while not self._out.waiting and not self._stream.closed:
            self._seal()
        taken, self._out.waiting = self._out.waiting, bytearray()
        if 0 <= size < len(taken):
            self._out.waiting = taken[size:]
            del taken[size:]
        self._cipher.update(taken)
        self.stored_size += len(taken)
        return taken

    def _seal(self) -> None:
        if chunk := self._source.read(CHUNK):
            self._plain.update(chunk)
            self.size += len(chunk)
            self._stream.write(chunk)
        else:
            self._stream.close()


def new_spool() -> IO[bytes]:
    """Return a place for ciphertext that was fetched: memory, beyond 4 MiB a file without a name. Plaintext never comes here."""
    return cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))


def encrypt(source: Source, data_key: bytes, bound_to: bytes) -> Sealing:
    """Return everything `source` holds from where it stands, to be read as ciphertext."""
    return Sealing(source, data_key, bound_to)


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
