"""A regency whose KPU office has its own Pembina, Tim Pertimbangan and Atasan PPID, and lists to put to them."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text

from ppid_saas.accounts import provisioning
from ppid_saas.kpu import queries, service
from tests.fixtures import walk
from tests.fixtures.world import World, email_of, platform

THREE = {"pembina": "pembina", "board_member": "tim", "superior": "ketua"}


@dataclass
class Kpu:
    """A world seen from its KPU office: people by what they are there."""

    world: World
    region: str

    @property
    def officer(self) -> str:
        return f"petugas.kpu@{self.region}"

    @property
    def head(self) -> str:
        return f"kepala.kpu@{self.region}"

    def who(self, authority: str) -> str:
        return f"{THREE[authority]}.kpu@{self.region}"

    @property
    def at(self) -> str:
        return f"/{self.region}/u/kpu/persetujuan"

    def fill(self, *titles: str) -> list[UUID]:
        return walk.fill(self.world, self.officer, titles or walk.TITLES)

    def opened(self) -> UUID:
        with self.world.acting(self.officer):
            return service.open_round("Daftar KPU", walk.days(0))

    def asked(self) -> UUID:
        round_id = self.opened()
        self.ask_again(round_id)
        return round_id

    def ask_again(self, round_id: UUID) -> None:
        with self.world.acting(self.officer):
            service.close(round_id)
            kind = queries.doc_types()[0]
            service.classify(round_id, {row.item_id: kind for row in queries.items(round_id)})
            service.ask(round_id)

    def approve(self, round_id: UUID, *authorities: str) -> None:
        for authority in authorities or THREE:
            with self.world.acting(self.who(authority)):
                service.approve(round_id, authority, queries.round_of(round_id).round.sha256)

    def stored(self) -> UUID:
        round_id = self.asked()
        self.approve(round_id)
        with self.world.acting(self.officer):
            service.store(round_id)
        return round_id

    def found(self, round_id: UUID) -> queries.Round:
        with self.world.acting(self.officer):
            return queries.round_of(round_id)


def staffed(world: World, region: str) -> Kpu:
    made = Kpu(world, region)
    with platform(world.settings) as connection:
        for role in THREE:
            who = made.who(role)
            provisioning.add_member(
                connection, world.tenants[region, "kpu"], email_of(who), role.title(), role
            )
            query = text("select id from identity.person where email = :email")
            world.people[who] = connection.execute(query, {"email": email_of(who)}).scalar_one()
    return made


@pytest.fixture
def kpu(fresh_world: World) -> Kpu:
    return staffed(fresh_world, next(region for region, slug in fresh_world.tenants if slug == "kpu"))
