"""A unit's task once an item is open: a copy that the public may ask for. Nothing is released by this; the unit only says it is ready.

Source: UU 14/2008 Ps 22.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import command, query
from ppid_saas.cases import service as cases
from ppid_saas.cases.models import Obligation
from ppid_saas.cases.queries import duty_chip
from ppid_saas.cases.rules import Chip
from ppid_saas.events.service import record
from ppid_saas.register.models import Item
from tenants.db import db

COPY = "reopening.copy"
DAYS = 10
SOURCE = "UU 14/2008 Ps 22"
NOT_OWED = say("Salinan butir ini sudah dicatat siap. Muat ulang halaman.")


@dataclass(frozen=True)
class Owed:
    """An open item of the unit's whose copy is not ready yet."""

    item: Item
    chip: Chip


@query("item.read")
def owed() -> list[Owed]:
    """Return the open items whose copy is not ready, most pressing first."""
    chosen = (
        select(Item, Obligation)
        .join(Obligation, and_(Obligation.tenant_id == Item.tenant_id, Obligation.subject == Item.id))
        .where(Obligation.kind == COPY, Obligation.settled_at.is_(None))
        .order_by(Obligation.due_on, Item.ref)
    )
    return [Owed(row[0], duty_chip(row[1])) for row in db.session.execute(chosen)]


@command("item.write")
def ready(item_id: UUID) -> None:
    """Say that a copy lies ready for whoever asks."""
    if item_id not in {one.item.id for one in owed()}:
        raise ConflictError(NOT_OWED)
    cases.settle_all(COPY, item_id)
    record("reopening.copy_ready", item_id)
