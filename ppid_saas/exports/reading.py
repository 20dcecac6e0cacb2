"""Read an archive somebody sends: nothing is written anywhere by its names, nothing is inflated beyond what it says.

Structure, list of members, every table's hash and form are checked before anything is kept; a file's hash as it is
sealed. Knows no database.
"""

import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from ppid_saas.access.sayings import joined, say
from ppid_saas.exports.rules import (
    CHANGED,
    INCOMPLETE,
    MANIFEST,
    MISSING,
    MOST_DATA,
    MOST_LINE,
    MOST_MANIFEST,
    NOT_ONE,
    README,
    SUMS,
    TOO_MUCH,
    UNFIT,
    File,
    Manifest,
    RefusedArchiveError,
    Table,
    checksums,
    readme,
    refuse_others,
)
from ppid_saas.exports.schemas import MOST_MEMBERS, read_manifest

CHUNK: Final = 1024 * 1024
SHOWN: Final = 5
END: Final = struct.Struct("<4s4H2LH")
END_64: Final = struct.Struct("<4sQ2H2L4Q")
LOCATOR_SIZE: Final = 20
ALL_ONES: Final = 0xFFFFFFFF
ENCRYPTED: Final = 0x1
MOST_OF_INDEX: Final = 400
BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, struct.error, OverflowError,
)  # fmt: skip


@dataclass(frozen=True)
class Archive:
    """An opened archive whose members are those of its manifest."""

    zip: zipfile.ZipFile
    manifest: Manifest
    sha256: str

    def lines(self, table: Table) -> Iterator[dict[str, Any]]:
        """Yield a table's rows, each an object with exactly the table's columns."""
        columns = set(table.columns)
        with _refusing(table.path), self.zip.open(table.path) as member:
            while line := member.readline(MOST_LINE):
                row = _row(line)
                if row is None or row.keys() != columns:
                    raise RefusedArchiveError(say(UNFIT, name=table.path))
                yield row

    def reader(self, file: File) -> Callable[[int], bytes]:
        """Return what reads a file from its beginning, so many bytes at a time."""
        with _refusing(file.path):
            member = self.zip.open(file.path)

        def read(size: int) -> bytes:
            with _refusing(file.path):
                return member.read(size)

        return read


@contextmanager
def _refusing(path: str) -> Iterator[None]:
    try:
        yield
    except RefusedArchiveError:
        raise
    except BROKEN as error:
        raise RefusedArchiveError(say(CHANGED, name=path)) from error


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def open_archive(stream: BinaryIO) -> Archive:
    """Return a checked archive, or raise with what is wrong with it."""
    _refuse_large_index(stream)
    try:
        opened = zipfile.ZipFile(stream)
    except BROKEN as error:
        raise RefusedArchiveError(NOT_ONE) from error
    found = {info.filename: info for info in opened.infolist()}
    if MANIFEST not in found:
        raise RefusedArchiveError(NOT_ONE)
    written = _small(opened, found, MANIFEST, MOST_MANIFEST)
    manifest = read_manifest(written)
    refuse_others(manifest, (info.filename for info in opened.infolist()))
    if manifest.unreadable:
        names = joined(", ", manifest.unreadable[:SHOWN])
        raise RefusedArchiveError(say(INCOMPLETE, name=names))
    _compare_sizes(manifest, found)
    for name, right in ((SUMS, checksums(manifest, written)), (README, readme(manifest.tenant["name"]))):
        if _small(opened, found, name, len(right)) != right:
            raise RefusedArchiveError(say(CHANGED, name=name))
    archive = Archive(opened, manifest, hashlib.sha256(written).hexdigest())
    for table in (*manifest.tables, *manifest.past):
        _verify(archive, table)
    return archive


def _refuse_large_index(stream: BinaryIO) -> None:
    """Read how long the list of members is, where `zipfile` reads it, before anyone loads it."""
    size = stream.seek(0, os.SEEK_END)
    if size < END.size:
        raise RefusedArchiveError(NOT_ONE)
    stream.seek(size - END.size)
    mark, *_, index, _, comment = END.unpack(stream.read(END.size))
    if mark != b"PK\x05\x06" or comment:
        raise RefusedArchiveError(NOT_ONE)
    before = size - END.size - LOCATOR_SIZE - END_64.size
    if before >= 0:
        stream.seek(before)
        mark, *rest = END_64.unpack(stream.read(END_64.size))
        index = max(index if index != ALL_ONES else 0, rest[7] if mark == b"PK\x06\x06" else 0)
    if index > MOST_MEMBERS * MOST_OF_INDEX:
        raise RefusedArchiveError(TOO_MUCH)
    stream.seek(0)


def _compare_sizes(manifest: Manifest, found: Mapping[str, zipfile.ZipInfo]) -> None:
    for path, one in manifest.members.items():
        info = found[path]
        if info.flag_bits & ENCRYPTED or info.file_size != one.size:
            raise RefusedArchiveError(say(CHANGED, name=path))
    if sum(table.size for table in (*manifest.tables, *manifest.past)) > MOST_DATA:
        raise RefusedArchiveError(TOO_MUCH)


def _small(opened: zipfile.ZipFile, found: Mapping[str, zipfile.ZipInfo], name: str, most: int) -> bytes:
    if name not in found:
        raise RefusedArchiveError(say(MISSING, name=name))
    if found[name].file_size > most:
        raise RefusedArchiveError(say(CHANGED, name=name) if name != MANIFEST else TOO_MUCH)
    with _refusing(name):
        return opened.read(name)


def _verify(archive: Archive, table: Table) -> None:
    """Read a table through: its hash, its length in rows, and that each row is one."""
    sha = hashlib.sha256()
    with _refusing(table.path), archive.zip.open(table.path) as member:
        while chunk := member.read(CHUNK):
            sha.update(chunk)
    if sha.hexdigest() != table.sha256:
        raise RefusedArchiveError(say(CHANGED, name=table.path))
    if sum(1 for _ in archive.lines(table)) != table.rows:
        raise RefusedArchiveError(say(UNFIT, name=table.path))
