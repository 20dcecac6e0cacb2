"""Read the consolidated list and its entries. Never writes; the reviewer's desk is read in `reviews`."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.rules import DETERMINABLE
from tenants import context
from tenants.db import db

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show of the consolidated list. Unknown values show nothing rather than everything."""

    q: str = ""
    unit: str = ""
    ground: str = ""
    state: str = ""


@dataclass(frozen=True)
class Facets:
    """How many entries each unit, ground and state has, whatever is chosen."""

    units: list[tuple[str, str, int]]
    grounds: list[tuple[str, int]]
    states: list[tuple[str, int]]


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if chosen.unit:
        found.append(Entry.sender_slug == chosen.unit)
    if chosen.state:
        found.append(Entry.state == chosen.state)
    if chosen.ground:
        path = "$.grounds[*].code ? (@ starts with $letter)"
        vars_ = func.jsonb_build_object("letter", chosen.ground)
        found.append(func.jsonb_path_exists(Entry.body, text(f"'{path}'::jsonpath"), vars_))
    words = chosen.q.replace("\x00", "").split()[:8]
    return [*found, *(Entry.title.icontains(word, autoescape=True) for word in words)]


@query("entry.read")
def count(chosen: Filter | None = None) -> int:
    """Return how many entries the filter leaves."""
    counted = select(func.count(Entry.item_id)).where(*_conditions(chosen or Filter()))
    return db.session.execute(counted).scalar_one()


@query("entry.read")
def page(chosen: Filter, number: int = 1, per_page: int = PER_PAGE) -> Sequence[Entry]:
    """Return one page of the list, in the order in which exemptions end.

    Source: SOP 03/SOP-PPID baris 2.
    """
    rows = select(Entry).where(*_conditions(chosen)).order_by(Entry.sort_on, Entry.item_id)
    return db.session.execute(rows.limit(per_page).offset((number - 1) * per_page)).scalars().all()


@query("entry.read")
def facets() -> Facets:
    """Return the counts behind the filters."""
    units = db.session.execute(
        select(Entry.sender_slug, Entry.sender_name, func.count()).group_by(Entry.sender_slug, Entry.sender_name)
        .order_by(Entry.sender_name)
    )  # fmt: skip
    states = db.session.execute(select(Entry.state, func.count()).group_by(Entry.state).order_by(Entry.state))
    grounds = db.session.execute(
        text(
            "select left(g ->> 'code', 3) as letter, count(distinct e.item_id) from work.entry e,"
            " jsonb_array_elements(e.body -> 'grounds') g where e.tenant_id = :me and g ->> 'code' is not null"
            " group by letter order by letter"
        ),
        {"me": context.tenant_id()},
    )
    return Facets(
        [(row[0], row[1], row[2]) for row in units],
        [(row[0], row[1]) for row in grounds],
        [(row[0], row[1]) for row in states],
    )


@query("entry.read")
def entry(item_id: UUID) -> Entry:
    """Return one entry."""
    found = db.session.get(Entry, (context.tenant_id(), item_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("entry.read")
def entries(ids: Sequence[UUID], *, for_update: bool = False) -> Sequence[Entry]:
    """Return the entries named, in the order in which they end; `for_update` keeps them as they are."""
    chosen = select(Entry).where(Entry.item_id.in_(ids)).order_by(Entry.sort_on, Entry.item_id)
    chosen = chosen.with_for_update() if for_update else chosen
    return db.session.execute(chosen.execution_options(populate_existing=True)).scalars().all()


@query("entry.read")
def accepted_entries() -> Sequence[Entry]:
    """Return what may be determined, in the order in which it ends."""
    chosen = select(Entry).where(Entry.state.in_(DETERMINABLE)).order_by(Entry.sort_on, Entry.item_id)
    return db.session.execute(chosen).scalars().all()
