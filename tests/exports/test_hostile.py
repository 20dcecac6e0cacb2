"""What is no whole, unchanged archive of a unit is refused in words, and nothing of it stays."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, DomainError, InvalidError, NotFoundError, TooLargeError
from ppid_saas.documents import service as documents
from ppid_saas.exports import restoring
from ppid_saas.exports.rules import MANIFEST, MOST_DATA, README, SUMS
from tests.exports.moving import brought, members_of, newcomer, packed, resigned, taken
from tests.fixtures import walk
from tests.fixtures.world import World
from tests.vault.storage import Outside

Members = dict[str, bytes]
ITEMS, PAST, PEOPLE = "data/work.item.jsonl", "data/work.item_version.jsonl", "data/identity.people.jsonl"
VERSIONS = "data/work.document_version.jsonl"
TEXT = b"rahasia " * 1000


@pytest.fixture
def regions(own: World) -> tuple[str, str]:
    first, second = sorted({region for region, _ in own.tenants})
    return first, second


@pytest.fixture
def archive(own: World, regions: tuple[str, str]) -> bytes:
    officer = f"petugas.dinkes@{regions[0]}"
    walk.fill(own, officer)
    with own.acting(officer):
        for name in ("satu.txt", "dua.txt"):
            documents.keep(documents.stage("attachment", name, TEXT + name.encode(), "text/plain"))
    return taken(own, f"kepala.dinkes@{regions[0]}")


@pytest.fixture
def there(own: World, regions: tuple[str, str], store: Outside) -> tuple[str, UUID]:
    return f"admin.pendatang@{regions[1]}", newcomer(own, regions[1], f"dinkes@{regions[0]}")


def nothing_is_left(store: Outside, tenant: UUID) -> None:
    assert store.figures(tenant) == (0, 0)
    assert store.objects(tenant) == set()
    for table in ("work.item", "work.document", "work.past_row", "ops.event"):
        assert store.sql(f"select count(*) from {table} where tenant_id = %s", tenant) == [(0,)]
    assert store.sql("select count(*) from identity.membership where tenant_id = %s", tenant) == [(1,)]


def file_in(members: Members) -> str:
    return min(name for name in members if name.startswith("files/"))


def flipped(name: str) -> Callable[[Members], bytes]:
    def change(members: Members) -> bytes:
        data = members[name if name != "file" else file_in(members)]
        at = len(data) // 2
        data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        return packed(members | {name if name != "file" else file_in(members): data})

    return change


def without(name: str) -> Callable[[Members], bytes]:
    def change(members: Members) -> bytes:
        gone = name if name != "file" else file_in(members)
        return packed({path: data for path, data in members.items() if path != gone})

    return change


def with_more(name: str) -> Callable[[Members], bytes]:
    return lambda members: packed(members | {name: b"lebih"})


def twice(members: Members) -> bytes:
    out = io.BytesIO(packed(members))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as made:
        made.writestr(ITEMS, members[ITEMS])
    return out.getvalue()


def of_format(name: str) -> Callable[[Members], bytes]:
    return lambda members: packed(
        members | {MANIFEST: members[MANIFEST].replace(b"ppid-tenant-export/1", name.encode())}
    )


def locked(members: Members) -> bytes:
    """Say of every member that it is encrypted."""
    data = bytearray(packed(members))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def bomb(members: Members) -> bytes:
    """Half a gigabyte of spaces behind a table's rows, with a manifest that says so."""
    return resigned(members | {"data/work.counter.jsonl": b" " * MOST_DATA})


def of_rows(
    path: str, change: Callable[[dict[str, object]], dict[str, object]]
) -> Callable[[Members], bytes]:
    def forge(members: Members) -> bytes:
        rows = [change(json.loads(line)) for line in members[path].splitlines()]
        lines = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        return resigned(members | {path: lines})

    return forge


def one_file_for_all(members: Members) -> bytes:
    first = file_in(members)
    return of_rows(VERSIONS, lambda row: row | {"file": first})(members)


