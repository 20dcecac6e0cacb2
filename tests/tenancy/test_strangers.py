"""Every address with a tenant in it, asked by eight kinds of stranger: nothing is there, and nothing can be told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import BaseConverter, IntegerConverter, Rule, UUIDConverter

from ppid_saas.accounts import provisioning
from ppid_saas.web.marks import TENANT, access_of
from tenants.http import identity
from tenants.vault import RootKey
from tests.fixtures.world import World, email_of, platform
from tests.tenancy.rows import Pair, fill, owned_tables, url

# What every member of a tenant may see whatever her role.
EVERY_ROLE = {"desk.unit_home", "desk.central_home", "notice_pages.notices", "notice_pages.bell", "notice_pages.mark_all", "notice_pages.choices", "notice_pages.choose", "sop_pages.catalogue", "sop_pages.sop", "sop_pages.sheet"}  # fmt: skip
SURFACES = ("office", "files")


@dataclass(frozen=True)
class Ask:
    """One request to try: a route and a method, at one tenant's address."""

    surface: str
    rule: Rule
    method: str

    def path(self, world: World, region: str, unit: str, **ids: Any) -> str:
        values = {"region": region, "unit": unit} | ids
        adapter = world.app(self.surface).url_map.bind("localhost")
        return str(
            adapter.build(self.rule.endpoint, {a: values[a] for a in self.rule.arguments}, self.method)
        )

    @property
    def is_central(self) -> bool:
        return "unit" not in self.rule.arguments


def asks(app: Flask, surface: str) -> Iterator[Ask]:
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint, rule.arguments) == TENANT:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield Ask(surface, rule, method)


def _random_id(converter: BaseConverter) -> Any:
    if isinstance(converter, UUIDConverter):
        return uuid4()
    return (
        987654321 if isinstance(converter, IntegerConverter) else min(getattr(converter, "items", ["acak"]))
    )


def random_ids(rule: Rule) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        if name not in {"region", "unit"}:
            made[name] = _random_id(converter)
    return made


@pytest.fixture(scope="session")
def no_csrf(world: World) -> Iterator[World]:
    """The gate under test is the tenant's; the form token's gate has its own tests."""
    for surface in SURFACES:
        world.app(surface).config["WTF_CSRF_ENABLED"] = False
    yield world
    for surface in SURFACES:
        world.app(surface).config["WTF_CSRF_ENABLED"] = True


@pytest.fixture(scope="session")
def all_asks(world: World) -> list[Ask]:
    return [ask for surface in SURFACES for ask in asks(world.app(surface), surface)]


def stranger_email(name: str) -> str:
    return email_of(f"{name}.dinkes@sana")


@pytest.fixture(scope="session")
def strangers(world: World) -> dict[str, str]:
    """Who asks at `sana/dinkes` or at `sana/pusat`, by the kind of stranger she is."""
    added = {
        "peran": ("pembina", "dinkes"),
        "peran-pusat": ("pembina", "pusat"),
        "mantan": ("unit_officer", "dinkes"),
    }
    with platform(world.settings) as connection:
        for name, (role, slug) in added.items():
            provisioning.add_member(connection, world.tenants["sana", slug], stranger_email(name), name, role)
        connection.execute(
            text("insert into identity.person (id, email, name, is_operator) values (:id, :email, 'o', true)"
                 " on conflict do nothing"), {"id": uuid4(), "email": stranger_email("operator")},
        )  # fmt: skip
        for name in (*added, "operator"):
            found = connection.execute(
                text("select id from identity.person where email = :e"), {"e": stranger_email(name)}
            )
            world.people[f"{name}.dinkes@sana"] = found.scalar_one()
    for name in (*added, "operator"):
        world.token(f"{name}.dinkes@sana")
    with world.app().app_context(), identity() as connection:
        connection.execute(
            text("update identity.person set disabled_at = now() where email = :e"),
            {"e": stranger_email("mantan")},
        )
    return {
        "sibling": "petugas.disdik@sana", "parent": "pusat@sana", "child": "petugas.dinkes@sana", "other central": "pusat@sini",
        "wrong role": "peran.dinkes@sana", "operator": "operator.dinkes@sana", "disabled": "mantan.dinkes@sana",
    }  # fmt: skip


def comparable(body: str, ids: dict[str, Any]) -> str:
    for value in ids.values():
        body = body.replace(str(value), "ID")
    body = re.sub(r'(nonce|value)="[^"]{16,}"', "", body)
    return re.sub(r"[?&]?ke=[^\"&]+", "", body)


