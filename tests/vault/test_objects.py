"""Objects in a real store: what goes in comes out, and what was touched, swapped or orphaned of its key never does."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from ppid_saas.access.verbs import command
from tenants import context, quota, vault
from tenants.db import NetworkInTransactionError, new_id, transaction
from tenants.vault import objects
from tenants.vault.keys import seal, unseal
from tenants.vault.parts import PART
from tenants.vault.store import Store, StoreAwayError
from tests.fixtures.world import World
from tests.vault.storage import Outside, connect, key_of

SEGMENT = 1024 * 1024
UNIT, SIBLING, CENTRAL = "petugas.dinkes@{}", "petugas.disdik@{}", "pusat@{}"


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


def put(data: bytes, purpose: str = "uji", recipients: tuple = ()) -> vault.Stored:
    stored = vault.put(
        data, bucket="exempt", purpose=purpose, media_type="application/pdf", recipients=recipients
    )
    with transaction():
        quota.commit(stored.reservation, "uji")
    return stored


def read(stored: vault.Stored, purpose: str = "uji") -> bytes:
    with vault.open_object(stored, purpose=purpose) as stream:
        return stream.read()


@pytest.mark.parametrize("size", [0, 1, SEGMENT - 56, SEGMENT, 2 * SEGMENT - 72, 5 * SEGMENT])
def test_round_trip(own: World, region: str, store: Outside, size: int):
    plain = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    who = UNIT.format(region)
    with own.acting(who):
        stored = put(plain)
        assert read(stored) == plain
    tenant = own.tenant(who)
    raw = store.read(key_of(tenant, stored.object_id))
    assert len(raw) == stored.stored_size == vault.stored_size(size)
    assert size < 16 or plain[:16] not in raw
    assert store.figures(tenant) == (stored.stored_size, 0)


def test_a_stream_is_read_from_its_beginning(own: World, region: str):
    source = io.BytesIO(b"dari awal")
    source.read(4)
    with own.acting(UNIT.format(region)):
        stored = vault.put(source, bucket="exempt", purpose="uji", media_type="text/plain")
        assert read(stored) == b"dari awal"


def test_touched_objects_open_for_nobody(own: World, region: str, store: Outside):
    who = UNIT.format(region)
    with own.acting(who):
        stored = put(b"rahasia " * 300_000)
        key = key_of(own.tenant(who), stored.object_id)
        good = store.read(key)
        touched = {
            "flipped": good[:500] + bytes([good[500] ^ 1]) + good[501:],
            "flipped at the end": good[:-1] + bytes([good[-1] ^ 1]),
            "cut at a segment": good[:SEGMENT],
            "cut": good[:-1],
            "empty": b"",
            "longer": good + b"\0",
            "reordered": good[SEGMENT : 2 * SEGMENT] + good[:SEGMENT] + good[2 * SEGMENT :],
        }
        for name, bad in touched.items():
            store.write(key, bad)
            with pytest.raises(vault.UnreadableObjectError):
                pytest.fail(f"{name}: {len(read(stored))} bytes came out")
        store.write(key, good)
        assert read(stored)[:8] == b"rahasia "


def test_a_missing_object_is_unreadable_not_away(own: World, region: str, store: Outside):
    who = UNIT.format(region)
    with own.acting(who):
        stored = put(b"isi")
        store.s3.delete_object(Bucket="exempt", Key=key_of(own.tenant(who), stored.object_id))
        with pytest.raises(vault.UnreadableObjectError):
            read(stored)


def test_swaps_between_objects_versions_and_tenants_open_nothing(own: World, region: str, store: Outside):
    who, other = UNIT.format(region), SIBLING.format(region)
    with own.acting(other):
        theirs = put(b"milik dinas lain")
    with own.acting(who):
        one, two = put(b"versi satu dari ini", "dokumen/1"), put(b"versi dua dari itu!", "dokumen/2")
        # the bytes swapped in the store, with the rows made to agree
        first, second = key_of(own.tenant(who), one.object_id), key_of(own.tenant(who), two.object_id)
        bytes_one, bytes_two = store.read(first), store.read(second)
        store.write(first, bytes_two)
        for forged in (
            one,
            replace(one, sha_cipher=two.sha_cipher),
            replace(one, sha_cipher=two.sha_cipher, key=two.key),
        ):
            with pytest.raises(vault.UnreadableObjectError):
                read(forged, "dokumen/1")
        store.write(first, bytes_one)
        # the rows swapped: version 2's object under version 1's name
        with pytest.raises(vault.UnreadableObjectError):
            read(two, "dokumen/1")
        # another tenant's bytes brought under our key, with its row
        store.write(first, store.read(key_of(own.tenant(other), theirs.object_id)))
        for forged in (
            replace(one, sha_cipher=theirs.sha_cipher, size=theirs.size),
            replace(theirs, object_id=one.object_id),
            theirs,
        ):
            with pytest.raises(vault.UnreadableObjectError):
                read(forged, "uji")
        store.write(first, bytes_one)
        assert read(one, "dokumen/1") == b"versi satu dari ini"


def test_a_recipient_opens_with_its_own_key_alone(own: World, region: str):
    sender, central, sibling = UNIT.format(region), CENTRAL.format(region), SIBLING.format(region)
    reader = own.tenant(central)
    with own.acting(sender):
        stored = put(b"lembar pertimbangan", recipients=(reader,))
        assert read(stored) == b"lembar pertimbangan"
    n, key = stored.recipient_keys[reader]

    def receive(key: bytes) -> bytes:
        with vault.open_received(
            own.tenant(sender), stored.object_id, size=stored.size, sha_cipher=stored.sha_cipher, key=key, key_n=n,
            purpose="uji",
        ) as stream:  # fmt: skip
            return stream.read()

    with own.acting(central):
        assert receive(key) == b"lembar pertimbangan"
        with pytest.raises(vault.UnreadableObjectError):
            receive(stored.key)
    with own.acting(sibling), pytest.raises(vault.UnreadableObjectError):
        receive(key)
    with own.acting(sender), pytest.raises(vault.UnreadableObjectError):
        receive(key)


def test_nobody_seals_for_a_stranger(own: World, region: str, store: Outside):
    stranger = next(
        tenant for (place, slug), tenant in own.tenants.items() if place != region and slug == "pusat"
    )
    who = UNIT.format(region)
    with own.acting(who), pytest.raises(Exception, match="no such pair"):
        vault.put(b"isi", bucket="exempt", purpose="uji", media_type="text/plain", recipients=(stranger,))
    assert store.figures(own.tenant(who)) == (0, 0)


def test_a_destroyed_tenant_key_takes_everything_with_it(own: World, region: str, store: Outside):
    who, central = UNIT.format(region), CENTRAL.format(region)
    with own.acting(who):
        stored = put(b"rahasia", recipients=(own.tenant(central),))
        assert read(stored) == b"rahasia"
    store.sql("delete from keys.tenant_key where tenant_id = %s", own.tenant(who))
    with own.acting(who):
        with pytest.raises(vault.UnreadableObjectError):
            read(stored)
        with pytest.raises(vault.UnreadableObjectError):
            put(b"baru")
    assert store.figures(own.tenant(who)) == (stored.stored_size, 0)


def test_a_key_of_a_later_generation_leaves_older_objects_readable(own: World, region: str, store: Outside):
    who = UNIT.format(region)
    root = vault.RootKey.load(own.settings.root_key_file)
    with own.acting(who):
        old = put(b"lama")
    store.sql("insert into keys.tenant_key (tenant_id, n, public, wrapped) values (%s, 2, %s, %s)",
              own.tenant(who), *vault.generate_tenant_key(root))  # fmt: skip
    with own.acting(who):
        new = put(b"baru")
        assert (old.key_n, new.key_n) == (1, 2)
        assert (read(old), read(new)) == (b"lama", b"baru")


def test_another_installation_key_opens_nothing(own: World, region: str, store: Outside, tmp_path: Path):
    path = tmp_path / "root_key"
    path.write_text("c" * 64)
    path.chmod(0o600)
    with own.acting(UNIT.format(region)):
        stored = put(b"rahasia")
        buckets = {name: name for name in ("quarantine", "exempt", "editions")}
        try:
            vault.connect(own.settings.s3, buckets, vault.RootKey.load(path))
            with pytest.raises(vault.UnreadableObjectError):
                read(stored)
            vault.connect(own.settings.s3, buckets, None)
            with pytest.raises(vault.UnreadableObjectError):
                read(stored)
        finally:
            connect(own.settings)
        assert read(stored) == b"rahasia"


def test_the_store_is_never_called_inside_a_command(own: World, region: str, store: Outside):
    @command("document.write")
    def careless(stored: vault.Stored | None) -> None:
        put(b"isi") if stored is None else read(stored)

    with own.acting(UNIT.format(region)):
        stored = put(b"isi")
        with pytest.raises(NetworkInTransactionError):
            careless(None)
        with pytest.raises(NetworkInTransactionError):
            careless(stored)


def test_public_files_are_plain_charged_and_checked(own: World, region: str, store: Outside):
    central = CENTRAL.format(region)
    tenant = own.tenant(central)
    with own.acting(central):
        stored = vault.put_public(b"judul;unit\n", media_type="text/csv")
        assert store.figures(tenant) == (0, 11)
        with transaction():
            quota.commit(stored.reservation, "edition")
        assert context.tenant_id() == tenant
    assert store.figures(tenant) == (11, 0)
    key = key_of(tenant, stored.object_id)
    head = store.s3.head_object(Bucket="editions", Key=key)
    assert (store.read(key, "editions"), head["ContentType"]) == (b"judul;unit\n", "text/csv")
    with own.app().app_context():
        with vault.open_public(tenant, stored.object_id, size=stored.size, sha=stored.sha_plain) as file:
            assert file.read() == b"judul;unit\n"
        store.write(key, b"judul;UNIT\n", "editions")
        with pytest.raises(vault.UnreadableObjectError):
            vault.open_public(tenant, stored.object_id, size=stored.size, sha=stored.sha_plain)


def test_an_unreachable_store_costs_nothing_in_the_end(own: World, region: str, store: Outside):
    who = UNIT.format(region)
    nowhere = replace(own.settings.s3, endpoint_url="http://127.0.0.1:9")
    with own.acting(who):
        try:
            vault.connect(nowhere, {"exempt": "exempt"}, vault.RootKey.load(own.settings.root_key_file))
            with pytest.raises(vault.StoreAwayError):
                put(b"isi")
        finally:
            connect(own.settings)
        held = store.figures(own.tenant(who))
        assert held == (0, vault.stored_size(3))
        store.sql(
            "update ops.reservation set expires_at = now() - interval '1 second' where tenant_id = %s",
            own.tenant(who),
        )
        assert vault.release_expired() == 1
    assert store.figures(own.tenant(who)) == (0, 0)


class Shrinking(io.BytesIO):
    """A file that breaks, or ends, before the size it gave."""

    def __init__(self, data: bytes, error: OSError | None) -> None:
        super().__init__(data)
        self.error = error

    def read(self, size: int | None = -1) -> bytes:
        if self.error:
            raise self.error
        return super().read(size)[:-1]


@pytest.mark.parametrize("error", [OSError("disk"), None])
def test_a_source_that_breaks_leaves_nothing(own: World, region: str, store: Outside, error: OSError | None):
    who = UNIT.format(region)
    source = Shrinking(b"isi yang putus", error)
    with own.acting(who), pytest.raises(OSError, match=r"disk|changed"):
        vault.put(source, bucket="exempt", purpose="uji", media_type="text/plain")
    assert store.figures(own.tenant(who)) == (0, 0)
    assert store.objects(own.tenant(who)) == set()


def test_bindings_name_every_part():
    a, b = new_id(), new_id()
    places = [(a, b, "x"), (b, b, "x"), (a, a, "x"), (a, b, "y")]
    assert len({objects._object_binding(*place) for place in places}) == len(places)
    bindings = {objects._key_binding(*place, reader) for place in places for reader in (a, b)}
    assert len(bindings) == 2 * len(places)
    assert not bindings & {objects._object_binding(*place) for place in places}


def test_a_data_key_moved_to_another_object_opens_nothing(own: World, region: str, store: Outside):
    """Even the tenant itself, with its private key, cannot pass one object off as another."""
    who = UNIT.format(region)
    tenant = own.tenant(who)
    with own.acting(who):
        one, two = put(b"satu", "a"), put(b"dua!", "b")
        data_key = unseal(
            one.key, objects.private_key(1), objects._key_binding(tenant, one.object_id, "a", tenant)
        )
        _, public = objects.public_key(tenant)
        moved = seal(data_key, public, objects._key_binding(tenant, two.object_id, "b", tenant))
        store.write(key_of(tenant, two.object_id), store.read(key_of(tenant, one.object_id)))
        with pytest.raises(vault.UnreadableObjectError):
            read(replace(two, key=moved, sha_cipher=one.sha_cipher), "b")


def test_parts_that_are_cleared_away_under_way_make_the_store_away_and_the_object_not_damaged(
    store: Outside, own: World
) -> None:
    access = Store(store.settings.s3, {"exempt": store.settings.bucket_exempt})
    key, size = "t/cleared/away", 3 * PART

    class Clearing:
        left = size

        def read(self, count: int = -1) -> bytes:
            if self.left == size - PART:
                access.abort("exempt", key)
            count = min(count, self.left)
            self.left -= count
            return bytes(count)

    with own.app().app_context(), pytest.raises(StoreAwayError):
        access.upload("exempt", key, Clearing(), size, "application/octet-stream")
