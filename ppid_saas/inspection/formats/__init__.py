"""Readers of the allowed formats, one a family; they run in the limited process alone.

A reader tells structure, not meaning: what it accepts is whole, is one file, and carries nothing that would run or fetch.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ppid_saas.inspection.allowed import Family, FileType
from ppid_saas.inspection.formats import compound, jpeg, office, opendocument, pdf, png, text, tiff, webp
from ppid_saas.inspection.formats.riders import Tail
from ppid_saas.inspection.formats.stream import Reader
from ppid_saas.inspection.refusals import refuse

READERS: Final[Mapping[Family, Callable[[FileType, int], Reader]]] = {
    "pdf": pdf.read,
    "ooxml": office.read,
    "odf": opendocument.read,
    "ole": compound.read,
    "text": text.read,
    "jpeg": jpeg.read,
    "png": png.read,
    "tiff": tiff.read,
    "webp": webp.read,
}
PACKED: Final = frozenset({"ooxml", "odf"})


def read(file_type: FileType, size: int) -> Reader:
    """Read one file of the type and size that were announced."""
    reader = READERS[file_type.family](file_type, size)
    tail, left = Tail(), size
    next(reader)
    while chunk := (yield):
        left -= len(chunk)
        if left < 0:
            refuse("size")
        tail.add(chunk)
        reader.send(chunk)
    if left:
        refuse("size")
    finish(reader)
    if file_type.family not in PACKED:
        tail.check(size)


def finish(reader: Reader) -> None:
    """Tell a reader that this was all; one that still waits has found a file cut short."""
    try:
        reader.send(b"")
    except StopIteration:
        return
    refuse("damaged")
