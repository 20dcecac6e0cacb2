"""The verbs of a file that comes in pieces: announce, receive, examine and keep, or refuse; cancel.

Room is held before a byte is taken. A piece counts once its row is committed; whatever dies before that leaves an
object that goes with its upload. Not a place for HTTP: tus is spoken in `tus`.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update

from ppid_saas.access.errors import ConflictError, GoneError, TooLargeError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, require
from ppid_saas.documents import examining, filing_queries, service, upload_queries
from ppid_saas.documents.rules import ATTACHMENT, CHECKING, KEPT, RECEIVING, REFUSED, purpose_of, tidy_name
from ppid_saas.documents.upload_models import Upload, UploadPiece
from ppid_saas.events.service import record
from tenants import clock, quota, vault
from tenants.db import db, leave_transaction
from tenants.vault.incoming import LIFE

PIECE: Final = 4 * 1024 * 1024  # one comes while one is stored
AT_ONCE: Final = 1024 * 1024
COUNTED: Final = 4  # pieces in one transaction, where more come
MOST_OPEN: Final = 200
MOST_PIECES: Final = 10_000

OTHER_PLACE = say(
    "Unggahan ini sudah sampai di tempat lain. Tanyakan dahulu sampai mana, lalu lanjutkan dari situ."
)
NOT_RECEIVING = say("Unggahan ini sudah lengkap atau sudah ditolak; tidak ada lagi yang dapat dikirim.")
TOO_LONG = say("Isi yang dikirim lebih panjang daripada ukuran yang diumumkan.")
TOO_MANY = say("Terlalu banyak unggahan yang belum selesai. Lanjutkan atau batalkan dahulu yang lama.")
TOO_SMALL_PIECES = say(
    "Unggahan ini terlalu terpotong-potong. Batalkan, lalu kirim dengan bagian yang lebih besar."
)

Read = Callable[[int], bytes]


class ChecksumError(Exception):
    """What came is not what was sent, by the sender's own checksum; nothing of it was kept."""


def begin(name: str, size: int, document_id: UUID | None = None) -> UUID:
    """Announce a file: hold its room, and say under which number its pieces are to come."""
    require("document.write")
    examining.check_name(name, size)
    if document_id is not None:
        filing_queries.takes_uploads(document_id)
    try:
        incoming = vault.begin(size)
    except quota.QuotaExceededError as error:
        raise TooLargeError(error.message) from error
    try:
        return _announce(incoming, tidy_name(name), size, document_id)
    except BaseException:
        vault.abandon(incoming.room)
        raise


@command("document.write")
def _announce(incoming: vault.Incoming, name: str, size: int, document_id: UUID | None) -> UUID:
    over = delete(Upload).where(Upload.state == RECEIVING, Upload.expires_at < func.now())
    db.session.execute(over.execution_options(synchronize_session=False))
    if len(upload_queries.open_uploads()) >= MOST_OPEN:
        raise ConflictError(TOO_MANY)
    _prolong(incoming.room)
    who = actor()
    upload = Upload(
        id=incoming.upload_id, name=name, size=size, room=incoming.room, key=incoming.key, key_n=incoming.key_n,
        state=RECEIVING, document_id=document_id, created_by=who.person_id, created_by_name=who.person_name,
        created_at=clock.now(), expires_at=func.now() + LIFE,
    )  # fmt: skip
    db.session.add(upload)
    return upload.id


def receive(upload_id: UUID, start: int, read: Read, is_true: Callable[[], bool] | None = None) -> int:
    """Take what `read` gives from place `start` on, and return how far the file has come.

    A connection that breaks leaves what had come until then. With `is_true`, which is asked at the end whether a
    checksum held, all of it counts or nothing does.
    """
    upload = _receiving(upload_id, start)
    incoming = vault.Incoming(upload.id, upload.room, upload.key, upload.key_n)
    waiting: list[vault.Piece] = []
    left = upload.size - start
    with _dropping(upload_id, waiting), vault.placing(incoming) as placing:
        leave_transaction()
        for data in _pieces(read, left):
            if is_true is None and len(waiting) == COUNTED:
                start = _count_arrived(upload_id, start, waiting, placing)
            waiting.append(placing.add(start + sum(one.size for one in waiting), data))
            del data
        if is_true is not None and not is_true():
            raise ChecksumError
        return _count_arrived(upload_id, start, waiting, placing)


def _count_arrived(upload_id: UUID, start: int, waiting: list[vault.Piece], placing: vault.Placing) -> int:
    """Let what was sent off to the store count as soon as it is there."""
    placing.settle()
    if waiting:
        start = _count(upload_id, start, waiting)
        waiting.clear()
    return start


def _receiving(upload_id: UUID, start: int) -> Upload:
    upload = upload_queries.upload(upload_id)
    if upload.state != RECEIVING:
        raise ConflictError(NOT_RECEIVING)
    if upload.received != start:
        raise ConflictError(OTHER_PLACE)
    return upload


