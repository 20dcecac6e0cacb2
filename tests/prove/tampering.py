"""Proof: whatever is done to stored objects and to the rows that lead to them, no byte of plaintext comes out, and each is told.

One document after another is harmed in the store, in its row, or in both, as somebody could who writes there but has no
key: flipped, cut, lengthened, its segments reordered, swapped with another document's, version's or tenant's, its key
exchanged. Then a member downloads it. Afterwards it is put right, and must open as before.
"""

import logging
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from ppid_saas.access.errors import ConflictError
from ppid_saas.documents import service as documents
from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings
from tests.fixtures.world import World, build
from tests.vault.storage import Outside, key_of

TRIALS = 2_000
SEGMENT = 1024 * 1024
SIZES = (1, 57, 900, 20_000, SEGMENT - 56, SEGMENT, 3 * SEGMENT, 4 * SEGMENT + 5)
COLUMNS = ("object_id", "key", "key_n", "sha_cipher", "size", "stored_size")


@dataclass(frozen=True)
class Kept:
    """A stored version with all that a harm may change: its row's columns and its ciphertext."""

    who: str
    tenant: UUID
    document: UUID
    n: int
    row: dict[str, Any]
    cipher: bytes
    plain: bytes

    @property
    def place(self) -> str:
        return key_of(self.tenant, self.row["object_id"])


@dataclass(frozen=True)
class Harmed:
    """What is put in the place of a version: bytes (none: the object is gone) under a key of the store, and a row."""

    data: bytes | None
    row: dict[str, Any]


Harm = Callable[[Kept, Kept, random.Random], Harmed]


def _bytes(change: Callable[[bytes, random.Random], bytes | None]) -> Harm:
    return lambda kept, _other, dice: Harmed(change(kept.cipher, dice), kept.row)