def no_row_for_it(members: Members) -> bytes:
    return of_rows(VERSIONS, lambda row: row | {"file": None})(members)


def a_path_upwards(members: Members) -> bytes:
    """Let manifest and row agree on a name that leads out of the folder."""
    old, new = file_in(members), "files/../../../../tmp/x.txt"
    renamed = {new if name == old else name: data for name, data in members.items()}
    renamed[VERSIONS] = members[VERSIONS].replace(old.encode(), new.encode())
    manifest = json.loads(members[MANIFEST].replace(old.encode(), new.encode()))
    return resigned(renamed | {MANIFEST: json.dumps(manifest).encode()})


def a_program(members: Members) -> bytes:
    """Let a file be something else than its name says, with a row and a manifest that agree."""
    name, program = file_in(members), b"MZ\x90\x00" * 500
    fitting = {"size": len(program), "sha_plain": hashlib.sha256(program).hexdigest()}
    change = of_rows(VERSIONS, lambda row: row | (fitting if row["file"] == name else {}))
    return change(members | {name: program})


REFUSED: dict[str, tuple[Callable[[Members], bytes], str]] = {
    "empty": (lambda _: b"", "bukan arsip ekspor"),
    "no zip": (lambda _: b"bukan zip" * 100, "bukan arsip ekspor"),
    "another zip": (lambda _: packed({"a.txt": b"a"}), "bukan arsip ekspor"),
    "cut": (lambda members: packed(members)[:-4000], "bukan arsip ekspor"),
    "changed row": (flipped(ITEMS), "tidak cocok dengan sidik jarinya"),
    "changed file": (flipped("file"), "tidak cocok dengan sidik jarinya"),
    "changed page": (flipped(README), "tidak cocok dengan sidik jarinya"),
    "changed sums": (flipped(SUMS), "tidak cocok dengan sidik jarinya"),
    "changed manifest": (
        lambda members: packed(members | {MANIFEST: members[MANIFEST] + b" "}),
        "SHA256SUMS tidak cocok",
    ),
    "no manifest": (without(MANIFEST), "bukan arsip ekspor"),
    "missing table": (without(ITEMS), r"work\.item\.jsonl tidak ada"),
    "missing file": (without("file"), "tidak ada"),
    "more": (with_more("files/lebih.pdf"), r"tidak tercantum di manifesnya: files/lebih\.pdf"),
    "upwards": (with_more("../../etc/cron.d/x"), "tidak tercantum di manifesnya"),
    "absolute": (with_more("/etc/passwd"), "tidak tercantum di manifesnya"),
    "twice": (twice, "tidak tercantum di manifesnya"),
    "locked": (locked, "tidak cocok|bukan arsip"),
    "bomb": (bomb, "melebihi batas"),
    "older format": (of_format("ppid-tenant-export/0"), "versi lain"),
    "no shape": (lambda members: packed(members | {MANIFEST: b"[]"}), "bukan arsip ekspor"),
    "deep": (lambda members: packed(members | {MANIFEST: b"[" * 200_000}), "bukan arsip ekspor"),
    "other columns": (of_rows(ITEMS, lambda row: row | {"tenant_id": "x"}), r"work\.item\.jsonl tidak dapat dibaca"),
    "a body that is none": (of_rows(ITEMS, lambda row: row | {"body": "x"}), "tidak dapat dibaca"),
    "half a body": (of_rows(ITEMS, lambda row: row | {"body": {"title": "x"}}), "tidak dapat dibaca"),
    "another state": (of_rows(ITEMS, lambda row: row | {"state": "x"}), "tidak dapat dibaca"),
    "no instant": (of_rows(ITEMS, lambda row: row | {"created_at": "kemarin"}), "tidak dapat dibaca"),
    "a nul": (of_rows(ITEMS, lambda row: row | {"title": "a\0b"}), "tidak dapat dibaca"),
    "a null": (of_rows(ITEMS, lambda row: row | {"title": None}), "tidak dapat dibaca"),
    "one number for all": (of_rows(ITEMS, lambda row: row | {"ref": 1}), "tidak dapat dibaca"),
    "no such item": (
        of_rows(PAST, lambda row: row | {"item_id": "00000000-0000-4000-8000-000000000000"}),
        "tidak dapat dibaca",
    ),
    "a program": (a_program, r"files/[^ ]+\.txt tidak diterima\. "),
    "one file for all": (one_file_for_all, "tidak dapat dibaca"),
    "a file without row": (no_row_for_it, "tidak tercantum"),
    "another size": (of_rows(VERSIONS, lambda row: row | {"size": 1}), "tidak dapat dibaca"),
    "no number": (of_rows(VERSIONS, lambda row: row | {"document_id": "x"}), "tidak dapat dibaca"),
    "a list for a number": (of_rows(VERSIONS, lambda row: row | {"n": [1]}), "tidak dapat dibaca"),
    "another role": (of_rows(PEOPLE, lambda row: row | {"roles": ["raja"]}), "tidak dapat dibaca"),
    "no address": (of_rows(PEOPLE, lambda row: row | {"email": 1}), "tidak dapat dibaca"),
}  # fmt: skip


