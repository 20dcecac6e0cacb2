"""Change what is public. Each verb locks its row of `publication.list`, so commit order is `seq` order.

It takes public bodies as they are and asks nobody's consent: who may publish what, and when, is decided above.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, null, select, update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import command
from ppid_saas.events.service import record
from ppid_saas.proofs import digest
from ppid_saas.publication import rules
from ppid_saas.publication.models import (
    Change,
    Code,
    Edition,
    EditionFile,
    EditionItem,
    LiveItem,
    OpenedItem,
    PublishedList,
    PublishedUnit,
)
from tenants import clock, context
from tenants.db import db


@dataclass(frozen=True, slots=True)
class Listed:
    """One item of an edition: its identity, its code and its public body."""

    item_id: UUID
    code: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Frozen:
    """An edition ready to go out. `files` hold format, object_id, media_type, size and sha256 of what is stored."""

    n: int
    sha256: str
    determination: Mapping[str, Any]
    items: tuple[Listed, ...]
    files: tuple[Mapping[str, Any], ...]
    units: tuple[Mapping[str, Any], ...]


@command("edition.publish")
def publish(frozen: Frozen) -> Edition:
    """Put an edition in force: codes, edition, files, changes, live list and units in one transaction."""
    published = _lock()
    if frozen.n != published.next_edition:
        raise ConflictError(say("Edisi %(n)s sudah terbit. Siapkan edisi baru, lalu terbitkan.", n=frozen.n))
    _mint(published, frozen.items)
    edition = _add_edition(published, frozen)
    _renew_live(published, frozen)
    _renew_units(frozen.units)
    published.next_edition, published.edition_in_force = frozen.n + 1, frozen.n
    return edition


@command("list.amend")
def amend(code: str, body: Mapping[str, Any]) -> None:
    """Replace the public body of an item in force; the editions that carried the old one stay as they were."""
    published = _lock()
    live = _live_or_missing(code)
    if not rules.is_public_body(body) or body["code"] != code:
        raise InvalidError("Isi publik butir ini tidak lengkap.")
    leaks = rules.find_leaks([body])
    if leaks:
        raise InvalidError("Ada data pribadi pada isi publik.", {"body": [leak.words for leak in leaks]})
    if digest(dict(body)) == live.digest:
        return
    _upsert(published, [body], live.edition_n)
    record("list.amended", None, {"code": code})


@command("list.amend")
def withdraw(code: str, reason: str) -> None:
    """Take an item out of the list for good: its page stays with date and reason, without a title."""
    words = _reason(reason)
    published = _lock()
    _live_or_missing(code)
    _tombstone(published, [code], words, None)
    record("list.withdrawn", _item_of(code), {"code": code})


@dataclass(frozen=True, slots=True)
class Opening:
    """An item that becomes public: how, since which day, at which instant the list says so, and its row of the DIP."""

    item_id: UUID
    how: str
    opens_on: date
    at: datetime
    words: str
    basis: str
    dip: Mapping[str, Any]


@command("reopening.work")
def open_items(openings: Sequence[Opening]) -> None:
    """Take items that became public out of the list into that of what was opened, dated on their day.

    One that was never published has no public body, so nothing is told of it here.
    Source: PP 61/2010 Ps 10, Ps 11.
    """
    published = _lock()
    for one in sorted(openings, key=lambda opening: opening.at):
        live = _live_of(published.central_id, one.item_id)
        if live is not None:
            _leak_free(one)
            db.session.add(
                OpenedItem(
                    code=live.code, how=one.how, opens_on=one.opens_on, basis=one.basis, body=live.body, dip=dict(one.dip)
                )
            )  # fmt: skip
            _tombstone(published, [live.code], one.words, None, one.at)


@command("reopening.work")
def describe_opened(item_id: UUID, dip: Mapping[str, Any]) -> None:
    """Complete the public row of an item that became public."""
    published = _lock()
    code = select(Code.code).where(Code.central_id == published.central_id, Code.item_id == item_id)
    row = db.session.execute(
        select(OpenedItem).where(OpenedItem.central_id == published.central_id, OpenedItem.code.in_(code))
    ).scalar_one_or_none()
    if row is not None:
        row.dip = dict(dip)


def _live_of(central: UUID, item_id: UUID) -> LiveItem | None:
    chosen = (
        select(LiveItem)
        .join(Code, (Code.central_id == LiveItem.central_id) & (Code.code == LiveItem.code))
        .where(LiveItem.central_id == central, Code.item_id == item_id)
        .execution_options(populate_existing=True)
    )
    return db.session.execute(chosen).scalar_one_or_none()


def _leak_free(one: Opening) -> None:
    if any(rules.texts_leak(str(text)) for text in (one.basis, *one.dip.values())):
        message = say("Ada data pribadi pada isian daftar informasi publik. Tulis tanpa data itu.")
        raise InvalidError(message, {"dip": [message]})


@command("edition.retract")
def retract_edition(n: int, reason: str) -> None:
    """Recall an edition: number, page and hash stay; bodies and files are withheld, its live items are gone."""
    words = _reason(reason)
    published = _lock()
    edition = db.session.get(Edition, (published.central_id, n), populate_existing=True)
    if edition is None:
        raise NotFoundError("Edisi itu tidak ada.")
    if edition.retracted_at is not None:
        raise ConflictError(say("Edisi %(n)s sudah ditarik.", n=n))
    edition.retracted_at, edition.retraction_reason = clock.now(), words
    db.session.flush()
    live = select(LiveItem.code).where(LiveItem.central_id == published.central_id, LiveItem.edition_n == n)
    _tombstone(published, list(db.session.execute(live).scalars()), words, n)
    _recall_bodies_of(published.central_id, n)
    if published.edition_in_force == n:
        published.edition_in_force = None
    record("edition.retracted", None, {"n": n})


def _lock() -> PublishedList:
    """Take the row whose lock orders every change of the list; always the first lock of a verb here."""
    found = db.session.execute(
        select(PublishedList)
        .where(PublishedList.central_id == context.tenant_id())
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _reason(reason: str) -> str:
    words = " ".join(reason.split())
    if not words:
        raise InvalidError("Sebutkan alasannya.", {"reason": [say("Sebutkan alasannya.")]})
    if rules.texts_leak(words):
        raise InvalidError(
            "Alasan tampil ke publik.", {"reason": [say("Alasan memuat data pribadi. Tulis tanpa data itu.")]}
        )
    return words


def _mint(published: PublishedList, items: Sequence[Listed]) -> None:
    """Give each new item the code it was prepared with; those run on from the list's counter without a gap."""
    central = published.central_id
    known = set(db.session.execute(select(Code.code).where(Code.central_id == central)).scalars())
    new = [item for item in items if item.code not in known]
    wanted = {rules.number_of(item.code) for item in new}
    if wanted != set(range(published.next_code, published.next_code + len(new))):
        raise ConflictError(
            "Nomor kode berubah sejak edisi ini disiapkan. Siapkan edisi baru, lalu terbitkan."
        )
    if new:
        db.session.execute(
            insert(Code), [{"central_id": central, "code": i.code, "item_id": i.item_id} for i in new]
        )
    published.next_code += len(new)


