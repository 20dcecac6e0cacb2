"""PgBouncer in transaction mode: nothing of one transaction is left in the session that the next stranger gets."""

import re
from contextlib import ExitStack

import pytest

from ppid_saas.settings import ROOT
from tests.deploy.site import Site
from tests.journey.conftest import Told

CONNECTIONS = 12
# What the driver or PgBouncer itself keeps the same in every session.
HARMLESS = {
    "client_encoding", "DateStyle", "TimeZone", "application_name", "standard_conforming_strings", "IntervalStyle",
    "in_hot_standby", "search_path",
}  # fmt: skip
LEFT = """
    select 'prepared ' || name from pg_prepared_statements
    union all select 'cursor ' || name from pg_cursors where is_holdable
    union all select 'lock ' || objid::text from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()
    union all select 'listens ' || channel from pg_listening_channels() channel
    union all select 'temporary ' || relname from pg_class where relnamespace = pg_my_temp_schema()
    union all select 'context ' || setting from (select current_setting('ppid.ctx', true) setting) s where setting <> ''
"""
SET = "select name || '=' || setting from pg_settings where source = 'session' and name <> all(%s)"


@pytest.mark.parametrize("role", ["app_tenant", "app_public", "app_identity", "app_clock", "platform"])
def test_a_session_is_left_as_it_was_found(site: Site, told: Told, role: str) -> None:
    with ExitStack() as held:
        seen = set()
        for _ in range(CONNECTIONS):
            connection = held.enter_context(site.pooled(role))
            left = [row[0] for row in connection.execute(LEFT)]
            left += [row[0] for row in connection.execute(SET, [list(HARMLESS)])]
            assert left == []
            seen.add(connection.execute("select pg_backend_pid()").fetchone()[0])
    assert len(seen) == CONNECTIONS


def test_no_code_asks_for_what_a_pooled_session_cannot_keep() -> None:
    wrong = re.compile(
        r"pg_(try_)?advisory_(lock|unlock)\b|pg_advisory_lock_shared|\bset session (?!and\b)|[\"'\n]\s*listen \w+|create (global |local )?temp(orary)? table\b"
        r"|set_config\([^)]*false\)|\bdeclare \w+ cursor with hold|[\"']set (?!local\b|role\b)[a-z_.]+ (=|to)",
        re.IGNORECASE,
    )
    sources = [
        path
        for folder in ("ppid_saas", "tenants", "migrations")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".sql"}
    ]
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}" for path in sources for hit in wrong.finditer(path.read_text())
    ]
    assert len(sources) > 100
    assert found == []
