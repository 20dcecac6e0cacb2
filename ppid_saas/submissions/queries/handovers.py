"""Read lists that are split and handed over: the central's side, and what waits for a unit. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts import queries as accounts
from ppid_saas.events.models import Event
from ppid_saas.intake import service as intake
from ppid_saas.submissions.handover_models import Handover, HandoverRow, Split, SplitRow
from ppid_saas.submissions.naming import Guess, guess
from tenants import context
from tenants.db import db

ADOPTED = "handover.adopted"


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the list: how many rows stand under it, some of their titles, and which unit it means."""

    written: str
    rows: int
    titles: Sequence[str]
    guess: Guess | None
    chosen: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """What one unit was handed, and since when it is in its register."""

    unit: str
    items: int
    adopted_at: datetime | None


@query("handover.give")
def splits() -> Sequence[Split]:
    """Return the lists this central brought in, newest first."""
    return db.session.execute(select(Split).order_by(Split.id.desc()).limit(20)).scalars().all()


@query("handover.give")
def split(split_id: UUID) -> Split:
    """Return one of them."""
    found = db.session.get(Split, (context.tenant_id(), split_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("handover.give")
def names_in(found: Split) -> list[Named]:
    """Return every name a list uses for a unit, those to be asked first."""
    units = {row.slug: row.name for row in accounts.units()}
    title = SplitRow.cells["title"].astext
    counted = (
        select(SplitRow.unit, func.count(), func.array_agg(title))
        .where(SplitRow.split_id == found.id)
        .group_by(SplitRow.unit)
        .order_by(func.min(SplitRow.n))
    )
    named = [
        Named(
            written, n, [text for text in titles if text][:3], guess(written, units), found.names.get(written)
        )
        for written, n, titles in db.session.execute(counted)
    ]
    return sorted(named, key=lambda one: (one.guess is not None) + bool(one.guess and one.guess.sure))


@query("handover.give")
def rows_by_name(split_id: UUID) -> dict[str, list[SplitRow]]:
    """Return the rows of a list by the unit's name as written, in order."""
    found: dict[str, list[SplitRow]] = {}
    chosen = select(SplitRow).where(SplitRow.split_id == split_id).order_by(SplitRow.n)
    for row in db.session.execute(chosen).scalars():
        found.setdefault(row.unit, []).append(row)
    return found


@query("handover.give")
def given(split_id: UUID) -> list[Given]:
    """Return what was handed over of a list, by unit."""
    known = accounts.counterparts()
    chosen = select(Handover).where(Handover.writer_id == context.tenant_id(), Handover.split_id == split_id)
    handed = db.session.execute(chosen).scalars().all()
    told = select(Event.subject, func.max(Event.at)).where(
        Event.kind == ADOPTED, Event.subject.in_([row.id for row in handed])
    )
    found = db.session.execute(told.group_by(Event.subject).execution_options(any_readable=True))
    taken = {row[0]: row[1] for row in found}
    rows = [
        Given(known[row.reader_id].name, row.item_count, taken.get(row.id))
        for row in handed
        if row.reader_id in known
    ]
    return sorted(rows, key=lambda row: row.unit)


@query("submission.read")
def handover(handover_id: UUID) -> Handover:
    """Return what the central handed this unit."""
    found = db.session.get(Handover, (actor().recipient_id, context.tenant_id(), handover_id))
    if found is None:
        raise NotFoundError
    return found


@query("submission.read")
def rows_of(found: Handover) -> list[tuple[int, dict[str, str]]]:
    """Return its rows in order."""
    chosen = select(HandoverRow.n, HandoverRow.cells).where(
        HandoverRow.writer_id == found.writer_id,
        HandoverRow.reader_id == context.tenant_id(),
        HandoverRow.handover_id == found.id,
    )
    return [(n, cells) for n, cells in db.session.execute(chosen.order_by(HandoverRow.n))]


@query("submission.read")
def waiting() -> Handover | None:
    """Return the newest list that the central prepared for this unit, while it is not in its register."""
    mine = select(Handover).where(
        Handover.reader_id == context.tenant_id(), Handover.writer_id == actor().recipient_id
    )
    newest = db.session.execute(mine.order_by(Handover.id.desc()).limit(1)).scalar_one_or_none()
    before = intake.adopted(newest.id) if newest else None
    return newest if before is None or before.state != "saved" else None
