"""The verbs over doubles: look for them when items come in or change, and keep what a person decided about a pair.

Nothing is ever merged: a decision is a row beside the two entries, and the unit's item changes only by its unit's hand.
"""

from collections.abc import Collection as Many
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, text

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.consolidation import service
from ppid_saas.consolidation.matching_rules import VERDICTS, Likeness, Read, compare, read
from ppid_saas.consolidation.matching_words import keys, title_words
from ppid_saas.consolidation.models import Entry, Match, MatchItem, MatchKey, ReviewLine
from ppid_saas.consolidation.queries.candidates import Found, candidates
from ppid_saas.consolidation.queries.inbox import turn_of
from ppid_saas.events.service import record
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.service import Verdict
from tenants import clock, context
from tenants.db import among, db

MOST = 5  # pairs kept for one item: the sixth that says the same tells nobody anything new
UNCOMPARED = ("returned", "withdrawn")
DECIDED = ("verdict", "model_id", "sent_back", "note", "decided_by", "decided_at")


@command("match.find")
def match_submission(submission_id: UUID) -> None:
    """Look for doubles of what a unit handed in. Safe to repeat: what did not change is not compared again."""
    match_entries(
        db.session.execute(select(Entry.item_id).where(Entry.submission_id == submission_id)).scalars().all()
    )


@command("match.find")
def match_again(item_ids: Many[UUID]) -> None:
    """Compare entries anew although their content is the same: their state changed."""
    match_entries(item_ids, anew=True)


def match_entries(ids: Many[UUID], *, anew: bool = False) -> int:
    """Compare entries with all others, one comparer at a time, so that no two miss each other; joins a command."""
    submissions.serialise(f"matching:{context.tenant_id()}")
    columns = (Entry.item_id, Entry.hash, Entry.title, Entry.body, Entry.state, Entry.sender_name)
    rows = db.session.execute(
        select(*columns)
        .where(among(Entry.item_id, ids), Entry.state.not_in(UNCOMPARED))
        .order_by(Entry.item_id)
    ).all()
    found = [Found(*row) for row in rows]
    todo = found if anew else _changed(found)
    if todo:
        _write_keys(todo)
        _keep(todo, _pairs(todo))
    return len(todo)


def _changed(found: Sequence[Found]) -> list[Found]:
    chosen = select(MatchItem.item_id, MatchItem.hash).where(
        among(MatchItem.item_id, [one.item_id for one in found])
    )
    known = {row.item_id: row.hash for row in db.session.execute(chosen)}
    return [one for one in found if known.get(one.item_id) != one.hash]


def _write_keys(found: Sequence[Found]) -> None:
    """Put the keys of each item in place of those it had."""
    ids = [one.item_id for one in found]
    gone = (
        "delete from work.match_key k using (select m.item_id, unnest(m.keys) as key from work.match_item m"
        " where m.tenant_id = :me and m.item_id = any(:ids)) o where k.tenant_id = :me and k.key = o.key and k.item_id = o.item_id"
    )
    db.session.execute(text(gone), {"me": context.tenant_id(), "ids": ids})
    db.session.execute(delete(MatchItem).where(among(MatchItem.item_id, ids)))
    made = {one.item_id: sorted({key.value for key in keys_of(one)}) for one in found}
    db.session.execute(
        insert(MatchItem),
        [{"item_id": one.item_id, "hash": one.hash, "keys": made[one.item_id]} for one in found],
    )
    rows = [{"key": key, "item_id": item_id} for item_id, own in made.items() for key in own]
    if rows:
        db.session.execute(insert(MatchKey), rows)


def keys_of(one: Found) -> list[Any]:
    """Return the keys of an entry."""
    return keys(title_words(one.title, names=(one.sender_name,)))


def _pairs(todo: Sequence[Found]) -> dict[tuple[UUID, UUID], tuple[Likeness, str, str]]:
    """Compare each item with those that share a key; the best few of each remain."""
    near = candidates([(one.item_id, keys_of(one)) for one in todo])
    known = {one.item_id: one for one in (*near.entries, *todo)}
    today, kept = clock.today(actor().zone), {}
    reads: dict[UUID, Read] = {
        item_id: read(one.body, today, one.state, (one.sender_name,)) for item_id, one in known.items()
    }
    for mine, others in near.others.items():
        scored = [
            (pair, likeness)
            for other in others
            if other in reads
            for pair in [(min(mine, other), max(mine, other))]
            if (likeness := compare(reads[pair[0]], reads[pair[1]]))
        ]
        scored.sort(key=lambda one: (one[1].contradicts, one[1].score), reverse=True)
        for (a, b), likeness in scored[:MOST]:
            kept[a, b] = (likeness, known[a].hash, known[b].hash)
    return kept


def _keep(todo: Sequence[Found], pairs: Mapping[tuple[UUID, UUID], tuple[Likeness, str, str]]) -> None:
    """Write the pairs found; a decision stays while both contents do, else the pair is asked again."""
    ids = [one.item_id for one in todo]
    touching = select(Match).where(or_(among(Match.item_a, ids), among(Match.item_b, ids)))
    before = {(row.item_a, row.item_b): row for row in db.session.execute(touching).scalars()}
    for key, (likeness, hash_a, hash_b) in pairs.items():
        row = before.pop(key, None)
        if row is None:
            db.session.add(_row(key, likeness, hash_a, hash_b))
        elif not _stands(row, likeness, hash_a, hash_b):
            _ask_again(row, likeness, hash_a, hash_b)
    for row in before.values():
        if row.verdict is None:
            db.session.delete(row)
    db.session.flush()
    if pairs:
        record("match.found", None, {"pairs": len(pairs)})


