"""Read what an edition is made from, the drafts, and what a draft would change. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.accounts import queries as accounts
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations.kpu import KIND as KPU
from ppid_saas.determinations.kpu import waiting as waiting_for_kpu_ri
from ppid_saas.determinations.models import Determination, DeterminationItem
from ppid_saas.determinations.rules import OPENS
from ppid_saas.editions import rules
from ppid_saas.editions.files import document
from ppid_saas.editions.models import EditionDraft
from ppid_saas.proofs import digest
from ppid_saas.publication import queries as publication
from ppid_saas.publication.differences import Differences, differences
from ppid_saas.publication.models import Code, Edition, EditionFile, LiveItem
from ppid_saas.submissions.models import Submission
from tenants import context
from tenants.db import db

PUBLISHABLE = ("determined", "published", "reopening")


@dataclass(frozen=True, slots=True)
class Composed:
    """What an edition would say, and the hash that binds it."""

    n: int
    content: dict[str, Any]
    item_ids: tuple[UUID, ...]
    sha256: str

    @property
    def items(self) -> list[dict[str, Any]]:
        """What a draft keeps: identity, code and public body of each item."""
        return [
            {"item_id": str(item_id), "code": body["code"], "body": body}
            for item_id, body in zip(self.item_ids, self.content["items"], strict=True)
        ]


@query("edition.read")
def compose(determination_id: UUID, *, keep_others: bool, year: int) -> Composed:
    """Put together the next edition from a determination, and the rest of the list when it only adds to it."""
    made = db.session.get(Determination, (context.tenant_id(), determination_id), populate_existing=True)
    if made is None:
        raise NotFoundError("Penetapan itu tidak ada.")
    if made.state != "determined":
        raise ConflictError(say("Penetapan %(number)s sudah dicabut.", number=made.number))
    counters = publication.counters()
    facts = public_determination(made)
    numbering = rules.Numbering(year, counters.next_code, counters.codes)
    bodies = rules.number(_chosen(determination_id), facts, numbering)
    bodies += _of_kpu({item_id for item_id, _ in bodies}, numbering, bodies)
    if keep_others:
        bodies += _others({item_id for item_id, _ in bodies})
    ordered = rules.in_order(bodies)
    content = document(counters.slug, counters.next_edition, facts, [body for _, body in ordered])
    return Composed(counters.next_edition, content, tuple(item_id for item_id, _ in ordered), digest(content))


def public_determination(made: Determination) -> dict[str, str]:
    """What the public learns of a determination: number, date, title and the signatory's position, no name."""
    return {
        "number": made.number,
        "dated_on": made.dated_on.isoformat(),
        "signatory_position": made.signatory_position,
        "title": made.title,
    }


def _chosen(determination_id: UUID) -> list[rules.Chosen]:
    """Items of the determination that are still determined by it, or published through it."""
    rows = db.session.execute(
        select(
            DeterminationItem.item_id, DeterminationItem.body, DeterminationItem.ends_on, Entry.sender_slug,
            Entry.sender_name, Entry.position,
        )
        .join(Entry, (Entry.tenant_id == DeterminationItem.tenant_id) & (Entry.item_id == DeterminationItem.item_id))
        .where(
            DeterminationItem.determination_id == determination_id,
            Entry.determination_id == determination_id,
            Entry.state.in_(PUBLISHABLE),
        )
    )  # fmt: skip
    return [
        rules.Chosen(r.item_id, r.body, r.ends_on, (r.sender_slug, r.sender_name), r.position) for r in rows
    ]


def _of_kpu(
    but: set[UUID], numbering: rules.Numbering, before: Sequence[tuple[UUID, dict[str, Any]]]
) -> list[tuple[UUID, dict[str, Any]]]:
    """KPU's items that KPU RI has determined: every edition has them, each under its own determination."""
    found: list[tuple[UUID, dict[str, Any]]] = []
    chosen = select(Determination).where(Determination.kind == KPU, Determination.state == "determined")
    for made in db.session.execute(chosen.order_by(Determination.id)).scalars():
        fresh = sum(item_id not in numbering.codes for item_id, _ in [*before, *found])
        onward = replace(numbering, next_code=numbering.next_code + fresh)
        items = [one for one in _chosen(made.id) if one.item_id not in but]
        found += rules.number(items, public_determination(made), onward)
    return found


