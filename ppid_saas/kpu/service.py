"""The verbs of a KPU office's round: open, close, classify, ask, approve or return, store, record KPU RI's act, publish.

Each is a step of the office's SOP, guarded by the one engine; what is approved is one list, bound by its hash.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, insert, update

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import counted, say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts.own_settings import put_setting
from ppid_saas.accounts.service import give_role
from ppid_saas.cases import queries as case_queries
from ppid_saas.cases import service as cases
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.kpu import queries, rules
from ppid_saas.kpu.models import KpuApproval, KpuGrant, KpuItem, KpuRound
from ppid_saas.law.grounds import catalogue
from ppid_saas.proofs import digest
from ppid_saas.register.queries import items_for_submission
from ppid_saas.sop.engine import due
from ppid_saas.submissions.rules import findings_in_words
from ppid_saas.submissions.service import serialise
from tenants import clock
from tenants.db import db, new_id

MOST_TYPES, LONGEST_TYPE = 40, 100
COLLECT_DUE = "kpu.collect.due"
CHANGED = say("Daftar berubah sejak Anda membukanya. Baca lagi, lalu jawab.")


@command("kpu.work")
def open_round(title: str, opens_on: date) -> UUID:
    """Open a collection of one's own; it has the weeks the SOP gives it. Only one runs at a time.

    Source: SOP 74/ORT.06/3604/2022 baris 1 (minggu 1-2).
    """
    _only_kpu()
    serialise(rules.SUBJECT)
    if any(one.case.closed_at is None for one in queries.rounds()):
        raise ConflictError(say("Pengumpulan sebelumnya belum terbit. Selesaikan dahulu."))
    if not title.strip():
        raise InvalidError(
            say("Ada isian yang perlu diperbaiki."), {"title": [say("Isi judul pengumpulan.")]}
        )
    made = KpuRound(
        id=new_id(), title=title.strip(), opens_on=opens_on, due_on=opens_on, opened_by=actor().person_name,
        opened_at=clock.now(),
    )  # fmt: skip
    case = cases.open_case("documenting", rules.SUBJECT, made.id)
    sop = case_queries.sop_of(case)
    window = due(sop, sop.step("collect"), opens_on, case_queries.calendar_for_tenant())
    if window is not None:
        made.due_on = window.due_on
        cases.owe_until(COLLECT_DUE, made.id, window.due_on, window.source, opens_on, case.id)
    db.session.add(made)
    record("kpu.opened", made.id, {"due_on": made.due_on.isoformat()})
    return made.id


def _only_kpu() -> None:
    if not queries.is_kpu():
        raise NotFoundError


def _locked(round_id: UUID) -> queries.Round:
    """Return a round whose verbs run one after another until the transaction ends."""
    _only_kpu()
    serialise(round_id)
    return queries.round_of(round_id)


@command("kpu.work")
def close(round_id: UUID) -> int:
    """End the collecting: the list is the register as it stands, frozen. Returns how many items it has.

    Source: SOP 74/ORT.06/3604/2022 baris 1.
    """
    found = _locked(round_id)
    cases.advance(found.case, "collect")
    live, today = items_for_submission(for_update=True), clock.today(actor().zone)
    if not live:
        raise ConflictError(say("Daftar masih kosong. Isi butirnya dahulu."))
    blocked = [
        str(item.ref) for item in live if findings_in_words(item.ref, item.body, today, actor().settings)[0]
    ]
    if blocked:
        refs = ", ".join(blocked[:10])
        raise ConflictError(
            counted("%(num)s butir belum lengkap: nomor %(refs)s. Lengkapi dahulu.", len(blocked), refs=refs)
        )
    known = queries.last_types()
    types = set(queries.doc_types())
    db.session.execute(delete(KpuItem).where(KpuItem.round_id == round_id))
    rows = [
        {
            "round_id": round_id, "item_id": item.id, "position": n, "ref": item.ref, "version": item.version,
            "hash": digest(item.body), "title": item.title, "body": item.body,
            "doc_type": known[item.id] if known.get(item.id) in types else "",
        }
        for n, item in enumerate(live, 1)
    ]  # fmt: skip
    db.session.execute(insert(KpuItem), rows)
    cases.settle_all(COLLECT_DUE, round_id)
    record("kpu.closed", round_id, {"items": len(rows)})
    return len(rows)


@command("kpu.work")
def resume(round_id: UUID) -> None:
    """Go on collecting after all, before anyone was asked."""
    cases.advance(_locked(round_id).case, "resume")
    record("kpu.resumed", round_id)


@command("kpu.work")
def classify(round_id: UUID, types: Mapping[UUID, str]) -> None:
    """Put items under types of document; an empty word takes the type away.

    Source: SOP 74/ORT.06/3604/2022 baris 2.
    """
    found = _locked(round_id)
    if found.state != "collected":
        raise ConflictError(
            say("Jenis dokumen hanya diubah setelah pengumpulan ditutup dan sebelum persetujuan diminta.")
        )
    listed = {row.item_id for row in queries.items(round_id)}
    known = {*queries.doc_types(), ""}
    if not set(types) <= listed:
        raise NotFoundError
    if not set(types.values()) <= known:
        raise InvalidError(
            say("Jenis dokumen tidak dikenal."), {"types": [say("Pilih jenis dokumen dari daftar.")]}
        )
    for item_id, chosen in types.items():
        put = update(KpuItem).where(KpuItem.round_id == round_id, KpuItem.item_id == item_id)
        db.session.execute(put.values(doc_type=chosen))


@command("kpu.work")
def ask(round_id: UUID) -> None:
    """Put the classified list to Pembina, Tim Pertimbangan and Atasan PPID.

    Source: SOP 74/ORT.06/3604/2022 baris 2.
    """
    found = _locked(round_id)
    rows = queries.items(round_id)
    bare = sum(not row.doc_type for row in rows)
    if bare:
        raise ConflictError(counted("%(num)s butir belum diklasifikasi menurut jenis dokumen.", bare))
    cases.advance(found.case, "classify")
    asked_before = len(queries.history(round_id))  # so that whoever answered an earlier list is asked again
    found.round.sha256 = digest([asked_before, *([str(row.item_id), row.hash, row.doc_type] for row in rows)])
    db.session.flush()
    record("kpu.approval_asked", round_id, {"items": len(rows), "of": list(rules.AUTHORITIES)})


@command("kpu.approve")
def approve(round_id: UUID, authority: str, seen: str, note: str = "") -> bool:
    """Approve the list as read, for one authority. Returns whether all three have now approved.

    Source: SOP 74/ORT.06/3604/2022 baris 2.
    """
    found = _to_answer(round_id, authority, seen)
    _answer(found.round, authority, "approved", note)
    now = queries.round_of(round_id)
    if rules.missing(now.answers):
        return False
    cases.advance(now.case, "approve")
    record("kpu.approved", round_id)
    return True


@command("kpu.approve")
def give_back(round_id: UUID, authority: str, seen: str, note: str) -> None:
    """Return the list with a reason; the office collects again and asks all three anew."""
    found = _to_answer(round_id, authority, seen)
    if not note.strip():
        raise InvalidError(
            say("Ada isian yang perlu diperbaiki."), {"note": [say("Tulis apa yang perlu diperbaiki.")]}
        )
    _answer(found.round, authority, "returned", note)
    cases.advance(found.case, "return")
    record("kpu.returned", round_id, {"by": authority})


@command("kpu.approve")
def take_back(round_id: UUID, authority: str) -> None:
    """Take one's approval back while the others have not all given theirs."""
    found = _locked(round_id)
    given = found.answers.get(authority)
    if authority not in rules.speaks_for(actor().roles):
        raise NotFoundError
    if found.state != "awaiting_approval" or given is None or given.verdict != "approved":
        raise ConflictError(say("Tidak ada persetujuan yang dapat ditarik."))
    _answer(found.round, authority, "taken_back", "")
    record("kpu.approval_taken_back", round_id, {"by": authority})


