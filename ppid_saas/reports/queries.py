"""Read the story of an item from everything the slices before keep of it. Writes nothing."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.consequence_tests.models import Opinion, Round, Sheet, Sitting, SittingItem
from ppid_saas.consequence_tests.rules import OUTCOMES, VIEWS
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.consolidation.models import Entry
from ppid_saas.determinations.models import Determination, DeterminationFile, DeterminationItem
from ppid_saas.events.jobs import canonical_event
from ppid_saas.events.models import Event, Seal
from ppid_saas.proofs import digest
from ppid_saas.publication.models import Change
from ppid_saas.register import queries as register
from ppid_saas.register.rules import STATES
from ppid_saas.reopening.models import Opened
from ppid_saas.reopening.rules import HOW_WORDS
from ppid_saas.reports.rules import Paper, Step, Story, changes
from ppid_saas.submissions.models import Decision, Status, Submission, SubmissionItem
from ppid_saas.submissions.rules import SHOWN
from tenants import context
from tenants.db import db

VERDICTS = {"accepted": (say("Diterima"), "aman"), "returned": (say("Dikembalikan"), "perhatian")}
# States that another step of the story tells with more words.
HANDED = frozenset({"received", "accepted", "returned"})
TOLD_OTHERWISE = HANDED | {"determined", "published"}
PAPERS = {
    "letter": say("Surat penetapan %(number)s yang dibuat sistem"),
    "signed": say("Surat penetapan %(number)s bertanda tangan"),
}
CHANGES = {"upsert": say("Tampil di portal"), "tombstone": say("Turun dari portal")}


@query("history.read")
def central_story(item_id: UUID) -> Story:
    """Return everything a central knows of an item, from its first submission to its opening."""
    entry = consolidation.entry(item_id)
    me, unit = context.tenant_id(), entry.sender_id
    steps = [
        *_handed(unit, me, item_id),
        *_decided(me, unit, item_id),
        *_moved(me, unit, item_id, TOLD_OTHERWISE),
        *_tested(item_id),
        *_determined(item_id),
        *_opened(item_id),
        *_published(entry),
    ]
    state = SHOWN[entry.state][2] if entry.state in SHOWN else entry.state
    ref = entry.code or str(entry.item_id)
    return Story(entry.title, ref, entry.sender_name, state, _ordered(steps), _papers(item_id))


@query("item.read")
def unit_story(ref: int) -> Story:
    """Return everything a unit knows of one of its items."""
    item = register.item(ref)
    steps = _written(item)
    for handed in db.session.execute(
        select(SubmissionItem.reader_id).where(SubmissionItem.writer_id == context.tenant_id(), SubmissionItem.item_id == item.id).distinct()
    ).scalars():  # fmt: skip
        steps += _handed(context.tenant_id(), handed, item.id)
        steps += _decided(handed, context.tenant_id(), item.id)
        steps += _moved(handed, context.tenant_id(), item.id)
    return Story(item.body["title"], str(item.ref), "", STATES[item.state][0], _ordered(steps))


def _ordered(steps: Sequence[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: step.at)


def _written(item: Any) -> list[Step]:
    versions = sorted(register.history(item), key=lambda one: one.version)
    return [
        Step(
            one.at, say("Ditulis") if older is None else say("Diubah"), hash=one.hash,
            changes=changes(older.body if older else None, one.body),
        )
        for older, one in zip([None, *versions], versions, strict=False)
    ]  # fmt: skip


def _handed(writer: UUID, reader: UUID, item_id: UUID) -> list[Step]:
    came = and_(
        Submission.writer_id == SubmissionItem.writer_id, Submission.reader_id == SubmissionItem.reader_id,
        Submission.id == SubmissionItem.submission_id,
    )  # fmt: skip
    rows = db.session.execute(
        select(SubmissionItem.body, SubmissionItem.hash, Submission.number, Submission.submitted_at, Submission.submitted_by)
        .join(Submission, came)
        .where(SubmissionItem.writer_id == writer, SubmissionItem.reader_id == reader, SubmissionItem.item_id == item_id)
        .order_by(Submission.submitted_at)
    ).all()  # fmt: skip
    return [
        Step(
            row.submitted_at, say("Dikirim dalam pengajuan %(number)s", number=row.number), row.submitted_by, hash=row.hash,
            changes=changes(before.body if before else None, row.body), tone="info",
        )
        for before, row in zip([None, *rows], rows, strict=False)
    ]  # fmt: skip


def _decided(writer: UUID, reader: UUID, item_id: UUID) -> list[Step]:
    chosen = select(Decision).where(
        Decision.writer_id == writer, Decision.reader_id == reader, Decision.item_id == item_id
    )
    rows = db.session.execute(chosen).scalars()
    return [
        Step(row.decided_at, VERDICTS[row.verdict][0], row.decided_by, row.note, VERDICTS[row.verdict][1])
        for row in rows
    ]


def _moved(writer: UUID, reader: UUID, item_id: UUID, but: frozenset[str] = HANDED) -> list[Step]:
    chosen = select(Status).where(
        Status.writer_id == writer, Status.reader_id == reader, Status.item_id == item_id
    )
    rows = db.session.execute(chosen.order_by(Status.n)).scalars()
    return [
        Step(row.at, say("Status: %(state)s", state=SHOWN[row.state][2]))
        for row in rows
        if row.state in SHOWN.keys() - but
    ]


def _tested(item_id: UUID) -> list[Step]:
    sheets = db.session.execute(select(Sheet).where(Sheet.item_id == item_id).order_by(Sheet.at)).scalars()
    steps = [
        Step(
            row.at,
            say("Lembar uji: %(outcome)s", outcome=_word(OUTCOMES, row.outcome)),
            row.author,
            row.reason,
            hash=row.hash,
        )
        for row in sheets
    ]
    views = db.session.execute(
        select(Opinion, Round.advised_at)
        .join(Round, and_(Round.tenant_id == Opinion.tenant_id, Round.id == Opinion.round_id))
        .where(Opinion.item_id == item_id, Opinion.given_at.is_not(None), Round.advised_at.is_not(None))
    )
    steps += [
        Step(
            row[0].given_at or row.advised_at,
            say("Pertimbangan: %(view)s", view=_word(VIEWS, row[0].view)),
            row[0].person_name,
            row[0].reason,
        )
        for row in views
    ]
    sat = db.session.execute(
        select(SittingItem, Sitting.title, Sitting.created_at)
        .join(Sitting, and_(Sitting.tenant_id == SittingItem.tenant_id, Sitting.id == SittingItem.sitting_id))
        .where(SittingItem.item_id == item_id, SittingItem.decided_at.is_not(None))
    )
    return steps + [
        Step(
            row[0].decided_at or row.created_at,
            say("Sidang %(title)s: %(outcome)s", title=row.title, outcome=_word(OUTCOMES, row[0].outcome)),
            row[0].decided_by,
            "\n".join(part for part in (row[0].reason, row[0].dissent) if part),
        )
        for row in sat
    ]


def _word(words: Any, code: str) -> str:
    return words[code][0] if code in words else code


def _determined(item_id: UUID) -> list[Step]:
    rows = db.session.execute(
        select(DeterminationItem, Determination)
        .join(
            Determination,
            and_(
                Determination.tenant_id == DeterminationItem.tenant_id,
                Determination.id == DeterminationItem.determination_id,
            ),
        )
        .where(DeterminationItem.item_id == item_id)
        .order_by(Determination.created_at)
    ).all()
    return [
        Step(
            row[1].created_at, say("Penetapan %(number)s", number=row[1].number), row[1].signatory, row[1].title, "aman",
            row[0].hash, changes(before[0].body if before else None, row[0].body),
        )
        for before, row in zip([None, *rows], rows, strict=False)
    ]  # fmt: skip


def _opened(item_id: UUID) -> list[Step]:
    row = db.session.get(Opened, (context.tenant_id(), item_id))
    if row is None:
        return []
    return [
        Step(row.applied_at or row.decided_at, HOW_WORDS[row.how], row.decided_by, row.basis, "perhatian")
    ]


def _published(entry: Entry) -> list[Step]:
    if not entry.code:
        return []
    chosen = select(Change).where(Change.central_id == context.tenant_id(), Change.code == entry.code)
    rows = db.session.execute(chosen.order_by(Change.seq)).scalars()
    return [
        Step(row.at, CHANGES.get(row.op, row.op), "", row.reason or "", "aman", row.digest or "")
        for row in rows
    ]


def _papers(item_id: UUID) -> list[Paper]:
    mine = select(DeterminationItem.determination_id).where(DeterminationItem.item_id == item_id)
    rows = db.session.execute(
        select(DeterminationFile)
        .where(DeterminationFile.determination_id.in_(mine))
        .order_by(DeterminationFile.added_at, DeterminationFile.n)
    ).scalars()
    return papers(rows)


def papers(files: Iterable[DeterminationFile]) -> list[Paper]:
    """Return papers of determinations as a story names them: every letter is called alike, so its number tells which it is."""
    found = list(files)
    chosen = select(Determination.id, Determination.number).where(
        Determination.id.in_({row.determination_id for row in found})
    )
    numbers = {row.id: row.number for row in db.session.execute(chosen)}
    return [
        Paper(
            row.name, row.sha256, say(PAPERS[row.kind], number=numbers[row.determination_id]), row.document_id
        )
        for row in found
    ]


@query("space.see")
def facts(subject: UUID) -> list[dict[str, Any]]:
    """Return the facts about an item as their seals bind them, with seal and place in the chain."""
    rows = db.session.execute(
        select(Event, Seal.seq, Seal.hash)
        .outerjoin(Seal, and_(Seal.tenant_id == Event.tenant_id, Seal.event_id == Event.id))
        .where(Event.subject == subject)
        .order_by(Event.id)
    )
    return [canonical_event(row[0]) | {"seq": row.seq, "seal": row.hash} for row in rows]


@query("space.see")
def chain() -> dict[str, Any]:
    """Walk the bound tenant's whole chain anew; says how long it is and where it first does not hold."""
    rows = db.session.execute(
        select(Seal.seq, Seal.hash, Event)
        .outerjoin(Event, and_(Event.tenant_id == Seal.tenant_id, Event.id == Seal.event_id))
        .order_by(Seal.seq)
        .execution_options(yield_per=1000)
    )
    before, length = "", 0
    for seq, found, event in rows:
        length += 1
        if event is None or seq != length or found != digest([before, canonical_event(event)]):
            return {"length": length, "holds": False, "broken_at": seq}
        before = found
    return {"length": length, "holds": True, "head": before}