def _add_edition(published: PublishedList, frozen: Frozen) -> Edition:
    central, now = published.central_id, clock.now()
    before = select(Edition.sha256).where(Edition.central_id == central).order_by(Edition.n.desc()).limit(1)
    edition = Edition(
        central_id=central, n=frozen.n, sha256=frozen.sha256, previous_sha256=db.session.execute(before).scalar(),
        determination=dict(frozen.determination), item_count=len(frozen.items), published_on=clock.today(published.zone),
        published_at=now,
    )  # fmt: skip
    db.session.add(edition)
    db.session.flush()
    owner = {"central_id": central, "n": frozen.n}
    rows = [
        {**owner, "code": item.code, "position": position, "unit": item.body["unit"], "body": item.body,
         "hash": digest(item.body)}
        for position, item in enumerate(frozen.items, start=1)
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(EditionItem), rows)
    if frozen.files:
        db.session.execute(insert(EditionFile), [{**owner, **file} for file in frozen.files])
    return edition


def _renew_live(published: PublishedList, frozen: Frozen) -> None:
    """Make the live list equal to the edition, by the fewest changes; what did not change only moves to it."""
    chosen = select(LiveItem.code, LiveItem.digest).where(LiveItem.central_id == published.central_id)
    live = {row[0]: row[1] for row in db.session.execute(chosen)}
    wanted = {item.code for item in frozen.items}
    gone = sorted(set(live) - wanted)
    _tombstone(published, gone, str(say(rules.NOT_LISTED, n=frozen.n)), frozen.n)
    db.session.execute(
        update(LiveItem).where(LiveItem.central_id == published.central_id).values(edition_n=frozen.n)
    )
    _upsert(published, [i.body for i in frozen.items if live.get(i.code) != digest(i.body)], frozen.n)


