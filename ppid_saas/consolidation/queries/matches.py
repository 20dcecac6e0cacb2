"""Read pairs of entries that say the same: the queue, one pair side by side, and what an item repeats. Never writes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, func, literal, or_, select
from sqlalchemy.orm import aliased

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.consolidation.matching_rules import compare, read
from ppid_saas.consolidation.matching_wording import reasons_words
from ppid_saas.consolidation.matching_words import keys, title_words
from ppid_saas.consolidation.models import Entry, Match
from ppid_saas.consolidation.queries.candidates import candidates
from ppid_saas.consolidation.rules import Change, changes
from tenants import clock
from tenants.db import among, db

PER_PAGE = 10
# what the public or the unit may already rely on: a proposal that repeats one of these was tested before
IN_FORCE = ("determined", "published", "reopening")


@dataclass(frozen=True)
class Pair:
    """Two entries side by side, from the first one's point of view: what differs and why they were paired."""

    row: Match
    first: Entry
    second: Entry
    reasons: list[str]
    changes: list[Change]

    @property
    def sides(self) -> tuple[Entry, Entry]:
        return self.first, self.second


@dataclass(frozen=True)
class Double:
    """An entry that says the same as an item, and why, from the item's point of view."""

    item_id: UUID
    title: str
    unit: str
    state: str
    ends_on: date | None
    review_on: date | None
    score: int
    reasons: list[str]
    contradicts: bool = False
    pair: tuple[UUID, UUID] | None = None
    verdict: str | None = None
    waiting_note: str = ""


def _sides() -> Select[Match, Entry, Entry]:
    first, second = aliased(Entry), aliased(Entry)
    return (
        select(Match, first, second)
        .join(first, (first.tenant_id == Match.tenant_id) & (first.item_id == Match.item_a))
        .join(second, (second.tenant_id == Match.tenant_id) & (second.item_id == Match.item_b))
    )


def _pair(row: Any) -> Pair:
    match, first, second = row
    return Pair(match, first, second, reasons_words(match.reasons), changes(first.body, second.body))


def _shown(kind: str, *, decided: bool) -> list[ColumnElement[bool]]:
    asked = Match.verdict.is_not(None) if decided else Match.verdict.is_(None)
    return [asked, literal(kind) == any_(Match.kinds)] if kind else [asked]


@query("entry.read")
def counts() -> tuple[dict[str, int], int, int]:
    """Return how many open pairs there are of each kind, how many in all, and how many are decided."""
    kinds = select(func.unnest(Match.kinds).label("kind")).where(Match.verdict.is_(None)).subquery()
    by_kind = db.session.execute(select(kinds.c.kind, func.count()).group_by(kinds.c.kind))
    found = {row[0]: row[1] for row in by_kind}
    open_, decided = db.session.execute(
        select(func.count().filter(Match.verdict.is_(None)), func.count(Match.verdict)).select_from(Match)
    ).one()
    return found, open_, decided


@query("entry.read")
def queue(kind: str = "", *, decided: bool = False, number: int = 1) -> list[Pair]:
    """Return one page of pairs: those that contradict each other most surely first, decided ones newest first."""
    chosen = _sides()
    order = Match.decided_at.desc() if decided else func.cardinality(Match.kinds).desc()
    chosen = chosen.where(*_shown(kind, decided=decided)).order_by(
        order, Match.score.desc(), Match.item_a, Match.item_b
    )
    rows = db.session.execute(chosen.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return [_pair(row) for row in rows]


@query("entry.read")
def count(kind: str = "", *, decided: bool = False) -> int:
    """Return how many pairs `queue` would show."""
    return db.session.execute(
        select(func.count(Match.item_a)).where(*_shown(kind, decided=decided))
    ).scalar_one()


@query("entry.read")
def pair(item_a: UUID, item_b: UUID) -> Pair:
    """Return one pair."""
    chosen = _sides()
    row = db.session.execute(chosen.where(Match.item_a == item_a, Match.item_b == item_b)).first()
    if row is None:
        raise NotFoundError
    return _pair(row)


@query("entry.read")
def doubles_of_items(ids: Collection[UUID]) -> Mapping[UUID, list[Double]]:
    """Return what each of these entries repeats or contradicts, but for pairs a person held to be different."""
    chosen = _sides()
    chosen = chosen.where(or_(among(Match.item_a, ids), among(Match.item_b, ids)))
    chosen = chosen.where(or_(Match.verdict.is_(None), Match.verdict != "different"))
    found: dict[UUID, list[Double]] = defaultdict(list)
    wanted = set(ids)
    for match, one, other in db.session.execute(chosen.order_by(Match.score.desc(), Match.item_a)):
        if one.item_id in wanted:
            found[one.item_id].append(_double(match, other, turned=False))
        if other.item_id in wanted:
            found[other.item_id].append(_double(match, one, turned=True))
    return found


def _double(match: Match, other: Entry, *, turned: bool) -> Double:
    is_waiting = match.verdict == "aligned" and match.sent_back is None and match.model_id == other.item_id
    return Double(
        other.item_id, other.title, other.sender_name, other.state, other.ends_on, other.review_on, match.score,
        reasons_words(match.reasons, turned=turned), len(match.kinds) > 1, (match.item_a, match.item_b),
        match.verdict, match.note if is_waiting else "",
    )  # fmt: skip


@query("entry.read")
def doubles_of(
    body: Mapping[str, Any],
    *,
    item_id: UUID | None = None,
    sender_name: str = "",
    states: Sequence[str] = IN_FORCE,
) -> list[Double]:
    """Return the entries in force that say the same as a body, whether or not it was ever handed in; surest first.

    `item_id` is the item whose body it is, which never repeats itself.
    """
    me, names, today = (
        item_id or UUID(int=0),
        (sender_name,) if sender_name else (),
        clock.today(actor().zone),
    )
    near = candidates([(me, keys(title_words(str(body.get("title") or ""), names=names)))])
    mine, found = read(body, today, names=names), {}
    for one in near.entries:
        if one.state not in states:
            continue
        likeness = compare(mine, read(one.body, today, one.state, (one.sender_name,)))
        if likeness is not None:
            found[one.item_id] = likeness
    rows = db.session.execute(select(Entry).where(among(Entry.item_id, found))).scalars()
    doubles = [
        Double(
            row.item_id, row.title, row.sender_name, row.state, row.ends_on, row.review_on, found[row.item_id].score,
            reasons_words([reason.as_data() for reason in found[row.item_id].reasons]), found[row.item_id].contradicts,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(doubles, key=lambda one: (-one.score, one.item_id))
