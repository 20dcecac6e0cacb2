"""Read the consolidated list and its entries. Never writes; the reviewer's desk is read in `reviews`."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, false, func, select, text

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.consolidation.models import Entry
from ppid_saas.consolidation.rules import DETERMINABLE
from ppid_saas.law.periods import add
from ppid_saas.register.queries import cites
from ppid_saas.register.rules import LETTER_LENGTH
from ppid_saas.workdays.counting import add_working_days
from tenants import clock, context
from tenants.db import db, ready, rows

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

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is left out; how it is ordered leaves nothing out."""
        return self == Filter(by_letter=self.by_letter)


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


def _today() -> date:
    return clock.today(actor().zone)


def last_days(names: Iterable[str]) -> dict[str, date]:
    """Return the last day of each "ends within", counted from today.

    Source: PP 61/2010 Ps 10(1).
    """
    calendar, today = calendar_for_tenant(), _today()
    return {
        name: add_working_days(calendar, today, days) if (days := ENDS[name]) else add(today, 1, "year")
        for name in names
    }


def _ending(until: date) -> ColumnElement[bool]:
    """Say that a period ends by a day; the order's own column finds it."""
    return and_(Entry.sort_on.between(_today(), until), Entry.ends_on.is_not(None))


def _conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    equal = {Entry.sender_slug: chosen.unit, Entry.state: chosen.state, Entry.period_kind: chosen.period}
    found: list[ColumnElement[bool]] = [column == value for column, value in equal.items() if value]
    if chosen.ends:
        found.append(_ending(last_days([chosen.ends])[chosen.ends]) if chosen.ends in ENDS else false())
    if chosen.ground:
        found.append(cites(Entry.codes, chosen.ground))
    words = chosen.q.replace("\x00", "").split()[:8]
    return [*found, *(Entry.title.icontains(word, autoescape=True) for word in words)]


@query("entry.read")
def count(chosen: Filter | None = None) -> int:
    """Return how many entries the filter leaves, counting no further than anyone reads."""
    some = select(Entry.item_id).where(*_conditions(chosen or Filter())).limit(MOST_COUNTED).subquery()
    return db.session.execute(select(func.count(some.c.item_id))).scalar_one()


def total(chosen: Filter, found: Facets) -> int:
    """Return how many entries the filter leaves; without one the facets have counted them."""
    return found.total if chosen.is_whole else count(chosen)


def _order(*, by_letter: bool) -> tuple[Any, ...]:
    """By the end of the period; under the letters of Ps 17 when a region prints its list so.

    Source: SOP 03/SOP-PPID baris 2; UU 14/2008 Ps 17.
    """
    by_end = (Entry.sort_on, Entry.item_id)
    first = func.left(Entry.codes.op("->>")(0), LETTER_LENGTH)
    return (first.nulls_last(), *by_end) if by_letter else by_end


# what a line of the list shows; `before` and the internal note stay where they are
LINE = (
    Entry.item_id, Entry.sender_slug, Entry.sender_name, Entry.title, Entry.body, Entry.state, Entry.determination_id, Entry.ends_on, Entry.review_on,
    Entry.code, Entry.codes, Entry.version, Entry.hash,
)  # fmt: skip


def _lines(conditions: Sequence[ColumnElement[bool]], *, by_letter: bool) -> Select[Any]:
    """Return the statement of one page; which entries stand on it is found before any body is read."""
    ids = select(Entry.item_id).where(*conditions).order_by(*_order(by_letter=by_letter))
    shown = ids.limit(bindparam("limit")).offset(bindparam("offset")).subquery()
    joined = select(*LINE).join(shown, shown.c.item_id == Entry.item_id)
    return joined.order_by(*_order(by_letter=by_letter))


# the page everyone opens: its rows are the first of the index, and a number that stands in a statement is planned for once
_FIRST = ready(select(*LINE).order_by(*_order(by_letter=False)).limit(PER_PAGE))
_WHOLE = {by_letter: ready(_lines((), by_letter=by_letter)) for by_letter in (False, True)}


@query("entry.read")
def page(chosen: Filter, number: int = 1, per_page: int = PER_PAGE) -> Sequence[Row[Any]]:
    """Return one page of the list."""
    if (chosen, number, per_page) == (Filter(), 1, PER_PAGE):
        return rows(_FIRST, {})
    place = {"limit": per_page, "offset": (number - 1) * per_page}
    if chosen.is_whole:
        return rows(_WHOLE[chosen.by_letter], place)
    return db.session.execute(_lines(_conditions(chosen), by_letter=chosen.by_letter), place).all()


# One pass over the index, then over the few sorts of entries it has. What ends soon stands first, so a list too long to
# be counted whole still counts it.
_FACETS = text(
    "with listed as (select sender_slug, state, period_kind, codes, case when ends_on is not null then sort_on end as day"
    " from work.entry where tenant_id = :me order by sort_on, item_id limit :most),"
    " sorts as (select sender_slug, state, period_kind, codes, count(*) as n,"
    " array[count(*) filter (where day between :today and :soon), count(*) filter (where day between :today and :later),"
    " count(*) filter (where day between :today and :year)] as ends from listed group by 1, 2, 3, 4),"
    " counted as (select grouping(sender_slug, state, period_kind, codes) as what, sender_slug,"
    " coalesce(state, period_kind) as value, codes, sum(n)::bigint as n, sum(ends[1])::bigint as soon,"
    " sum(ends[2])::bigint as later, sum(ends[3])::bigint as year from sorts"
    " group by grouping sets ((sender_slug), (state), (period_kind), (codes), ()))"
    " select c.*, t.name from counted c"
    " left join (select slug, min(name) as name from door.tenants() group by 1) t on t.slug = c.sender_slug"
)
_UNIT, _STATE, _PERIOD, _CODES, _ALL = 0b0111, 0b1011, 0b1101, 0b1110, 0b1111


@query("entry.read")
def facets() -> Facets:
    """Return the counts behind the filters, read from the index and no body with them."""
    soon, later, year = last_days(ENDS).values()
    values = {"me": context.tenant_id(), "most": MOST_COUNTED, "today": _today()}
    found = db.session.connection().execute(_FACETS, values | {"soon": soon, "later": later, "year": year})
    by_kind: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in found.all():
        by_kind[row.what].append(row)
    letters: Counter[str] = Counter()
    for row in by_kind[_CODES]:
        letters.update(dict.fromkeys({code[:LETTER_LENGTH] for code in row.codes}, row.n))
    whole = by_kind[_ALL][0]
    units = sorted((row.name or row.sender_slug, row.sender_slug, row.n) for row in by_kind[_UNIT])
    return Facets(
        [(slug, name, n) for name, slug, n in units], sorted(letters.items()),
        sorted((row.value, row.n) for row in by_kind[_STATE]),
        sorted((row.value, row.n) for row in by_kind[_PERIOD] if row.value is not None),
        list(zip(ENDS, (whole.soon or 0, whole.later or 0, whole.year or 0), strict=True)),
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
