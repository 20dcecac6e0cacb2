"""The verbs of a unit's register: save, delete, restore, and what a submission does to the state of items.

An item is saved however incomplete; what blocks its sending is asked where it is sent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError, TooLargeError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.events.service import record
from ppid_saas.proofs import digest
from ppid_saas.register import queries
from ppid_saas.register.adding import ADD, TAKE_NUMBERS, New, new_items
from ppid_saas.register.models import Item, ItemDraft, ItemVersion
from ppid_saas.register.rules import (
    INTERNAL,
    Body,
    Listed,
    Written,
    as_written,
    listed,
    whole_body,
    without_stale_wording,
)
from tenants import clock, context
from tenants.db import db, new_id, new_ids

LOCKED = say("Butir ini sudah terkirim, jadi belum dapat diubah. Tunggu hasil pemeriksaan PPID Utama.")
STALE = say("Butir ini diubah orang lain sejak Anda membukanya. Bandingkan kedua isinya, lalu simpan lagi.")
ONLY_DRAFTS = say("Hanya draf yang dapat dihapus. Butir ini sudah pernah dikirim ke PPID Utama.")
NO_TITLE = say("Isi judul informasi.")
CHUNK = 1_000  # of a kilobyte each: the planner copies what it is given
TOO_LONG = say("Isian ini terlalu panjang untuk disimpan.")
LONGEST_DRAFT = 400_000
NO_FIELD = say("Pilih isian yang akan diubah.")
GONE = say("Sebagian butir sudah berubah keadaan. Muat ulang, lalu periksa kembali.")


@command("item.write")
def save_item(body: Body, ref: int | None = None, version: int | None = None) -> Item:
    """Save a new item, or the item `ref` as changed from `version`. An unchanged body makes no new version.

    Raises ConflictError while the item is locked; `fields["version"]` holds the newest when it changed meanwhile.
    """
    if ref is None:
        saved = put_item(body)
    else:
        found = _to_change(ref)
        if version is not None and version != found.version:
            raise ConflictError(STALE, {"version": [str(found.version)]})
        if whole_body(body) == found.body:
            return found
        saved = put_item(body, found)
    record("item.saved", saved.id, {"ref": saved.ref, "version": saved.version})
    return saved


@command("item.write")
def finish_item(body: Body, ref: int | None, version: int) -> Item:
    """Save what a person wrote in the form, and forget what was kept of it meanwhile."""
    saved = save_item(body, ref, version)
    discard_draft(ref or 0)
    return saved


@command("item.write")
def keep_draft(ref: int, version: int, fields: Mapping[str, list[str]]) -> datetime:
    """Keep what the acting person typed and has not saved, in place of what was kept before; `ref` 0 is a new item.

    Nobody else sees it, it is no version of the item, and it is judged only when it is saved.
    """
    if sum(len(value) for values in fields.values() for value in values) > LONGEST_DRAFT:
        raise TooLargeError(TOO_LONG)
    at = clock.now()
    values = {
        "person_id": actor().person_id,
        "ref": ref,
        "version": version,
        "fields": dict(fields),
        "saved_at": at,
    }
    kept = upsert(ItemDraft).values(tenant_id=context.tenant_id(), **values)
    changed = {"version": version, "fields": dict(fields), "saved_at": at}
    db.session.execute(kept.on_conflict_do_update(constraint="item_draft_pkey", set_=changed))
    return at


@command("item.write")
def discard_draft(ref: int) -> None:
    """Forget what the acting person typed and did not save."""
    mine = (ItemDraft.person_id == actor().person_id) & (ItemDraft.ref == ref)
    db.session.execute(delete(ItemDraft).where(mine))


def _to_change(ref: int) -> Item:
    found = _locked(ref)
    if found.deleted_at is not None:
        raise NotFoundError
    if found.state == "submitted":
        raise ConflictError(LOCKED)
    return found


def _locked(ref: int) -> Item:
    chosen = select(Item).where(Item.ref == ref).with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(chosen).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def put_item(body: Body, item: Item | None = None, batch_id: UUID | None = None) -> Item:
    """Write a body as a new item or as the next version of one; joins the running command and tells no event."""
    body = _titled(without_stale_wording(item.body, body) if item else body)
    columns, at = listed(body), clock.now()
    if item is None:
        item = Item(
            id=new_id(), ref=next_numbers("item"), version=1, state="draft", batch_id=batch_id, created_at=at
        )
        db.session.add(item)
    else:
        item.version += 1
    item.body, item.updated_at = body, at
    for name, value in _columns(columns).items():
        setattr(item, name, value)
    db.session.flush()
    db.session.add(ItemVersion(**_version(item.id, item.version, body)))
    return item


def put_items(bodies: Sequence[Body], batch_id: UUID | None = None) -> list[UUID]:
    """Write many new items at once, in order; joins the running command and tells no event. Returns their ids."""
    ids = new_ids(len(bodies))
    for start in range(0, len(ids), CHUNK):
        part = slice(start, start + CHUNK)
        put_written(prepared(ids[part], [as_written(body) for body in bodies[part]]), batch_id)
    return ids


def prepared(ids: Sequence[UUID | str], items: Sequence[Written]) -> New:
    """Make ready for writing what is in its final form already, at most some thousand items; may be done beside."""
    if not all(item.title.strip() for item in items):
        raise InvalidError(NO_TITLE, {"title": [NO_TITLE]})
    return new_items(ids, items)


def put_written(new: New, batch_id: UUID | None) -> None:
    """Write prepared items as drafts, in order, with the register's next numbers; joins the running command and tells no event."""
    acting = {"tenant": context.tenant_id(), "at": clock.now(), "actor": actor().person_id}
    db.session.execute(ADD, {**new.lines, "name": "item", "n": new.n, "batch": batch_id, **acting})


