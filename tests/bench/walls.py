"""What the walls between tenants cost on a database of the whole country: four ratios, and the plan of every statement.

A ratio of 1 would be a house without walls. Read docs/bench.md before comparing figures.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from flask import Flask

from ppid_saas.settings import Settings
from tests.bench import _bare as bare
from tests.bench._country import (
    ITEMS,
    UNITS_PER_REGION,
    Place,
    backends,
    connect,
    country,
    places,
    refresh,
    superuser,
    whole_reads,
)
from tests.bench._office import bearer, call, cookie, office_app, watch
from tests.bench._pairs import Pair, ratio
from tests.bench._plans import judge_all, noted_statements
from tests.bench._query_pair import bound_pair, entered_pair

TENANTS = int(os.environ.get("PPID_BENCH_TENANTS", "28000"))
SAMPLE = 200
SECONDS = 60.0
BARS = {"list_query": 0.75, "list_request": 0.6, "list_page": 0.6, "item_page": 0.5}
REF = 7


def run(seconds: float | None = None, seed: int = 1) -> dict[str, Any]:
    """Fill the country, measure each pair for its share of the time, then explain every statement."""
    statements = noted_statements()
    regions = max(1, TENANTS // UNITS_PER_REGION)
    with country(regions) as settings:
        chosen = places(settings, SAMPLE, seed)
        before = whole_reads(settings)
        figures = _measure(settings, chosen, (seconds or SECONDS) / len(PAIRS))
        return {
            "units": regions * UNITS_PER_REGION,
            "centrals": regions,
            "items_each": ITEMS,
            **figures,
            "tables_read_whole_meanwhile": dict(whole_reads(settings) - before),
            "plans": judge_all(settings, seed, statements),
        }


def _measure(settings: Settings, chosen: list[Place], share: float) -> dict[str, Any]:
    figures = {}
    with office_app(settings) as office:
        for name, pair in PAIRS.items():
            refresh(settings, chosen)
            with pair(settings, office, chosen) as measured:
                figures[name] = ratio(measured, share, lambda: backends(settings))
            if name in BARS:
                figures[name]["bar"] = BARS[name]
    return figures


@contextmanager
def _list_query(settings: Settings, _: Flask, chosen: list[Place]) -> Iterator[Pair]:
    with bound_pair(settings, chosen) as pair:
        yield pair


@contextmanager
def _list_query_with_session(settings: Settings, _: Flask, chosen: list[Place]) -> Iterator[Pair]:
    with entered_pair(settings, chosen) as pair:
        yield pair


@contextmanager
def _list_request(settings: Settings, office: Flask, chosen: list[Place]) -> Iterator[Pair]:
    def address(place: Place) -> tuple[str, dict[str, str]]:
        return f"/api/v1/{place.region}/u/{place.slug}/items?limit=40", bearer(place.key)

    with connect(settings, "app_tenant") as connection:
        connection.read_only = True
        yield _pair(
            office, chosen, address, connection, lambda notes: bare.list_api(connection, notes), same=True
        )


@contextmanager
def _list_page(settings: Settings, office: Flask, chosen: list[Place]) -> Iterator[Pair]:
    with connect(settings, "app_tenant") as connection:
        connection.read_only = True
        yield _pair(
            office,
            chosen,
            _list_address(office),
            connection,
            lambda notes: bare.list_page(office, connection, notes),
        )


@contextmanager
def _list_page_against_json(settings: Settings, office: Flask, chosen: list[Place]) -> Iterator[Pair]:
    with connect(settings, "app_tenant") as connection:
        connection.read_only = True
        yield _pair(
            office,
            chosen,
            _list_address(office),
            connection,
            lambda notes: bare.list_as_json(connection, notes),
        )


@contextmanager
def _item_page(settings: Settings, office: Flask, chosen: list[Place]) -> Iterator[Pair]:
    def address(place: Place) -> tuple[str, dict[str, str]]:
        return f"/{place.region}/u/{place.slug}/butir/{REF}", cookie(office, place.session)

    ids = {(place.region, place.slug): place.id for place in chosen}
    with superuser(settings, autocommit=True) as connection:
        yield _pair(
            office, chosen, address, connection, lambda notes: bare.item_page(office, connection, notes, ids)
        )


def _list_address(office: Flask) -> Callable[[Place], tuple[str, dict[str, str]]]:
    return lambda place: (f"/{place.region}/u/{place.slug}/butir", cookie(office, place.session))


def _pair(
    office: Flask,
    chosen: list[Place],
    address: Callable[[Place], tuple[str, dict[str, str]]],
    connection: psycopg.Connection[Any],
    make: Callable[[bare.Notebook], Flask],
    *,
    same: bool = False,
) -> Pair:
    """Note each place's request once, build the bare app from the notes, and return both as works; `same` compares answers."""
    addresses = [address(place) for place in chosen]
    notebook = {
        (place.region, place.slug): watch(office, *where)
        for place, where in zip(chosen, addresses, strict=True)
    }
    other = make(notebook)
    if same and call(office, *addresses[0]) != call(other, *addresses[0]):
        raise RuntimeError("the bare view answers something else")

    def ours(n: int) -> object:
        return call(office, *addresses[n % len(addresses)])

    def theirs(n: int) -> object:
        return call(other, *addresses[n % len(addresses)])

    return Pair(ours, theirs, connection.info.backend_pid)


PAIRS: dict[str, Any] = {
    "list_query": _list_query,
    "list_query_with_session": _list_query_with_session,
    "list_request": _list_request,
    "list_page": _list_page,
    "list_page_against_json": _list_page_against_json,
    "item_page": _item_page,
}
