"""Data keys of files that go along: sealed to the central's newest key when they are sent, and anew when it has a newer one.

What was handed over is frozen; a key sealed anew stands beside it, in the reader's own plane.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.documents.models import DocumentVersion
from ppid_saas.documents.rules import purpose_of
from ppid_saas.storage.upkeep import renews
from ppid_saas.submissions.models import ReceivedKey, SubmissionFile
from ppid_saas.submissions.queries.preparing import Enclosed
from tenants import context, vault
from tenants.db import db, transaction

AT_ONCE = 200


def key_for(reader: UUID, file: Enclosed) -> tuple[bytes, int]:
    """Return an enclosure's data key for the central: as it was attached, or sealed anew when the central has a newer key."""
    if vault.newest_key_of(reader) == file.key_reader_n:
        return file.key_reader, file.key_reader_n
    own = select(DocumentVersion.key, DocumentVersion.key_n).where(
        DocumentVersion.document_id == file.document_id, DocumentVersion.n == 1
    )
    row = db.session.execute(own).one()
    n, key = vault.sealed_for(reader, file.object_id, purpose_of(file.document_id, 1), row.key, row.key_n)
    return key, n


def key_of(file: SubmissionFile) -> tuple[bytes, int]:
    """Return the data key by which the bound central opens a file it received."""
    renewed = select(ReceivedKey.key, ReceivedKey.key_n).where(
        ReceivedKey.writer_id == file.writer_id, ReceivedKey.object_id == file.object_id
    )
    row = db.session.execute(renewed).first()
    if row is None or row.key_n < file.key_reader_n:
        return file.key_reader, file.key_reader_n
    return row.key, row.key_n


@renews
def received_sealed_anew(newest: int) -> bool:
    """Seal the data keys of received files to the central's newest key; one that cannot be opened stays as it is."""
    mine = and_(
        ReceivedKey.writer_id == SubmissionFile.writer_id, ReceivedKey.object_id == SubmissionFile.object_id
    )
    held = func.greatest(SubmissionFile.key_reader_n, func.coalesce(ReceivedKey.key_n, 0))
    stale = (
        select(SubmissionFile)
        .outerjoin(ReceivedKey, mine)
        .where(SubmissionFile.reader_id == context.tenant_id(), held < newest)
    )
    files = db.session.execute(stale).scalars().all()
    results = [_seal_anew(files[start : start + AT_ONCE]) for start in range(0, len(files), AT_ONCE)]
    return all(results)


def _seal_anew(files: Sequence[SubmissionFile]) -> bool:
    whole = True
    with transaction() as session:
        for file in files:
            key, key_n = key_of(file)
            try:
                n, sealed = vault.sealed_anew(file.writer_id, file.object_id, file.purpose, key, key_n)
            except vault.UnreadableObjectError:
                whole = False
                continue
            row = insert_or_update(ReceivedKey).values(
                writer_id=file.writer_id, object_id=file.object_id, key=sealed, key_n=n
            )
            place = ["tenant_id", "writer_id", "object_id"]
            session.execute(row.on_conflict_do_update(index_elements=place, set_={"key": sealed, "key_n": n}))
    return whole
