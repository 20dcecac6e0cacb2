"""The effect that every event has: its seal in the tenant's audit chain, so that no writer waits for a chain head."""

from sqlalchemy import select, text

from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event, Seal
from ppid_saas.proofs import digest
from tenants import context
from tenants.db import db


@handles("*", "events.seal")
def seal(event: Event) -> None:
    """Append one link: SHA-256 over the link before and the event's canonical form."""
    tenant = context.tenant_id()
    db.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:key, 7431))"), {"key": str(tenant)}
    )
    last = db.session.execute(select(Seal.seq, Seal.hash).order_by(Seal.seq.desc()).limit(1)).first()
    seq, before = (last.seq + 1, last.hash) if last else (1, "")
    db.session.add(Seal(seq=seq, event_id=event.id, hash=digest([before, canonical_event(event)])))


def canonical_event(event: Event) -> dict[str, object]:
    """Return what a seal binds of an event: every column, instants as UTC text with microseconds."""
    return {
        "tenant": str(event.tenant_id),
        "id": str(event.id),
        "reader": str(event.reader_id or ""),
        "kind": event.kind,
        "subject": str(event.subject or ""),
        "actor": str(event.actor or ""),
        "actor_name": event.actor_name,
        "at": event.at.isoformat(timespec="microseconds"),
        "data": event.data,
    }
