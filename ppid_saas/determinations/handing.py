"""Hand a determination to the units it is about, and take their receipts. Each unit gets its own items and the papers.

What is handed over is a frozen copy in plane exchange, its files' keys wrapped for that unit; handed over again, as when a
signed copy came back, it is another copy.
"""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select

from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.cases import service as cases
from ppid_saas.consequence_tests import following
from ppid_saas.determinations import handed_queries as handed
from ppid_saas.determinations import queries
from ppid_saas.determinations.filing import locked
from ppid_saas.determinations.handed_models import (
    CopyFile,
    CopyItem,
    DeterminationCopy,
    DeterminationReceipt,
)
from ppid_saas.determinations.models import Determination, DeterminationFile
from ppid_saas.documents import received
from ppid_saas.documents.models import DocumentVersion
from ppid_saas.documents.rules import purpose_of
from ppid_saas.documents.service import Opened
from ppid_saas.events.service import record
from ppid_saas.storage.upkeep import renews
from tenants import clock, vault
from tenants.db import db, new_id

NO_LETTER = say("Simpan suratnya sebagai arsip atau unggah salinan bertanda tangan, lalu serahkan.")
HANDED = say("Berkas penetapan ini sudah diserahkan seluruhnya.")


@command("determination.make")
def hand_over(determination_id: UUID) -> int:
    """Give every unit concerned a copy of letter and list; returns how many units got one.

    Source: SOP 01/SOP-PPID baris 6.
    """
    made = locked(determination_id)
    files = queries.files(made.id)
    if not files:
        raise ConflictError(NO_LETTER)
    if handed.given_files(made.id) == len(files):
        raise ConflictError(HANDED)
    by_unit: defaultdict[UUID, list[queries.Covered]] = defaultdict(list)
    for one in queries.covered(made.id):
        if one.sender_id:
            by_unit[one.sender_id].append(one)
    for unit_id, part in by_unit.items():
        _give(made, unit_id, part, files)
    cases.settle_all("determination.handover", made.id)
    following.follow([one.item.item_id for part in by_unit.values() for one in part], "hand_out")
    return len(by_unit)


def _give(
    made: Determination, unit_id: UUID, part: Sequence[queries.Covered], files: Sequence[DeterminationFile]
) -> None:
    copy = DeterminationCopy(
        id=new_id(), reader_id=unit_id, determination_id=made.id, kind=made.kind, number=made.number, title=made.title,
        signatory=made.signatory, signatory_position=made.signatory_position, place=made.place, dated_on=made.dated_on,
        code=made.code, style=made.style, item_count=len(part), given_by=actor().person_name, given_at=clock.now(),
    )  # fmt: skip
    db.session.add(copy)
    db.session.flush()
    own = {"reader_id": unit_id, "copy_id": copy.id}
    items = [
        {**own, "item_id": one.item.item_id, "body": one.item.body, "ends_on": one.item.ends_on, "note": one.item.note}
        for one in part
    ]  # fmt: skip
    db.session.execute(insert(CopyItem), items)
    db.session.execute(insert(CopyFile), [own | _for_reader(unit_id, file) for file in files])
    record("determination.handed", made.id, {"copy": str(copy.id), "items": len(part)}, reader=unit_id)


def _for_reader(unit_id: UUID, file: DeterminationFile) -> dict[str, object]:
    chosen = select(DocumentVersion).where(
        DocumentVersion.document_id == file.document_id, DocumentVersion.n == 1
    )
    version = db.session.execute(chosen).scalar_one()
    purpose = purpose_of(file.document_id, 1)
    n, key = vault.sealed_for(unit_id, version.object_id, purpose, version.key, version.key_n)
    return {
        "n": file.n, "kind": file.kind, "name": file.name, "media_type": file.media_type, "object_id": version.object_id,
        "purpose": purpose, "size": version.size, "sha_plain": version.sha_plain, "sha_cipher": version.sha_cipher,
        "key_reader": key, "key_reader_n": n,
    }  # fmt: skip


@command("copy.take")
def receive(copy_id: UUID) -> DeterminationReceipt:
    """Say that a unit has its copy; said twice, the first counts.

    Source: SOP 01/SOP-PPID baris 6.
    """
    copy = handed.copy(copy_id)
    before = handed.receipt(copy.id)
    if before is not None:
        return before
    made = DeterminationReceipt(
        reader_id=copy.writer_id, copy_id=copy.id, received_by=actor().person_name, received_at=clock.now()
    )
    db.session.add(made)
    db.session.flush()
    record("determination.received", copy.determination_id, {"copy": str(copy.id)}, reader=copy.writer_id)
    return made


def open_file(copy_id: UUID, n: int) -> Opened:
    """Open a paper of a copy at the unit; that someone fetched it is recorded before the first byte."""
    return received.open_received(_record_opening(copy_id, n))


@command("copy.read")
def _record_opening(copy_id: UUID, n: int) -> CopyFile:
    copy = handed.copy(copy_id)
    found = next((file for file in handed.files(copy) if file.n == n), None)
    if found is None:
        raise NotFoundError
    record("determination.copy_opened", copy.determination_id, {"copy": str(copy.id), "n": n})
    return found


@renews
def copies_sealed_anew(newest: int) -> bool:
    """Seal the data keys of the papers a unit was handed to its newest key; one that cannot be opened stays as it is."""
    return received.sealed_anew(CopyFile, newest)
