"""Write down what archive law asks about a document: its class, how long it is kept, and disputes about it."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, command
from ppid_saas.documents.models import DocumentHold
from ppid_saas.documents.service import locked
from ppid_saas.events.service import record
from tenants import clock
from tenants.db import db


@command("document.write")
def set_retention(
    document_id: UUID,
    security_class: str,
    kept_from: date | None,
    active_years: int | None,
    inactive_years: int | None,
    fate: str,
) -> None:
    """Write a document's archive class and retention; what is left empty is not known yet.

    Source: UU 43/2009 Ps 40 ayat (4).
    """
    found = locked(document_id)
    found.security_class, found.fate = security_class, fate
    found.kept_from, found.active_years, found.inactive_years = kept_from, active_years, inactive_years
    record("document.retention_set", document_id, {"active": active_years, "inactive": inactive_years})


@command("document.write")
def note_dispute(document_id: UUID, forum: str, number: str) -> int:
    """Note a dispute about a document; until it is noted as ended nothing of the document is destroyed."""
    locked(document_id)
    last = select(func.coalesce(func.max(DocumentHold.n), 0)).where(DocumentHold.document_id == document_id)
    n = db.session.execute(last).scalar_one() + 1
    db.session.add(
        DocumentHold(
            document_id=document_id, n=n, number=number, forum=forum, noted_at=clock.now(), noted_by=actor().person_name
        )
    )  # fmt: skip
    record("document.dispute_noted", document_id, {"n": n})
    return n


@command("document.write")
def end_dispute(document_id: UUID, n: int, *, again: bool = False) -> None:
    """Note that a dispute is over, or with `again` that it is not; done twice it stays as it is."""
    locked(document_id)
    now, who = (None, "") if again else (clock.now(), actor().person_name)
    found = db.session.execute(
        update(DocumentHold)
        .where(DocumentHold.document_id == document_id, DocumentHold.n == n)
        .values(ended_at=now, ended_by=who)
        .returning(DocumentHold.n)
    ).first()
    if found is None:
        raise NotFoundError
    record("document.dispute_reopened" if again else "document.dispute_ended", document_id, {"n": n})
