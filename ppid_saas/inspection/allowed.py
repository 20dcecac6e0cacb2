"""What offices may keep, by the ending of the name, and what a name may be. Pure: nothing here looks at content.

Whatever is not listed is refused. Left out on purpose: RTF and macro formats (they carry programs), archives and mails
(they carry other files), web pages and SVG (they carry scripts).
"""

import unicodedata
from typing import Final, Literal, NamedTuple

from ppid_saas.access.sayings import say
from ppid_saas.inspection.refusals import MESSAGES, refuse

MIB: Final = 1024 * 1024
LONGEST_NAME: Final = 200
Family = Literal["pdf", "ooxml", "odf", "ole", "text", "jpeg", "png", "tiff", "webp"]


class FileType(NamedTuple):
    """One allowed ending: `family` names the reader that must find its structure, `most` is the largest size."""

    ending: str
    media_type: str
    family: Family
    most: int


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
SCAN, OFFICE = 1024 * MIB, 100 * MIB
TYPES: Final = {
    each.ending: each
    for each in (
        FileType("pdf", "application/pdf", "pdf", SCAN),
        FileType("docx", f"{_OOXML}.wordprocessingml.document", "ooxml", OFFICE),
        FileType("xlsx", f"{_OOXML}.spreadsheetml.sheet", "ooxml", OFFICE),
        FileType("pptx", f"{_OOXML}.presentationml.presentation", "ooxml", OFFICE),
        FileType("odt", f"{_ODF}.text", "odf", OFFICE),
        FileType("ods", f"{_ODF}.spreadsheet", "odf", OFFICE),
        FileType("odp", f"{_ODF}.presentation", "odf", OFFICE),
        FileType("doc", "application/msword", "ole", OFFICE),
        FileType("xls", "application/vnd.ms-excel", "ole", OFFICE),
        FileType("ppt", "application/vnd.ms-powerpoint", "ole", OFFICE),
        FileType("txt", "text/plain", "text", OFFICE),
        FileType("csv", "text/csv", "text", OFFICE),
        FileType("jpg", "image/jpeg", "jpeg", SCAN),
        FileType("jpeg", "image/jpeg", "jpeg", SCAN),
        FileType("png", "image/png", "png", SCAN),
        FileType("tif", "image/tiff", "tiff", SCAN),
        FileType("tiff", "image/tiff", "tiff", SCAN),
        FileType("webp", "image/webp", "webp", OFFICE),
    )
}
MACRO_ENDINGS: Final = frozenset(
    {"docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm", "ppsm", "ppam"}
)
DEVICES: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}
)
FOLDERS: Final = frozenset('/\\:*?"<>|')


def type_of(name: str, size: int) -> FileType:
    """Return the type that a name promises, before a byte is taken; raises RefusedFileError.

    `x.pdf.exe` is an exe; `x.exe.pdf` may be a PDF, which its content must then prove.
    """
    check_name(name)
    stem, _, ending = name.rpartition(".")
    found = TYPES.get(ending.lower())
    if not stem.strip(". ") or found is None:
        refuse("macros" if ending.lower() in MACRO_ENDINGS else "type")
    if size <= 0:
        refuse("empty")
    if size > found.most:
        refuse("too_large", say(MESSAGES["too_large"], most=_size(found.most)))
    return found


def check_name(name: str) -> None:
    """Refuse what shows as something else than it is, or means something else to a system than to people."""
    strange = any(unicodedata.category(character) in _UNSEEN or character in FOLDERS for character in name)
    if strange or not 0 < len(name) <= LONGEST_NAME or name != name.rstrip(". ") or _is_device(name):
        refuse("name")


# Controls, formats (of which are the marks that turn the direction of writing), surrogates, private and unassigned ones, line ends.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _is_device(name: str) -> bool:
    """Tell whether Windows takes the name for a device, as it does `CON.pdf`."""
    return name.partition(".")[0].rstrip().upper() in DEVICES


def _size(most: int) -> str:
    return f"{most // MIB} MB" if most < 1024 * MIB else f"{most // (1024 * MIB)} GB"
