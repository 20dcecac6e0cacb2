"""The reviewer's desk: turns, answers that can be taken back, marks that fall when an item changes, few statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.accounts import provisioning
from ppid_saas.consolidation import notes, queries, service
from ppid_saas.consolidation.queries.inbox import inbox
from ppid_saas.consolidation.queries.reviews import Shown, desk, reasons
from ppid_saas.consolidation.rules import REASONS, Reason
from ppid_saas.register import queries as register_queries
from ppid_saas.register import service as register
from ppid_saas.submissions.models import Submission
from ppid_saas.submissions.queries import central, unit
from ppid_saas.submissions.service import Verdict
from tenants.db import transaction
from tests.fixtures import walk
from tests.fixtures.world import World, email_of, platform

UNIT = "petugas.dinkes"


@pytest.fixture
def region(fresh_world: World) -> str:
    return next(region for region, slug in fresh_world.tenants if slug == "pusat")


@pytest.fixture
def second(fresh_world: World, region: str) -> str:
    """A second reviewer: the head, who also holds the officer's role."""
    who = f"kabid@{region}"
    with platform(fresh_world.settings) as connection:
        tenant = fresh_world.tenant(who)
        provisioning.add_member(connection, tenant, email_of(who), "Kabid pusat", "central_officer")
    return who


def handed_in(world: World, region: str, round_: int = 1, collection: UUID | None = None) -> Submission:
    sent = walk.send(world, f"{UNIT}@{region}", collection or walk.open_collection(world, region), round_)
    world.drain()
    return sent


def change(world: World, region: str, ref: int, **more: Any) -> None:
    with world.acting(f"{UNIT}@{region}"):
        kept = register_queries.item(ref)
        register.save_item({**kept.body, **more}, ref, kept.version)


def test_a_review_is_taken_once_and_taken_over_with_a_reason(
    fresh_world: World, region: str, second: str
) -> None:
    walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = handed_in(fresh_world, region)
    first = f"pusat@{region}"
    with fresh_world.acting(first):
        assert [(row.turn, row.due.band != "tanpa-batas") for row in inbox()] == [(None, True)]
        service.take(sent.id)
        service.take(sent.id)
        assert desk(sent.id).turn.n == 1
        assert {entry.state for entry in queries.page(queries.Filter())} == {"in_review"}
    with fresh_world.acting(second):
        assert [row.turn.name for row in inbox()] == ["Pusat pusat"]
        with pytest.raises(ConflictError, match="Sedang diperiksa Pusat pusat"):
            service.accept_remaining(sent.id)
        with pytest.raises(InvalidError):
            service.take(sent.id, "  ")
        service.take(sent.id, "Petugas sedang cuti.")
        assert (desk(sent.id).turn.n, desk(sent.id).turn.mine) == (2, True)
        assert service.accept_remaining(sent.id) == 3
    with fresh_world.acting(first), pytest.raises(ConflictError, match="Ambil alih"):
        service.finish(sent.id)


