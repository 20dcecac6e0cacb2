"""What the consolidated list and the search for doubles cost against the same by hand, on one central of the size asked.

Queries only, by the house's own verbs on one side and one statement by the driver on the other. Read docs/bench.md before
comparing figures.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Flask
from psycopg.rows import namedtuple_row

from ppid_saas.consolidation import queries
from ppid_saas.consolidation.matching_words import Key, keys, title_words
from ppid_saas.consolidation.queries.candidates import candidates
from ppid_saas.settings import Settings
from tenants import context
from tenants.db import db, open_door
from tenants.http import hash_token
from tests.bench._country import Place, backends, country, places, refresh, superuser
from tests.bench._office import office_app
from tests.bench._pairs import Pair, ratio
from tests.prove import _doubles_language as language

SIZES = {"list_2400": 2_400, "list_1120000": 1_120_000}
LARGEST = int(os.environ.get("PPID_BENCH_ENTRIES", "1120000"))
NEW = 40
SECONDS = 60.0
BARS = {"list_2400": 0.5, "list_1120000": 0.5, "doubles": 0.2}  # of the bare work's speed
PAGE = "select * from work.entry where tenant_id = %s order by sort_on, item_id limit 25"
COUNTS = (
    "select sender_slug, state, period_kind, codes, count(*) from (select sender_slug, state, period_kind, codes"
    " from work.entry where tenant_id = %s order by sort_on, item_id limit 50000) e group by 1, 2, 3, 4"
)
LOOK = "select item_id from work.match_key where tenant_id = %s and key = %s"
# entries of one central, as they are received; titles come from the proof's own generator
FILL = (
    "insert into work.entry (tenant_id, item_id, sender_id, sender_slug, sender_name, submission_id, position, version, hash,"
    " title, body, state, ends_on, sort_on, updated_at) select %(me)s, g.id, %(me)s, 'unit-' || g.n %% 60, 'Unit', %(me)s, g.n, 1,"
    " md5(g.id::text), g.title, jsonb_build_object('title', g.title, 'harm', repeat('Kerugian. ', 40), 'period',"
    " jsonb_build_object('kind', 'until_date'), 'grounds', jsonb_build_array(jsonb_build_object('code', '17h'))), 'accepted',"
    " date '2027-01-01' + (g.n %% 3000)::int, date '2027-01-01' + (g.n %% 3000)::int, now()"
    " from unnest(%(ids)s::uuid[], %(titles)s::text[], %(numbers)s::int[]) as g (id, title, n)"
)


def run(seconds: float | None = None, seed: int = 1) -> dict[str, Any]:
    """Fill a small and a large central, measure each pair for its share of the time."""
    with country(2) as settings, office_app(settings) as office:
        chosen = places(settings, 2, seed, "central")
        sizes = {name: min(size, LARGEST) for name, size in SIZES.items()}
        for place, size in zip(chosen, sizes.values(), strict=True):
            fill(settings, place, size)
        refresh(settings, chosen)
        share = (seconds or SECONDS) / 3
        figures: dict[str, Any] = {"entries": sizes}
        for (name, _), place in zip(sizes.items(), chosen, strict=True):
            with list_pair(settings, office, place) as pair:
                figures[name] = ratio(pair, share, lambda: backends(settings)) | {"bar": BARS[name]}
        with doubles_pair(settings, office, chosen[1], sizes["list_1120000"]) as pair:
            figures["doubles"] = ratio(pair, share, lambda: backends(settings)) | {"bar": BARS["doubles"]}
        return figures


def fill(settings: Settings, place: Place, size: int, part: int = 20_000) -> None:
    """Give a central entries and their keys, in place of those it has."""
    with superuser(settings, autocommit=True) as connection:
        for table in ("entry", "match_key", "match_item", "match"):
            connection.execute(f"delete from work.{table} where tenant_id = %s", [place.id])
        for start in range(0, size, part):
            numbers = list(range(start, min(start + part, size)))
            titles = [" ".join(language.base(n)) for n in numbers]
            ids = [UUID(int=n + 1) for n in numbers]
            connection.execute(FILL, {"me": place.id, "ids": ids, "titles": titles, "numbers": numbers})
            with connection.cursor().copy("copy work.match_key (tenant_id, key, item_id) from stdin") as copy:
                for item_id, title in zip(ids, titles, strict=True):
                    for value in {key.value for key in keys(title_words(title))}:
                        copy.write_row((place.id, value, item_id))
        connection.execute("vacuum analyze work.entry, work.match_key")


@contextmanager
def inside(office: Flask, place: Place) -> Iterator[None]:
    """Act as the central's officer for the length of a measurement."""
    entry = context.Entry("enter", (hash_token(place.session), place.region, place.slug), read_only=True)
    with office.app_context(), context.entering(entry):
        yield


@contextmanager
def list_pair(settings: Settings, office: Flask, place: Place) -> Iterator[Pair]:
    with superuser(settings, autocommit=True, row_factory=namedtuple_row) as raw, inside(office, place):

        def ours(_: int) -> object:
            return _closed(_as_the_page_asks)

        def bare(_: int) -> object:
            return raw.execute(COUNTS, [place.id]).fetchall(), raw.execute(PAGE, [place.id]).fetchall()

        yield Pair(ours, bare, raw.info.backend_pid)


@contextmanager
def doubles_pair(settings: Settings, office: Flask, place: Place, size: int) -> Iterator[Pair]:
    """Return the search for doubles of forty new items, and forty lookups of one key each."""
    with superuser(settings, autocommit=True) as raw, inside(office, place):

        def wanted(n: int) -> list[tuple[UUID, list[Key]]]:
            numbers = [(n * NEW + at) * 31 % size for at in range(NEW)]
            return [(UUID(int=2**100 + at), keys(title_words(" ".join(language.base(at))))) for at in numbers]

        def ours(n: int) -> object:
            return _closed(lambda: candidates(wanted(n)))

        def bare(n: int) -> object:
            return [raw.execute(LOOK, [place.id, own[0].value]).fetchall() for _, own in wanted(n)]

        yield Pair(ours, bare, raw.info.backend_pid)


def _as_the_page_asks() -> object:
    chosen, found = queries.Filter(), queries.facets()
    return found, queries.total(chosen, found), queries.page(chosen)


def _closed(work: Callable[[], object]) -> object:
    """Do work behind the door, in a transaction of its own."""
    try:
        open_door()
        return work()
    finally:
        db.session.commit()
        db.session.remove()
