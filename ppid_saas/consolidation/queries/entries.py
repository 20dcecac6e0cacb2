"""Read the consolidated list and its entries. Never writes; the reviewer's desk is read in `reviews`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, select, text

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.accounts.queries import counterparts
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.rules import DETERMINABLE
from ppid_saas.law.periods import add
from ppid_saas.register.rules import LETTER_LENGTH
from ppid_saas.workdays.counting import add_working_days
from tenants import clock, context
from tenants.db import db

PER_PAGE = 25
MOST_COUNTED = (
    50_000  # beyond it a list says "more than": nobody reads on, and counting would cost more than reading
)
# within how long an exemption ends: the name in addresses -> working days, None for a year
ENDS: dict[str, int | None] = {"30": 30, "100": 100, "tahun": None}


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show of the consolidated list. Unknown values show nothing rather than everything."""

    q: str = ""
    unit: str = ""
    ground: str = ""
    state: str = ""
    period: str = ""
    ends: str = ""
    by_letter: bool = False


@dataclass(frozen=True)
class Facets:
    """How many entries each unit, ground, state, kind of period and nearness of end has, whatever is chosen."""

    units: list[tuple[str, str, int]]
    grounds: list[tuple[str, int]]
    states: list[tuple[str, int]]
    periods: list[tuple[str, int]]
    ends: list[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(n for _, _, n in self.units)


def last_day(ends: str) -> date:
    """Return the last day of what "ends within" means today.

    Source: PP 61/2010 Ps 10(1).
    """
    today, days = clock.today(actor().zone), ENDS[ends]
    return add_working_days(calendar_for_tenant(), today, days) if days else add(today, 1, "year")


def _ending(until: date) -> ColumnElement[bool]:
    """Say that a period ends by a day; the order's own column finds it."""
    today = clock.today(actor().zone)
    return and_(Entry.sort_on.between(today, until), Entry.ends_on.is_not(None))


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    equal = {Entry.sender_slug: chosen.unit, Entry.state: chosen.state, Entry.period_kind: chosen.period}
    found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
    if chosen.ends:
        found.append(_ending(last_day(chosen.ends)) if chosen.ends in ENDS else false())
    if chosen.ground:
        path = "$[*] ? (@ starts with $letter)"
        vars_ = func.jsonb_build_object("letter", chosen.ground)
        found.append(func.jsonb_path_exists(Entry.codes, text(f"'{path}'::jsonpath"), vars_))
    words = chosen.q.replace("\x00", "").split()[:8]
    return [*found, *(Entry.title.icontains(word, autoescape=True) for word in words)]


@query("entry.read")
def count(chosen: Filter | None = None) -> int:
    """Return how many entries the filter leaves, counting no further than anyone reads."""
    some = select(Entry.item_id).where(*_conditions(chosen or Filter())).limit(MOST_COUNTED).subquery()
    return db.session.execute(select(func.count(some.c.item_id))).scalar_one()


def _order(chosen: Filter) -> tuple[Any, ...]:
    """By the end of the period; under the letters of Ps 17 when a region prints its list so.

    Source: SOP 03/SOP-PPID baris 2; UU 14/2008 Ps 17.
    """
    by_end = (Entry.sort_on, Entry.item_id)
    first = func.left(Entry.codes.op("->>")(0), LETTER_LENGTH)
    return (first.nulls_last(), *by_end) if chosen.by_letter else by_end


@query("entry.read")
def page(chosen: Filter, number: int = 1, per_page: int = PER_PAGE) -> Sequence[Entry]:
    """Return one page of the list; which entries stand on it is found before any body is read."""
    ids = select(Entry.item_id).where(*_conditions(chosen)).order_by(*_order(chosen))
    shown = ids.limit(per_page).offset((number - 1) * per_page).subquery()
    rows = select(Entry).join(shown, shown.c.item_id == Entry.item_id).order_by(*_order(chosen))
    return db.session.execute(rows).scalars().all()


_FACETS = text(
    "with listed as materialized (select sender_slug, state, period_kind, codes from work.entry where tenant_id = :me"
    " order by sort_on, item_id limit :most)"
    " select 'unit' as what, sender_slug as value, count(*) as n from listed group by 2"
    " union all select 'state', state, count(*) from listed group by 2"
    " union all select 'period', period_kind, count(*) from listed where period_kind is not null group by 2"
    " union all select 'ground', l.letter, sum(c.n) from (select codes, count(*) as n from listed group by codes) c"
    " cross join lateral (select distinct left(code, 3) as letter from jsonb_array_elements_text(c.codes) code) l"
    " group by 2"
)


@query("entry.read")
def facets() -> Facets:
    """Return the counts behind the filters, read from the index and no body with them."""
    names = {row.slug: row.name for row in counterparts().values()}
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in ("unit", "state", "period", "ground")}
    for what, value, n in db.session.execute(_FACETS, {"me": context.tenant_id(), "most": MOST_COUNTED}):
        found[what].append((value, int(n)))
    days = {name: last_day(name) for name in ENDS}
    nearing = select(*(func.count().filter(Entry.sort_on <= day) for day in days.values()))
    near = db.session.execute(nearing.select_from(Entry).where(_ending(max(days.values())))).one()
    units = sorted((names.get(slug, slug), slug, n) for slug, n in found["unit"])
    return Facets(
        [(slug, name, n) for name, slug, n in units], sorted(found["ground"]), sorted(found["state"]),
        sorted(found["period"]), list(zip(ENDS, near, strict=True)),
    )  # fmt: skip


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
