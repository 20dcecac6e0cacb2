"""A database of the whole country for measuring: every tenant table filled at real proportions, straight by SQL.

Written as the superuser past every wall and trigger, because what is measured comes after. The rows are invented and
carry no meaning beyond their number, size and owner.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import namedtuple_row

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import SUPERUSER, Settings
from tenants.http import hash_token

UNITS_PER_REGION = 50
ITEMS = 40
OWNERS = ("tenant_id", "writer_id", "central_id")
BOTH, UNIT, CENTRAL = "true", "t.kind = 'unit'", "t.kind = 'central'"
A_REGION = UNITS_PER_REGION * ITEMS
# Whose rows a table holds and how many each; any other holds three of every tenant, of plane exchange of every unit.
ROWS = {
    "work.import_row": (UNIT, ITEMS), "work.redaction": (UNIT, 1), "exchange.submission_item": (UNIT, ITEMS), "exchange.submission": (UNIT, 1),
    "exchange.submission_file": (UNIT, 2), "exchange.collection": (UNIT, 1), "exchange.status": (UNIT, ITEMS),
    "exchange.decision": (UNIT, ITEMS), "exchange.handover": (UNIT, 1), "exchange.handover_row": (UNIT, ITEMS),
    "exchange.withdrawal": (UNIT, 1), "work.sending_rule": (UNIT, 1), "work.enclosure": (UNIT, 1), "exchange.column_offer": (UNIT, 1), "work.entry": (CENTRAL, A_REGION), "work.determination": (CENTRAL, 2),
    "work.determination_item": (CENTRAL, A_REGION), "work.edition_draft": (CENTRAL, 2), "ops.event": (BOTH, ITEMS),
    "ops.effect": (BOTH, ITEMS), "ops.quota": (BOTH, 1), "publication.list": (CENTRAL, 1),
    "publication.unit": (CENTRAL, UNITS_PER_REGION), "publication.code": (CENTRAL, A_REGION),
    "publication.edition": (CENTRAL, 1), "publication.edition_item": (CENTRAL, A_REGION),
    "publication.change": (CENTRAL, A_REGION), "publication.live_item": (CENTRAL, A_REGION),
    "publication.file": (CENTRAL, 6),
}  # fmt: skip
FROM_CENTRAL = {
    f"exchange.{name}"
    for name in ("collection", "status", "decision", "handover", "handover_row", "column_offer")
}
FILLED_BY_HAND = {"work.item", "work.item_version"}
# Columns that may be empty and yet are filled in real life, and those many rows of an owner share.
FILLED = {"done_at", "subject", "actor", "ends_on", "code", "finished_at", "settled_at", "closed_at"}
SHARED = {
    "submission_id",
    "batch_id",
    "determination_id",
    "collection_id",
    "handover_id",
    "document_id",
    "sender_id",
}
SPECIAL = {
    ("publication.list", "slug"): "t.region",
    ("ops.effect", "done_at"): "case when i % 37 > 0 then now() end",  # one in so many is still to be done
}
VALUES = {
    "integer": "i", "bigint": "i", "smallint": "i", "boolean": "false", "jsonb": "'{}'", "bytea": "'\\x00'",
    "timestamp with time zone": "now() - i * interval '1 hour'", "date": "current_date + i", "text[]": "'{17h}'",
    "bigint[]": "'{}'",
}  # fmt: skip

TENANTS = """
    insert into identity.tenant (id, region, slug, kind, category, name, parent_id, recipient_id, sessions_from, settings)
    select md5('tenant' || r || '.' || u)::uuid, 'r' || lpad(r::text, 4, '0'),
        case when u = 0 then 'pusat' else 'u' || lpad(u::text, 2, '0') end,
        case when u = 0 then 'central' else 'unit' end, case when u = 0 then 'PEMKAB' else 'SKPD' end,
        case when u = 0 then 'PPID Utama Kabupaten ' || r else 'Dinas ' || u || ' Kabupaten ' || r end,
        case when u > 0 then md5('tenant' || r || '.0')::uuid end,
        case when u > 0 then md5('tenant' || r || '.0')::uuid end, now() - interval '1 day', '{}'
    from generate_series(1, %(regions)s) r, generate_series(0, %(units)s) u order by r, u"""
PEOPLE = """
    insert into identity.person (id, email, name)
        select md5('person' || id)::uuid, region || '.' || slug || '@contoh.test', 'Petugas ' || name from identity.tenant;
    insert into identity.membership (person_id, tenant_id, role)
        select md5('person' || id)::uuid, id, case kind when 'unit' then 'unit_officer' else 'central_officer' end
        from identity.tenant;
    insert into identity.session (hash, person_id, person_epoch, data, expires_at)
        select sha256(convert_to('session.' || region || '.' || slug, 'UTF8')), md5('person' || id)::uuid, 1,
            '{"csrf_token": "0123456789abcdef0123456789abcdef01234567"}', now() + interval '12 hours' from identity.tenant;
    insert into identity.files_pass (hash, session_hash) select sha256(hash), hash from identity.session;
    insert into identity.api_key (hash, tenant_id, person_id, name, expires_at)
        select sha256(convert_to('key.' || region || '.' || slug, 'UTF8')), id, md5('person' || id)::uuid, 'ukur',
            now() + interval '1 year' from identity.tenant;
    insert into identity.credential (person_id, kind, secret) select id, 'password', 'ukur' from identity.person;
    insert into identity.invitation (hash, person_id, tenant_id, expires_at)
        select sha256(convert_to('invitation.' || id, 'UTF8')), md5('person' || id)::uuid, id, now() from identity.tenant;
    insert into identity.sign_in_attempt (key, failures, window_ends_at)
        select sha256(convert_to('attempt.' || id, 'UTF8')), 1, now() from identity.tenant"""
BODIES = """
    insert into work.item (tenant_id, id, ref, version, state, title, body, ends_on, sort_on, done_fields, created_at,
        updated_at)
    select tenant, id, n, 1, state, title, jsonb_build_object('title', title, 'document', 'Berkas layanan nomor ' || n,
        'part', 'part', 'open_part', 'Jumlah layanan, nama jabatan dan rekapitulasi bulanan tetap terbuka bagi umum',
        'grounds', jsonb_build_array(jsonb_build_object('code', code, 'law', 'UU 14/2008', 'article',
            'Pasal 17 huruf ' || substr(code, 3, 1), 'text', null)),
        'harm', 'Orang yang tercatat dalam berkas ini dapat dirugikan, dan kerugian itu sulit dipulihkan setelah isinya'
            ' tersebar. Petugas yang menyusunnya dapat ditekan oleh pihak yang berkepentingan.',
        'benefit', 'Warga mengetahui cara layanan dijalankan dan berapa besar biaya yang dikeluarkan setiap tahun.',
        'interest', 'Rahasia pribadi orang yang tercatat dalam berkas layanan tetap terjaga sesuai ketentuan.',
        'loss', 'Warga tidak dapat menilai sendiri rincian setiap layanan.',
        'period', '{"kind": "fixed", "value": 5, "unit": "year", "event": null, "release": [], "text": "5 (lima) tahun"}'
            ::jsonb || jsonb_build_object('starts_on', (ends - interval '5 years')::date, 'ends_on', ends, 'review_on', null),
        'holder', 'Sekretaris Dinas', 'note', ''), ends, ends, 9, now(), now()
    from (select t.id as tenant, md5('item' || t.id || n)::uuid as id, n, current_date + (n * 37 %% 1500) as ends,
            (array['draft', 'draft', 'submitted', 'returned'])[1 + n %% 4] as state,
            (array['17a', '17b', '17h', '17h.2', '17i'])[1 + n %% 5] as code,
            'Rincian berkas layanan ke-' || n || ' pada ' || t.name as title
        from identity.tenant t, generate_series(1, %(items)s) n where t.kind = 'unit' order by t.region, t.slug, n) made;
    insert into work.item_version (tenant_id, item_id, version, body, hash, at, actor)
        select tenant_id, id, 1, body, encode(sha256(convert_to(body::text, 'UTF8')), 'hex'), now(), null from work.item"""
COLUMNS = """
    select c.oid::regclass::text as "table", a.attname as name, format_type(a.atttypid, null) as type,
        not a.attnotnull as nullable, (a.atthasdef and not exists (select from pg_index i where i.indrelid = c.oid
            and i.indisunique and a.attnum = any(i.indkey))) as given,
        exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = i.indkey[1]
            and i.indnkeyatts = 2) as tells_rows_apart,
        exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and i.indnkeyatts = 1
            and a.attnum = i.indkey[0]) as is_the_key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and c.relnamespace::regnamespace::text = any(array['work', 'exchange', 'publication', 'ops', 'keys'])
    order by c.oid, a.attnum"""


class Place(NamedTuple):
    """A tenant with the tokens by which its member and its program come in."""

    id: UUID
    region: str
    slug: str
    session: str
    key: str


def superuser(settings: Settings, **options: Any) -> psycopg.Connection[Any]:
    """Connect past every wall."""
    return connect(settings, SUPERUSER, **options)


def connect(settings: Settings, role: str, **options: Any) -> psycopg.Connection[Any]:
    """Connect as a role by the driver alone."""
    url = settings.database_url(role).replace("postgresql+psycopg://", "postgresql://")
    return psycopg.connect(url, **options)


@contextmanager
def country(regions: int) -> Iterator[Settings]:
    """Run servers holding a country of so many regions; PPID_BENCH_DIR names a folder to keep and use again."""
    kept = os.environ.get("PPID_BENCH_DIR")
    with tempfile.TemporaryDirectory(prefix="ppid-bench-") as made:
        folder = Path(kept or made)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o711)
        port = str(18400 + os.getpid() % 4000)
        settings = Settings.from_env({"PPID_DATA_DIR": str(folder), "PPID_PORT": port})
        with prepared_servers(settings):
            fill(settings, regions)
            yield settings


def fill(settings: Settings, regions: int) -> float:
    """Fill an empty database and gather its statistics; returns the seconds it took."""
    began = time.monotonic()
    with superuser(settings, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")  # foreign keys are right by construction
        connection.execute("set maintenance_work_mem = '1GB'")
        found = connection.execute("select count(*) from identity.tenant").fetchone()
        if found == (0,):
            with connection.transaction():
                _fill_all(connection, regions)
            connection.execute("vacuum analyze")
        connection.execute(
            "update identity.session set seen_at = now(), created_at = now(), expires_at = now() + interval '12 hours'"
        )
        connection.execute("vacuum analyze identity.session")
        connection.execute("checkpoint")
    return time.monotonic() - began


def _fill_all(connection: psycopg.Connection[Any], regions: int) -> None:
    client = psycopg.ClientCursor(connection)
    client.execute(TENANTS, {"regions": regions, "units": UNITS_PER_REGION})
    client.execute(PEOPLE)
    client.execute(BODIES, {"items": ITEMS})
    tables: dict[str, list[Any]] = {}
    for column in connection.cursor(row_factory=namedtuple_row).execute(COLUMNS):
        tables.setdefault(column.table, []).append(column)
    for table, columns in tables.items():
        if columns[0].name in OWNERS and table not in FILLED_BY_HAND:
            connection.execute(_fill_table(table, columns))


def _fill_table(table: str, columns: list[Any]) -> str:
    """Write the insert of one table from its catalogue: values by type, owners and numbers by `ROWS`."""
    usual = 1 if any(column.name in OWNERS and column.is_the_key for column in columns) else 3
    whose, per_owner = ROWS.get(table, (UNIT if table.startswith("exchange.") else BOTH, usual))
    values = {column.name: value for column in columns if (value := _value(table, column)) is not None}
    return (
        f"insert into {table} ({', '.join(values)}) select {', '.join(values.values())}"
        f" from identity.tenant t, generate_series(1, {per_owner}) i where {whose} order by t.region, t.slug, i"
    )


def _value(table: str, column: Any) -> str | None:
    """Return one column's value in the row `i` of tenant `t`; None leaves it to the database."""
    name = column.name
    if special := SPECIAL.get((table, name)):
        return special
    if name in {"writer_id", "reader_id"} and table.startswith("exchange."):
        return "t.recipient_id" if (name == "writer_id") == (table in FROM_CENTRAL) else "t.id"
    if name in OWNERS:
        return "t.id"
    if column.given or (column.nullable and name not in FILLED):
        return None
    if column.type == "uuid":
        shared = name in SHARED and not column.tells_rows_apart
        return f"md5('{name}' || t.id || {f'(i - 1) / {ITEMS}' if shared else 'i'})::uuid"
    return VALUES.get(column.type, f"'{name}-' || i")