def _to_answer(round_id: UUID, authority: str, seen: str) -> queries.Round:
    found = _locked(round_id)
    if authority not in rules.speaks_for(actor().roles):
        raise NotFoundError
    if found.state != "awaiting_approval" or authority not in found.mine:
        raise ConflictError(say("Daftar ini tidak sedang menunggu jawaban Anda. Muat ulang."))
    if seen != found.round.sha256:
        raise ConflictError(CHANGED)
    return found


def _answer(to: KpuRound, authority: str, verdict: str, note: str) -> None:
    db.session.add(
        KpuApproval(
            id=new_id(), round_id=to.id, authority=authority, verdict=verdict, sha256=to.sha256, note=note.strip(),
            by_name=actor().person_name, at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()


@command("kpu.work")
def store(round_id: UUID) -> None:
    """Note that the documents are kept, soft and hard copy.

    Source: SOP 74/ORT.06/3604/2022 baris 3.
    """
    cases.advance(_locked(round_id).case, "store")
    record("kpu.stored", round_id)


@command("kpu.work")
def record_grant(round_id: UUID, grant: rules.Grant, letter: documents.Staged | None = None) -> None:
    """Record that KPU RI approved the list, and tell the central to whom the office's items go.

    Source: SOP 74/ORT.06/3604/2022 baris 4; PKPU 22/2023.
    """
    found = _locked(round_id)
    problems = rules.grant_problems(grant, clock.today(actor().zone))
    if problems:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), problems)
    cases.advance(found.case, "grant")
    document_id = documents.keep(letter) if letter else None
    _note_grant(found.round, grant, document_id, actor().person_name)
    reader = actor().recipient_id
    if reader is not None:
        _tell(found.round, grant, reader, letter.stored.sha_plain if letter else "")
    record("kpu.granted", round_id, {"number": grant.number.strip()}, reader=reader)


