"""Word, Excel and PowerPoint since 2007: a package whose main part is what the ending says, without macros or fetched parts.

A chart's own workbook may lie inside, one package deep and checked the same; anything else that is embedded may not.
"""

import io
import re
from collections.abc import Iterator
from typing import Final

from ppid_saas.inspection.allowed import MIB, TYPES, FileType
from ppid_saas.inspection.formats.packages import Budget, Package, check_content, gathered
from ppid_saas.inspection.formats.stream import Reader
from ppid_saas.inspection.refusals import refuse

CONTENT_TYPES: Final = "[Content_Types].xml"
MOST_EMBEDDED: Final = 32 * MIB
# What may lie elsewhere: followed when a person asks for it, or a picture left on the web.
ASKED: Final = ("hyperlink", "externalLinkPath", "xlExternalLinkPath")
SHOWN: Final = frozenset({"image", "video", "audio", "media"})
WEB: Final = ("http:", "https:")
# An address with a scheme or a host; a path on the author's own disk leads nowhere.
ELSEWHERE: Final = re.compile(r"(?!file:/*[a-z]:)(?:[a-z][a-z0-9+.-]+:|//|\\\\)", re.IGNORECASE)


def read(file_type: FileType, size: int) -> Reader:
    """Collect and check."""
    del size
    return gathered(check, file_type)


def check(file_type: FileType, data: io.BytesIO) -> None:
    """Check a package that came as a file."""
    check_package(file_type, data, Budget(), outermost=True)


def check_package(file_type: FileType, data: io.BytesIO, budget: Budget, *, outermost: bool) -> None:
    """Check every part, the list of parts first."""
    if outermost and is_locked(data):
        refuse("encrypted")
    package = Package(data, budget)
    check_main(file_type, package)
    for member in package.members:
        name = member.filename.lower()
        if "vbaproject" in name or "/macrosheets/" in name or "vbadata" in name:
            refuse("macros")
        if "/activex/" in name or ("/embeddings/" in name and not is_package(name)):
            refuse("embedded")
        if "/embeddings/" in name and outermost:
            check_embedded(name, package.pieces(member), budget)
        else:
            check_content(name, package.pieces(member), related if name.endswith(".rels") else None)


def is_locked(data: io.BytesIO) -> bool:
    """A package with a password is a compound file around it."""
    around = bytes(data.getbuffer()[:4]) == b"\xd0\xcf\x11\xe0"
    return around and "EncryptedPackage".encode("utf-16-le") in data.getvalue()


def is_package(name: str) -> bool:
    return name.endswith((".xlsx", ".docx", ".pptx"))


def check_embedded(name: str, pieces: Iterator[bytes], budget: Budget) -> None:
    """Check a workbook inside, whose own parts may hold no further one."""
    data = io.BytesIO()
    for piece in pieces:
        data.write(piece)
        if data.tell() > MOST_EMBEDDED:
            refuse("bomb")
    check_package(TYPES[name.rpartition(".")[2]], data, budget, outermost=False)


def check_main(file_type: FileType, package: Package) -> None:
    """The list of parts must name one as the main part of this type."""
    listed = package.read(CONTENT_TYPES)
    if not listed or "_rels/.rels" not in package.names:
        refuse("not_its_type")
    parts: dict[str, str] = {}

    def note(tag: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("ContentType", "")
        if "macroenabled" in kind.lower() or "macrosheet" in kind or "vbaProject" in kind:
            refuse("macros")
        if tag.endswith(" Override"):
            parts[kind] = attributes.get("PartName", "")

    check_content(CONTENT_TYPES, iter([listed]), note)
    if parts.get(f"{file_type.media_type}.main+xml", "").lstrip("/") not in package.names - {""}:
        refuse("not_its_type")


def related(tag: str, attributes: dict[str, str]) -> None:
    """Refuse what is fetched from elsewhere when the file is opened."""
    if not tag.endswith(" Relationship") or attributes.get("TargetMode") != "External":
        return
    kind = attributes.get("Type", "").rpartition("/relationships/")[2]
    target = attributes.get("Target", "").strip().lower()
    on_web = kind in SHOWN and target.startswith(WEB)
    if not kind.startswith(ASKED) and not on_web and ELSEWHERE.match(target):
        refuse("remote")