def ask_as(
    world: World, ask: Ask, who: str | None, slug: str, ids: dict[str, Any], region: str = "sana"
) -> tuple[int, str]:
    client = world.client(who, ask.surface)
    path = ask.path(world, region, slug, **ids)
    headers = world.key(who) if who and path.startswith("/api/") else {}
    kwargs: dict[str, Any] = {"json": {}} if path.startswith("/api/") and ask.method != "GET" else {}
    answer = client.open(path, method=ask.method, headers=headers, **kwargs)
    return answer.status_code, comparable(answer.get_data(as_text=True), ids)


@pytest.fixture(autouse=True)
def _keys_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, dict[str, str]] = world.__dict__.setdefault("_stranger_keys", {})
    make = World.key

    def key(self: World, who: str) -> dict[str, str]:
        if who not in made:
            try:
                made[who] = make(self, who)
            except LookupError:
                made[who] = {"Authorization": "Bearer tidak-ada"}
        return made[who]

    monkeypatch.setattr(World, "key", key)


def test_there_is_something_to_ask(all_asks: list[Ask]) -> None:
    assert len(all_asks) >= 40


def test_the_anonymous_are_asked_to_sign_in(no_csrf: World, all_asks: list[Ask]) -> None:
    for ask in all_asks:
        status, _ = ask_as(no_csrf, ask, None, "dinkes", random_ids(ask.rule))
        assert status == 401, f"{ask.method} {ask.rule.rule}: {status}"


def test_strangers_find_nothing_and_cannot_tell_why(
    no_csrf: World, all_asks: list[Ask], strangers: dict[str, str]
) -> None:
    told: list[str] = []
    for ask in all_asks:
        for kind, who in strangers.items():
            if ask.is_central and kind in {"parent", "wrong role"}:
                continue
            if not ask.is_central and kind == "child":
                continue
            if kind == "wrong role" and ask.rule.endpoint in EVERY_ROLE:
                continue
            expected = 401 if kind == "disabled" else 404
            if kind == "operator" and ask.rule.rule.startswith("/api/"):
                expected = 401
            here = ask_as(no_csrf, ask, who, "dinkes", random_ids(ask.rule))
            if here[0] != expected:
                told.append(f"{kind}: {ask.method} {ask.rule.rule}: {here[0]}")
            nowhere = ask_as(no_csrf, ask, who, "tidak-ada", random_ids(ask.rule), region="sana")
            if not ask.is_central and kind != "wrong role" and here[1] != nowhere[1]:
                told.append(f"{kind}: {ask.method} {ask.rule.rule} tells a real unit from none")
    assert not told, "\n".join(told)


def foreign_ids(world: World) -> list[UUID]:
    """Return the ids of rows of every kind that belong to a sibling, made for the purpose and kept."""
    with platform(world.settings) as connection:
        new = provisioning.NewTenant("sana", "tetangga", "unit", "SKPD", "Tetangga")
        sibling = provisioning.create_tenant(connection, new, RootKey.load(world.settings.root_key_file))
    pair = Pair(sibling, world.tenant("pusat@sana"))
    with psycopg.connect(url(world.settings, "postgres")) as conn:
        fill(conn, (pair,))
        found: list[UUID] = []
        for table in owned_tables(conn):
            if table.plane == "work":
                columns = {
                    c.name
                    for c in conn.execute(f"select * from {table.sql.as_string(conn)} limit 0").description
                    or []
                }
                key = "id" if "id" in columns else "item_id" if "item_id" in columns else None
                if key:
                    rows = conn.execute(
                        f"select {key} from {table.sql.as_string(conn)} where tenant_id = %s limit 1",
                        [pair.unit],
                    )
                    found += [row[0] for row in rows]
    return found


def test_a_foreign_id_reads_like_a_random_one(no_csrf: World, all_asks: list[Ask]) -> None:
    foreign = foreign_ids(no_csrf)
    assert len(foreign) >= 6
    told: list[str] = []
    for ask in all_asks:
        wanted = [n for n, c in ask.rule._converters.items() if type(c).__name__ == "UUIDConverter"]
        if not wanted or ask.is_central:
            continue
        by_random = ask_as(no_csrf, ask, "petugas.dinkes@sana", "dinkes", random_ids(ask.rule))
        for one in foreign:
            ids = random_ids(ask.rule) | dict.fromkeys(wanted, one)
            by_foreign = ask_as(no_csrf, ask, "petugas.dinkes@sana", "dinkes", ids)
            if by_foreign != by_random or (ask.method == "GET" and by_foreign[0] != 404):
                told.append(f"{ask.method} {ask.rule.rule}: {by_foreign[0]}, {by_random[0]} for a random id")
    assert not told, "\n".join(told)
