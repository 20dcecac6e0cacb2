"""What a file is, told from its bytes alone, and whether a packed one is safe to open. Nothing is inflated in full here."""

import io
import stat
import zipfile
import zlib
from collections.abc import Sequence
from typing import Literal

from ppid_saas.access.sayings import say
from ppid_saas.intake.workbooks.refusals import UnreadableFile, refuse

Format = Literal["xlsx", "xls", "ods", "docx", "text"]

MIB = 1024 * 1024
MAX_MEMBERS = 10_000
MAX_MEMBER = 128 * MIB
MAX_TOTAL = 512 * MIB
MAX_MEMBER_RATIO = 100
MAX_TOTAL_RATIO = 50
HARMLESS = MIB
XML_HEAD = 64 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
DTD = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)

# RuntimeError: zipfile's word for what is encrypted or packed in a way it does not know.
BROKEN = (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, zlib.error)

OTHERS: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        say(
            "Berkas PDF tidak memuat tabel yang dapat dibaca. Minta berkas aslinya: .xlsx, .xls, .ods, .csv, atau .docx."
        ),
    ),
    (b"\x89PNG", say("Berkas ini gambar. Minta berkas aslinya: .xlsx, .xls, .ods, .csv, atau .docx.")),
    (b"\xff\xd8\xff", say("Berkas ini gambar. Minta berkas aslinya: .xlsx, .xls, .ods, .csv, atau .docx.")),
    (b"{\\rtf", say("Berkas ini RTF. Buka di Word, simpan sebagai .docx, lalu unggah lagi.")),
)
WEB_PAGE = say(
    "Berkas ini halaman web yang dinamai lain. Buka di Excel, simpan sebagai .xlsx, lalu unggah lagi."
)
OLD_WORD = say("Berkas ini Word lama (.doc). Buka di Word, simpan sebagai .docx, lalu unggah lagi.")


def format_of(data: bytes) -> Format:
    if data.startswith(OLE):
        return ole_format(data)
    if data.startswith(ZIP):
        return zip_format(data)
    for mark, message in OTHERS:
        if data.startswith(mark):
            refuse("not_a_workbook", message)
    if (
        data[:1024]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith((b"<!doctype", b"<html", b"<table", b"<?xml"))
    ):
        refuse("not_a_workbook", WEB_PAGE)
    return "text"


def ole_format(data: bytes) -> Format:
    """An old workbook; or the envelope of an encrypted new one; or an old Word document."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        refuse("encrypted")
    if "WordDocument".encode("utf-16-le") in data:
        refuse("not_a_workbook", OLD_WORD)
    return "xls"


def zip_format(data: bytes) -> Format:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            check_members(members)
            found = packed_format(archive, {member.filename for member in members})
            check_xml(archive, members, whole=("word/document.xml",))
            return found
    except BROKEN:
        raise UnreadableFile("damaged") from None


def packed_format(archive: zipfile.ZipFile, names: set[str]) -> Format:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    if "content.xml" in names and b"opendocument.spreadsheet" in head(archive, "mimetype", names):
        if b"encryption-data" in head(archive, "META-INF/manifest.xml", names):
            refuse("encrypted")
        return "ods"
    raise UnreadableFile("not_a_workbook")


def head(archive: zipfile.ZipFile, name: str, names: set[str], size: int = MIB) -> bytes:
    if name not in names:
        return b""
    with archive.open(name) as member:
        return member.read(size)


def check_members(members: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse what no office program writes: too many, too large, too tightly packed, twice the same name, links."""
    if any(member.flag_bits & 1 for member in members):
        refuse("encrypted")
    names = [member.filename for member in members]
    links = any(stat.S_ISLNK(member.external_attr >> 16) for member in members)
    if len(names) > MAX_MEMBERS or len(set(names)) < len(names) or links:
        refuse("bomb")
    total, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if total > MAX_TOTAL or is_dense(total, packed, MAX_TOTAL_RATIO) or any(map(is_heavy, members)):
        refuse("bomb")


def is_heavy(member: zipfile.ZipInfo) -> bool:
    dense = is_dense(member.file_size, member.compress_size, MAX_MEMBER_RATIO)
    return member.file_size > MAX_MEMBER or dense


def is_dense(size: int, packed: int, limit: int) -> bool:
    return size > HARMLESS and size > limit * max(packed, 1)


def check_xml(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], whole: tuple[str, ...]) -> None:
    """Refuse any part with a document type or entities of its own: office programs write none, bombs need them."""
    for member in members:
        if member.filename.endswith((".xml", ".rels")):
            with archive.open(member) as part:
                text = part.read(-1 if member.filename in whole else XML_HEAD)
            if any(mark in text for mark in DTD):
                refuse("bomb")


def has_macros(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(name.endswith("vbaProject.bin") for name in archive.namelist())
