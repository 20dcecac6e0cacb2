"""Read what was told to the signed-in person, how she wants to be told, and what became of the mails. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, text

from ppid_saas.access.verbs import actor, query
from ppid_saas.notifications import rules
from ppid_saas.notifications.kinds import KINDS
from ppid_saas.notifications.models import Mailing, Notice, NoticeChoice
from tenants.db import db

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as a page shows it."""

    notice: Notice
    topic: str
    title: str
    line: str


def members() -> Sequence[Row[Any]]:
    """Return the bound tenant's people: id, name, email, roles; for whoever writes to them."""
    return db.session.execute(text("select * from door.people() order by name")).all()


def name_of(tenant_id: UUID) -> str:
    """Return the name of a counterpart, or nothing when it is none any more."""
    named = text("select name from door.tenants() where id = :id")
    return str(db.session.execute(named, {"id": tenant_id}).scalar() or "")


def _mine() -> ColumnElement[bool]:
    return Notice.person_id == actor().person_id


@query("space.see")
def unread() -> int:
    """Return how many notices the person has not read in this space."""
    return db.session.execute(select(func.count()).where(_mine(), Notice.read_at.is_(None))).scalar_one()


def _chosen(topic: str, *, only_unread: bool) -> list[ColumnElement[bool]]:
    found = [_mine()]
    if only_unread:
        found.append(Notice.read_at.is_(None))
    if topic:
        found.append(Notice.kind.in_([key for key, kind in KINDS.items() if kind.topic == topic]))
    return found


@query("space.see")
def count(topic: str = "", *, only_unread: bool = False) -> int:
    """Return how many notices a filter leaves."""
    counted = select(func.count()).where(*_chosen(topic, only_unread=only_unread))
    return db.session.execute(counted).scalar_one()


@query("space.see")
def page(topic: str, number: int, *, only_unread: bool) -> list[Shown]:
    """Return one page of the person's notices, newest first."""
    chosen = select(Notice).where(*_chosen(topic, only_unread=only_unread)).order_by(Notice.id.desc())
    rows = db.session.execute(chosen.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).scalars()
    return [shown(row) for row in rows]


def shown(notice: Notice) -> Shown:
    """Return a notice with its words; one of a kind that is told no more says so much."""
    kind = KINDS.get(notice.kind)
    if kind is None:
        return Shown(notice, "", notice.kind, "")
    return Shown(
        notice, kind.topic, rules.said(kind.title, notice.data), rules.line(kind, notice.data)
    )  # fmt: skip


@query("space.see")
def choices() -> dict[str, str]:
    """Return how the person wants to be mailed, by topic, where she has said so."""
    return choices_of([actor().person_id]).get(actor().person_id, {})


def choices_of(people: Sequence[UUID | None]) -> dict[UUID | None, dict[str, str]]:
    """Return what each of some people has chosen."""
    rows = db.session.execute(select(NoticeChoice).where(NoticeChoice.person_id.in_(people))).scalars()
    found: dict[UUID | None, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row.person_id, {})[row.topic] = row.mail
    return found


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail as the administrator sees it: to whom, never what it said."""

    mailing: Mailing
    name: str
    email: str


@query("mailing.read")
def mailings(state: str, number: int) -> list[Sent]:
    """Return one page of the tenant's mails, newest first."""
    known = {row.id: row for row in members()}
    chosen = select(Mailing).where(*_in_state(state)).order_by(Mailing.id.desc())
    rows = db.session.execute(chosen.limit(PER_PAGE).offset((number - 1) * PER_PAGE)).scalars()
    return [_sent(row, known.get(row.person_id)) for row in rows]


def _sent(row: Mailing, person: Row[Any] | None) -> Sent:
    return Sent(row, person.name if person else "", person.email if person else "")


def _in_state(state: str) -> list[ColumnElement[bool]]:
    return [Mailing.state == state] if state else []


@query("mailing.read")
def deliveries_by_state() -> dict[str, int]:
    """Return how many mails are in each state."""
    rows = db.session.execute(select(Mailing.state, func.count()).group_by(Mailing.state)).all()
    return {row[0]: row[1] for row in rows}
