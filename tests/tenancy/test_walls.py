"""The catalogue is clean, every probe is refused, and each of ten deliberate weakenings is noticed."""

import psycopg
import pytest

from tenants import lints
from tests.fixtures.world import World
from tests.tenancy.conftest import Pairs
from tests.tenancy.probes import breaches
from tests.tenancy.rows import owned_tables

OPEN_POLICY = "create policy extra on work.item to app_tenant using (true) with check (true)"
# Ten ways in which a well-meant change would open the house. Each is done, noticed, and undone.
WEAKENINGS = {
    "force dropped": "alter table work.item no force row level security; alter table work.item owner to app_tenant",
    "row security off": "alter table work.document disable row level security",
    "a second policy that is always true": OPEN_POLICY,
    "a policy for everyone": "create policy extra on work.entry using (tenant_id is not null)",
    "binding not sealed": """create or replace function door.tenant() returns uuid language sql stable security definer
        set search_path = '' as $$ select nullif(split_part(current_setting('ppid.ctx', true), '|', 1), '')::uuid $$""",
    "binding outlives its transaction": """create or replace function door.tenant() returns uuid language plpgsql stable
        security definer set search_path = '' as $$
        declare part text[] := string_to_array(current_setting('ppid.ctx', true), '|'); begin
        if part[5] is distinct from door.seal(part[1] || '|' || part[2] || '|' || part[3] || '|' || part[4]) then
        raise insufficient_privilege; end if; return part[1]::uuid; end $$""",
    "key without its owner": "delete from work.counter; alter table work.counter drop constraint counter_pkey; alter table work.counter add primary key (name)",
    "definer view": "create view publication.handy as select title from work.item; grant select on publication.handy to app_public",
    "reader not the recipient": """drop policy writer_adds on exchange.submission; create policy writer_adds on
        exchange.submission for insert to app_tenant with check (writer_id = (select door.tenant()))""",
    "public role reads work": "grant usage on schema work to app_public; grant select on work.item to app_public",
    "inner door granted": "grant execute on function door.bind(uuid, uuid) to app_tenant",
    "table without protection": "create table work.handy (tenant_id uuid primary key)",
}


def test_the_catalogue_is_clean(world: World, filled: psycopg.Connection) -> None:
    assert lints.findings(filled) == []


def test_every_probe_is_refused(world: World, filled: psycopg.Connection, pairs: Pairs, stale: str) -> None:
    assert len(owned_tables(filled)) >= 35
    filled.execute("set local role app_tenant")
    assert list(breaches(filled, world, pairs, stale)) == []


@pytest.mark.parametrize("name", WEAKENINGS)
def test_a_weakening_is_noticed(
    name: str, world: World, filled: psycopg.Connection, pairs: Pairs, stale: str
) -> None:
    filled.execute(WEAKENINGS[name])
    found = lints.findings(filled)
    filled.execute("set local role app_tenant")
    found += list(breaches(filled, world, pairs, stale))
    assert found, f"nothing noticed: {name}"


@pytest.mark.parametrize(
    "name", ["binding not sealed", "binding outlives its transaction", "reader not the recipient"]
)
def test_the_probes_alone_notice_what_no_lint_can(
    name: str, world: World, filled: psycopg.Connection, pairs: Pairs, stale: str
) -> None:
    filled.execute(WEAKENINGS[name])
    filled.execute("set local role app_tenant")

    def probe() -> list[str]:
        return list(breaches(filled, world, pairs, stale))

    assert probe()
