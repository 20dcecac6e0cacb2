"""A unit with three items, a room with two shelves and a box, and papers that lie there."""

from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest

from ppid_saas.places import queries, service
from tests.fixtures.walk import fill
from tests.fixtures.world import World
from tests.tenancy.rows import url


@dataclass(frozen=True)
class Archive:
    """Who keeps it, and the ids of places and papers by code and number."""

    world: World
    who: str
    region: str
    places: dict[str, UUID]
    papers: dict[int, UUID]

    @property
    def path(self) -> str:
        return f"{self.world.path(self.who)}/tempat"

    def sql(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(url(self.world.settings, "postgres")) as conn:
            return conn.execute(query, values).fetchall()

    def label(self, code: str) -> str:
        with self.world.acting(self.who):
            return queries.place(self.places[code]).label

    def where(self, n: int) -> str:
        with self.world.acting(self.who):
            return queries.place(queries.paper(self.papers[n]).place_id).code


@pytest.fixture
def archive(fresh_world: World) -> Archive:
    region = next(region for region, _ in fresh_world.tenants)
    who = f"petugas.dinkes@{region}"
    fill(fresh_world, who)
    with fresh_world.acting(who):
        [room] = service.add_places("room", "", "A", "Ruang arsip")
        shelves = service.add_places("shelf", "A", "A-01", "", 2)
        [box] = service.add_places("box", "A-01", "A-01-01")
        made = [service.add_holding(ref, "A-01-01") for ref in (1, 2)]
        made.append(service.add_holding(3, "A-02", "Lampiran peta", 12))
        places = {place.code: place.id for place in (room, *shelves, box)}
        papers = {holding.n: holding.id for holding in made}
    return Archive(fresh_world, who, region, places, papers)
