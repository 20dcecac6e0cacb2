"""Items that leave a round because their unit hands them in anew, and come back when it takes that submission back.

What was written of them stays: a drop is one more version of a sheet, and coming back repeats the one before it.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.verbs import actor, command
from ppid_saas.consequence_tests import queries, walking
from ppid_saas.consequence_tests.models import Round, Sheet
from ppid_saas.consequence_tests.rules import DROPPED
from ppid_saas.consequence_tests.service import close, next_version, open_round
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.moving import move
from ppid_saas.consolidation.withdrawing import undo_receive
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.queries import central
from tenants import clock
from tenants.db import among, db, new_id

LEFT_ALONE = ("in_test", "at_board")


@command("test.write")
def drop_handed_in_again(submission_id: UUID) -> None:
    """Let items go that their unit hands in anew before their test ended; a round left without any ends."""
    submissions.serialise(submission_id)
    row = central.one(submission_id)
    if row.withdrawal:
        return
    ids = [item.item_id for item in central.items_of(row.submission)]
    chosen = (
        select(Round)
        .join(Sheet, (Sheet.tenant_id == Round.tenant_id) & (Sheet.round_id == Round.id))
        .where(among(Sheet.item_id, ids), Round.advised_at.is_(None), Round.id != submission_id)
        .distinct()
    )
    for made in db.session.execute(chosen).scalars().all():
        for sheet in queries.sheets([made.id]):
            if sheet.item_id in ids:
                next_version(sheet, sheet.body, DROPPED, row.submission.number)
        if not queries.sheets([made.id]):
            _end_empty(made)


def _end_empty(made: Round) -> None:
    if made.passed_at is None:
        close(made)
        return
    made.advised_at = clock.now()
    for action in ("call_back", "end_open"):
        walking.step(walking.case_of(made.id), action)


@command("test.write")
def end_withdrawn(submission_id: UUID) -> None:
    """End the round of a withdrawn submission; what it took out of older rounds is under test again."""
    undo_receive(submission_id)  # the list first: whichever effect of the withdrawal comes before the other
    row = central.one(submission_id)
    if row.withdrawal is None:
        return
    found = db.session.execute(select(Round).where(Round.id == submission_id)).scalar_one_or_none()
    if found is not None and found.passed_at is None and not queries.sheets([submission_id]):
        close(found)
    ids = [item.item_id for item in central.items_of(row.submission)]
    ended: defaultdict[UUID, list[Sequence[Sheet]]] = defaultdict(list)
    for made, dropped in queries.dropped(ids, row.submission.number):
        versions = queries.versions(made.id, dropped.item_id)
        if made.advised_at is None:
            _repeat(versions[-2], made.id, dropped.version + 1)
        else:
            ended[made.id].append(versions)
    for round_id, sheets in ended.items():
        _begin_anew(queries.one(round_id), sheets)


def _begin_anew(before: Round, sheets: Sequence[Sequence[Sheet]]) -> None:
    """A round that ended does not go on: what is left without one goes into a new round with what was written."""
    ids = [one.item_id for one in consolidation.entries([versions[0].item_id for versions in sheets])
           if one.state in LEFT_ALONE]  # fmt: skip
    if not ids:
        return
    today = clock.today(actor().zone)
    made = open_round(new_id(), before.title, before.trigger, before.trigger_note, today)
    due_on = queries.due_of(walking.case_of(made.id)).due
    move(ids, "in_test", turn="central", due_on=due_on, frm=LEFT_ALONE)
    for versions in sheets:
        if versions[0].item_id in ids:
            for n, one in enumerate(versions[:-1], 1):
                _repeat(one, made.id, n)


def _repeat(sheet: Sheet, round_id: UUID, version: int) -> None:
    db.session.add(
        Sheet(
            round_id=round_id, item_id=sheet.item_id, version=version, stage=sheet.stage, hash=sheet.hash,
            body=sheet.body, outcome=sheet.outcome, reason=sheet.reason, author=sheet.author, at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