def _note_grant(to: KpuRound, grant: rules.Grant, document_id: UUID | None, by_name: str) -> None:
    db.session.add(
        KpuApproval(
            id=new_id(), round_id=to.id, authority=rules.KPU_RI, verdict="approved", sha256=to.sha256,
            number=grant.number.strip(), dated_on=grant.dated_on, document_id=document_id, by_name=by_name, at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()


def _tell(of: KpuRound, grant: rules.Grant, reader: UUID, letter_sha256: str) -> None:
    named = {str(row.item_id): row.hash for row in queries.items(of.id)}
    row = {
        "reader_id": reader, "id": new_id(), "number": grant.number.strip(), "dated_on": grant.dated_on, "title": of.title,
        "items": named, "letter_sha256": letter_sha256, "by_name": actor().person_name, "at": clock.now(),
    }  # fmt: skip
    db.session.execute(insert(KpuGrant), [row])


@command("kpu.work")
def accept_grant(grant_id: UUID) -> bool:
    """Take over what KPU RI granted in the system itself; returns whether a round was waiting for it."""
    given = next((one for one in queries.grants_for_us() if one.id == grant_id), None)
    waiting = next((one for one in queries.rounds() if one.state == "stored"), None)
    if given is None or waiting is None:
        return False
    listed = {str(row.item_id): row.hash for row in queries.items(waiting.round.id)}
    if any(given.items.get(item_id) != mark for item_id, mark in listed.items()):
        return False
    found = _locked(waiting.round.id)
    cases.advance(found.case, "grant")
    _note_grant(found.round, rules.Grant(given.number, given.dated_on), None, given.by_name)
    record("kpu.granted", found.round.id, {"number": given.number})
    return True


@command("kpu.publish")
def publish(round_id: UUID, link: str, published_on: date) -> None:
    """Note where the list was uploaded; refused with the reason while KPU RI's act is missing.

    Source: SOP 74/ORT.06/3604/2022 baris 4.
    """
    found = _locked(round_id)
    granted = refuse_ungranted(found)
    problems = rules.upload_problems(link, published_on, granted, clock.today(actor().zone))
    if problems:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), problems)
    cases.advance(found.case, "publish")
    found.round.link, found.round.published_on = link.strip(), published_on
    found.round.published_by = actor().person_name
    record("kpu.published", round_id, {"items": found.items})


def refuse_ungranted(found: queries.Round) -> date:
    """Return the day of KPU RI's act, or refuse with the reason while there is none."""
    granted = found.answers.get(rules.KPU_RI)
    if granted is None or granted.dated_on is None:
        raise ConflictError(rules.NOT_GRANTED)
    return granted.dated_on


@command("kpu.set")
def set_catalogues(doc_types: Sequence[str], grounds: Sequence[str]) -> None:
    """Set the office's own types of document and the letters of article 17 it keeps to; no letter means all.

    What is listed and approved already stays as it was. Source: PKPU 22/2023.
    """
    _only_kpu()
    types = list(dict.fromkeys(" ".join(one.split()) for one in doc_types if one.strip()))
    problems: dict[str, list[str]] = {}
    if not types or len(types) > MOST_TYPES or any(len(one) > LONGEST_TYPE for one in types):
        problems["doc_types"] = [
            say("Tulis 1 sampai 40 jenis dokumen, satu per baris, paling panjang 100 huruf.")
        ]
    letters = {code for code, ground in catalogue().grounds.items() if not ground.number}
    if not set(grounds) <= letters:
        problems["grounds"] = [say("Pilih huruf dari daftar.")]
    if problems:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), problems)
    put_setting("doc_types", types)
    put_setting("grounds", sorted(set(grounds)) if set(grounds) != letters else [])


@command("kpu.set")
def invite(name: str, email: str, authority: str) -> UUID:
    """Invite whoever answers for an authority in this office; the link goes out by mail."""
    _only_kpu()
    problems: dict[str, list[str]] = {}
    if not name.strip():
        problems["name"] = [say("Isi nama.")]
    if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", email.strip()):
        problems["email"] = [say("Isi alamat surel yang benar.")]
    if authority not in rules.AUTHORITIES:
        problems["authority"] = [say("Pilih salah satu.")]
    if problems:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), problems)
    return give_role(name, email, authority)