@contextlib.contextmanager
def _dropping(upload_id: UUID, waiting: list[vault.Piece]) -> Iterator[None]:
    """Delete what was stored and did not come to count; where the store is away it goes with the whole upload."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(vault.StoreAwayError):
            for piece in waiting:
                vault.drop_piece(upload_id, piece)
        raise


def _pieces(read: Read, left: int) -> Iterator[bytes]:
    """Cut what comes into pieces of one size, the last shorter; what is longer than announced is refused."""
    while left:
        data, broken = _fill(read, min(PIECE, left))
        left -= len(data)
        if not left and not broken and read(1):
            raise TooLargeError(TOO_LONG)
        if data:
            yield data
        data = b""  # not held while the next one comes
        if broken:
            return


def _fill(read: Read, wanted: int) -> tuple[bytes, bool]:
    """Read so many bytes, or fewer and True when nothing more comes."""
    chunks: list[bytes] = []
    while wanted:
        try:
            chunk = read(min(wanted, AT_ONCE))
        except OSError:  # the connection broke
            chunk = b""
        if not chunk:
            break
        chunks.append(chunk)
        wanted -= len(chunk)
    return b"".join(chunks), bool(wanted)


@command("document.write")
def _count(upload_id: UUID, start: int, pieces: list[vault.Piece]) -> int:
    """Let pieces count: in one transaction with how far the file has come, so that of two senders one is refused."""
    end = start + sum(piece.size for piece in pieces)
    row = db.session.execute(
        update(Upload)
        .where(Upload.id == upload_id, Upload.state == RECEIVING, Upload.received == start)
        .values(received=end, expires_at=func.now() + LIFE)
        .returning(Upload.size, Upload.room)
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        raise ConflictError(OTHER_PLACE)
    _prolong(row.room)
    db.session.add_all(
        UploadPiece(upload_id=upload_id, start=one.start, size=one.size, name=one.name) for one in pieces
    )
    _refuse_crumbs(upload_id)
    if end == row.size:
        _change(upload_id, RECEIVING, state=CHECKING)
        record("upload.received", upload_id, {"size": end})
    return end


def _prolong(room: UUID) -> None:
    try:
        quota.prolong(room, LIFE)
    except quota.ReservationLostError as error:
        raise GoneError(upload_queries.EXPIRED) from error


def _refuse_crumbs(upload_id: UUID) -> None:
    count = select(func.count()).select_from(UploadPiece).where(UploadPiece.upload_id == upload_id)
    if db.session.execute(count).scalar_one() > MOST_PIECES:
        raise ConflictError(TOO_SMALL_PIECES)


def _change(upload_id: UUID, before: str, **values: object) -> bool:
    """Move an upload on from one state; False when it is there no more."""
    row = db.session.execute(
        update(Upload)
        .where(Upload.id == upload_id, Upload.state == before)
        .values(**values)
        .returning(Upload.id)
        .execution_options(synchronize_session=False)
    )
    return row.first() is not None


def assemble(upload: Upload) -> service.Staged:
    """Make one sealed object of the pieces, examined on the way; raises when the file is not what its name says."""
    incoming = vault.Incoming(upload.id, upload.room, upload.key, upload.key_n)
    chunks = vault.read_pieces(incoming, upload_queries.pieces(upload.id))
    document_id, n = service.place_of(upload.document_id)
    with contextlib.ExitStack() as undo:
        with examining.examined(upload.name, vault.OneWay(upload.size, reading(chunks))) as file:
            stored = vault.put(
                file.source, bucket=service.BUCKET, purpose=purpose_of(document_id, n),
                media_type=file.media_type, room=upload.room,
            )  # fmt: skip
            undo.callback(vault.abandon, stored.reservation)
        undo.pop_all()
    return service.Staged(document_id, n, ATTACHMENT, upload.name, stored, upload.created_by)


def reading(chunks: Iterator[bytes]) -> Read:
    """Return a `read` over pieces of any length."""
    rest = memoryview(b"")

    def read(size: int) -> bytes:
        nonlocal rest
        if not rest:
            rest = memoryview(next(chunks, b""))
        taken, rest = bytes(rest[:size]), rest[size:]
        return taken

    return read


@command("document.write")
def keep(upload_id: UUID, staged: service.Staged) -> None:
    """Make the examined file a document, unless somebody was faster."""
    if not _change(upload_id, CHECKING, state=KEPT, document_id=staged.document_id):
        raise ConflictError(NOT_RECEIVING)
    service.keep(staged)
    _forget_pieces(upload_id)


@command("document.write")
def refuse(upload_id: UUID, reason: str) -> None:
    """Say why a file was not taken; its bytes go at once."""
    if _change(upload_id, CHECKING, state=REFUSED, refusal=reason):
        record("upload.refused", upload_id)
        _forget_pieces(upload_id)


def _forget_pieces(upload_id: UUID) -> None:
    gone = delete(UploadPiece).where(UploadPiece.upload_id == upload_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def cancel(upload_id: UUID) -> None:
    """Take an unfinished upload back: its bytes go, its room is free."""
    room = _cancel(upload_id)
    vault.abandon(room)


@command("document.write")
def _cancel(upload_id: UUID) -> UUID:
    gone = (
        delete(Upload)
        .where(Upload.id == upload_id, Upload.state == RECEIVING)
        .returning(Upload.room)
        .execution_options(synchronize_session=False)
    )
    room = db.session.execute(gone).scalar()
    if room is None:
        upload_queries.upload(upload_id)
        raise ConflictError(NOT_RECEIVING)
    return room
