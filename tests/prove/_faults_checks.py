"""What must be true when a case is over: nothing lost, nothing twice. Each function yields violations in words.

They look as an operator does, past every wall; only hashes and seals are computed by the product's own functions.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

from sqlalchemy import select

from ppid_saas.editions.files import document
from ppid_saas.events.handlers import names_for
from ppid_saas.events.jobs import canonical_event
from ppid_saas.events.models import Event, Seal
from ppid_saas.proofs import digest
from ppid_saas.publication import queries as publication
from tenants.db import db
from tests.prove import follower
from tests.prove._faults_cases import ROWS, Case, Walk
from tests.vault.storage import key_of

Violations = Iterator[str]


def violations(case: Case, walk: Walk) -> list[str]:
    """Return everything that is wrong with a finished case."""
    return list(chain(walk.check(case), _effects(case), _jobs(case), _seals(case), _bytes(case)))


def _same(what: str, found: object, wanted: object) -> Violations:
    if found != wanted:
        yield f"{what}: {found!r} instead of {wanted!r}"


def _facts(case: Case, slug: str, **wanted: int) -> Violations:
    """Each of these facts was recorded so often, no more and no less."""
    found = dict(
        case.rows(
            "select kind, count(*) from ops.event where tenant_id = %s group by kind", case.tenant(slug)
        )
    )
    for kind, count in wanted.items():
        name = kind.replace("__", ".")
        yield from _same(f"facts {name}", found.get(name, 0), count)


def _effects(case: Case) -> Violations:
    """Each fact has exactly the effects it must have, and each of them is done."""
    mine = list(case.world.tenants.values())
    found = case.rows(
        "select tenant_id, event_id, handler, done_at, parked_at from ops.effect where tenant_id = any(%s)",
        mine,
    )
    wanted = set()
    for tenant, event, reader, kind in case.rows(
        "select tenant_id, id, reader_id, kind from ops.event where tenant_id = any(%s)", mine
    ):
        wanted |= {(tenant, event, name) for name in names_for(kind, for_reader=False)}
        wanted |= {(reader, event, name) for name in names_for(kind, for_reader=True) if reader}
    yield from _same("effects missing or too many", sorted(map(str, {row[:3] for row in found} ^ wanted)), [])
    yield from _same(
        "effects not done", [row[2] for row in found if row[3] is None or row[4] is not None], []
    )


def _jobs(case: Case) -> Violations:
    """Nobody waits before a progress page for ever."""
    found = case.rows(
        "select kind, state from ops.job where tenant_id = any(%s)", list(case.world.tenants.values())
    )
    yield from _same("jobs not done", [row for row in found if row[1] != "done"], [])


def _seals(case: Case) -> Violations:
    for who in (f"petugas.dinkes@{case.region}", f"pusat@{case.region}"):
        with case.world.acting(who):
            facts = {event.id: event for event in db.session.execute(select(Event)).scalars()}
            links = db.session.execute(select(Seal).order_by(Seal.seq)).scalars().all()
            yield from _same(f"seals of {who}", [link.seq for link in links], list(range(1, len(facts) + 1)))
            before = ""
            for link in links:
                fact = facts.get(link.event_id)
                before = digest([before, canonical_event(fact)]) if fact else ""
                yield from _same(f"seal {link.seq} of {who}", link.hash, before)


def _bytes(case: Case) -> Violations:
    """Store, rows, ledger and figures say the same, and nothing is held any more."""
    for slug in ("dinkes", "pusat"):
        tenant, sizes = case.tenant(slug), 0
        for bucket, named in NAMED.items():
            rows = dict(case.rows(named, tenant))
            sizes += sum(rows.values())
            wanted = {key_of(tenant, object_id) for object_id in rows}
            stored = case.site.outside.objects(tenant, bucket)
            yield from _same(f"{slug}: objects in {bucket}", sorted(stored ^ wanted), [])
        [figures] = case.rows(FIGURES, tenant)
        yield from _same(f"{slug}: used, reserved, ledger, held", figures, (sizes, 0, sizes, 0))


FIGURES = """
    select used, reserved, (select coalesce(sum(delta), 0)::bigint from ops.ledger l where l.tenant_id = q.tenant_id),
        (select count(*) from ops.reservation r where r.tenant_id = q.tenant_id)
    from ops.quota q where tenant_id = %s
