"""Bring mails to the server: each by itself, so that one bad address holds up nobody, and none goes out twice.

A mail is claimed before it is sent. If the server took it and the connection broke before it said so, it is sent
again under the same Message-ID, by which the receiving side knows it.
"""

import smtplib
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from ppid_saas.access.errors import AwayError
from ppid_saas.access.verbs import actor
from ppid_saas.events.partners import PutOffError
from ppid_saas.notifications import queries, rules
from ppid_saas.notifications.kinds import KINDS
from ppid_saas.notifications.links import short_link
from ppid_saas.notifications.mail import Mail, letter, send
from ppid_saas.notifications.models import Mailing, Notice
from tenants import clock, context
from tenants.db import db, leave_transaction, transaction

LIST = "pemberitahuan"


def deliver(event_id: UUID) -> None:
    """Send what an event's effect carries; raises PutOffError while something has to be tried again."""
    for mailing_id in _due(event_id):
        _send_one(mailing_id)
    with transaction():
        waiting = select(Mailing.again_at).where(Mailing.event_id == event_id, Mailing.state == "waiting")
        next_at = db.session.execute(waiting.order_by(Mailing.again_at).limit(1)).scalar_one_or_none()
    if next_at is not None:
        raise PutOffError(max(next_at - clock.now(), timedelta(seconds=1)))


def _due(event_id: UUID) -> list[UUID]:
    with transaction():
        chosen = select(Mailing.id).where(
            Mailing.event_id == event_id, Mailing.state == "waiting", Mailing.again_at <= clock.now()
        )
        return list(db.session.execute(chosen.order_by(Mailing.id)).scalars())


def _send_one(mailing_id: UUID) -> None:
    mail = _claimed(mailing_id)
    if mail is None:
        return
    leave_transaction()
    try:
        taken = send(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()), (None, b""))[0]
        _settle(mailing_id, code, of_address=True)
    except smtplib.SMTPResponseException as error:
        _settle(mailing_id, error.smtp_code, of_address=False)
    except (smtplib.SMTPException, OSError) as error:
        _settle(mailing_id, None, of_address=False)
        raise AwayError("Peladen surel tidak menjawab.") from error
    else:
        _end(mailing_id, "sent" if taken else "off")


def _claimed(mailing_id: UUID) -> Mail | None:
    """Take one mail for this process and write it; nobody else sends it until it may be tried again."""
    with transaction():
        now = clock.now()
        mine = update(Mailing).where(
            Mailing.tenant_id == context.tenant_id(), Mailing.id == mailing_id, Mailing.state == "waiting",
            Mailing.again_at <= now,
        )  # fmt: skip
        taken = mine.values(tries=Mailing.tries + 1, again_at=now + rules.STEPS[0]).returning(Mailing)
        row = db.session.execute(taken.execution_options(populate_existing=True)).scalar_one_or_none()
        if row is None:
            return None
        person = next((one for one in queries.members() if one.id == row.person_id), None)
        if person is None:
            row.state, row.ended_at = "gone", now
            return None
        return _written(row, person)


def _written(row: Mailing, person: Row[Any]) -> Mail | None:
    chosen = select(Notice).where(Notice.mailing_id == row.id).order_by(Notice.id)
    notices = list(db.session.execute(chosen).scalars())
    if not notices:
        row.state, row.ended_at = "gone", clock.now()
        return None
    who = actor()
    subject, lines, page = _digest(notices) if row.is_digest else _single(notices[0])
    text = letter(person.name, lines, short_link(page))
    return Mail(person.email, f"{subject} – {who.name}", text, f"{row.event_id}.{person.id}.{who.slug}")


def _single(notice: Notice) -> tuple[str, list[str], str]:
    kind = KINDS[notice.kind]
    return str(rules.said(kind.title, notice.data)), [str(rules.line(kind, notice.data))], notice.page


def _digest(notices: list[Notice]) -> tuple[str, list[str], str]:
    sentences = rules.in_order(
        (str(one.data.get("due_on") or ""), str(rules.line(KINDS[one.kind], one.data))) for one in notices
    )
    return f"{len(notices)} kabar untuk Anda pagi ini", rules.digest_lines(sentences), LIST


def _settle(mailing_id: UUID, code: int | None, *, of_address: bool) -> None:
    """Write down what a refusal makes of a mail."""
    with transaction():
        row = db.session.get_one(Mailing, (context.tenant_id(), mailing_id), populate_existing=True)
        now = clock.now()
        row.code = code
        row.state = rules.state_after(code, row.made_at, now, of_address=of_address)
        row.ended_at = None if row.state == "waiting" else now
        row.again_at = now + rules.again_after(row.tries)


def _end(mailing_id: UUID, state: str) -> None:
    with transaction():
        row = db.session.get_one(Mailing, (context.tenant_id(), mailing_id), populate_existing=True)
        row.state, row.ended_at, row.code = state, clock.now(), None
