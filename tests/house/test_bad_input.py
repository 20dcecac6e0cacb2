"""Whatever is sent to any address, by anyone who may be there: a clear refusal, never a fault of ours."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ppid_saas.consequence_tests import queries as testing_queries
from ppid_saas.consequence_tests import service as testing
from ppid_saas.consequence_tests import sittings
from ppid_saas.documents import filing, redacting
from ppid_saas.places import service as places
from ppid_saas.places import taking_stock
from ppid_saas.register import linking
from tests.documents.filing import pdf, sent
from tests.fixtures import determined, walk
from tests.fixtures.world import World, build
from tests.tenancy.rows import url
from tests.tenancy.test_strangers import Ask, asks, random_ids

ROOT = Path(__file__).resolve().parents[2]

MEMBERS = {False: ("petugas.dinkes", "kepala.dinkes"), True: ("pusat", "kabid")}
LONG = "x" * 200_000
HOSTILE_TEXT = (
    "",
    "\x00",
    LONG,
    "' or 1=1 --",
    "{{7*7}}",
    "\u202e",
    "99999999999999999999",
    "-1",
    "2026-02-30",
    "[]",
)
HOSTILE_JSON: tuple[bytes, ...] = (
    b"", b"{", b"[]", b"null", b'"teks"', b"1e400", b"9" * 5000, b'{"a":' * 500 + b"1" + b"}" * 500, b"\xff\xfe",
    b'{"title": {"a": 1}, "items": "x", "number": [], "decisions": {"x": 1}}', b'{"title": "\\u0000", "q": "\\u0000"}',
)  # fmt: skip
NAMES = (
    "title", "q", "hal", "status", "number", "dated_on", "dated_on.day", "opens_on", "due_on", "round", "version", "reason",
    "confirmation", "ground", "period.value", "take", "cells", "field.0", "item", "verdict", "note", "unit", "sheet", "header",
    "ends_on.year", "field", "value", "butir", "go", "participants", "forms", "article18", "collection_id", "collection", "determination_id", "declared", "text",
    "kind", "code", "name", "within", "count", "where", "ref", "sheets", "borrower", "days", "here", "kertas",
    "outcome", "view", "trigger", "items", "people", "members", "present", "quorum", "minutes_number", "held_on.day",
    "dissent", "notes", "place", "exempt_part", "security_class", "active_years", "kept_from.day", "fate", "forum", "minutes",
)  # fmt: skip


@pytest.fixture(scope="module")
def quiet(fresh_module_world: World) -> Iterator[World]:
    world, app = fresh_module_world, fresh_module_world.app("office")
    app.config["WTF_CSRF_ENABLED"] = False
    made = walk.determined(world, "hostil")
    walk.fill(world, "petugas.dinkes@hostil", ("Butir draf satu", "Butir draf dua"))
    determined.prepare(world, "hostil", made.id)
    file = (io.BytesIO((ROOT / "tests/samples/contoh-daftar.xlsx").read_bytes()), "contoh-daftar.xlsx")
    _shelve(world)
    _file(world)
    _test(world)
    world.client("petugas.dinkes@hostil").post("/hostil/u/dinkes/impor", data={"file": file})
    world.drain()
    yield world
    app.config["WTF_CSRF_ENABLED"] = True


def _test(world: World) -> None:
    """Leave a round under test, with its items on the agenda of a sitting."""
    collection_id = walk.open_collection(world, "hostil", "Pengumpulan susulan")
    walk.fill(world, "petugas.disdik@hostil", ("Soal ujian", "Data siswa"))
    sent = walk.send(world, "petugas.disdik@hostil", collection_id)
    walk.accept_all(world, "hostil", sent.id)
    with world.acting("pusat@hostil"):
        ids = [entry.item_id for entry in testing_queries.startable()][:2]
        testing.begin(ids)
        head = sittings.Head("Sidang", date(2026, 11, 24), "", "Aula", "")
        sittings.call(head, ids, [sittings.Person("", "Sekretaris", "Dinas Pendidikan")])


def _file(world: World) -> None:
    with world.acting("petugas.dinkes@hostil"):
        kept = linking.take(1, sent(), "Lampiran").document_id
        redacting.make(kept, sent("publik.pdf", pdf("hitam")))
        filing.note_dispute(kept, "ki", "012/KI/2026")


def _shelve(world: World) -> None:
    with world.acting("petugas.dinkes@hostil"):
        places.add_places("room", "", "A", "", 2)
        paper = places.add_holding(1, "A-01")
        places.move_papers([paper.id], "A-02")
        taking_stock.begin()


@pytest.fixture(scope="module")
def fresh_module_world(servers: Any, apps: Any) -> World:
    return build(servers, ("hostil", "hostilb"), apps)


# Where a real id of each name in an address is found.
REAL = {
    "round_id": "select id from work.test_round where tenant_id = %(central)s",
    "sitting_id": "select id from work.sitting where tenant_id = %(central)s",
    "batch_id": "select id from work.import_batch where tenant_id = %(unit)s",
    "document_id": "select document_id from work.item_document where tenant_id = %(unit)s",
    "job_id": "select id from ops.job where tenant_id = %(unit)s",
    "collection_id": "select id from exchange.collection where writer_id = %(central)s and reader_id = %(unit)s",
    "submission_id": "select id from exchange.submission where writer_id = %(unit)s",
    "item_id": "select item_id from work.test where tenant_id = %(central)s",
    "determination_id": "select id from work.determination where tenant_id = %(central)s",
    "draft_id": "select id from work.edition_draft where tenant_id = %(central)s",
    "place_id": "select id from work.place where tenant_id = %(unit)s",
    "paper_id": "select id from work.holding where tenant_id = %(unit)s",
    "inventory_id": "select id from work.inventory where tenant_id = %(unit)s",
    "made": "select subject from ops.event where tenant_id = %(unit)s and kind = 'papers.moved'",
    "ref": "select max(ref) from work.item where tenant_id = %(unit)s",
}


@pytest.fixture(scope="module")
def real(quiet: World) -> dict[str, Any]:
    owners = {"unit": quiet.tenants["hostil", "dinkes"], "central": quiet.tenants["hostil", "pusat"]}
    with psycopg.connect(url(quiet.settings, "postgres")) as conn:
        found = {name: conn.execute(f"{query} limit 1", owners).fetchone() for name, query in REAL.items()}
    assert all(found.values()), found
    return {name: row[0] for name, row in found.items() if row}


def all_asks(world: World) -> list[Ask]:
    return list(asks(world.app("office"), "office"))


def tries(ask: Ask, path: str) -> Iterator[dict[str, Any]]:
    if ask.method == "GET":
        for text in HOSTILE_TEXT[:-1]:
            yield {
                "query_string": dict.fromkeys(
                    (
                        "q",
                        "hal",
                        "status",
                        "unit",
                        "pasal",
                        "urut",
                        "cursor",
                        "limit",
                        "di",
                        "isi",
                        "mulai",
                        "butir",
                        "kertas",
                    ),
                    text[:2000],
                )
            }
    elif path.startswith("/api/"):
        for body in HOSTILE_JSON:
            yield {"data": body, "content_type": "application/json"}
        yield {"data": b"a=1", "content_type": "application/x-www-form-urlencoded"}
        yield {
            "data": b"{}",
            "content_type": "application/json",
            "headers": {"Idempotency-Key": "\x7f" * 300, "If-Match": '"x'},
        }
    else:
        for text in HOSTILE_TEXT:
            yield {"data": dict.fromkeys(NAMES, text)}
        yield {"data": {"file": (io.BytesIO(b"PK\x03\x04 bukan buku kerja"), "daftar\x00../../x.xlsx")}}
        yield {"data": b"\xff" * 1000, "content_type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("ids", ["random", "real"])
def test_no_hostile_request_becomes_a_fault_of_ours(quiet: World, real: dict[str, Any], ids: str) -> None:
    faults: list[str] = []
    for ask in all_asks(quiet):
        who = f"{MEMBERS[ask.is_central][0]}@hostil"
        given = random_ids(ask.rule)
        if ids == "random" and not given:
            continue  # an address without ids is the same both times
        given |= {name: real[name] for name in given if ids == "real" and name in real}
        path = ask.path(quiet, "hostil", "dinkes", **given)
        client = quiet.client(who)
        headers = _key(quiet, who) if path.startswith("/api/") else {}
        for number, kwargs in enumerate(tries(ask, path)):
            more = {**kwargs, "headers": {**headers, **kwargs.get("headers", {})}}
            answer = client.open(path, method=ask.method, **more)
            if answer.status_code >= 500:
                faults.append(f"{ask.method} {ask.rule.rule} #{number}: {answer.status_code}")
            elif (
                path.startswith("/api/")
                and answer.status_code >= 400
                and answer.mimetype != "application/problem+json"
            ):
                faults.append(f"{ask.method} {ask.rule.rule} #{number}: {answer.mimetype}")
    assert not faults, "\n".join(faults)


_KEYS: dict[str, dict[str, str]] = {}


def _key(world: World, who: str) -> dict[str, str]:
    if who not in _KEYS:
        _KEYS[who] = world.key(who)
    return _KEYS[who]


@pytest.mark.parametrize("query", HOSTILE_TEXT)
def test_the_portal_takes_any_question(quiet: World, query: str) -> None:
    client = quiet.client(surface="portal")
    text = query[:2000]
    for path in (
        "/hostil/dik",
        "/hostil/edisi/99999999999",
        "/hostil/dik/x",
        "/api/v1/lists/hostil/changes",
        "/api/v1/lists",
    ):
        values = dict.fromkeys(("q", "unit", "pasal", "habis", "status", "hal", "cursor", "limit"), text)
        assert client.get(path, query_string=values).status_code < 500, path
