"""OpenDocument: a package that begins with its type in plain letters, with a list of parts, and without macros or a password."""

import io
from typing import Final

from ppid_saas.inspection.allowed import FileType
from ppid_saas.inspection.formats.packages import Budget, Package, check_content, gathered
from ppid_saas.inspection.formats.stream import Reader
from ppid_saas.inspection.refusals import refuse

MANIFEST: Final = "META-INF/manifest.xml"
MACROS: Final = ("Basic/", "Scripts/")


def read(file_type: FileType, size: int) -> Reader:
    """Collect and check."""
    del size
    return gathered(check, file_type)


def check(file_type: FileType, data: io.BytesIO) -> None:
    """Check the package and every part of it."""
    package = Package(data, Budget())
    first = min(package.members, key=lambda member: member.header_offset)
    if (
        first.filename != "mimetype"
        or package.read("mimetype").decode("ascii", "replace") != file_type.media_type
    ):
        refuse("not_its_type")
    if not {"content.xml", MANIFEST} <= package.names:
        refuse("damaged")
    check_content(MANIFEST, iter([package.read(MANIFEST)]), locked)
    for member in package.members:
        if member.filename.startswith(MACROS) and not member.is_dir():
            refuse("macros")
        check_content(member.filename, package.pieces(member))


def locked(tag: str, attributes: dict[str, str]) -> None:
    """Refuse a part that the list calls encrypted."""
    del attributes
    if tag.endswith(" encryption-data"):
        refuse("encrypted")
