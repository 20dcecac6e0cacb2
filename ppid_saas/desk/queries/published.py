"""What those who sign, advise or only look are shown: editions prepared and in force. What waits for them has its own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, select

from ppid_saas.access.verbs import actor, query
from ppid_saas.editions.models import EditionDraft
from ppid_saas.publication.models import Edition, LiveItem, PublishedList
from tenants import context
from tenants.db import db

READY = "ready"


@dataclass(frozen=True)
class Prepared:
    """An edition that may still be published."""

    id: UUID
    n: int
    state: str
    items: int
    prepared_by: UUID | None
    prepared_by_name: str
    prepared_at: datetime

    @property
    def ready(self) -> bool:
        return self.state == READY

    @property
    def mine(self) -> bool:
        return self.prepared_by == actor().person_id


@dataclass(frozen=True)
class InForce:
    """The edition in force, how many of its list's items are left, and how many of those end soon."""

    n: int
    published_on: date
    items: int
    ending: int


@query("edition.read")
def prepared() -> Sequence[Prepared]:
    """Return drafts that may still become the next edition, newest first, without what they say."""
    counter = select(PublishedList.next_edition).where(PublishedList.central_id == context.tenant_id())
    chosen = (
        select(
            EditionDraft.id, EditionDraft.n, EditionDraft.state, func.jsonb_array_length(EditionDraft.items),
            EditionDraft.prepared_by, EditionDraft.prepared_by_name, EditionDraft.prepared_at,
        )
        .where(EditionDraft.state.in_(("rendering", READY)), EditionDraft.n >= counter.scalar_subquery())
        .order_by(EditionDraft.id.desc())
    )  # fmt: skip
    return [Prepared(*row) for row in db.session.execute(chosen)]


@query("edition.read")
def in_force(until: date) -> InForce | None:
    """Return the edition in force with the items of its list that end by a day."""
    me = context.tenant_id()
    live = select(func.count()).where(LiveItem.central_id == me)
    chosen = (
        select(
            Edition.n, Edition.published_on, live.scalar_subquery(),
            live.where(LiveItem.ends_on <= until).scalar_subquery(),
        )
        .join(PublishedList, and_(PublishedList.central_id == Edition.central_id, PublishedList.edition_in_force == Edition.n))
        .where(Edition.central_id == me)
    )  # fmt: skip
    row = db.session.execute(chosen).one_or_none()
    return InForce(*row) if row else None