"""
NAMED = {
    "exempt": """
        select v.object_id, v.stored_size from work.document_version v
        join work.document d on (d.tenant_id, d.id) = (v.tenant_id, v.document_id)
        where v.tenant_id = %s and d.destroyed_at is null
    """,
    "editions": """
        select (file ->> 'object_id')::uuid, (file ->> 'size')::bigint
        from work.edition_draft, jsonb_array_elements(files) as file where tenant_id = %s
    """,
}


def _import(case: Case) -> Violations:
    unit = case.tenant("dinkes")
    yield from _same(
        "batches", case.rows("select state from work.import_batch where tenant_id = %s", unit), [("saved",)]
    )
    rows = case.rows(
        "select n, item_id from work.import_row where tenant_id = %s and kind = 'data' order by n", unit
    )
    items = case.rows("select ref, id, title from work.item where tenant_id = %s order by ref", unit)
    yield from _same("rows", len(rows), ROWS)
    yield from _same("items behind rows", [row[1] for row in rows], [item[1] for item in items])
    yield from _same("refs", [item[0] for item in items], list(range(1, ROWS + 1)))
    yield from _same("titles", Counter(item[2] for item in items).most_common(1)[0][1], 1)
    yield from _same(
        "documents", case.one("select count(*) from work.document where tenant_id = %s", unit), 1
    )
    yield from _facts(
        case, "dinkes", document__stored=1, import__uploaded=1, import__understood=1, import__saved=1
    )


def _submit(case: Case) -> Violations:
    unit, central, items = case.tenant("dinkes"), case.tenant("pusat"), case.known["items"]
    sent = case.rows("select id, round, item_count, hash from exchange.submission where writer_id = %s", unit)
    yield from _same("submissions", [row[1:3] for row in sent], [(1, len(items))])
    handed = case.rows(
        "select item_id, position, hash, submission_id from exchange.submission_item where writer_id = %s order by position",
        unit,
    )
    yield from _same("items handed in", sorted(row[0] for row in handed), sorted(items))
    yield from _same("positions", [row[1] for row in handed], list(range(1, len(items) + 1)))
    yield from _same("hash of the submission", sent[0][3], digest([row[2] for row in handed]))
    entries = case.rows(
        "select item_id, state, submission_id from work.entry where tenant_id = %s order by item_id", central
    )
    yield from _same("entries", entries, [(item, "received", sent[0][0]) for item in sorted(items)])
    told = case.rows(
        "select item_id, n, state from exchange.status where writer_id = %s order by item_id", central
    )
    yield from _same("told to the unit", told, [(item, 1, "received") for item in sorted(items)])
    states = case.rows("select distinct state from work.item where tenant_id = %s", unit)
    yield from _same("items at the unit", states, [("submitted",)])
    owed = case.rows(
        "select kind, state from ops.obligation where tenant_id in (%s, %s) and kind not in ('collection.due', 'notices.morning')"
        " order by kind",
        unit,
        central,
    )
    yield from _same("duties", owed, [("review.due", "open"), ("submission.due", "settled")])
    yield from _facts(case, "dinkes", submission__sent=1)


def _publish(case: Case) -> Violations:
    central = case.tenant("pusat")
    drafts = case.rows("select n, state from work.edition_draft where tenant_id = %s order by n", central)
    yield from _same("drafts", drafts, [(1, "published"), (2, "published")])
    editions = case.rows(
        "select n, sha256, previous_sha256, determination from publication.edition where central_id = %s order by n",
        central,
    )
    yield from _same("editions", [row[0] for row in editions], [1, 2])
    yield from _same("chain of editions", editions[-1][2], editions[0][1])
    yield from _counters(case)
    yield from _feed(case)
    yield from _entries(case)
    n, sha256, _, facts = editions[-1]
    bodies = [row[0] for row in case.rows(BODIES, central, n)]
    yield from _same("hash of the edition", digest(document(case.region, n, facts, bodies)), sha256)
    yield from _files(case, n, sha256)
    yield from _facts(case, "pusat", edition__prepared=2, edition__published=2)


BODIES = "select body from publication.edition_item where central_id = %s and n = %s order by position"


def _counters(case: Case) -> Violations:
    """Codes and changes run on from 1 without a gap, and the counters stand behind the last."""
    central = case.tenant("pusat")
    codes = sorted(
        int(row[0].rpartition("-")[2])
        for row in case.rows("select code from publication.code where central_id = %s", central)
    )
    seqs = [
        row[0]
        for row in case.rows("select seq from publication.change where central_id = %s order by seq", central)
    ]
    yield from _same("codes", codes, list(range(1, 6)))
    yield from _same("changes", seqs, list(range(1, 8)))  # two upserts; two tombstones and three upserts
    counters = case.rows(
        "select next_edition, next_code, next_seq, edition_in_force from publication.list where central_id = %s",
        central,
    )
    yield from _same("counters", counters, [(3, 6, 8, 2)])


def _feed(case: Case) -> Violations:
    """Who follows the feed, the live list, and the edition in force hold the same bodies."""
    central = case.tenant("pusat")
    with case.world.acting(f"pusat@{case.region}", read_only=True):
        page = publication.changes(central, 0, 500)
        live = publication.live_bodies(central)
    held = {"cursor": 0, "items": {}}
    try:
        follower.apply(held, {"changes": page.changes, "cursor": page.cursor})
    except SystemExit as fault:
        yield f"feed: {fault}"
    edition = {row[0]["code"]: row[0] for row in case.rows(BODIES, central, case.known["n"])}
    yield from _same("live list", {body["code"]: body for body in live}, edition)
    yield from _same("fold of the feed", held["items"], edition)


def _entries(case: Case) -> Violations:
    """Entries carry their codes, units were told once, and the case of the collection took each step once."""
    central = case.tenant("pusat")
    codes = dict(case.rows("select item_id, code from publication.code where central_id = %s", central))
    in_force = {row[0]["code"] for row in case.rows(BODIES, central, case.known["n"])}
    wanted = sorted(
        (item, "published" if code in in_force else "determined", code) for item, code in codes.items()
    )
    yield from _same(
        "entries",
        case.rows(
            "select item_id, state, code from work.entry where tenant_id = %s order by item_id", central
        ),
        wanted,
    )
    told = case.rows(
        "select item_id, count(*) from exchange.status where writer_id = %s and state = 'published' group by item_id",
        central,
    )
    yield from _same("told to the unit", dict(told), dict.fromkeys(codes, 1))
    steps = case.rows(
        "select data ->> 'step', count(*) from ops.event where tenant_id = %s and kind = 'case.advanced' group by 1",
        central,
    )
    yield from _same(
        "steps", dict(steps), dict.fromkeys(("collect", "sort", "determine", "store", "publish"), 1)
    )


def _files(case: Case, n: int, sha256: str) -> Violations:
    central = case.tenant("pusat")
    files = case.rows(
        "select format, object_id, size, sha256 from publication.file where central_id = %s and n = %s order by format",
        central,
        n,
    )
    yield from _same("files", [row[0] for row in files], ["csv", "json", "jsonl", "pdf", "xlsx"])
    for name, object_id, size, wanted in files:
        data = case.site.outside.read(key_of(central, object_id), "editions")
        yield from _same(f"file {name}", (len(data), hashlib.sha256(data).hexdigest()), (size, wanted))
        if name == "json":
            yield from _same("hash of the JSON file", wanted, sha256)


CHECKS: dict[str, Callable[[Case], Violations]] = {"import": _import, "submit": _submit, "publish": _publish}
