"""What clocks cost against the same by hand: finding what is due among millions, and moving deadlines after a decree.

The sweep asks as the relay asks, through its own role and policy; the recount is the product's own, batches, facts, effects
and all. Read docs/bench.md before comparing figures.
"""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from statistics import median
from typing import Any

import psycopg
from flask import Flask

from ppid_saas.cases import recounting
from ppid_saas.relay import DUE_OBLIGATIONS
from ppid_saas.settings import Settings
from tenants import clock, context
from tenants.db import db, open_door
from tenants.http import hash_token
from tests.bench._country import Place, backends, connect, country, places, refresh, superuser
from tests.bench._office import office_app
from tests.bench._pairs import Pair, ratio

OBLIGATIONS = int(os.environ.get("PPID_BENCH_OBLIGATIONS", "5000000"))
DEADLINES = int(os.environ.get("PPID_BENCH_DEADLINES", "100000"))
DUE = 1_000
ROUNDS = 5
SECONDS = 30.0
BARS = {"sweep": 0.5, "recount": 1 / 3}  # of the bare work's speed
DAY = date(2027, 7, 13)  # the day a decree closes, and the next one opens again
BARE_SWEEP = "select tenant_id, id from ops.obligation where state = 'open' and due_at <= now() order by due_at limit 1000"
# of every ten two are open and far off, the others done or lapsed long ago; the first thousand are due now
FILL = """
    insert into ops.obligation (tenant_id, id, kind, subject, starts_on, n, due_on, due_at, calendar_version, source, state,
        settled_at, counted)
    select (%(tenants)s::uuid[])[1 + n %% %(count)s], gen_random_uuid(), 'ukur', gen_random_uuid(), current_date - 20, 10,
        (now() + d.away)::date, now() + d.away, 'ukur', 'SOP ukur',
        case when n <= %(due)s or n %% 5 = 0 then 'open' else 'settled' end,
        case when n > %(due)s and n %% 5 > 0 then now() end, 'fixed'
    from generate_series(%(first)s, %(last)s) n, lateral (select case when n <= %(due)s then -1 - n else
        case when n %% 5 = 0 then 400000 + n %% 9000000 else -n %% 90000000 end end * interval '1 second' as away) d
"""
DEADLINES_OF = """
    insert into ops.obligation (tenant_id, id, kind, subject, starts_on, n, due_on, due_at, calendar_version, source, state)
    select %(me)s, gen_random_uuid(), 'ukur', gen_random_uuid(), date '2027-07-01' + n %% 5, 10 + n %% 20, date '2027-07-02',
        now() + interval '2 years', 'ukur', 'SOP ukur', 'open' from generate_series(1, %(count)s) n
"""
MOVE = (
    "update ops.obligation set due_on = due_on + %(by)s, due_at = due_at + %(by)s * interval '1 day', calendar_version = %(v)s"
    " where tenant_id = %(me)s and state = 'open' and counted <> 'fixed'"
)
FACTS = (
    "insert into ops.event (tenant_id, id, kind, subject, at, data) select tenant_id, gen_random_uuid(), 'deadline.moved',"
    " subject, now(), jsonb_build_object('obligation', id, 'kind', kind, 'was', due_on - %(by)s, 'due_on', due_on, 'calendar',"
    " calendar_version) from ops.obligation where tenant_id = %(me)s and state = 'open' and counted <> 'fixed'"
)
NOTICES = (
    "insert into work.notice (tenant_id, id, person_id, key, kind, data, page, made_at) select tenant_id, gen_random_uuid(),"
    " tenant_id, gen_random_uuid()::text, 'deadline.moved', jsonb_build_object('due_on', due_on), 'kalender', now()"
    " from ops.obligation where tenant_id = %(me)s and state = 'open' and counted <> 'fixed'"
)


def run(seconds: float | None = None, seed: int = 1) -> dict[str, Any]:
    """Fill the duties of a country, measure the search for what is due, then move the deadlines of two tenants in turns."""
    with country(2) as settings, office_app(settings) as office:
        chosen = places(settings, 2, seed, "central")
        fill(settings)
        with sweep_pair(settings) as pair:
            sweep = ratio(pair, seconds or SECONDS, lambda: backends(settings))
        refresh(settings, chosen)
        moved = recounted(settings, office, chosen)
        return {
            "obligations": OBLIGATIONS, "due": DUE, "deadlines": DEADLINES, "sweep": sweep | {"bar": BARS["sweep"]},
            "recount": moved | {"bar": round(BARS["recount"], 3)},
        }  # fmt: skip


