"""More people than the usual cast: roles that stand in a tenant where one does not expect them."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from ppid_saas.accounts import provisioning
from tests.fixtures.world import World, email_of, platform

Join = Callable[..., str]


@pytest.fixture
def join() -> Join:
    """Make a person with one role in each of the named places of a region; returns how to call her."""

    def make(world: World, name: str, region: str, **roles: str) -> str:
        who, *_ = (f"{name}.{slug}@{region}" if slug != "pusat" else f"{name}@{region}" for slug in roles)
        with platform(world.settings) as connection:
            for slug, role in roles.items():
                provisioning.add_member(connection, world.tenants[region, slug], email_of(who), name, role)
            found = connection.execute(
                text("select id from identity.person where email = :email"), {"email": email_of(who)}
            )
            world.people[who] = found.scalar_one()
        return who

    return make
