"""Files another tenant handed over: opened by the data key that was sealed for the reader, and sealed anew to her newest key.

What was handed over is frozen; a key sealed anew stands beside it, in the reader's own plane.
"""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import ConflictError
from ppid_saas.documents.models import ReceivedKey
from ppid_saas.documents.queries import Version
from ppid_saas.documents.service import BUCKET, DAMAGED, Opened
from tenants import clock, context, vault
from tenants.db import db, transaction

AT_ONCE = 200


class Received(Protocol):
    """A row of a file handed over: whose object it is, what it is, and its data key sealed for the reader."""

    @property
    def writer_id(self) -> UUID: ...
    @property
    def object_id(self) -> UUID: ...
    @property
    def purpose(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha_plain(self) -> str: ...
    @property
    def sha_cipher(self) -> str: ...
    @property
    def key_reader(self) -> bytes: ...
    @property
    def key_reader_n(self) -> int: ...


def open_received(file: Received) -> Opened:
    """Open a file that was handed over to the bound tenant; the caller has recorded that someone does."""
    key, key_n = key_of(file)
    version = Version(
        document_id=file.object_id, n=1, kind=file.kind, name=file.name, object_id=file.object_id, bucket=BUCKET,
        media_type=file.media_type, size=file.size, sha_plain=file.sha_plain, sha_cipher=file.sha_cipher,
        key=key, key_n=key_n, created_at=clock.now(),
    )  # fmt: skip
    try:
        stream = vault.open_received(
            file.writer_id, file.object_id, size=file.size, sha_cipher=file.sha_cipher, key=key, key_n=key_n,
            purpose=file.purpose,
        )  # fmt: skip
    except vault.UnreadableObjectError as error:
        raise ConflictError(DAMAGED) from error
    return Opened(version, stream)


def key_of(file: Received) -> tuple[bytes, int]:
    """Return the data key by which the bound tenant opens a file, and the number of her key that it is sealed to."""
    renewed = select(ReceivedKey.key, ReceivedKey.key_n).where(
        ReceivedKey.writer_id == file.writer_id, ReceivedKey.object_id == file.object_id
    )
    row = db.session.execute(renewed).first()
    if row is None or row.key_n < file.key_reader_n:
        return file.key_reader, file.key_reader_n
    return row.key, row.key_n


def sealed_anew(table: Any, newest: int) -> bool:
    """Seal the data keys of all `Received` rows of a table to the bound tenant's newest key; returns whether all could be."""
    mine = and_(ReceivedKey.writer_id == table.writer_id, ReceivedKey.object_id == table.object_id)
    held = func.greatest(table.key_reader_n, func.coalesce(ReceivedKey.key_n, 0))
    stale = select(table).outerjoin(ReceivedKey, mine)
    stale = stale.where(table.reader_id == context.tenant_id(), held < newest)
    files = db.session.execute(stale).scalars().all()
    sealed = [_seal(files[start : start + AT_ONCE]) for start in range(0, len(files), AT_ONCE)]
    return all(sealed)


def _seal(files: Sequence[Received]) -> bool:
    whole = True
    with transaction() as session:
        for file in files:
            key, key_n = key_of(file)
            try:
                n, sealed = vault.sealed_anew(file.writer_id, file.object_id, file.purpose, key, key_n)
            except vault.UnreadableObjectError:
                whole = False  # it stays as it is
                continue
            row = insert_or_update(ReceivedKey).values(
                writer_id=file.writer_id, object_id=file.object_id, key=sealed, key_n=n
            )
            place = ["tenant_id", "writer_id", "object_id"]
            session.execute(row.on_conflict_do_update(index_elements=place, set_={"key": sealed, "key_n": n}))
    return whole