def _row(key: tuple[UUID, UUID], likeness: Likeness, hash_a: str, hash_b: str) -> Match:
    return Match(
        item_a=key[0], item_b=key[1], hash_a=hash_a, hash_b=hash_b, score=likeness.score, kinds=list(likeness.kinds),
        reasons=[reason.as_data() for reason in likeness.reasons], found_at=clock.now(), note="", earlier=[],
    )  # fmt: skip


def _stands(row: Match, likeness: Likeness, hash_a: str, hash_b: str) -> bool:
    """Say whether what is kept of a pair is still true: same contents, and no difference that was not there."""
    return (row.hash_a, row.hash_b) == (hash_a, hash_b) and set(likeness.kinds) == set(row.kinds)


def _ask_again(row: Match, likeness: Likeness, hash_a: str, hash_b: str) -> None:
    if row.verdict is not None:
        row.earlier = [*row.earlier, _decision(row)]
        for name in DECIDED:
            setattr(row, name, "" if name == "note" else None)
    row.hash_a, row.hash_b, row.score, row.found_at = hash_a, hash_b, likeness.score, clock.now()
    row.kinds, row.reasons = list(likeness.kinds), [reason.as_data() for reason in likeness.reasons]


def _decision(row: Match) -> dict[str, Any]:
    return {
        "verdict": row.verdict, "by": row.decided_by, "at": row.decided_at and row.decided_at.isoformat(),
        "note": row.note, "hashes": [row.hash_a, row.hash_b],
    }  # fmt: skip


@command("match.decide")
def decide(item_a: UUID, item_b: UUID, verdict: str, *, model_id: UUID | None = None, note: str = "") -> bool:
    """Keep what a person decided about a pair. Aligning asks the other's unit; returns whether it was asked now.

    Source: SOP 01/SOP-PPID baris 1.
    """
    row = _locked(item_a, item_b)
    if verdict not in VERDICTS or (verdict == "aligned") != (model_id in {item_a, item_b}):
        raise InvalidError(
            say("Pilih sama, berbeda, atau samakan dengan salah satunya."),
            {"verdict": [say("Pilih salah satu.")]},
        )
    if row.verdict is not None:
        raise ConflictError(say("Pasangan ini sudah diputus oleh %(name)s.", name=row.decided_by or ""))
    row.verdict, row.model_id, row.note = verdict, model_id, note.strip()
    row.decided_by, row.decided_at = actor().person_name, clock.now()
    if verdict == "aligned":
        row.sent_back = _ask_unit(other_of(row), row.note)
    record(
        "match.decided",
        item_a,
        {"other": str(item_b), "verdict": verdict, "sent_back": str(row.sent_back or "")},
    )
    db.session.flush()
    return row.sent_back is not None


def other_of(row: Match) -> UUID:
    """Return which of the two is to be changed."""
    return row.item_b if row.model_id == row.item_a else row.item_a


def _locked(item_a: UUID, item_b: UUID) -> Match:
    chosen = select(Match).where(Match.item_a == item_a, Match.item_b == item_b).with_for_update()
    row = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if row is None:
        raise NotFoundError
    return row


def _ask_unit(other: UUID, note: str) -> UUID | None:
    """Send the item back where it is under review and nobody else has it; otherwise the note waits for its review."""
    if not note:
        message = say("Tulis apa yang perlu disamakan.")
        raise InvalidError(message, {"note": [message]})
    chosen = (
        select(ReviewLine.submission_id)
        .join(Entry, (Entry.tenant_id == ReviewLine.tenant_id) & (Entry.item_id == ReviewLine.item_id))
        .where(ReviewLine.item_id == other, ReviewLine.submission_id == Entry.submission_id)
        .where(ReviewLine.verdict.is_(None), Entry.state.in_(("received", "in_review")))
    )
    submission_id = db.session.execute(chosen).scalar_one_or_none()
    if submission_id is None or _is_others(submission_id):
        return None
    service.decide(submission_id, [Verdict(other, "returned", note)])
    return submission_id


def _is_others(submission_id: UUID) -> bool:
    turn, row = turn_of(submission_id), central.one(submission_id)
    return bool(row.finished or row.withdrawal or (turn and not turn.mine))


@command("match.decide")
def undo(item_a: UUID, item_b: UUID) -> None:
    """Take a decision back, and the answer that it gave as long as the unit has not got it."""
    row = _locked(item_a, item_b)
    if row.verdict is None:
        return
    if row.sent_back is not None:
        if _is_others(row.sent_back):
            raise ConflictError(
                say("Unit sudah menerima catatannya. Tulis catatan baru pada pemeriksaan berikutnya.")
            )
        service.undo(row.sent_back, item_id=other_of(row))
    row.earlier = [*row.earlier, _decision(row) | {"undone_by": actor().person_name}]
    for name in DECIDED:
        setattr(row, name, "" if name == "note" else None)
    record("match.undone", item_a, {"other": str(item_b)})
    db.session.flush()
