"""Hostile files of every kind, made by script: each with its name, its bytes, and the refusals that are right for it."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from ppid_saas.inspection.allowed import TYPES
from tests.inspection import hostile_packages, hostile_pdfs
from tests.inspection.good_files import good_files
from tests.inspection.old_office import doc, ppt, xls
from tests.inspection.packed import office, packed

MIB = 1024 * 1024
Made = Iterator[tuple[str, bytes, tuple[str, ...]]]
# In pieces, so that no scanner takes this file for what it makes.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTI" + b"VIRUS-TEST-FILE!$H+H*"


class Hostile(NamedTuple):
    """One file; `announced` is the size that was told before, if another; `scanner` tells that only clamd can know it."""

    family: str
    name: str
    data: bytes
    allowed: frozenset[str]
    announced: int | None = None
    scanner: bool = False


def hostile_files(most: int | None = None) -> Iterator[Hostile]:
    """Every file, family after family, or the first few of each."""
    for family, make in FAMILIES.items():
        for name, data, allowed in islice(make(), most):
            yield Hostile(family, name, data, frozenset(allowed))
    yield from islice(announced_otherwise(), most)
    yield from islice(eicar(), most)


def names() -> Made:
    turned = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff\u200b"
    for ending in ("pdf", "docx", "jpg"):
        good = good_of(ending)
        for mark in turned:
            yield f"surat{mark}fdp.{ending}", good, ("name",)
        for wrong in ("a\0.exe", "a\x1b[2J", "a\n", "a\x7f", "a\u2028", "\ud800"):
            yield f"{wrong}.{ending}", good, ("name",)
        for path in ("../", "/etc/", "C:\\", "..\\..\\", "a/", "\\\\server\\"):
            yield f"{path}surat.{ending}", good, ("name",)
        for last in (".", " ", "...", ". "):
            yield f"surat.{ending}{last}", good, ("name",)
        for device in ("CON", "nul", "Com1", "LPT9", "aux"):
            yield f"{device}.{ending}", good, ("name",)
        for program in (
            "exe",
            "js",
            "scr",
            "html",
            "lnk",
            "svg",
            "hta",
            "com",
            "zip",
            "rtf",
            "eml",
            "docm",
            "xlsb",
        ):
            yield f"surat.{ending}.{program}", good, ("type", "macros")
        yield f"{'a' * 300}.{ending}", good, ("name",)
        yield f".{ending}", good, ("type",)
        yield f"surat.{ending}:jahat.exe", good, ("name",)
    for bare in ("", "surat", ".", "..", "pdf"):
        yield bare, good_of("pdf"), ("name", "type")


def good_of(ending: str) -> bytes:
    return next(data for name, data in good_files().items() if name.endswith(f".{ending}"))


def masked() -> Made:
    """Good files under the endings of others; a CSV is a text."""
    for name, data in good_files().items():
        family = TYPES[name.rpartition(".")[2]].family
        one_each = {each.family: each.ending for each in TYPES.values()}
        for other, ending in one_each.items():
            if other != family:
                yield f"{name}.{ending}", data, ("not_its_type", "damaged", "hidden")
    for family in ("ooxml", "odf", "ole"):
        endings = [each.ending for each in TYPES.values() if each.family == family]
        for one, other in zip(endings, endings[1:] + endings[:1], strict=True):
            yield f"{one}.{other}", good_of(one), ("not_its_type",)
    for n, (mark, ending) in enumerate(
        (mark, ending) for mark in MARKS for ending in ("pdf", "docx", "txt", "jpg", "doc")
    ):
        yield f"asing-{n}.{ending}", mark + bytes(range(256)) * 8, ("not_its_type", "damaged")


MARKS = (
    b"MZ",
    b"\x7fELF",
    b"Rar!\x1a\x07\0",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"GIF89a",
    b"ID3",
    b"SQLite format 3\0",
    b"\xca\xfe\xba\xbe",
)


def cut_short() -> Made:
    for name, data in good_files().items():
        if (
            not name.endswith((".txt", ".csv")) and name != "dua.jpg"
        ):  # half of a text is a text, half of two pictures one
            for tenths in range(1, 10):
                yield (
                    f"{tenths}-{name}",
                    data[: len(data) * tenths // 10],
                    ("damaged", "not_its_type", "hidden"),
                )


def riding() -> Made:
    """Two files in one."""
    zipped, scripted = packed({"mulai.js": "x"}), b"<html><script>alert(1)</script></html>"
    photo, length = good_of("jpg"), len(zipped) + 2
    yield (
        "catatan.jpg",
        photo[:2] + b"\xff\xfe" + length.to_bytes(2, "big") + based(zipped, 6) + photo[2:],
        ("hidden",),
    )
    picture = good_of("png")
    inside = b"teXt" + based(zipped, 41)
    yield (
        "catatan.png",
        picture[:33]
        + struct.pack(">L", len(zipped))
        + inside
        + struct.pack(">L", zlib.crc32(inside))
        + picture[33:],
        ("hidden",),
    )
    for name, data in good_files().items():
        if not name.endswith((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")):
            yield f"zip-{name}", data + based(zipped, len(data)), ("hidden", "not_its_type", "damaged")
        if name.endswith((".pdf", ".jpg", ".png", ".webp", ".docx")):
            yield f"php-{name}", data + b"\n<?php system($_GET[0]); ?>", ("hidden", "damaged")
            yield f"html-{name}", data + scripted, ("hidden", "damaged")
            for mark in (b"MZ" + bytes(62), b"GIF89a/*", scripted, b"%!PS\n", b"\0" * 8):
                yield f"in-front-{name}", mark + data, ("not_its_type", "damaged")
    for n, text in enumerate(
        (
            "<html>",
            "\ufeff <!DOCTYPE html>",
            "<?php x",
            "#!/bin/sh\n",
            "{\\rtf1 x}",
            "<script>",
            "%PDF-1.4",
            "<svg/>",
            "MIME-Version: 1.0",
        )
    ):
        yield f"laman-{n}.txt", text.encode(), ("not_its_type",)
        yield f"laman-{n}.csv", text.encode("utf-16"), ("not_its_type",)


def based(zipped: bytes, by: int) -> bytes:
    """A zip file that knows it begins `by` bytes into another."""
    changed, at = bytearray(zipped), zipped.find(b"PK\x01\x02")
    struct.pack_into("<I", changed, at + 42, by)
    struct.pack_into("<I", changed, len(changed) - 6, at + by)
    return bytes(changed)


def pictures() -> Made:
    """Pictures of impossible size, or unlike what they announce."""

    def png(
        width: int, height: int, body: bytes, colour: int = 0, depth: int = 8, more: bytes = b""
    ) -> bytes:
        head = part(b"IHDR", struct.pack(">LLBBBBB", width, height, depth, colour, 0, 0, 0))
        return b"\x89PNG\r\n\x1a\n" + head + more + part(b"IDAT", zlib.compress(body)) + part(b"IEND", b"")

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    for wide, high in ((2**31 - 1, 2**31 - 1), (65_535, 65_535), (0, 9), (9, 0), (30_000, 30_000)):
        yield f"luas-{wide}-{high}.png", png(wide, high, bytes(99)), ("bomb", "damaged")
    yield "lebih.png", png(9, 9, bytes(300 * MIB)), ("damaged",)
    yield "kurang.png", png(90, 90, bytes(90)), ("damaged",)
    yield "warna.png", png(9, 9, bytes(90), colour=5), ("damaged",)
    yield "dalam.png", png(9, 9, bytes(90), depth=3), ("damaged",)
    yield "asing.png", png(9, 9, bytes(90), more=part(b"EVIL", b"x")), ("damaged",)
    yield "dua.png", good_of("png") * 2, ("hidden",)
    photo, at = good_of("jpg"), good_of("jpg").find(b"\xff\xc0")
    for wide, high in ((65_535, 65_535), (0, 9), (9, 0)):
        yield (
            f"luas-{wide}-{high}.jpg",
            photo[: at + 5] + struct.pack(">HH", high, wide) + photo[at + 9 :],
            ("bomb", "damaged"),
        )
    yield "tanpa.jpg", b"\xff\xd8\xff\xd9", ("damaged",)
    yield "kosong.jpg", b"\xff\xd8" + b"\xff\xfe\x00\x04ab" * 9 + b"\xff\xd9", ("damaged",)
    for n, entries in enumerate(([], [(256, 4, 1, 9)], [(256, 4, 1, 2**31), (257, 4, 1, 9), (273, 4, 1, 8), (279, 4, 1, 1)],
                                 [(256, 4, 1, 9), (257, 4, 1, 9), (273, 4, 1, 8), (279, 4, 1, 10**6)],
                                 [(256, 4, 1, 9), (257, 4, 1, 9), (273, 4, 2**30, 8), (279, 4, 2**30, 8)])):  # fmt: skip
        yield f"aneh-{n}.tif", tiff(entries), ("bomb", "damaged")
    yield (
        "lingkar.tif",
        tiff([(256, 4, 1, 9), (257, 4, 1, 9), (273, 4, 1, 8), (279, 4, 1, 1)], following=8),
        ("damaged",),
    )
    yield "dua.webp", good_of("webp") * 2, ("hidden", "damaged")


def tiff(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    rows = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<LH", 8, len(entries)) + rows + struct.pack("<L", following) + bytes(64)


def old_office() -> Made:
    vba = {"VBA": {"dir": b"x", "ThisDocument": b"y"}}
    for name, data in {
        "makro.doc": doc({"Macros": vba}), "makro.xls": xls({"_VBA_PROJECT_CUR": vba}), "makro.ppt": ppt(macros=True),
        "lain.doc": doc({"A": {"B": vba}}), "lembar4.xls": xls(sheet_kind=1), "modul.xls": xls(sheet_kind=6),
    }.items():  # fmt: skip
        yield name, data, ("macros",)
    for name, data in {"kunci.doc": doc(flags=0x0100), "kunci.xls": xls(locked=True), "kunci.ppt": ppt(locked=True),
                       "amplop.doc": doc({"EncryptedPackage": b"x"}), "amplop.xls": xls({"EncryptionInfo": b"x"})}.items():  # fmt: skip
        yield name, data, ("encrypted",)
    for name, data in {
        "benda.doc": doc({"ObjectPool": {"_1": {"\x01Ole10Native": b"MZ"}}}),
        "benda.xls": xls({"MBD1": {"Package": b"PK"}}),
    }.items():
        yield name, data, ("embedded",)
    good = doc()
    for n, at in enumerate((28, 30, 44, 48, 76)):
        for value in (b"\xff\xff", b"\x7f\x7f"):
            yield f"kepala-{n}-{value.hex()}.doc", good[:at] + value + good[at + 2 :], ("damaged",)
    loop = bytearray(good)
    struct.pack_into("<L", loop, 512 + 4 * 4, 4)
    yield "lingkar.doc", bytes(loop), ("damaged",)


def texts() -> Made:
    for n, mark in enumerate((b"\0", b"\x01", b"\x08", b"\x1b", b"\x7f", b"\x90\x81")):
        yield f"tanda-{n}.txt", b"isi " * 300 + mark + b" isi" * 300, ("not_its_type",)
        yield f"tanda-{n}.csv", b"a;b\n" * 300 + mark, ("not_its_type",)
    for size in (64, 5_000, 2 * MIB):
        yield f"acak-{size}.csv", random.Random(size).randbytes(size), ("not_its_type",)
    yield "ganjil.txt", b"\xff\xfea\0b", ("not_its_type",)


def announced_otherwise() -> Iterator[Hostile]:
    """Larger than allowed, empty, or another size than was told."""
    for ending, kind in TYPES.items():
        yield Hostile("size", f"besar.{ending}", b"", frozenset({"too_large"}), kind.most + 1)
        yield Hostile("size", f"kosong.{ending}", b"", frozenset({"empty"}), 0)
        good = good_of(ending)
        for by in (-1, 1, 5000):
            if len(good) + by > 0:
                yield Hostile(
                    "size",
                    f"lain{by}.{ending}",
                    good,
                    frozenset({"size", "damaged", "hidden"}),
                    len(good) + by,
                )


def eicar() -> Iterator[Hostile]:
    """The test virus: as it is and in a document for the scanner; packed, locked and named otherwise refused without one."""

    def of(name: str, data: bytes, *allowed: str, scanner: bool = False) -> Hostile:
        return Hostile("eicar", name, data, frozenset(allowed), scanner=scanner)

    zipped = packed({"eicar.com": EICAR})
    locked = io.BytesIO(zipped)
    changed = bytearray(locked.getvalue())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        changed[changed.find(mark) + offset] |= 1
    for name in ("eicar.com", "eicar.txt.exe", "eicar.bat"):
        yield of(name, EICAR, "type")
    for ending in ("pdf", "docx", "jpg", "doc", "xlsx", "png", "tif"):
        yield of(f"eicar.{ending}", EICAR, "not_its_type", "damaged", "virus")
        yield of(f"zip.{ending}", zipped, "not_its_type", "damaged", "embedded", "virus")
        yield of(f"locked.{ending}", bytes(changed), "not_its_type", "damaged", "encrypted", "virus")
    yield of("eicar.zip", zipped, "type")
    yield of("twice.zip", packed({"a.zip": zipped}), "type")
    yield of("eicar.txt", EICAR, "virus", scanner=True)
    yield of("eicar.csv", EICAR + b"\n", "virus", scanner=True)
    yield of("eicar.docx", stored(office("docx", {"word/media/catatan.txt": EICAR})), "virus", scanner=True)
    yield of("eicar.xlsx", office("xlsx", {"xl/media/catatan.txt": EICAR}), "virus", scanner=True)


def stored(data: bytes) -> bytes:
    """The same package without packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name))
    return out.getvalue()


FAMILIES: dict[str, Callable[[], Made]] = {
    "names": names, "masked": masked, "cut short": cut_short, "riding": riding, "pictures": pictures, "old office": old_office,
    "texts": texts, "package bombs": hostile_packages.bombs, "package odd": hostile_packages.odd,
    "package macros": hostile_packages.macros, "package remote": hostile_packages.remote,
    "pdf acting": hostile_pdfs.scripted, "pdf carrying": hostile_pdfs.carrying, "pdf locked": hostile_pdfs.locked,
    "pdf deceiving": hostile_pdfs.deceiving,
}  # fmt: skip
