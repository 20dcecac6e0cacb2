"""Data keys of files that go along: sealed to the central's newest key when they are sent, and anew when it has a newer one."""

from uuid import UUID

from sqlalchemy import select

from ppid_saas.documents import received
from ppid_saas.documents.models import DocumentVersion
from ppid_saas.documents.rules import purpose_of
from ppid_saas.storage.upkeep import renews
from ppid_saas.submissions.models import SubmissionFile
from ppid_saas.submissions.queries.preparing import Enclosed
from tenants import vault
from tenants.db import db


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


@renews
def received_sealed_anew(newest: int) -> bool:
    """Seal the data keys of received files to the central's newest key; one that cannot be opened stays as it is."""
    return received.sealed_anew(SubmissionFile, newest)
