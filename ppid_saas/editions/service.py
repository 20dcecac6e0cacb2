"""Prepare, publish, recall. Files are made between the first two, so that publishing is one short transaction.

One person prepares, another publishes. What is public, and in which order it changes, is the business of
`publication`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import queries as cases
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.editions import queries
from ppid_saas.editions.files import count
from ppid_saas.editions.models import EditionDraft
from ppid_saas.events.service import record, start_job
from ppid_saas.publication import queries as published
from ppid_saas.publication import rules as public
from ppid_saas.publication import service as publication
from ppid_saas.publication.models import Edition
from ppid_saas.storage import service as storage
from ppid_saas.submissions import service as submissions
from ppid_saas.web.formats import INDONESIAN, long_date
from tenants import clock, context
from tenants.db import db, new_id
from tenants.vault import Stored

LEAKS_SHOWN = 50
PUBLISHING_STEPS = ("store", "publish")


@command("edition.prepare")
def prepare(determination_id: UUID, *, keep_others: bool = False) -> EditionDraft:
    """Freeze what the next edition would say; its files follow as an effect. Refused when personal data would leak."""
    now = clock.now()
    year = clock.today(published.counters().zone).year
    composed = queries.compose(determination_id, keep_others=keep_others, year=year)
    if not composed.item_ids:
        raise InvalidError(
            "Penetapan itu tidak memuat butir yang dapat diterbitkan.",
            {"determination": [say("Pilih penetapan lain.")]},
        )
    refuse_leaks(composed.content["items"])
    who = actor()
    draft = EditionDraft(
        id=new_id(), n=composed.n, state="rendering", determination_id=determination_id, keep_others=keep_others,
        items=composed.items, sha256=composed.sha256, files=[], prepared_by=who.person_id,
        prepared_by_name=who.person_name, prepared_at=now,
    )  # fmt: skip
    job = start_job(
        "edition.render",
        draft.id,
        f"/{who.region}/pusat/edisi/{draft.id}/pratinjau",
        count(composed.content["items"]),
    )
    draft.job_id = job.id
    db.session.add(draft)
    record(
        "edition.prepared", draft.id, {"n": composed.n, "items": len(composed.item_ids), "job": str(job.id)}
    )
    return draft


def refuse_leaks(bodies: Sequence[Mapping[str, Any]]) -> None:
    """Raise with the place of each leak, never its text.

    Source: UU 14/2008 Ps 17 huruf h; UU 27/2022 Ps 4.
    """
    leaks = public.find_leaks(bodies)
    if leaks:
        shown = [leak.words for leak in leaks[:LEAKS_SHOWN]]
        message = counted("Ada data pribadi di %(num)s tempat. Perbaiki dahulu.", len(leaks))
        raise InvalidError(message, {"leaks": shown})


@command("edition.prepare")
def keep_files(draft_id: UUID, files: Sequence[Mapping[str, Any]], stored: Sequence[Stored]) -> None:
    """Note the files that now lie in the bucket, count their bytes, and let the draft be published."""
    draft = _locked(draft_id)
    if draft.state != "rendering":
        raise ConflictError("Berkas edisi ini sudah dibuat.")
    for file in stored:
        storage.charge(file.reservation, "edition")
    draft.files, draft.state = [dict(file) for file in files], "ready"


@command("edition.prepare")
def mark_failed(draft_id: UUID) -> None:
    """Note that the files of a draft could not be kept."""
    _locked(draft_id).state = "failed"


@command("edition.publish")
def publish(draft_id: UUID, confirmation: str) -> Edition:
    """Put a prepared edition in force, once, by someone who did not prepare it, who typed its number."""
    draft = _locked(draft_id)
    _refuse_unready(draft)
    if actor().person_id == draft.prepared_by:
        raise ConflictError("Edisi diterbitkan oleh orang lain, bukan oleh yang menyiapkannya.")
    if confirmation.strip() != str(draft.n):
        raise InvalidError(
            "Nomor edisi tidak cocok.", {"confirmation": [say("Ketik %(n)s untuk menerbitkan.", n=draft.n)]}
        )
    composed = queries.compose(
        draft.determination_id, keep_others=draft.keep_others, year=queries.year_of(draft)
    )
    if composed.n != draft.n:
        raise ConflictError(
            say("Edisi %(n)s sudah terbit dari rancangan lain. Siapkan edisi baru.", n=draft.n)
        )
    if composed.sha256 != draft.sha256 or composed.items != draft.items:
        raise ConflictError("Isi daftar berubah sejak edisi ini disiapkan. Siapkan ulang, lalu periksa.")
    refuse_leaks(composed.content["items"])
    edition = publication.publish(_frozen(draft, composed))
    who = actor()
    draft.state, draft.published_by, draft.published_by_name = "published", who.person_id, who.person_name
    record("edition.published", draft.id, {"n": edition.n, "items": edition.item_count})
    return edition


@command("edition.retract")
def retract(n: int, confirmation: str, reason: str) -> None:
    """Recall an edition; its number must be typed, and the reason is shown to the public."""
    if confirmation.strip() != str(n):
        raise InvalidError(
            "Nomor edisi tidak cocok.", {"confirmation": [say("Ketik %(n)s untuk menarik edisi ini.", n=n)]}
        )
    publication.retract_edition(n, reason)


@command("edition.publish")
def settle(draft_id: UUID) -> None:
    """Note on the entries that their items are in force, tell the units, and take the SOP's steps of publishing.

    Source: SOP 03/SOP-PPID rows 4 and 5.
    """
    codes = {UUID(row["item_id"]): row["code"] for row in queries.draft(draft_id).items}
    entries = [
        entry
        for entry in consolidation.entries(list(codes), for_update=True)
        if entry.state in queries.PUBLISHABLE
    ]
    for entry in entries:
        entry.code, entry.updated_at = codes[entry.item_id], clock.now()
    _move([entry for entry in entries if entry.state != "reopening"], "published")
    settle_absent()
    for collection_id in queries.collections_of(sorted({entry.submission_id for entry in entries})):
        _walk(collection_id)


@command("edition.publish")
def settle_absent() -> None:
    """Note on entries whose items are not in the list any more that they are determined, not published."""
    _move(consolidation.entries(queries.entries_off_the_list(), for_update=True), "determined")


def _move(entries: Sequence[Entry], state: str) -> None:
    told: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for entry in entries:
        if entry.state != state:
            told[entry.sender_id].append(entry.item_id)
            entry.state, entry.updated_at = state, clock.now()
    db.session.flush()
    for unit_id, item_ids in told.items():
        submissions.tell(unit_id, item_ids, state, "none")


def _walk(collection_id: UUID) -> None:
    for step in PUBLISHING_STEPS:
        case = cases.case_of("collection", collection_id)
        if case is not None and any(action.id == step for action in cases.case_actions(case)):
            submissions.take_step(collection_id, step)


@command("list.amend")
def withdraw(code: str, reason: str) -> None:
    """Take an item out of the list, and its entry out of what the next edition may say, in one step."""
    item_id = queries.item_of(code)
    publication.withdraw(code, reason)
    if item_id is not None:
        _move(consolidation.entries([item_id], for_update=True), "revoked")


@command("list.amend")
def withdraw_revoked(determination_id: UUID, item_ids: Sequence[UUID]) -> None:
    """Take revoked items out of the live list, with the decision's number as the reason; those not in it are passed over."""
    made = queries.determination(determination_id)
    day = long_date(made.dated_on, locale=INDONESIAN)
    reason = str(say(public.REVOKED_BY, number=made.number, day=day))
    for code in queries.live_codes(item_ids):
        publication.withdraw(code, reason if not public.texts_leak(reason) else str(public.REVOKED))


def _locked(draft_id: UUID) -> EditionDraft:
    found = db.session.execute(
        select(EditionDraft)
        .where(EditionDraft.tenant_id == context.tenant_id(), EditionDraft.id == draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


def _refuse_unready(draft: EditionDraft) -> None:
    words = {
        "published": say("Edisi %(n)s sudah terbit.", n=draft.n),
        "rendering": say("Berkas edisi ini masih dibuat. Tunggu sebentar, lalu muat ulang."),
        "failed": say("Berkas edisi ini gagal dibuat. Siapkan ulang."),
    }
    if draft.state in words:
        raise ConflictError(words[draft.state])


def _frozen(draft: EditionDraft, composed: queries.Composed) -> publication.Frozen:
    bodies = composed.content["items"]
    items = zip(composed.item_ids, bodies, strict=True)
    return publication.Frozen(
        n=composed.n,
        sha256=composed.sha256,
        determination=composed.content["determination"],
        items=tuple(publication.Listed(item_id, body["code"], body) for item_id, body in items),
        files=tuple({**file, "object_id": UUID(file["object_id"])} for file in draft.files),
        units=queries.units_for(bodies),
    )