def _upsert(published: PublishedList, bodies: Sequence[Mapping[str, Any]], edition_n: int) -> None:
    if not bodies:
        return
    now, first = clock.now(), _take_seqs(published, len(bodies))
    owner = {"central_id": published.central_id, "edition_n": edition_n}
    told = [(seq, body, digest(dict(body))) for seq, body in enumerate(bodies, start=first)]
    db.session.execute(
        insert(Change),
        [
            {**owner, "seq": seq, "op": "upsert", "code": b["code"], "digest": d, "body": b, "at": now}
            for seq, b, d in told
        ],
    )
    _drop_live(published.central_id, [body["code"] for body in bodies])
    _close_again(published.central_id, [body["code"] for body in bodies])
    db.session.execute(insert(LiveItem), [{**owner, **_live_row(seq, b, d)} for seq, b, d in told])


def _close_again(central: UUID, codes: Collection[str]) -> None:
    """What was opened once and is closed by a new determination is no longer among what was opened."""
    db.session.execute(delete(OpenedItem).where(OpenedItem.central_id == central, OpenedItem.code.in_(codes)))


def _live_row(seq: int, body: Mapping[str, Any], body_digest: str) -> dict[str, Any]:
    return {
        "code": body["code"], "seq": seq, "unit": body["unit"], "title": body["title"], "letters": rules.letters(body),
        "ends_on": date.fromisoformat(body["ends_on"]) if body["ends_on"] else None, "digest": body_digest, "body": body,
    }  # fmt: skip


def _tombstone(
    published: PublishedList,
    codes: Collection[str],
    reason: str,
    edition_n: int | None,
    at: datetime | None = None,
) -> None:
    """Say that items are gone, and let no earlier change tell their bodies any more."""
    if not codes:
        return
    central, now, first = published.central_id, at or clock.now(), _take_seqs(published, len(codes))
    _forget_bodies(central, codes)
    db.session.execute(
        insert(Change),
        [_gone(central, seq, code, reason, edition_n, now) for seq, code in enumerate(sorted(codes), first)],
    )
    _drop_live(central, codes)


def _gone(central: UUID, seq: int, code: str, reason: str, n: int | None, at: datetime) -> dict[str, Any]:
    return {
        "central_id": central, "seq": seq, "op": "tombstone", "code": code, "edition_n": n, "reason": reason, "at": at,
    }  # fmt: skip


def _forget_bodies(central: UUID, codes: Iterable[str]) -> None:
    db.session.execute(
        update(Change)
        .where(Change.central_id == central, Change.code.in_(codes), Change.body.is_not(None))
        .values(body=null(), digest=None)
    )


def _recall_bodies_of(central: UUID, n: int) -> None:
    """Blank what the feed still tells of an edition, except what a later edition says unchanged."""
    still = select(LiveItem.seq).where(LiveItem.central_id == central)
    db.session.execute(
        update(Change)
        .where(
            Change.central_id == central,
            Change.edition_n == n,
            Change.body.is_not(None),
            Change.seq.not_in(still),
        )
        .values(body=null(), digest=None)
    )


def _take_seqs(published: PublishedList, count: int) -> int:
    first = published.next_seq
    published.next_seq += count
    return first


def _drop_live(central: UUID, codes: Collection[str]) -> None:
    db.session.execute(delete(LiveItem).where(LiveItem.central_id == central, LiveItem.code.in_(codes)))


def _live_or_missing(code: str) -> LiveItem:
    live = db.session.get(LiveItem, (context.tenant_id(), code), populate_existing=True)
    if live is None:
        raise NotFoundError("Butir itu tidak ada di daftar terbit.")
    return live


def _item_of(code: str) -> UUID | None:
    row = db.session.get(Code, (context.tenant_id(), code))
    return row.item_id if row else None


def _renew_units(units: Sequence[Mapping[str, Any]]) -> None:
    central = context.tenant_id()
    db.session.execute(delete(PublishedUnit).where(PublishedUnit.central_id == central))
    if units:
        db.session.execute(insert(PublishedUnit), [{"central_id": central, **unit} for unit in units])