def _keep_versions(whole: Mapping[UUID, Body]) -> None:
    """Keep the bodies just written as versions; the database has them already."""
    db.session.execute(
        text(
            "insert into work.item_version (tenant_id, item_id, version, body, hash, at, actor)"
            " select i.tenant_id, i.id, i.version, i.body, made.hash, :at, :actor"
            " from unnest(cast(:ids as uuid[]), cast(:hashes as text[])) as made(id, hash)"
            " join work.item i on i.tenant_id = :tenant and i.id = made.id"
        ),
        {
            "tenant": context.tenant_id(),
            "at": clock.now(),
            "actor": actor().person_id,
            "ids": list(whole),
            "hashes": [digest(body) for body in whole.values()],
        },
    )


def change_items(bodies: Mapping[UUID, Body]) -> None:
    """Write the next version of many items at once; joins the running command, which has locked them, and tells no event."""
    found = db.session.execute(select(Item.id, Item.version).where(Item.id.in_(bodies))).all()
    next_versions = {item_id: version + 1 for item_id, version in found}
    whole = {item_id: _titled(bodies[item_id]) for item_id in next_versions}
    if not whole:
        return
    at, tenant = clock.now(), context.tenant_id()
    changed = [
        {"tenant_id": tenant, "id": i, "body": body, "version": next_versions[i], "updated_at": at, **_columns(listed(body))}
        for i, body in whole.items()
    ]  # fmt: skip
    db.session.execute(update(Item), changed)
    _keep_versions(whole)


def _titled(body: Body) -> Body:
    whole = whole_body(body)
    if not whole["title"].strip():
        raise InvalidError(NO_TITLE, {"title": [NO_TITLE]})
    return whole


def _columns(found: Listed) -> dict[str, Any]:
    return {
        "title": found.title, "ends_on": found.ends_on, "review_on": found.review_on, "sort_on": found.sort_on,
        "done_fields": found.done_fields, "missing": list(found.missing),
    }  # fmt: skip


def _version(item_id: UUID, version: int, body: Body) -> dict[str, Any]:
    return {
        "item_id": item_id, "version": version, "body": body, "hash": digest(body), "at": clock.now(),
        "actor": actor().person_id,
    }  # fmt: skip


def next_numbers(name: str, n: int = 1) -> int:
    """Take `n` numbers from one of the unit's counters and return the first; a command that fails gives them back."""
    last = db.session.execute(
        text(TAKE_NUMBERS), {"tenant": context.tenant_id(), "name": name, "n": n}
    ).scalar_one()
    return int(last) - n + 1


