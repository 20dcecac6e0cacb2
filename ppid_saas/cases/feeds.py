"""A person's deadlines for her own calendar program: an address she can revoke, and events whose titles hold codes only."""

from collections.abc import Sequence
from datetime import timedelta

import icalendar
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.verbs import actor, command, query
from ppid_saas.cases import queries
from ppid_saas.cases.models import CalendarFeed, Obligation
from ppid_saas.events.service import record
from tenants import clock, context
from tenants.db import db
from tenants.http import hash_token, new_token

MOST = 500


@query("calendar.read")
def mine() -> CalendarFeed | None:
    """Return the acting person's address here, without what opens it."""
    return db.session.get(CalendarFeed, (context.tenant_id(), actor().person_id))


@command("calendar.read")
def make() -> str:
    """Make an address for the acting person and return its secret, shown once; an older one stops working."""
    token = new_token()
    values = {"hash": hash_token(token), "made_at": clock.now()}
    written = insert_or_update(CalendarFeed).values(person_id=actor().person_id, **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["tenant_id", "person_id"], set_=values))
    record("calendar.feed_made", actor().person_id)
    return token


@command("calendar.read")
def revoke() -> None:
    """Take the acting person's address back; whoever has it reads nothing more."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == actor().person_id))
    record("calendar.feed_revoked", actor().person_id)


@query("calendar.read")
def shown_duties(most: int) -> Sequence[Obligation]:
    """Return what is owed and until when, without what only reminds."""
    return [duty for duty in queries.open_duties(4 * most) if not _only_reminds(duty)][:most]


def _only_reminds(duty: Obligation) -> bool:
    return (duty.counted == "fixed" and duty.n == 0) or duty.kind.startswith("reopening.notice_")


@query("calendar.read")
def written(origin: str) -> bytes:
    """Return the open deadlines of the bound tenant as iCalendar, each on its day."""
    who = actor()
    root = f"{origin}/{who.region}/pusat" if who.kind == "central" else f"{origin}/{who.region}/u/{who.slug}"
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//PPID//Tenggat//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Tenggat {who.slug}")
    for duty in shown_duties(MOST):
        calendar.add_component(_event(duty, root))
    return bytes(calendar.to_ical())


def _event(duty: Obligation, root: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{duty.id}@ppid")
    event.add("dtstamp", clock.now())
    event.add("dtstart", duty.due_on)
    event.add("dtend", duty.due_on + timedelta(days=1))
    event.add("summary", f"Tenggat {str(duty.id)[-6:].upper()} · {duty.source}")
    event.add("url", f"{root}/kalender/tenggat/{duty.id}")
    return event
