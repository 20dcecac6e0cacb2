"""The verbs of PPID Utama's test: take items up, write their sheets, and pass the round on to the board or end it.

The board's part is in `board`, meetings in `sittings`. Entries change state by `consolidation.moving.move` alone.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts import queries as accounts
from ppid_saas.cases.rules import day_of
from ppid_saas.consequence_tests import queries, walking
from ppid_saas.consequence_tests.models import Opinion, Round, Sheet
from ppid_saas.consequence_tests.rules import (
    LEADS_TO,
    NAMED_TRIGGERS,
    NO_ITEM,
    OF_BALANCE,
    OUTCOMES,
    STARTS,
    STAYS_CLOSED,
    TRIGGERS,
    TURN_OF,
    WRITTEN,
    lacking,
    quorum_of,
)
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.moving import move
from ppid_saas.consolidation.rewriting import rewrite
from ppid_saas.events.service import record
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.queries import central
from tenants import clock
from tenants.db import db, new_id

PASSED = say("Putaran uji ini sudah disampaikan. Muat ulang halaman.")
SUMMARY = say("Ada isian yang perlu diperbaiki.")


@command("test.write")
def open_for(submission_id: UUID) -> None:
    """Begin the round of a submission on receipt, its clock running, where the region tests by an SOP.

    Source: SOP 01/SOP-PPID baris 2.
    """
    row = central.one(submission_id)
    if not walking.is_demanded() or row.withdrawal or row.submission.is_nil:
        return
    submissions.serialise(submission_id)
    if db.session.execute(select(Round.id).where(Round.id == submission_id)).first():
        return
    title = f"{row.submission.sender_name}, {row.submission.number}"
    since = day_of(row.submission.submitted_at, actor().zone)
    open_round(submission_id, title, "routine", "", since, submission_id)


def open_round(
    round_id: UUID, title: str, trigger: str, note: str, since: date, submission_id: UUID | None = None
) -> Round:
    """Begin a round with its case; what is tested in it comes apart. Joins a running command."""
    made = Round(
        id=round_id, title=title, submission_id=submission_id, trigger=trigger, trigger_note=note,
        opened_at=clock.now(), opened_by=actor().person_name,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    walking.begin(round_id, since)
    return made


@command("test.write")
def take_up_accepted(submission_id: UUID) -> None:
    """Take what the review of a submission accepted into its round; a round that tests nothing ends."""
    found = db.session.execute(select(Round).where(Round.id == submission_id)).scalar_one_or_none()
    if found is None or found.passed_at is not None:
        return
    accepted = select(Entry.item_id).where(Entry.submission_id == submission_id, Entry.state == "accepted")
    ids = list(db.session.execute(accepted).scalars())
    skip = set(ids) - queries.untested(ids).keys()
    _take_up(found, [one for one in ids if one not in skip])
    if not queries.sheets([submission_id]):
        close(found)


@command("test.write")
def begin(item_ids: Sequence[UUID], trigger: str = "routine", note: str = "") -> Round:
    """Take items up for a test of their own: routine, at a request, or on a Majelis' order.

    Source: Perki 1/2021 Ps 49(1).
    """
    if trigger not in TRIGGERS:
        raise InvalidError(SUMMARY, {"trigger": [say("Pilih pemicu uji.")]})
    if not item_ids:
        raise InvalidError(NO_ITEM, {"items": [NO_ITEM]})
    title = _title(item_ids)
    if trigger in NAMED_TRIGGERS and not note.strip():
        message = say("Tulis nomor dan tanggal permohonan atau perintahnya.")
        raise InvalidError(message, {"note": [message]})
    today = clock.today(actor().zone)
    made = open_round(new_id(), title, trigger, note.strip(), today)
    _take_up(made, item_ids)
    return made


def _title(item_ids: Sequence[UUID]) -> str:
    first = db.session.execute(select(Entry.title).where(Entry.item_id == item_ids[0])).scalar()
    if first is None:
        raise NotFoundError
    return first if len(item_ids) == 1 else f"{first} (+{len(item_ids) - 1})"


def _take_up(made: Round, item_ids: Collection[UUID]) -> None:
    """Move the entries under test; the first version of each sheet is what the unit wrote itself."""
    due_on = queries.due_of(walking.case_of(made.id)).due
    chosen = move(item_ids, "in_test", turn="central", due_on=due_on, frm=STARTS) if item_ids else ()
    rows = [
        {
            "round_id": made.id, "item_id": entry.item_id, "version": 1, "stage": "unit", "hash": entry.hash,
            "body": entry.body, "outcome": OF_BALANCE.get(entry.body.get("balance") or "", ""),
            "reason": entry.body.get("balance_reason") or "", "author": entry.sender_name, "at": clock.now(),
        }
        for entry in chosen
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(Sheet), rows)
        data = {"items": len(rows), "due_on": due_on and due_on.isoformat()}
        record("test.begun", made.id, data)


def locked(round_id: UUID) -> Round:
    """Return a round that is still tested here, locked until the command ends."""
    chosen = select(Round).where(Round.id == round_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    if found.passed_at is not None:
        raise ConflictError(PASSED)
    return found


@command("test.write")
def write_sheet(
    round_id: UUID, item_id: UUID, said: dict[str, Any], outcome: str, reason: str, version: int
) -> Sheet:
    """Write the next version of a sheet; without an outcome the test goes on. Refused when someone was faster.

    Source: Perki 1/2021 Ps 49(2); SOP 01/SOP-PPID baris 2.
    """
    locked(round_id)
    newest = queries.line(round_id, item_id).sheet
    if newest.version != version:
        message = say("%(name)s mengubah lembar ini lebih dulu.", name=newest.author)
        raise ConflictError(message, {"version": [message]})
    body = tested_body(newest.body, said, outcome)
    found = lacking(body, outcome, reason) if outcome else {}
    if found:
        raise InvalidError(SUMMARY, found)
    made = next_version(newest, body, outcome, reason.strip())
    record("test.written", item_id, {"round": str(round_id), "outcome": outcome})
    return made


def tested_body(before: dict[str, Any], said: dict[str, Any], outcome: str) -> dict[str, Any]:
    """Return the item's body with what was written anew; a partly open item is closed in part."""
    body = before | {name: said[name] for name in (*WRITTEN, "participants") if name in said}
    return body | ({"part": "part"} if outcome == "partly_open" else {})