def test_nothing_reaches_the_unit_before_the_review_is_finished(fresh_world: World, region: str) -> None:
    ids = walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = handed_in(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        service.decide(sent.id, [Verdict(ids[0], "returned", "Sebutkan dokumennya.")])
        service.accept_remaining(sent.id)
    fresh_world.drain()
    with fresh_world.acting(f"{UNIT}@{region}"):
        assert unit.to_mend() == []
        assert {status.state for status in unit.statuses(ids).values()} == {"received"}
    with fresh_world.acting(f"pusat@{region}"):
        assert central.decisions_of(sent) == {}
        assert service.finish(sent.id)
        with pytest.raises(ConflictError, match="sudah selesai"):
            service.undo(sent.id, item_id=ids[0])
    fresh_world.drain()
    with fresh_world.acting(f"{UNIT}@{region}"):
        assert [one.note for one in unit.to_mend()] == ["Sebutkan dokumennya."]


def test_every_action_can_be_taken_back_last_one_first(fresh_world: World, region: str) -> None:
    ids = walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = handed_in(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        service.decide(sent.id, [Verdict(ids[0], "returned", "Ulangi.")])
        assert service.accept_remaining(sent.id) == 2
        assert desk(sent.id).last[1:] == (2, "accepted")
        assert service.undo(sent.id, action_id=desk(sent.id).last[0]) == 2
        assert desk(sent.id).last[1:] == (1, "returned")
        assert service.undo(sent.id, item_id=ids[0]) == 1
        assert (desk(sent.id).last, desk(sent.id).left) == (None, 3)
        assert service.undo(sent.id, item_id=ids[0]) == 0
        assert {line.row.note for line in queries.review(sent.id).lines} == {""}
        with pytest.raises(ConflictError, match="3 butir belum diperiksa"):
            service.finish(sent.id)


def test_an_item_of_another_submission_is_not_answered_here(fresh_world: World, region: str) -> None:
    walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = handed_in(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        with pytest.raises(NotFoundError):
            service.decide(sent.id, [Verdict(UUID(int=7), "accepted")])
        with pytest.raises(NotFoundError):
            notes.mark(sent.id, UUID(int=7), viewed=True)
        with pytest.raises(NotFoundError):
            notes.note_under_review(sent.id, UUID(int=7), "x")


def test_only_what_changed_is_open_and_the_mark_falls_with_the_change(
    fresh_world: World, region: str
) -> None:
    """A year on: one item extended, one untouched, one new. Sent back and mended, the extended one is to be seen anew."""
    ids = walk.fill(fresh_world, f"{UNIT}@{region}", walk.TITLES[:2])
    first = handed_in(fresh_world, region)
    walk.accept_all(fresh_world, region, first.id)
    again = walk.open_collection(fresh_world, region, "Tahun berikutnya")
    fresh_world.drain()
    change(fresh_world, region, 1, period={"kind": "fixed", "value": 7, "unit": "year"})
    walk.fill(fresh_world, f"{UNIT}@{region}", walk.TITLES[2:])
    sent = handed_in(fresh_world, region, collection=again)
    with fresh_world.acting(f"pusat@{region}"):
        review = queries.review(sent.id)
        assert [line.kind for line in review.lines] == ["changed", "same", "new"]
        assert review.lines[0].flags == ["Masa pengecualian diperpanjang 24 bulan. Minta uji ulang?"]
        assert len(queries.review(sent.id, Shown("baru")).lines) == 2
        for line in review.lines:
            notes.mark(sent.id, line.item_id, viewed=True)
        assert desk(sent.id).counts.examined == 2
        assert queries.review(sent.id, Shown("semua", hide=True)).lines == []
        service.decide(sent.id, [Verdict(ids[0], "returned", "Jelaskan perpanjangannya.")])
        service.accept_remaining(sent.id)
        service.finish(sent.id)
    fresh_world.drain()
    change(
        fresh_world, region, 1, harm="Pasien dapat dikenali. Akibatnya tidak dapat dipulihkan bagi siapa pun."
    )
    mended = handed_in(fresh_world, region, 2, again)
    with fresh_world.acting(f"pusat@{region}"):
        line = queries.review(mended.id).lines[0]
        assert (line.kind, line.viewed, line.examined) == ("changed", False, False)
        assert line.asked == "Jelaskan perpanjangannya."
        assert "diperpanjang 24 bulan" in line.flags[0], (
            "compared with what was accepted, not with what came back"
        )


def test_what_was_accepted_once_is_not_asked_again(fresh_world: World, region: str) -> None:
    """A title that names somebody is asked about until it is accepted, and what came back unchanged is told."""
    ids = walk.fill(fresh_world, f"{UNIT}@{region}", ["Rekam medis dr. Sulaiman", "Arsip dr. Sulaiman"])
    asked, unchanged = "Judul tampaknya memuat nama orang.", "Dikirim ulang tanpa perubahan."
    first = handed_in(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        assert [line.flags for line in queries.review(first.id).lines] == [[asked], [asked]]
        service.take(first.id)
        service.decide(first.id, [Verdict(ids[1], "returned", "Tanpa nama.")])
        service.accept_remaining(first.id)
        service.finish(first.id)
    fresh_world.drain()
    mended = handed_in(fresh_world, region, 2, first.collection_id)
    with fresh_world.acting(f"pusat@{region}"):
        assert [line.flags for line in queries.review(mended.id).lines] == [[asked, unchanged]]
    walk.accept_all(fresh_world, region, mended.id)
    again = walk.open_collection(fresh_world, region, "Tahun berikutnya")
    fresh_world.drain()
    sent = handed_in(fresh_world, region, collection=again)
    with fresh_world.acting(f"pusat@{region}"):
        assert [(line.kind, line.flags) for line in queries.review(sent.id).lines] == [("same", [])] * 2


def test_a_mark_is_the_reviewers_own_and_can_be_taken_away(
    fresh_world: World, region: str, second: str
) -> None:
    ids = walk.fill(fresh_world, f"{UNIT}@{region}")
    sent = handed_in(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        notes.mark(sent.id, ids[0], viewed=True)
        notes.mark(sent.id, ids[0], viewed=True)
        assert [line.viewed for line in queries.review(sent.id).lines] == [True, False, False]
    with fresh_world.acting(second):
        assert not any(line.viewed for line in queries.review(sent.id).lines)
    with fresh_world.acting(f"pusat@{region}"):
        notes.mark(sent.id, ids[0], viewed=False)
        assert desk(sent.id).counts.examined == 0


def test_the_reasons_are_the_centrals_own(fresh_world: World, region: str) -> None:
    with fresh_world.acting(f"pusat@{region}"):
        assert reasons() == list(REASONS)
        notes.keep_reasons([Reason("Lampiran", "Lampirkan lembar pertimbangannya.")])
        notes.keep_reasons([Reason("Berkas", "Lampirkan berkasnya.")])
        assert [reason.label for reason in reasons()] == ["Berkas"]
        notes.keep_reasons([])
        assert reasons() == list(REASONS)


@contextmanager
def counting() -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def test_two_thousand_items_are_first_seen_in_six_statements_and_one_page(
    fresh_world: World, region: str
) -> None:
    with fresh_world.acting(f"{UNIT}@{region}"), transaction():
        register.put_items([walk.body(f"Berkas layanan nomor {n}") for n in range(2000)])
    sent = handed_in(fresh_world, region)
    client, place = fresh_world.client(f"pusat@{region}"), f"/{region}/pusat/pengajuan/{sent.id}"
    client.get(place)
    with counting() as said:
        page = client.get(place).get_data(as_text=True)
    assert len(said) <= 6, said
    assert page.count("<article") == 20
    assert "Diperiksa 0 dari 2.000" in page
    with counting() as said:
        assert client.get(f"{place}?tampil=semua&hal=100").get_data(as_text=True).count("<article") == 20
    assert len(said) <= 6
    with counting() as said:
        client.get(f"/{region}/pusat/pengajuan")
    assert len(said) <= 6, said