def test_each_is_refused_in_words_and_nothing_is_left(
    own: World, store: Outside, archive: bytes, there: tuple[str, UUID]
) -> None:
    who, tenant = there
    members = members_of(archive)
    for name, (make, words) in REFUSED.items():
        with pytest.raises(InvalidError, match=words) as refused:
            brought(own, who, make(dict(members)))
        assert refused.value.by_field["file"] == refused.value.message, name
        nothing_is_left(store, tenant)


def test_names_are_never_written_anywhere(
    own: World, store: Outside, archive: bytes, there: tuple[str, UUID]
) -> None:
    """A path that leads upwards in manifest and row alike is only a name: the bytes go where every file goes."""
    who, tenant = there
    assert brought(own, who, a_path_upwards(members_of(archive))).files == 2
    assert len(store.objects(tenant)) == 2


def test_what_is_not_empty_is_left_as_it_is(
    own: World, store: Outside, archive: bytes, there: tuple[str, UUID]
) -> None:
    who, tenant = there
    brought(own, who, archive)
    before = store.figures(tenant)
    with pytest.raises(ConflictError, match="sudah berisi butir"):
        brought(own, who, archive)
    assert store.figures(tenant) == before
    assert len(store.objects(tenant)) == 2


def test_without_room_nothing_is_sealed(
    own: World, store: Outside, archive: bytes, there: tuple[str, UUID]
) -> None:
    who, tenant = there
    store.set_cap(tenant, len(TEXT))
    with pytest.raises(TooLargeError, match=r"memerlukan ruang [\d,]+ KB, sisanya di sini [\d,]+ KB"):
        brought(own, who, archive)
    nothing_is_left(store, tenant)


def test_an_archive_of_a_central_is_none_of_a_unit(
    own: World, store: Outside, archive: bytes, there: tuple[str, UUID]
) -> None:
    who, tenant = there
    members = members_of(archive)
    tenant_told = json.loads(members[MANIFEST])["tenant"] | {"kind": "central"}
    with pytest.raises(InvalidError, match="milik unit, sedangkan"):
        brought(own, who, resigned(members, tenant=tenant_told))
    nothing_is_left(store, tenant)


@pytest.mark.parametrize("role", ["petugas", "admin"])
def test_only_the_head_takes_everything_along(own: World, regions: tuple[str, str], role: str) -> None:
    with pytest.raises(NotFoundError):
        taken(own, f"{role}.dinkes@{regions[0]}")


def test_a_missing_archive_is_asked_for(own: World, there: tuple[str, UUID]) -> None:
    with own.acting(there[0]), pytest.raises(DomainError, match="Pilih arsipnya"):
        restoring.restore(None)