def fill(settings: Settings, part: int = 500_000) -> None:
    """Put as many duties as were asked for in place of those the country has."""
    with superuser(settings, autocommit=True) as connection:
        connection.execute("delete from ops.obligation")
        tenants = [row[0] for row in connection.execute("select id from identity.tenant order by id")]
        values = {"tenants": tenants, "count": len(tenants), "due": DUE}
        for first in range(1, OBLIGATIONS + 1, part):
            last = min(first + part - 1, OBLIGATIONS)
            connection.execute(FILL, values | {"first": first, "last": last})
        connection.execute("vacuum analyze ops.obligation")


@contextmanager
def sweep_pair(settings: Settings) -> Iterator[Pair]:
    """Return the relay's question as the relay asks it, and the same by hand past every wall."""
    with (
        superuser(settings, autocommit=True) as raw,
        connect(settings, "app_clock", autocommit=True) as relay,
    ):

        def ours(_: int) -> object:
            found = relay.execute(DUE_OBLIGATIONS, {"now": clock.now(), "batch": DUE}).fetchall()
            return _all_of(found)

        yield Pair(ours, lambda _: _all_of(raw.execute(BARE_SWEEP).fetchall()), raw.info.backend_pid)


def _all_of(found: list[Any]) -> list[Any]:
    if len(found) != min(DUE, OBLIGATIONS):
        raise RuntimeError(f"{len(found)} found of {DUE}")
    return found


def recounted(settings: Settings, office: Flask, chosen: list[Place]) -> dict[str, Any]:
    """Let two decrees follow each other in turns; every deadline of one tenant moves by ours, of the other by hand."""
    ours, bare = chosen
    with superuser(settings, autocommit=True) as raw:
        versions = _two_calendars(raw)
        for place in chosen:
            raw.execute(DEADLINES_OF, {"me": place.id, "count": DEADLINES})
        raw.execute("vacuum analyze ops.obligation")
        _by_us(office, ours)  # to the days of the calendar in force; what follows moves all of them
        rounds = []
        for n in range(ROUNDS):
            version, by = versions[n % 2], (1, -1)[n % 2]
            raw.execute("update ops.calendar set issued_at = clock_timestamp() where version = %s", [version])
            values = {"me": bare.id, "v": version, "by": by}
            by_hand = _by_hand(settings, values) if n % 2 else 0.0
            by_us = _by_us(office, ours)
            rounds.append((by_us, by_hand or _by_hand(settings, values)))
    shares = sorted(by_hand / by_us for by_us, by_hand in rounds)
    return {
        "ratio": round(median(shares), 3), "rounds": [round(share, 3) for share in shares],
        "ours_s": round(median(one[0] for one in rounds), 2), "bare_s": round(median(one[1] for one in rounds), 2),
    }  # fmt: skip


def _two_calendars(raw: psycopg.Connection[Any]) -> list[str]:
    """Copy the national table twice, once with one day more that is closed."""
    versions = ["ukur-a", "ukur-b"]
    newest = "select version from ops.calendar where version <> all(%s) order by decreed_through desc, issued_at desc limit 1"
    found = raw.execute(newest, [versions]).fetchone()
    if found is None:
        raise LookupError("no calendar was seeded")
    for version in versions:
        raw.execute("delete from ops.calendar_day where version = %s", [version])
        raw.execute("delete from ops.calendar where version = %s", [version])
        raw.execute(
            "insert into ops.calendar (version, decree, decreed_through, issued_at) select %s, 'SKB ukur', decreed_through,"
            " '2020-01-01' from ops.calendar where version = %s", [version, found[0]],
        )  # fmt: skip
        raw.execute(
            "insert into ops.calendar_day (version, day, category, name) select %s, day, category, name from ops.calendar_day"
            " where version = %s and day <> %s", [version, found[0], DAY],
        )  # fmt: skip
    raw.execute("insert into ops.calendar_day values (%s, %s, 'public', 'Libur ukur')", [versions[0], DAY])
    return versions


def _by_us(office: Flask, place: Place) -> float:
    entry = context.Entry("enter", (hash_token(place.session), place.region, place.slug))
    with office.app_context(), context.entering(entry):
        try:
            open_door()
            db.session.commit()
            gc.collect()
            began = time.perf_counter()
            moved = recounting.recount()
            took = time.perf_counter() - began
        finally:
            db.session.remove()
    if moved != DEADLINES:
        raise RuntimeError(f"{moved} of {DEADLINES} deadlines moved")
    return took


def _by_hand(settings: Settings, values: dict[str, Any]) -> float:
    with superuser(settings) as raw:
        began = time.perf_counter()
        for statement in (MOVE, FACTS, NOTICES):
            raw.execute(statement, values)
        raw.commit()
        return time.perf_counter() - began