def places(settings: Settings, count: int, seed: int, kind: str = "unit") -> list[Place]:
    """Pick tenants at random, the same ones for the same seed."""
    with superuser(settings) as connection:
        rows = connection.execute(
            "select id, region, slug from identity.tenant where kind = %s order by md5(id::text || %s) limit %s",
            [kind, str(seed), count],
        ).fetchall()
    return [
        Place(id_, region, slug, f"session.{region}.{slug}", f"key.{region}.{slug}")
        for id_, region, slug in rows
    ]


def refresh(settings: Settings, chosen: list[Place]) -> None:
    """Mark sessions as just seen, so that no measured request is the one that writes this down."""
    hashes = [hash_token(place.session) for place in chosen]
    with superuser(settings) as connection:
        connection.execute("update identity.session set seen_at = now() where hash = any(%s)", [hashes])


def backends(settings: Settings) -> set[int]:
    """Return the database's processes that serve someone now, this question's own aside."""
    with superuser(settings) as connection:
        rows = connection.execute(
            "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
        ).fetchall()
    return {pid for (pid,) in rows}


def whole_reads(settings: Settings) -> Counter[str]:
    """Return how often each table of the planes was read from end to end so far, by whatever statement, in doors too."""
    with superuser(settings) as connection:
        rows = connection.execute(
            "select schemaname || '.' || relname, seq_scan from pg_stat_user_tables where seq_scan > 0"
            " and schemaname in ('identity', 'keys', 'work', 'exchange', 'publication', 'ops')"
        ).fetchall()
    return Counter(dict(rows))
