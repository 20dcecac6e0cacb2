"""A unit's document and those it is none of: the central, a sibling, the operator, the portal, and every role of the servers.

By every route of every surface, by SQL as their role, by the object's name, and with its row in their hands.
"""

import contextlib
import dataclasses
import http.client
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import boto3
import psycopg
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.routing import Rule

from ppid_saas.accounts.service import add_person
from ppid_saas.documents import service as documents
from ppid_saas.settings import SURFACES
from tenants import vault
from tenants.http import hash_token
from tests.fixtures.world import World, platform
from tests.tenancy.rows import url
from tests.tenancy.test_strangers import random_ids
from tests.vault.storage import Outside, key_of

CANARY = b"kenari-yang-dikecualikan "
NAME = "kenari-nama-berkas.pdf"


@dataclass(frozen=True)
class Kept:
    """The document all of this is about."""

    unit: UUID
    document: UUID
    row: dict[str, Any]

    @property
    def place(self) -> str:
        return key_of(self.unit, self.row["object_id"])


@pytest.fixture
def region(own: World) -> str:
    return next(region for region, _ in own.tenants)


@pytest.fixture
def kept(own: World, region: str, store: Outside) -> Kept:
    who = f"petugas.dinkes@{region}"
    with own.acting(who), documents.staging("attachment", NAME, CANARY * 400, "application/pdf") as staged:
        document = documents.keep(staged)
    columns = ("object_id", "bucket", "size", "sha_cipher", "key", "key_n")
    [row] = store.sql(
        f"select {', '.join(columns)} from work.document_version where document_id = %s", document
    )
    return Kept(own.tenant(who), document, dict(zip(columns, row, strict=True)))


@pytest.fixture
def people(own: World, region: str) -> dict[str, str | None]:
    operator = f"operator.{uuid4().hex[:6]}@console"
    with platform(own.settings) as connection:
        own.people[operator] = add_person(connection, f"{operator}.test", "Operator")
        connection.execute(
            text("update identity.person set is_operator = true where id = :id"), {"id": own.people[operator]}
        )
    return {
        "sibling": f"petugas.disdik@{region}", "central": f"pusat@{region}", "central head": f"kabid@{region}",
        "auditor": f"auditor@{region}", "administrator": f"admin.dinkes@{region}", "operator": operator, "anonymous": None,
    }  # fmt: skip


@pytest.fixture
def no_csrf(own: World) -> Iterator[None]:
    """The gate under test is the tenant's; the form token's gate has its own tests."""
    for surface in SURFACES:
        own.app(surface).config["WTF_CSRF_ENABLED"] = False
    yield
    for surface in SURFACES:
        own.app(surface).config["WTF_CSRF_ENABLED"] = True


def routes(own: World, surface: str) -> Iterator[tuple[Rule, str]]:
    """Return every route that takes an id or lies among the files, with each of its methods."""
    for rule in own.app(surface).url_map.iter_rules():
        ids = [c for c in rule._converters.values() if type(c).__name__ == "UUIDConverter"]
        if ids or "berkas" in rule.rule or "documents" in rule.rule:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def addresses(own: World, surface: str, rule: Rule, region: str, kept: Kept) -> Iterator[str]:
    """Return the route's address with the document's and the object's id in each place, at each tenant's."""
    adapter = own.app(surface).url_map.bind("localhost")
    for one in (kept.document, kept.row["object_id"]):
        values: dict[str, Any] = {
            name: one if isinstance(value, UUID) else value for name, value in random_ids(rule).items()
        }
        for unit in ("dinkes", "disdik") if "unit" in rule.arguments else ("",):
            given = values | {"region": region, "unit": unit}
            yield str(adapter.build(rule.endpoint, {a: given[a] for a in rule.arguments}))


def ask(client: FlaskClient, method: str, path: str, headers: dict[str, str]) -> bytes:
    body: dict[str, Any] = (
        {"json": {"reason": "review"}} if "/api/" in path else {"data": {"reason": "review"}}
    )
    with client.open(path, method=method, headers=headers, **(body if method != "GET" else {})) as answer:
        return bytes(answer.data)


@pytest.mark.parametrize("surface", SURFACES)
def test_no_route_gives_it_away(
    own: World, region: str, kept: Kept, people: dict[str, str | None], no_csrf: None, surface: str
):
    told, asked = [], 0
    for kind, who in people.items() if surface != "portal" else [("anonymous", None)]:
        client = own.client(who, surface)
        program = own.key(who) if who and "operator" not in who and surface in {"office", "files"} else {}
        for rule, method in routes(own, surface):
            for path in addresses(own, surface, rule, region, kept):
                asked += 1
                got = ask(client, method, path, program if "/api/" in path else {})
                if CANARY.strip() in got or NAME.encode() in got:
                    told.append(f"{kind}: {method} {path}")
    assert not told, "\n".join(told)
    assert asked > (100 if surface == "office" else 0)
    if surface in {"office", "files"}:  # the walls must have been asked at the right doors
        mine = own.client(f"petugas.dinkes@{region}", surface)
        assert CANARY in ask(mine, "POST", f"/{region}/u/dinkes/berkas/{kept.document}/unduh", {})