def _others(but: set[UUID]) -> list[tuple[UUID, dict[str, Any]]]:
    rows = db.session.execute(
        select(Code.item_id, LiveItem.body)
        .join(LiveItem, (LiveItem.central_id == Code.central_id) & (LiveItem.code == Code.code))
        .where(Code.central_id == context.tenant_id(), LiveItem.central_id == context.tenant_id())
    )
    return [(row.item_id, row.body) for row in rows if row.item_id not in but]


@query("edition.read")
def units_for(bodies: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The central's units as the public shall know them; `is_nil` when a unit declared that it has nothing."""
    listed = {body["unit"] for body in bodies}
    nil = _declared_nil()
    known = {
        unit.slug: {
            "slug": unit.slug,
            "name": unit.name,
            "is_nil": unit.slug not in listed and unit.id in nil,
        }
        for unit in accounts.units()
    }
    for body in bodies:
        known.setdefault(body["unit"], {"slug": body["unit"], "name": body["unit_name"], "is_nil": False})
    return tuple(known.values())


def _declared_nil() -> set[UUID]:
    """Units whose last submission to the bound central says that they have nothing to exempt."""
    chosen = (
        select(Submission.writer_id, Submission.is_nil)
        .where(Submission.reader_id == context.tenant_id())
        .order_by(Submission.submitted_at)
    )
    last = {row.writer_id: row.is_nil for row in db.session.execute(chosen)}
    return {unit for unit, is_nil in last.items() if is_nil}


@query("edition.read")
def draft(draft_id: UUID) -> EditionDraft:
    """One draft, fresh from the database."""
    found = db.session.get(EditionDraft, (context.tenant_id(), draft_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return found


@query("edition.read")
def drafts() -> Sequence[EditionDraft]:
    """Drafts that may still become an edition, newest first."""
    chosen = (
        select(EditionDraft)
        .where(EditionDraft.state != "published", EditionDraft.n >= publication.counters().next_edition)
        .order_by(EditionDraft.id.desc())
    )
    return db.session.execute(chosen).scalars().all()


@query("edition.read")
def stored_objects() -> list[tuple[UUID, int]]:
    """Return object and size of every file in the store, of drafts and of what is published."""
    drafted = db.session.execute(select(EditionDraft.files)).scalars()
    found = [(UUID(file["object_id"]), int(file["size"])) for files in drafted for file in files]
    public = select(EditionFile.object_id, EditionFile.size).where(
        EditionFile.central_id == context.tenant_id()
    )
    return found + [(row.object_id, row.size) for row in db.session.execute(public)]


def stored_object(object_id: UUID) -> tuple[int, str] | None:
    """Return size and hash of a file in the store, of a draft or of what is published."""
    public = select(EditionFile.size, EditionFile.sha256).where(
        EditionFile.central_id == context.tenant_id(), EditionFile.object_id == object_id
    )
    row = db.session.execute(public.limit(1)).first()
    if row:
        return row.size, row.sha256
    drafted = db.session.execute(select(EditionDraft.files)).scalars()
    return next(
        (
            (int(file["size"]), str(file["sha256"]))
            for files in drafted
            for file in files
            if file["object_id"] == str(object_id)
        ),
        None,
    )


@query("edition.read")
def determinations() -> Sequence[Determination]:
    """Determinations an edition may be prepared from, newest first."""
    chosen = select(Determination).where(
        Determination.state == "determined", Determination.kind.not_in(OPENS)
    )
    return (
        db.session.execute(chosen.order_by(Determination.dated_on.desc(), Determination.id.desc()))
        .scalars()
        .all()
    )


@query("edition.read")
def rebuilt(prepared: EditionDraft) -> dict[str, Any]:
    """The content a draft froze, as its files and its hash say it."""
    bodies = [row["body"] for row in prepared.items]
    return document(facts().slug, prepared.n or 0, determination_of(prepared), bodies)


@query("edition.read")
def editions() -> Sequence[Edition]:
    """All editions of the bound central, newest first."""
    return publication.editions(context.tenant_id())


@query("edition.read")
def edition(n: int) -> Edition:
    """One edition of the bound central."""
    found = publication.find_edition(context.tenant_id(), n)
    if found is None:
        raise NotFoundError("Edisi itu tidak ada.")
    return found


@query("edition.read")
def facts() -> publication.ListFacts:
    """The published list of the bound central."""
    found = publication.list_of(context.tenant_id())
    if found is None:
        raise NotFoundError
    return found


@query("edition.read")
def live(wanted: str) -> list[dict[str, Any]]:
    """Public bodies in force whose code, title or unit contains the words."""
    words = wanted.casefold()
    return [
        body
        for body in publication.live_bodies(context.tenant_id())
        if words in f"{body['code']} {body['title']} {body['unit_name']}".casefold()
    ]


@query("edition.read")
def determination_of(prepared: EditionDraft) -> dict[str, str]:
    """The determination of a draft as the public will see it."""
    made = db.session.get_one(Determination, (context.tenant_id(), prepared.determination_id))
    return public_determination(made)


@query("edition.read")
def item_of(code: str) -> UUID | None:
    """The item behind a public code."""
    chosen = select(Code.item_id).where(Code.central_id == context.tenant_id(), Code.code == code)
    return db.session.execute(chosen).scalar_one_or_none()


@query("edition.read")
def determination(determination_id: UUID) -> Determination:
    """One determination of the bound central."""
    return db.session.get_one(Determination, (context.tenant_id(), determination_id))


@query("edition.read")
def live_codes(item_ids: Sequence[UUID]) -> list[str]:
    """The codes under which items are in force now."""
    me = context.tenant_id()
    chosen = (
        select(LiveItem.code)
        .join(Code, (Code.central_id == LiveItem.central_id) & (Code.code == LiveItem.code))
        .where(LiveItem.central_id == me, Code.central_id == me, Code.item_id.in_(item_ids))
        .order_by(LiveItem.code)
    )
    return list(db.session.execute(chosen).scalars())


@query("edition.read")
def entries_off_the_list() -> list[UUID]:
    """Entries said to be published whose code is not in force any more."""
    in_force = select(LiveItem.code).where(LiveItem.central_id == context.tenant_id())
    chosen = select(Entry.item_id).where(Entry.state == "published", Entry.code.not_in(in_force))
    return list(db.session.execute(chosen).scalars())


@query("edition.read")
def collections_of(submission_ids: Sequence[UUID]) -> list[UUID]:
    """The collections the submissions answered."""
    chosen = select(Submission.collection_id).where(
        Submission.reader_id == context.tenant_id(), Submission.id.in_(submission_ids)
    )
    return sorted(set(db.session.execute(chosen).scalars()))


@query("edition.read")
def draft_differences(prepared: EditionDraft) -> Differences:
    """What publishing a draft would change in the list the public sees now."""
    after = [row["body"] for row in prepared.items]
    return differences(publication.live_bodies(context.tenant_id()), after)


@query("edition.read")
def year_of(prepared: EditionDraft) -> int:
    """The year new codes of a draft carry: that of its preparation, on the central's wall."""
    zone = ZoneInfo(publication.counters().zone)
    return prepared.prepared_at.astimezone(zone).year


@query("edition.read")
def held_back() -> list[tuple[str, int]]:
    """Offices of KPU whose items no edition may have yet, with how many: KPU RI has not approved them."""
    return [(office.sender_name, len(office.entries)) for office in waiting_for_kpu_ri()]
