"""Files that people and programs bring: examined while they are sealed, and kept only when they are what they say.

    with examining.receiving("attachment", name, stream) as staged:
        documents.keep(staged)

What our own programs made is staged by `service` without this.
"""

import io
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from ppid_saas import inspection
from ppid_saas.access.errors import AwayError, DomainError, InvalidError, TooLargeError
from ppid_saas.documents import service
from tenants import vault


@dataclass(frozen=True)
class Examined:
    """A source that is examined as it is read, and the media type that its name promises."""

    source: vault.OneWay
    media_type: str


@contextmanager
def receiving(
    kind: str,
    name: str,
    data: bytes | vault.Source,
    *,
    document_id: UUID | None = None,
    recipients: tuple[UUID, ...] = (),
    field: str = "file",
) -> Iterator[service.Staged]:
    """Stage a file for the length of a block; one that is not what it says raises, what was not kept is discarded.

    `field` is what the form calls the file.
    """
    with ExitStack() as undo:
        with examined(name, data, field) as file:
            staged = service.stage(
                kind, name, file.source, file.media_type, document_id=document_id, recipients=recipients
            )
            undo.callback(service.discard, staged)
        yield staged


@contextmanager
def examined(name: str, data: bytes | vault.Source, field: str = "file") -> Iterator[Examined]:
    """Examine what is read in a block: leaving it raises unless the whole file was read and is sound."""
    source = io.BytesIO(data) if isinstance(data, bytes) else data
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    clamd = current_app.extensions["ppid"]["settings"].clamd_socket
    try:
        promised = inspection.type_of(name, size)
        with inspection.examining(name, size, clamd=clamd) as examination:

            def read(count: int) -> bytes:
                chunk = source.read(count)
                examination.feed(chunk)
                return chunk

            yield Examined(vault.OneWay(size, read), promised.media_type)
            examination.verdict()
    except inspection.RefusedFileError as refusal:
        raise refused(refusal, field) from refusal


def check_name(name: str, size: int) -> None:
    """Refuse by name and size alone, before a byte is taken."""
    try:
        inspection.type_of(name, size)
    except inspection.RefusedFileError as refusal:
        raise refused(refusal) from refusal


def refused(refusal: inspection.RefusedFileError, field: str = "file") -> DomainError:
    """Return a refusal as an error of ours: one that may pass, one of size, or one that the file must be mended for."""
    if refusal.passing:
        return AwayError(refusal.message)
    if refusal.code == "too_large":
        return TooLargeError(refusal.message)
    return InvalidError(refusal.message, {field: [refusal.message]})