@command("item.write")
def delete_item(ref: int, version: int | None = None) -> Item:
    """Take a draft out of the register; `restore_item` brings it back."""
    found = _to_change(ref)
    if found.state != "draft":
        raise ConflictError(ONLY_DRAFTS)
    if version is not None and version != found.version:
        raise ConflictError(STALE, {"version": [str(found.version)]})
    found.deleted_at = clock.now()
    record("item.deleted", found.id, {"ref": found.ref})
    return found


@command("item.write")
def restore_item(ref: int) -> Item:
    """Bring a deleted draft back as it was; a live item stays as it is."""
    found = _locked(ref)
    if found.deleted_at is not None:
        found.deleted_at = None
        record("item.restored", found.id, {"ref": found.ref})
    return found


@command("item.write")
def take_back(batch_id: UUID) -> tuple[int, list[Item]]:
    """Delete what an import made and nobody touched since; returns how many, and the items that stay."""
    live = (Item.batch_id == batch_id, Item.deleted_at.is_(None))
    untouched = update(Item).where(*live, Item.version == 1, Item.state == "draft")
    gone = db.session.connection().execute(
        untouched.where(Item.tenant_id == context.tenant_id()).values(deleted_at=clock.now())
    )
    stays = select(Item).where(*live).order_by(Item.ref).execution_options(populate_existing=True)
    return gone.rowcount, list(db.session.execute(stays).scalars())


@command("item.write")
def change_together(refs: Collection[int], name: str, value: str) -> tuple[UUID, int]:
    """Write one field that serves the unit's own keeping into many items; what is handed in stays as it is.

    Returns what `take_back_change` needs, and how many items changed.
    """
    if name not in INTERNAL:
        raise InvalidError(NO_FIELD, {"field": [NO_FIELD]})
    found = queries.to_change(refs, for_update=True)
    bodies = {item.id: item.body | {name: value} for item in found}
    changed = {item.id: bodies[item.id] for item in found if whole_body(bodies[item.id]) != item.body}
    after = {str(item.id): item.version + 1 for item in found if item.id in changed}
    change_items(changed)
    made = new_id()
    record("items.changed", made, {"field": name, "items": after})
    return made, len(changed)


@command("item.write")
def take_back_change(made: UUID) -> tuple[int, int]:
    """Put items changed together back as they were, but for those changed since; returns how many went, how many stay."""
    after = queries.changed_together(made)
    if after is None:
        raise NotFoundError
    found = [
        item for item in queries.by_ids(list(after), for_update=True).values() if item.deleted_at is None
    ]
    back = [item for item in found if item.version == after[item.id] and item.state != "submitted"]
    before = queries.bodies_at({item.id: item.version - 1 for item in back})
    change_items(before)
    record("items.put_back", made, {"items": [str(item.id) for item in back]})
    return len(before), len(after) - len(before)


@command("submission.send")
def mark_submitted(item_ids: Iterable[UUID]) -> None:
    """Lock items that were handed in; raises ConflictError when one of them is no longer there to send."""
    _move(list(item_ids), ("draft", "returned"), "submitted")


@command("item.write")
def mark_returned(item_ids: Iterable[UUID]) -> None:
    """Open items again that the central sent back; repeating it changes nothing."""
    _move(list(item_ids), ("submitted", "returned"), "returned")


@command("item.write")
def unlock_submitted() -> None:
    """Open what was handed in for editing again, for the next collection; what was handed in stays as it was frozen."""
    db.session.execute(
        update(Item).where(Item.state == "submitted", Item.deleted_at.is_(None)).values(state="draft")
    )


@command("submission.send")
def mark_open(item_ids: Iterable[UUID], state: str) -> None:
    """Open items again as `draft` or `returned`, because what was handed in was taken back; open ones stay as they are."""
    db.session.execute(
        update(Item).where(Item.id.in_(list(item_ids)), Item.state == "submitted").values(state=state)
    )


def _move(ids: list[UUID], before: tuple[str, ...], after: str) -> None:
    moved = db.session.execute(
        update(Item)
        .where(Item.id.in_(ids), Item.state.in_(before), Item.deleted_at.is_(None))
        .values(state=after)
        .returning(Item.id)
    ).all()
    if len(moved) != len(set(ids)):
        raise ConflictError(GONE)
