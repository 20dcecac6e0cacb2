"""Tell people: once per fact and person, in the product as the record, and on their way into a mail. Sends nothing itself."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_skip

from ppid_saas.access.errors import InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.events.models import Event
from ppid_saas.events.service import record
from ppid_saas.notifications import queries, rules
from ppid_saas.notifications.kinds import KINDS, fact_of, key_of
from ppid_saas.notifications.models import Mailing, Notice, NoticeChoice
from tenants import clock, context
from tenants.db import db, new_id, transaction

KNOWN_TO_DOER = frozenset({"turn", "progress"})  # what she did herself she need not be told
_wakers: list[Callable[[], None]] = []


def wakes(function: Callable[[], None]) -> Callable[[], None]:
    """Register what must see to it that a morning comes when something waits for one."""
    _wakers.append(function)
    return function


def tell(event: Event) -> None:
    """Tell the bound tenant's people of a fact, if anybody is told of it; running it again tells nobody twice."""
    is_own = event.tenant_id == context.tenant_id()
    key = key_of(event.kind, event.data, for_reader=not is_own)
    if key is None:
        return
    told = {**event.data, "actor": event.actor_name}
    with transaction():
        if not is_own:
            told["unit"] = queries.name_of(event.tenant_id)
        page = KINDS[key].page.format(subject=event.subject, n=event.data.get("n"))
        post(
            key,
            fact_of(event.id, event.kind, event.data),
            told,
            event.id,
            page=page,
            but=event.actor if is_own and KINDS[key].topic in KNOWN_TO_DOER else None,
        )


def post(
    kind_key: str,
    fact: str,
    data: Mapping[str, Any],
    event_id: UUID,
    *,
    page: str | None = None,
    but: UUID | None = None,
) -> int:
    """Write one notice to each person whose role it concerns, inside the running transaction; returns how many were new.

    `fact` keeps it from being told twice, `event_id` is whose effect carries the mails, `but` whoever did it herself.
    """
    kind = KINDS[kind_key]
    people = [one for one in queries.members() if kind.roles & set(one.roles) and one.id != but]
    chosen = queries.choices_of([one.id for one in people])
    made = [_write(kind_key, fact, data, page or kind.page, one, chosen.get(one.id, {})) for one in people]
    for notice in filter(None, made):
        if rules.channel(kind, chosen.get(notice.person_id, {})) == rules.AT_ONCE:
            notice.mailing_id = address(event_id, notice.person_id, is_digest=False).id
    if any(notice and notice.waits for notice in made):
        for wake in _wakers:
            wake()
    return sum(notice is not None for notice in made)


def _write(
    key: str, fact: str, data: Mapping[str, Any], page: str, person: Row[Any], chosen: Mapping[str, str]
) -> Notice | None:
    kind = KINDS[key]
    row = insert_or_skip(Notice).values(
        id=new_id(), person_id=person.id, key=fact, kind=key, data=rules.facts_of(kind, data), page=page,
        made_at=clock.now(), waits=rules.channel(kind, chosen) == rules.DIGEST,
    )  # fmt: skip
    skip = row.on_conflict_do_nothing(index_elements=[Notice.tenant_id, Notice.person_id, Notice.key])
    return db.session.execute(skip.returning(Notice)).scalar_one_or_none()


def address(event_id: UUID, person_id: UUID, *, is_digest: bool) -> Mailing:
    """Put a mail to one person on its way with an event's effect."""
    now = clock.now()
    made = Mailing(
        id=new_id(), event_id=event_id, person_id=person_id, is_digest=is_digest, state="waiting", made_at=now,
        again_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def gather(event_id: UUID, *, begins_week: bool) -> None:
    """Put what waits into one mail a person, carried by the morning's own event; what was gathered before stays so."""
    if db.session.execute(select(Mailing.id).where(Mailing.event_id == event_id)).first():
        return
    weekly = [key for key, kind in KINDS.items() if kind.weekly]
    waiting = select(Notice).where(Notice.waits)
    if not begins_week:
        waiting = waiting.where(Notice.kind.not_in(weekly))
    by_person: dict[UUID, list[Notice]] = {}
    for notice in db.session.execute(waiting.order_by(Notice.id)).scalars():
        by_person.setdefault(notice.person_id, []).append(notice)
    for person, notices in by_person.items():
        _bundle(event_id, person, notices)


def _bundle(event_id: UUID, person: UUID, notices: list[Notice]) -> None:
    """What was read meanwhile needs no mail any more."""
    unread = [notice for notice in notices if notice.read_at is None]
    mail = address(event_id, person, is_digest=True) if unread else None
    for notice in notices:
        notice.waits = False
    for notice in unread:
        notice.mailing_id = mail.id if mail else None


def is_waited_for() -> bool:
    """Say whether a notice waits for a morning."""
    return db.session.execute(select(Notice.id).where(Notice.waits).limit(1)).first() is not None


@command("notice.keep")
def mark(notice_id: UUID, *, read: bool) -> Notice:
    """Note that the person has read one of her notices, or take that back."""
    found = db.session.get(Notice, (context.tenant_id(), notice_id), populate_existing=True)
    if found is None or found.person_id != actor().person_id:
        raise NotFoundError
    found.read_at = (found.read_at or clock.now()) if read else None
    return found


@command("notice.keep")
def mark_all() -> int:
    """Note that the person has read everything; returns how many notices that were."""
    mine = update(Notice).where(Notice.person_id == actor().person_id, Notice.read_at.is_(None))
    marked = mine.where(Notice.tenant_id == context.tenant_id()).values(read_at=clock.now())
    return len(db.session.execute(marked.returning(Notice.id)).all())


@command("notice.keep")
def choose(wanted: Mapping[str, str]) -> None:
    """Keep how the person wants to be mailed; the product itself cannot be turned off, nor can what is a duty."""
    for topic, mail in wanted.items():
        if topic not in rules.TOPICS or mail not in rules.TOPICS[topic].channels:
            message = say("Pilih salah satu cara yang ditawarkan.")
            raise InvalidError(message, {topic: [message]})
        row = insert_or_skip(NoticeChoice).values(person_id=actor().person_id, topic=topic, mail=mail)
        kept = row.on_conflict_do_update(
            index_elements=[NoticeChoice.tenant_id, NoticeChoice.person_id, NoticeChoice.topic],
            set_={"mail": mail},
        )
        db.session.execute(kept)


@command("mailing.retry")
def retry(mailing_id: UUID) -> Mailing:
    """Send a mail once more that was given up, as after a corrected address."""
    found = db.session.get(Mailing, (context.tenant_id(), mailing_id), with_for_update=True)
    if found is None:
        raise NotFoundError
    if found.state in {"failed", "bounced", "gone"}:
        found.state, found.tries, found.code = "waiting", 0, None
        found.made_at = found.again_at = clock.now()
        found.ended_at = None
        record("notice.retried", found.id, {"event": str(found.event_id)})
    return found
