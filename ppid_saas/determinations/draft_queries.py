"""Read drafts of decisions: what each is about, what it would say, and the mark of that. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases import queries as cases
from ppid_saas.cases.rules import Chip
from ppid_saas.consequence_tests import queries as tests
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations import papers, styling
from ppid_saas.determinations.models import Determination, DeterminationDraft, DraftItem
from ppid_saas.determinations.papers import Facts, Row, Style
from ppid_saas.determinations.rules import KIND
from ppid_saas.proofs import digest
from tenants import context
from tenants.db import db

OPEN = ("draft", "awaiting_superior", "returned", "approved")
SAID = ("kind", "title", "signatory", "signatory_position", "place", "tests")


@dataclass(frozen=True)
class Listed:
    """A draft with the number of its items and its deadline."""

    draft: DeterminationDraft
    items: int
    chip: Chip


@dataclass(frozen=True)
class Summary:
    """What a superior looks at first: how many of what, and what is out of the ordinary."""

    items: int
    units: int
    new: int
    changed: int
    unlimited: int
    partly: int
    astray: int
    undecided: int


@query("determination.read")
def drafts() -> list[Listed]:
    """Return the drafts that are under way, newest first."""
    counted = select(DraftItem.draft_id, func.count().label("n")).group_by(DraftItem.draft_id).subquery()
    chosen = (
        select(DeterminationDraft, func.coalesce(counted.c.n, 0))
        .outerjoin(counted, counted.c.draft_id == DeterminationDraft.id)
        .where(DeterminationDraft.state.in_(OPEN))
        .order_by(DeterminationDraft.id.desc())
    )
    return [Listed(row[0], row[1], chip(row[0])) for row in db.session.execute(chosen)]


@query("determination.read")
def draft(draft_id: UUID) -> DeterminationDraft:
    """Return one draft."""
    found = db.session.get(DeterminationDraft, (context.tenant_id(), draft_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("determination.read")
def chip(found: DeterminationDraft) -> Chip:
    """Return the deadline a draft stands under: the superior's while it waits there, else the officer's."""
    if found.state == "awaiting_superior":
        return cases.duty_chip(cases.duties([found.id], "determination.approval").get(found.id))
    own = cases.duties([found.id], "determination.draft").get(found.id)
    return cases.duty_chip(own or tests.letter_duty(item_ids(found.id)))


@query("determination.read")
def item_ids(draft_id: UUID) -> list[UUID]:
    """Return the items of a draft."""
    chosen = select(DraftItem.item_id).where(DraftItem.draft_id == draft_id).order_by(DraftItem.item_id)
    return list(db.session.execute(chosen).scalars())


@query("determination.read")
def items_that_were(draft_id: UUID, state: str) -> list[UUID]:
    """Return the items of a draft that came from one state."""
    chosen = select(DraftItem.item_id).where(DraftItem.draft_id == draft_id, DraftItem.was == state)
    return list(db.session.execute(chosen).scalars())


@query("determination.read")
def entries_of(draft_id: UUID) -> Sequence[Entry]:
    """Return the entries of a draft as they are now, in the order in which they end."""
    chosen = (
        select(Entry)
        .join(DraftItem, (DraftItem.tenant_id == Entry.tenant_id) & (DraftItem.item_id == Entry.item_id))
        .where(DraftItem.draft_id == draft_id)
        .order_by(Entry.sort_on, Entry.item_id)
    )
    return db.session.execute(chosen).scalars().all()


@query("determination.read")
def mark(found: DeterminationDraft) -> str:
    """Return a mark over everything a superior reads: head, items and how the letter is written."""
    items = sorted([str(entry.item_id), digest(entry.body), entry.state] for entry in entries_of(found.id))
    said = {name: getattr(found, name) for name in SAID}
    return digest({**said, "items": items, "style": styling.said()})


@query("determination.read")
def summary(found: DeterminationDraft) -> Summary:
    """Return the figures of a draft."""
    entries = entries_of(found.id)
    periods = [(entry.body.get("period") or {}).get("kind") for entry in entries]
    fits = (
        ("awaiting_superior",)
        if found.state in {"awaiting_superior", "approved"}
        else ("accepted", "partly_exempt")
    )
    return Summary(
        items=len(entries), units=len({entry.sender_id for entry in entries}),
        new=sum(entry.determination_id is None for entry in entries),
        changed=sum(entry.determination_id is not None for entry in entries),
        unlimited=sum(kind in {"unlimited", "unspecified"} for kind in periods),
        partly=sum(entry.body.get("part") == "part" for entry in entries),
        astray=sum(entry.state not in fits for entry in entries) if found.state in OPEN else 0,
        undecided=_undecided([entry.item_id for entry in entries]) if found.state in OPEN else 0,
    )  # fmt: skip


def _undecided(item_ids: Sequence[UUID]) -> int:
    """Return how many pairs with one of these items still wait for a person to say whether they are the same."""
    found = consolidation.doubles_of_items(item_ids)
    return len({one.pair for doubles in found.values() for one in doubles if one.verdict is None})


@query("determination.read")
def contents(found: DeterminationDraft) -> tuple[Facts, list[Row], Style]:
    """Return what the letter of a draft would say."""
    who, entries = actor(), entries_of(found.id)
    facts = Facts(
        kind=found.kind, title=found.title, body=who.name, region=papers.region_of(who.name), signatory=found.signatory,
        position=found.signatory_position, place=found.place, tests=found.tests,
        earlier="" if found.kind == KIND else _earlier([one.determination_id for one in entries if one.determination_id]),
    )  # fmt: skip
    rows = [Row(entry.sender_name, entry.body, entry.ends_on) for entry in entries]
    return facts, rows, styling.current()


def _earlier(ids: Sequence[UUID]) -> str:
    chosen = select(Determination).where(Determination.id.in_(set(ids))).order_by(Determination.dated_on)
    return papers.named((one.number, one.dated_on) for one in db.session.execute(chosen).scalars())
