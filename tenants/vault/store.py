"""The object store by S3: whole objects up, down and away. Counts nothing, encrypts nothing.

Every call leaves the running transaction first and refuses inside a command: a slow store must not hold locks.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import IO, TYPE_CHECKING, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tenants.db import leave_transaction
from tenants.vault import parts
from tenants.vault.streams import CHUNK, new_spool

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_GONE = {"NoSuchKey", "NoSuchUpload", "404", "NotFound"}
ANSWER_SECONDS = 20.0  # a store that says nothing for so long is away
TRIES = 2


class StoreAwayError(RuntimeError):
    """The object store did not answer, or not as it should."""


class UnreadableObjectError(RuntimeError):
    """The object is missing, damaged, not this tenant's, or its key is destroyed; which of them is not told."""


class Access(Protocol):
    """How to reach the store."""

    @property
    def endpoint_url(self) -> str: ...
    @property
    def access_key(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def region(self) -> str: ...
    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Store:
    """A store with its buckets: their own name by ours (quarantine, exempt, editions)."""

    access: Access
    buckets: Mapping[str, str]

    def prepare(self) -> None:
        """Build a client without calling anybody: what describes the store's language stays in memory."""
        _client(self.access, os.getpid())

    def upload(self, bucket: str, key: str, body: parts.Body, size: int, media_type: str) -> None:
        """Write one object, a large one in parts; it is there whole or not at all."""
        where = {"Bucket": self.buckets[bucket], "Key": key}
        # Parts that were cleared away meanwhile: nothing is wrong with what is written, unless `body` says so itself.
        with _network(gone=StoreAwayError):
            parts.send(_client(self.access, os.getpid()), where, body, size, media_type)

    def download(self, bucket: str, key: str, size: int, sha256: str) -> IO[bytes]:
        """Return an object whose size and hash were found right before anything of it is handed out."""
        spool = new_spool()
        try:
            with _network():
                answer = _client(self.access, os.getpid()).get_object(Bucket=self.buckets[bucket], Key=key)
                with contextlib.closing(answer["Body"]) as body:
                    _copy(body.iter_chunks(CHUNK), spool, size, sha256)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        return spool

    def ping(self) -> None:
        """Return when the store answers for every bucket, raise when it does not; not for use inside a request's work."""
        for name in self.buckets.values():
            _client(self.access, os.getpid()).head_bucket(Bucket=name)

    def listing(self, bucket: str, prefix: str) -> Iterator[tuple[str, int]]:
        """Yield key and size of every object whose key begins with `prefix`, which ends with a slash."""
        if not prefix.endswith("/"):
            raise ValueError("a prefix without its slash also means its neighbours")
        with _network():
            pages = _client(self.access, os.getpid()).get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.buckets[bucket], Prefix=prefix):
                for entry in page.get("Contents", ()):
                    yield entry["Key"], entry["Size"]

    def has(self, bucket: str, key: str) -> bool:
        """Say whether there is such an object."""
        try:
            with _network():
                _client(self.access, os.getpid()).head_object(Bucket=self.buckets[bucket], Key=key)
        except UnreadableObjectError:
            return False
        return True

    def place(self, bucket: str, key: str, data: bytes) -> None:
        """Write a small object, in whatever thread this is; `placed` tells how it went."""
        _client(self.access, os.getpid()).put_object(Bucket=self.buckets[bucket], Key=key, Body=data)

    def placed(self, under_way: Future[None]) -> None:
        """Wait until a small object is written."""
        with _network():
            under_way.result()

    def fetch(self, bucket: str, key: str) -> bytes:
        """Return a small object as it lies there; whoever asks must know how to check it."""
        answer = _client(self.access, os.getpid()).get_object(Bucket=self.buckets[bucket], Key=key)
        with contextlib.closing(answer["Body"]) as body:
            return body.read()

    def fetch_all(self, bucket: str, keys: Sequence[str]) -> Iterator[bytes]:
        """Yield small objects in turn, each of them fetched while the one before it is worked on."""
        with ThreadPoolExecutor(1, "fetch") as line:
            ahead = [line.submit(self.fetch, bucket, key) for key in keys[:1]]
            for n in range(len(keys)):
                with _network():
                    found = ahead.pop().result()
                ahead = [line.submit(self.fetch, bucket, key) for key in keys[n + 1 : n + 2]]
                yield found
                del found

    def remove(self, bucket: str, key: str) -> None:
        """Delete an object; one that is not there is no error."""
        with _network():
            _client(self.access, os.getpid()).delete_object(Bucket=self.buckets[bucket], Key=key)

    def abort(self, bucket: str, key: str) -> None:
        """Delete the parts of an object that never became whole."""
        client, name = _client(self.access, os.getpid()), self.buckets[bucket]
        with contextlib.suppress(UnreadableObjectError), _network():
            for begun in client.list_multipart_uploads(Bucket=name, Prefix=key).get("Uploads", ()):
                client.abort_multipart_upload(Bucket=name, Key=begun["Key"], UploadId=begun["UploadId"])


@cache
def _client(access: Access, _process: int) -> "S3Client":
    """Return the client of this process: a forked one must not share its parent's connections."""
    return boto3.client(
        "s3",
        endpoint_url=access.endpoint_url,
        aws_access_key_id=access.access_key,
        aws_secret_access_key=access.secret_key,
        region_name=access.region,
        config=Config(
            signature_version="s3v4",
            # What is sent is sealed or hashed by us: one more hash for the signature proves nothing further.
            s3={"addressing_style": "path", "payload_signing_enabled": False},
            connect_timeout=5,
            read_timeout=ANSWER_SECONDS,
            max_pool_connections=32,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            # A server may hash a whole object and answer a range, or know no CRC: our own hash decides.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


@contextlib.contextmanager
def _network(gone: type[Exception] = UnreadableObjectError) -> Iterator[None]:
    leave_transaction()
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _GONE:
            raise gone("object store: no such object") from error
        raise StoreAwayError(f"object store: {type(error).__name__}") from error
    except BotoCoreError as error:
        raise StoreAwayError(f"object store: {type(error).__name__}") from error


def _copy(chunks: Iterator[bytes], spool: IO[bytes], size: int, sha256: str) -> None:
    """Copy an object and raise unless it is, byte for byte, the one recorded; a longer one is not read to its end."""
    sha, left = hashlib.sha256(), size
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            break
        sha.update(chunk)
        spool.write(chunk)
    if left != 0 or sha.hexdigest() != sha256:
        raise UnreadableObjectError("object and record differ")