def _flip(data: bytes, dice: random.Random, times: int = 1) -> bytes:
    changed = bytearray(data)
    for at in dice.sample(range(len(data)), min(times, len(data))):
        changed[at] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _reorder(data: bytes, dice: random.Random) -> bytes:
    pieces = [data[at : at + SEGMENT] for at in range(0, len(data), SEGMENT)]
    if len(pieces) < 2:
        half = len(data) // 2
        return data[half:] + data[:half]
    one, two = dice.sample(range(len(pieces)), 2)
    pieces[one], pieces[two] = pieces[two], pieces[one]
    return b"".join(pieces)


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def _cut_at_segment(data: bytes, dice: random.Random) -> bytes:
    return data[: SEGMENT * dice.randrange(max(1, len(data) // SEGMENT))]


def _lengthen(data: bytes, dice: random.Random) -> bytes:
    return data + dice.choice((b"\0", dice.randbytes(40), data[-SEGMENT:], data))


def _columns(*names: str) -> Harm:
    """Another version's columns in this one's row, and nothing else."""
    return lambda kept, other, _dice: Harmed(
        kept.cipher, kept.row | {name: other.row[name] for name in names}
    )


def _brought(*names: str) -> Harm:
    """Another version's bytes in this one's place, with so many columns of its row."""
    return lambda kept, other, _dice: Harmed(
        other.cipher, kept.row | {name: other.row[name] for name in names}
    )


def _key_flipped(kept: Kept, _other: Kept, dice: random.Random) -> Harmed:
    return Harmed(kept.cipher, kept.row | {"key": _flip(kept.row["key"], dice)})


def _key_of_no_generation(kept: Kept, _other: Kept, dice: random.Random) -> Harmed:
    return Harmed(kept.cipher, kept.row | {"key_n": dice.choice((0, 2, 99))})


HARMS: dict[str, Harm] = {
    "flip": _bytes(_flip),
    "many flips": _bytes(lambda data, dice: _flip(data, dice, 50)),
    "cut": _bytes(_cut),
    "cut at a segment": _bytes(_cut_at_segment),
    "lengthened": _bytes(_lengthen),
    "reordered": _bytes(_reorder),
    "gone": _bytes(lambda _data, _dice: None),
    "other bytes": _brought(),
    "other bytes, its hash and size": _brought("sha_cipher", "size", "stored_size"),
    "other bytes, its hash, size and key": _brought("sha_cipher", "size", "stored_size", "key", "key_n"),
    "other key": _columns("key", "key_n"),
    "other object": _columns("object_id"),
    "other row": _columns(*COLUMNS),
    "key flipped": _key_flipped,
    "key of no generation": _key_of_no_generation,
}


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Harm on servers of its own; the number of trials is fixed, however long they take."""
    del seconds
    with tempfile.TemporaryDirectory(prefix="ppid-tampering-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": "26240"})
        with prepared_servers(settings):
            return tamper(build(settings, ("utuh",), {}), "utuh", TRIALS, seed)


def tamper(
    world: World, region: str, trials: int, seed: int, sizes: tuple[int, ...] = SIZES
) -> dict[str, Any]:
    """Harm documents of two tenants in a world that runs already, and return what was found."""
    dice, outside = random.Random(seed), Outside(world.settings)
    kept = [one for slug in ("dinkes", "disdik") for one in _store(world, outside, region, slug, sizes, dice)]
    tried, told, released, lasting = Counter[str](), 0, 0, 0
    with _heard() as journal:
        for n in range(trials):
            name = list(HARMS)[n % len(HARMS)]
            one, other = dice.choice(kept), dice.choice(kept)
            while other is one or (harmed := HARMS[name](one, other, dice)) == Harmed(one.cipher, one.row):
                one, other = dice.choice(kept), dice.choice(kept)
            with _in_place(outside, one, harmed):
                before = len(journal), _events(outside, one.tenant)
                released += _download(world, one)
                told += len(journal) > before[0] and _events(outside, one.tenant) > before[1]
            tried[name] += 1
            lasting += _download(world, one) != len(one.plain)
    return {
        "trials": trials, "by_harm": dict(sorted(tried.items())), "plaintext_bytes_released": released,
        "told_by_event_and_journal": told, "unreadable_when_put_right": lasting,
        "documents": len(kept), "bytes_of_largest": max(sizes),
    }  # fmt: skip


def _store(
    world: World, outside: Outside, region: str, slug: str, sizes: tuple[int, ...], dice: random.Random
) -> Iterator[Kept]:
    """Keep a document of each size, in two versions of that size."""
    who = f"petugas.{slug}@{region}"
    for size in sizes:
        document = None
        for n in (1, 2):
            plain = dice.randbytes(size)
            with world.acting(who):
                staged = documents.stage(
                    "attachment", "uji.pdf", plain, "application/pdf", document_id=document
                )
                document = documents.keep(staged)
            yield _kept(outside, who, world.tenant(who), document, n, plain)


def _kept(outside: Outside, who: str, tenant: UUID, document: UUID, n: int, plain: bytes) -> Kept:
    [row] = outside.sql(
        f"select {', '.join(COLUMNS)} from work.document_version where tenant_id = %s and document_id = %s and n = %s",
        tenant, document, n,
    )  # fmt: skip
    named = dict(zip(COLUMNS, row, strict=True))
    named["key"] = bytes(named["key"])
    return Kept(who, tenant, document, n, named, outside.read(key_of(tenant, named["object_id"])), plain)


@contextmanager
def _in_place(outside: Outside, one: Kept, harmed: Harmed) -> Iterator[None]:
    """Put the harm in the place of the version for the length of the block."""
    if harmed.data is None:
        outside.s3.delete_object(Bucket="exempt", Key=one.place)
    elif harmed.data != one.cipher:
        outside.write(one.place, harmed.data)
    _write_row(outside, one, harmed.row)
    try:
        yield
    finally:
        outside.write(one.place, one.cipher)
        _write_row(outside, one, one.row)
        outside.sql("delete from ops.fixity where tenant_id = %s", one.tenant)


def _write_row(outside: Outside, one: Kept, row: dict[str, Any]) -> None:
    outside.sql(
        f"update work.document_version set ({', '.join(COLUMNS)}) = ({', '.join(['%s'] * len(COLUMNS))})"
        " where tenant_id = %s and document_id = %s and n = %s",
        *(row[name] for name in COLUMNS), one.tenant, one.document, one.n,
    )  # fmt: skip


def _download(world: World, one: Kept) -> int:
    """Return how many bytes a member gets."""
    got = 0
    with world.acting(one.who):
        try:
            with documents.download(one.document, "review", one.n).stream as stream:
                while piece := stream.read(65536):
                    got += len(piece)
        except ConflictError:
            return 0
        except Exception:  # noqa: BLE001  # what breaks while it is read has released what came before
            return got
    return got


def _events(outside: Outside, tenant: UUID) -> int:
    [(count,)] = outside.sql(
        "select count(*) from ops.event where tenant_id = %s and kind = 'store.damaged'", tenant
    )
    return int(count)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Keep what the product writes into its journal about the store."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    ear, journal = Ear(logging.WARNING), logging.getLogger("ppid.storage")
    journal.addHandler(ear)
    try:
        yield lines
    finally:
        journal.removeHandler(ear)
