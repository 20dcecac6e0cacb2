"""Read files on their way in: one of them, its pieces, and those that somebody has begun and not finished."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, func, select

from ppid_saas.access.errors import GoneError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import query
from ppid_saas.documents.rules import CHECKING, RECEIVING
from ppid_saas.documents.upload_models import Upload, UploadPiece
from tenants import vault
from tenants.db import db

EXPIRED = say("Unggahan ini sudah terlalu lama dan dilepas. Unggah berkasnya sekali lagi.")


@query("document.write")
def upload(upload_id: UUID) -> Upload:
    """Return one upload as it stands now; one whose time is over is gone."""
    found = select(Upload, Upload.expires_at > func.now()).where(Upload.id == upload_id)
    row = db.session.execute(found.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFoundError
    if row[0].state == RECEIVING and not row[1]:
        raise GoneError(EXPIRED)
    return row[0]


@query("document.write")
def open_uploads() -> Sequence[Upload]:
    """Return what still comes in or is being examined, the newest first."""
    return db.session.execute(under_way().order_by(Upload.id.desc())).scalars().all()


def under_way() -> Select[Upload]:
    """Select what still comes in or is being examined."""
    in_time = (Upload.state == RECEIVING) & (Upload.expires_at > func.now())
    return select(Upload).where(in_time | (Upload.state == CHECKING))


def pieces(upload_id: UUID) -> list[vault.Piece]:
    """Return the pieces of an upload in their order."""
    columns = (UploadPiece.start, UploadPiece.size, UploadPiece.name)
    rows = db.session.execute(
        select(*columns).where(UploadPiece.upload_id == upload_id).order_by(UploadPiece.start)
    )
    return [vault.Piece(row.start, row.size, row.name) for row in rows]
