"""The verbs of a unit's register: save, delete, restore, and what a submission does to the state of items.

An item is saved however incomplete; what blocks its sending is asked where it is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text, update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.events.service import record
from ppid_saas.proofs import digest
from ppid_saas.register.models import Item, ItemGround, ItemVersion
from ppid_saas.register.rules import Body, Listed, cited, listed, whole_body
from tenants import clock, context
from tenants.db import db, new_id

LOCKED = say("Butir ini sudah terkirim, jadi belum dapat diubah. Tunggu hasil pemeriksaan PPID Utama.")
STALE = say("Butir ini diubah orang lain sejak Anda membukanya. Bandingkan kedua isinya, lalu simpan lagi.")
ONLY_DRAFTS = say("Hanya draf yang dapat dihapus. Butir ini sudah pernah dikirim ke PPID Utama.")
NO_TITLE = say("Isi judul informasi.")
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
    body = _titled(body)
    columns, at = listed(body), clock.now()
    if item is None:
        item = Item(
            id=new_id(), ref=_next_refs(1), version=1, state="draft", batch_id=batch_id, created_at=at
        )
        db.session.add(item)
    else:
        item.version += 1
        db.session.execute(delete(ItemGround).where(ItemGround.item_id == item.id))
    item.body, item.updated_at = body, at
    for name, value in _columns(columns).items():
        setattr(item, name, value)
    db.session.flush()
    db.session.add(ItemVersion(**_version(item.id, item.version, body)))
    db.session.add_all(ItemGround(**row) for row in _grounds(item.id, body))
    return item


def put_items(bodies: Sequence[Body], batch_id: UUID | None = None) -> list[UUID]:
    """Write many new items at once, in order; joins the running command and tells no event. Returns their ids."""
    if not bodies:
        return []
    whole = [_titled(body) for body in bodies]
    ids, first, at = [new_id() for _ in whole], _next_refs(len(whole)), clock.now()
    fixed = {"version": 1, "state": "draft", "batch_id": batch_id, "created_at": at, "updated_at": at}
    db.session.execute(
        insert(Item),
        [
            {"id": i, "ref": first + n, "body": body, **_columns(listed(body)), **fixed}
            for n, (i, body) in enumerate(zip(ids, whole, strict=True))
        ],
    )
    db.session.execute(
        insert(ItemVersion), [_version(i, 1, body) for i, body in zip(ids, whole, strict=True)]
    )
    grounds = [row for i, body in zip(ids, whole, strict=True) for row in _grounds(i, body)]
    if grounds:
        db.session.execute(insert(ItemGround), grounds)
    return ids


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
    db.session.execute(delete(ItemGround).where(ItemGround.item_id.in_(whole)))
    db.session.execute(
        insert(ItemVersion), [_version(i, next_versions[i], body) for i, body in whole.items()]
    )
    grounds = [row for i, body in whole.items() for row in _grounds(i, body)]
    if grounds:
        db.session.execute(insert(ItemGround), grounds)


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


def _grounds(item_id: UUID, body: Body) -> list[dict[str, Any]]:
    return [
        {"item_id": item_id, "n": n, "code": code, "law": law} for n, (code, law) in enumerate(cited(body))
    ]


def _next_refs(n: int) -> int:
    """Take `n` numbers from the unit's counter and return the first; a command that fails gives them back."""
    last = db.session.execute(
        text(
            "insert into work.counter as c (tenant_id, name, last) values (:tenant, 'item', :n)"
            " on conflict (tenant_id, name) do update set last = c.last + excluded.last returning last"
        ),
        {"tenant": context.tenant_id(), "n": n},
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
    chosen = select(Item).where(Item.batch_id == batch_id, Item.deleted_at.is_(None)).order_by(Item.ref)
    found = db.session.execute(chosen.with_for_update()).scalars().all()
    untouched = [item.id for item in found if item.version == 1 and item.state == "draft"]
    if untouched:
        db.session.execute(update(Item).where(Item.id.in_(untouched)).values(deleted_at=clock.now()))
    return len(untouched), [item for item in found if item.id not in set(untouched)]


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