ROLES = ("app_tenant", "app_public", "app_identity", "app_clock", "platform")


def tables(store: Outside) -> list[str]:
    return [
        name
        for (name,) in store.sql(
            "select format('%%I.%%I', table_schema, table_name) from information_schema.tables"
            " where table_schema in ('identity', 'keys', 'work', 'exchange', 'publication', 'ops') and table_type = 'BASE TABLE'"
        )
    ]


def traces(connection: psycopg.Connection, table: str, kept: Kept) -> str:
    """Return what of the document this role reads in a table, row by row and, where that is refused, column by column."""
    found = []
    for wanted in ("x::text", "x.wrapped", "x.key", "x.name", "x.object_id", "x.sha_plain"):
        try:
            with connection.transaction():
                rows = connection.execute(f"select {wanted} from {table} x").fetchall()  # type: ignore[call-overload]
        except psycopg.Error:
            continue
        marks = (str(kept.document), str(kept.row["object_id"]), NAME, kept.row["key"].hex())
        shown = " ".join(row[0].hex() if isinstance(row[0], bytes) else str(row[0]) for row in rows)
        found += [mark for mark in marks if mark in shown]
        if wanted == "x.wrapped" and rows:
            found.append("a wrapped key")
    return ", ".join(found)


@pytest.mark.parametrize("role", ROLES)
def test_no_role_reads_it_by_sql(own: World, kept: Kept, store: Outside, role: str):
    with psycopg.connect(url(own.settings, role)) as connection:
        seen = {table: traces(connection, table, kept) for table in tables(store)}
        tricks = (
            "",
            "set role app_tenant; ",
            "set row_security = off; ",
            f"select door.bind('{kept.unit}', null); ",
        )
        for trick in tricks:
            with pytest.raises(psycopg.Error), connection.transaction():
                connection.execute(f"{trick}select count(*) from work.document_version")  # type: ignore[call-overload]
    assert not {table: marks for table, marks in seen.items() if marks}


@pytest.mark.parametrize("who", ["petugas.disdik@{}", "pusat@{}", "kabid@{}"])
def test_no_other_tenant_reads_it_by_sql(own: World, region: str, kept: Kept, store: Outside, who: str):
    who = who.format(region)
    with psycopg.connect(url(own.settings, "app_tenant")) as connection:
        entered = connection.execute(
            "select door.enter(%s, %s, %s)", [hash_token(own.token(who)), *own.place(who)]
        ).fetchone()
        assert entered
        assert entered[0]["tenant_id"] == str(own.tenant(who))
        own_keys = connection.execute("select count(*) from keys.tenant_key").fetchone()
        assert own_keys == (1,)
        seen = {table: traces(connection, table, kept) for table in tables(store)}
    mine = {"keys.tenant_key": "a wrapped key"}  # her own, shown by the same wall that hides the other's
    assert {table: marks for table, marks in seen.items() if marks} in ({}, mine)


def client_of(access: Any) -> Any:
    return boto3.client(
        "s3", endpoint_url=access.endpoint_url, aws_access_key_id=access.access_key, region_name=access.region,
        aws_secret_access_key=access.secret_key, config=Config(retries={"total_max_attempts": 1}),
    )  # fmt: skip


def test_the_portal_does_not_get_it_by_its_name(own: World, kept: Kept, store: Outside):
    settings = own.settings
    portal = client_of(settings.portal_s3)
    assert [each["Name"] for each in portal.list_buckets()["Buckets"]] == [settings.bucket_editions]
    names = [(settings.bucket_exempt, kept.place), (settings.bucket_editions, kept.place),
             (settings.bucket_editions, f"../{settings.bucket_exempt}/{kept.place}")]  # fmt: skip
    for bucket, name in names:
        with pytest.raises(ClientError):
            portal.get_object(Bucket=bucket, Key=name)
    with pytest.raises(ClientError):
        portal.put_object(Bucket=settings.bucket_editions, Key="baru", Body=b"x")
    with_its_key = dataclasses.replace(settings.portal_s3, endpoint_url=settings.s3.endpoint_url)
    with pytest.raises(ClientError):
        client_of(with_its_key).get_object(Bucket=settings.bucket_exempt, Key=kept.place)
    for access in (settings.s3, settings.portal_s3):
        host = access.endpoint_url.removeprefix("http://")
        with contextlib.closing(http.client.HTTPConnection(host, timeout=5)) as nameless:
            nameless.request("GET", f"/{settings.bucket_exempt}/{kept.place}")
            with nameless.getresponse() as answer:
                assert answer.status in {400, 403, 404}
    assert not re.search(CANARY.strip(), store.read(kept.place))  # whoever runs the store reads this


@pytest.mark.parametrize("who", ["petugas.disdik@{}", "pusat@{}"])
def test_its_row_in_another_tenants_hands_opens_nothing(own: World, region: str, kept: Kept, who: str):
    row = kept.row
    purpose = f"document/{kept.document}/1"
    with own.acting(who.format(region)), pytest.raises(vault.UnreadableObjectError):
        vault.open_received(
            kept.unit, row["object_id"], size=row["size"], sha_cipher=row["sha_cipher"], key=row["key"],
            key_n=row["key_n"], purpose=purpose,
        )  # fmt: skip