def next_version(newest: Sheet, body: dict[str, Any], outcome: str, reason: str) -> Sheet:
    made = Sheet(
        round_id=newest.round_id, item_id=newest.item_id, version=newest.version + 1, stage=queries.STAGE,
        hash=newest.hash, body=body, outcome=outcome, reason=reason, author=actor().person_name, at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


@command("test.write")
def follow_units(round_id: UUID, item_ids: Collection[UUID] | None = None) -> int:
    """Take over what the units' own tests came to, where nothing is lacking and nobody has written anything else yet."""
    locked(round_id)
    done = 0
    for line in queries.lines(round_id):
        sheet = line.sheet
        wanted = item_ids is None or sheet.item_id in item_ids
        if wanted and can_follow(sheet):
            next_version(sheet, tested_body(sheet.body, {}, sheet.outcome), sheet.outcome, sheet.reason)
            done += 1
    if done:
        record("test.followed", round_id, {"items": done})
    return done


def can_follow(sheet: Sheet) -> bool:
    """Say whether a unit's own test stands as it is."""
    return sheet.stage == "unit" and not lacking(sheet.body, sheet.outcome, sheet.reason)


@command("test.write")
def pass_on(round_id: UUID, quorum: int = 0) -> Round:
    """End PPID Utama's test: what stays closed goes to the board, the rest is open or deferred from here.

    Source: SOP 01/SOP-PPID baris 2, 3; UU 14/2008 Ps 19.
    """
    made, found = locked(round_id), queries.lines(round_id)
    left = sum(not line.outcome for line in found)
    if left or not found:
        raise ConflictError(counted("%(num)s butir belum ada hasil ujinya.", left))
    closed = [line for line in found if line.outcome in STAYS_CLOSED]
    if closed:
        _to_board(made, quorum)
    else:
        close(made)
    due_on = queries.due_of(walking.case_of(round_id)).due
    for outcome in OUTCOMES:
        mine = [line for line in found if line.outcome == outcome]
        if mine:
            _lead(mine, outcome, due_on)
    data = {"items": len(closed), "due_on": due_on and due_on.isoformat()}
    record("board.asked" if closed else "test.ended", round_id, data)
    return made


def _to_board(made: Round, quorum: int) -> None:
    members = sum("board_member" in person.roles for person in accounts.people())
    if not members:
        raise ConflictError(
            say(
                "Tim Pertimbangan belum punya anggota. Minta administrator mengundang anggotanya lebih dahulu."
            )
        )
    wanted = quorum or int(actor().settings.get("quorum") or 0)
    made.members, made.quorum, made.passed_at = members, quorum_of(members, wanted), clock.now()
    walking.step(walking.case_of(made.id), "test_at_central")


def close(made: Round) -> None:
    """End a round in which nothing is left to test."""
    made.passed_at = made.advised_at = clock.now()
    walking.step(walking.case_of(made.id), "end_open")


def _lead(mine: Sequence[queries.Line], outcome: str, due_on: date | None) -> None:
    to = LEADS_TO[outcome]
    told = due_on if to == "at_board" else None
    bodies = {line.sheet.item_id: line.sheet.body for line in mine}
    for entry in move(list(bodies), to, turn=TURN_OF[to], due_on=told, frm=("in_test",)):
        if entry.body != bodies[entry.item_id]:
            rewrite(entry, bodies[entry.item_id])


@command("test.write")
def call_back(round_id: UUID) -> None:
    """Take a round back from the board while nobody has given a view; its items are under test again."""
    chosen = select(Round).where(Round.id == round_id).with_for_update()
    made = db.session.execute(chosen).scalar_one_or_none()
    if made is None:
        raise NotFoundError
    given = (
        select(Opinion.item_id).where(Opinion.round_id == round_id, Opinion.given_at.is_not(None)).limit(1)
    )
    if db.session.execute(given).first():
        raise ConflictError(
            say("Anggota Tim sudah memberi pertimbangan; putaran ini tidak dapat ditarik kembali.")
        )
    due_on = walking.step(walking.case_of(round_id), "call_back")
    made.passed_at, made.quorum, made.members = None, 0, 0
    ids = [line.entry.item_id for line in queries.lines(round_id)]
    move(ids, "in_test", turn="central", due_on=due_on, frm=("at_board", "not_exempt", "deferred"))
    record("test.called_back", round_id, {"items": len(ids)})
