"""Read which items are under dispute: at the central by its own record, at a unit by what the central told it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import distinct_on

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.cases.dispute_models import Dispute, DisputeItem, DisputeWord
from tenants import context
from tenants.db import among, db

UNDER_DISPUTE = say("sengketa %(number)s belum selesai")


@query("entry.read")
def disputed(item_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the items that an open dispute keeps as they are, in words; one ordered to be tested anew is free to go on.

    Source: Perki 1/2021 Ps 49 (a test during a dispute is ordered by the Majelis Komisioner).
    """
    chosen = (
        select(DisputeItem.item_id, Dispute.number)
        .join(Dispute, and_(Dispute.tenant_id == DisputeItem.tenant_id, Dispute.id == DisputeItem.dispute_id))
        .where(among(DisputeItem.item_id, item_ids), Dispute.closed_on.is_(None), Dispute.retest_on.is_(None))
        .order_by(Dispute.opened_on)
    )
    return {row.item_id: say(UNDER_DISPUTE, number=row.number) for row in db.session.execute(chosen)}


@query("document.read")
def told_disputed(item_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the bound unit's items that its central says are under dispute, with the number of the case."""
    newest = (
        select(DisputeWord.item_id, DisputeWord.number, DisputeWord.is_open)
        .where(DisputeWord.reader_id == context.tenant_id(), among(DisputeWord.item_id, item_ids))
        .ext(distinct_on(DisputeWord.dispute_id, DisputeWord.item_id))
        .order_by(DisputeWord.dispute_id, DisputeWord.item_id, DisputeWord.n.desc())
    )
    return {row.item_id: row.number for row in db.session.execute(newest) if row.is_open}
