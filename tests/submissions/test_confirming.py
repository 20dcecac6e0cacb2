"""Where a unit asks for it, nothing goes out that its head has not confirmed as it stands."""

from uuid import UUID

import pytest

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.register import queries as register
from ppid_saas.register import service as register_verbs
from ppid_saas.submissions import confirming, service
from ppid_saas.submissions.queries import preparing, unit
from tests.fixtures import walk
from tests.fixtures.world import World


@pytest.fixture
def place(fresh_world: World) -> tuple[World, str, str, UUID]:
    """A unit that asks its head, with a list and an open window."""
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    officer, head = f"petugas.dinkes@{region}", f"kepala.dinkes@{region}"
    collection_id = walk.open_collection(fresh_world, region)
    walk.fill(fresh_world, officer)
    with fresh_world.acting(head):
        confirming.set_rule(needs_head=True)
    return fresh_world, officer, head, collection_id


def mark(world: World, who: str, collection_id: UUID) -> str:
    with world.acting(who):
        return confirming.fingerprint(unit.handing(collection_id))


def test_an_officer_alone_cannot_send(place: tuple[World, str, str, UUID]) -> None:
    world, officer, _, collection_id = place
    with world.acting(officer), pytest.raises(ConflictError, match="dikonfirmasi pimpinannya"):
        service.send(collection_id, 1, declared=True)
    with world.acting(officer):
        assert unit.submissions() == []


def test_the_head_sends_what_the_officer_asked_for(place: tuple[World, str, str, UUID]) -> None:
    world, officer, head, collection_id = place
    with world.acting(officer):
        asked = confirming.ask(collection_id, 1, declared=True)
        assert confirming.ask(collection_id, 1, declared=True).id == asked.id
    read = mark(world, head, collection_id)
    with world.acting(head):
        sent = confirming.confirm(collection_id, 1, read, declared=True)
        assert confirming.confirm(collection_id, 1, read, declared=True).id == sent.id
        assert (sent.submitted_by, sent.confirmed_by) == ("Petugas dinkes", "Kepala dinkes")
        found = preparing.confirmation(collection_id, 1)
        assert found
        assert (found.answer, found.answered_by) == ("confirmed", "Kepala dinkes")


def test_a_list_changed_since_it_was_read_is_read_again(place: tuple[World, str, str, UUID]) -> None:
    world, officer, head, collection_id = place
    with world.acting(officer):
        confirming.ask(collection_id, 1, declared=True)
    read = mark(world, head, collection_id)
    with world.acting(officer):
        item = register.item(1)
        register_verbs.save_item({**item.body, "title": "Judul lain"}, 1, item.version)
    with world.acting(head), pytest.raises(ConflictError, match="berubah sejak Anda membukanya"):
        confirming.confirm(collection_id, 1, read, declared=True)
    with world.acting(head):
        assert unit.submissions() == []


def test_the_head_sends_it_back_with_a_note(place: tuple[World, str, str, UUID]) -> None:
    world, officer, head, collection_id = place
    with world.acting(officer):
        confirming.ask(collection_id, 1, declared=True)
    with world.acting(head):
        with pytest.raises(InvalidError):
            confirming.decline(collection_id, 1, "  ")
        confirming.decline(collection_id, 1, "Lengkapi butir 2.")
    with world.acting(officer):
        found = preparing.confirmation(collection_id, 1)
        assert found
        assert (found.answer, found.note) == ("declined", "Lengkapi butir 2.")
        assert confirming.ask(collection_id, 1, declared=True).id != found.id


def test_a_request_taken_back_waits_for_nobody(place: tuple[World, str, str, UUID]) -> None:
    world, officer, head, collection_id = place
    with world.acting(officer):
        confirming.ask(collection_id, 1, declared=True)
        confirming.cancel(collection_id, 1)
    with world.acting(head), pytest.raises(NotFoundError):
        confirming.decline(collection_id, 1, "Terlambat")


def test_an_unfit_list_is_not_put_before_the_head(place: tuple[World, str, str, UUID]) -> None:
    world, officer, _, collection_id = place
    with world.acting(officer):
        with pytest.raises(InvalidError, match="pernyataan"):
            confirming.ask(collection_id, 1, declared=False)
        register_verbs.save_item({"title": "Butir yang belum lengkap"})
        with pytest.raises(InvalidError, match="perlu diperbaiki"):
            confirming.ask(collection_id, 1, declared=True)


def test_who_may_set_the_rule_and_who_may_confirm(place: tuple[World, str, str, UUID]) -> None:
    world, officer, head, collection_id = place
    with world.acting(officer), pytest.raises(NotFoundError):
        confirming.set_rule(needs_head=False)
    with world.acting(officer), pytest.raises(NotFoundError):
        confirming.confirm(collection_id, 1, "", declared=True)
    with world.acting(head.replace("kepala", "admin")):
        confirming.set_rule(needs_head=False)
    assert walk.send(world, officer, collection_id).confirmed_by == ""
