"""Write a tenant's archive as a stream: the rows of one moment first, then each file as it is opened, then the manifest.

Nothing of it is kept. A ZIP whose end is missing is none, so a stream that was cut is never taken for the whole.
Knows no database: whoever calls says how a file is opened and whether one may go on.
"""

import hashlib
import tempfile
import time
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import IO, Any, BinaryIO, Final, cast

from ppid_saas.exports.queries import Source
from ppid_saas.exports.rules import MANIFEST, README, SUMS, File, Manifest, Table, checksums, readme
from ppid_saas.proofs import canonical

CHUNK: Final = 256 * 1024
IN_MEMORY: Final = 4 * 1024 * 1024
CHECK_SECONDS: Final = 1.0
STAMP: Final = (1980, 1, 1, 0, 0, 0)  # what a ZIP says when it says nothing: the manifest has the time

Opener = Callable[[Source], BinaryIO]


class UnreadableError(Exception):
    """A file cannot be opened any more; the export goes on without it and says so."""


class Spool:
    """The rows of all tables, as they stood in one moment, until they have been sent; gone with the process."""

    def __init__(self) -> None:
        self.file = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115  # closed by the stream
        self.begins: dict[str, int] = {}

    def add(self, name: str, path: str, columns: list[str], rows: Iterable[Mapping[str, Any]]) -> Table:
        """Write a table's rows and return what the manifest says of it."""
        self.begins[path] = begin = self.file.tell()
        sha, count = hashlib.sha256(), 0
        for row in rows:
            line = canonical(row) + b"\n"
            sha.update(line)
            self.file.write(line)
            count += 1
        return Table(name, path, columns, count, self.file.tell() - begin, sha.hexdigest())

    def chunks(self, table: Table) -> Iterator[bytes]:
        """Yield what was written of one table."""
        self.file.seek(self.begins[table.path])
        left = table.size
        while left > 0:
            chunk = self.file.read(min(CHUNK, left))
            left -= len(chunk)
            yield chunk


@dataclass(frozen=True)
class Snapshot:
    """Everything an archive will hold; of the files only which they are."""

    made_at: str
    made_by: str
    tenant: dict[str, str]
    tenants: dict[str, str]
    spool: Spool
    tables: list[Table]
    past: list[Table]
    sources: list[Source]
    unreadable: list[str] = field(default_factory=list)

    def manifest(self) -> Manifest:
        """Return the manifest; complete only after the last file was tried."""
        lost = set(self.unreadable)
        files = [File(one.path, one.size, one.sha256) for one in self.sources if one.path not in lost]
        return Manifest(
            self.made_at,
            self.made_by,
            self.tenant,
            self.tenants,
            self.tables,
            files,
            self.past,
            self.unreadable,
        )


class _Sink:
    """Where the ZIP is written to: what came is taken away at once."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


class Stream(Iterator[bytes]):
    """The archive piece by piece; `check` is asked every second and raises when nobody may read any more."""

    def __init__(self, snapshot: Snapshot, opener: Opener, check: Callable[[], None]) -> None:
        self.snapshot, self.pieces = snapshot, _pieces(snapshot, opener, check)

    def __next__(self) -> bytes:
        return next(self.pieces)

    def close(self) -> None:
        """Forget what was frozen, whether it was sent, cut off or never asked for."""
        self.pieces.close()
        self.snapshot.spool.file.close()


def _pieces(snapshot: Snapshot, opener: Opener, check: Callable[[], None]) -> Generator[bytes, None, None]:
    sink, last = _Sink(), time.monotonic()
    with (
        closing(snapshot.spool.file),
        zipfile.ZipFile(cast("IO[bytes]", sink), "w", allowZip64=True) as archive,
    ):
        for path, chunks, how in _members(snapshot, opener):
            info = zipfile.ZipInfo(path, STAMP)
            info.compress_type, info.external_attr = how, 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as out:
                for chunk in chunks:
                    out.write(chunk)
                    if time.monotonic() - last > CHECK_SECONDS:
                        check()
                        last = time.monotonic()
                    yield sink.take()
    yield sink.take()


def _members(snapshot: Snapshot, opener: Opener) -> Iterator[tuple[str, Iterator[bytes], int]]:
    for table in (*snapshot.tables, *snapshot.past):
        yield table.path, snapshot.spool.chunks(table), zipfile.ZIP_DEFLATED
    for source in snapshot.sources:
        try:
            opened = opener(source)
        except UnreadableError:
            snapshot.unreadable.append(source.path)
        else:
            yield source.path, _checked(opened, source), zipfile.ZIP_STORED
    manifest = snapshot.manifest()
    written = manifest.to_bytes()
    yield README, iter([readme(manifest.tenant["name"])]), zipfile.ZIP_DEFLATED
    yield SUMS, iter([checksums(manifest, written)]), zipfile.ZIP_DEFLATED
    yield MANIFEST, iter([written]), zipfile.ZIP_DEFLATED


def _checked(opened: BinaryIO, source: Source) -> Iterator[bytes]:
    """Yield a file, and let nobody take it for whole when it is not what its row says."""
    sha, size = hashlib.sha256(), 0
    with closing(opened):
        while chunk := opened.read(CHUNK):
            sha.update(chunk)
            size += len(chunk)
            yield chunk
    if (size, sha.hexdigest()) != (source.size, source.sha256):
        raise UnreadableError(source.path)
