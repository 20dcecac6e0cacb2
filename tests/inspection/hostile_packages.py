"""Office packages nobody should open: bombs, macros, links, doubles, and zip files that mean one thing to one program only."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import product

from tests.inspection.good_files import good_files
from tests.inspection.packed import (
    MAIN,
    ODF,
    office,
    office_parts,
    open_parts,
    opendocument,
    package,
    packed,
    relationships,
)

MIB = 1024 * 1024
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 20}'>" for a, b in zip("abcdefg", "bcdefgh", strict=True)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE x [<!ENTITY i SYSTEM 'file:///etc/hostname'>]>"
Hostile = Iterator[tuple[str, bytes, tuple[str, ...]]]
EMBEDDED = {"docx": "word/embeddings/", "xlsx": "xl/embeddings/", "pptx": "ppt/embeddings/"}


def main_of(ending: str) -> str:
    return MAIN[ending][0] if ending in MAIN else "content.xml"


def bombs() -> Hostile:
    for ending in (*MAIN, *ODF):
        main = main_of(ending)
        yield f"big.{ending}", package(ending, {main: b"<x>" + b" " * 130 * MIB + b"</x>"}), ("bomb",)
        yield (
            f"dense.{ending}",
            package(ending, {"media/x.xml": b"<x>" + b" " * 20 * MIB + b"</x>"}),
            ("bomb",),
        )
        for name, head in (("laughs", LAUGHS), ("outside", OUTSIDE), ("wide", LAUGHS)):
            text = f'<?xml version="1.0"?>{head}<x>&h;</x>'
            body = (
                text.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16") if name == "wide" else text
            )
            yield f"{name}.{ending}", package(ending, {main: body}), ("bomb",)
            yield f"{name}-beside.{ending}", package(ending, {"docProps/custom.xml": body}), ("bomb",)
        many = {f"x/{n}.txt": b"" for n in range(10_001)}
        yield f"many.{ending}", package(ending, many), ("bomb",)
        yield f"total.{ending}", package(ending, {f"x{n}.xml": packable(n) for n in range(6)}), ("bomb",)
        for declared in (2**31 - 1, 700 * MIB):
            yield f"declares-{declared}.{ending}", declaring(package(ending), declared), ("bomb", "damaged")
        yield f"declares-less.{ending}", declaring(package(ending), 10), ("damaged",)
        yield f"shared.{ending}", overlapping(package(ending)), ("damaged", "hidden", "bomb")


def packable(n: int) -> bytes:
    """Ninety megabytes that pack to a little more than the hundredth of it."""
    piece = bytes(range(256)) + n.to_bytes(2, "big")
    return b"<x>" + (b"%d" % n + piece.hex().encode()) * (90 * MIB // (2 * len(piece) + 1)) + b"</x>"


def declaring(data: bytes, size: int) -> bytes:
    """The same package, each member saying that it unpacks to `size` bytes."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = changed.find(mark)
        while at >= 0:
            struct.pack_into("<I", changed, at + offset, size)
            at = changed.find(mark, at + 4)
    return bytes(changed)


def overlapping(data: bytes) -> bytes:
    """A directory in which every member is the last one's bytes, as bombs do that need no inside."""
    changed, at, last = bytearray(data), data.find(b"PK\x01\x02"), data.rfind(b"PK\x03\x04")
    while at >= 0:
        struct.pack_into("<I", changed, at + 42, last)
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def macros() -> Hostile:
    folders = {"docx": "word", "xlsx": "xl", "pptx": "ppt"}
    for ending, folder in folders.items():
        yield (
            f"vba.{ending}",
            office(ending, {f"{folder}/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(90)}),
            ("macros",),
        )
        yield f"vba-elsewhere.{ending}", office(ending, {"x/VBAPROJECT.BIN": bytes(90)}), ("macros",)
        kind = f"application/vnd.ms-{folder}.macroEnabled.main+xml"
        yield f"renamed.{ending}", office(ending, main_type=kind), ("macros",)
        yield f"active.{ending}", office(ending, {f"{folder}/activeX/activeX1.bin": bytes(90)}), ("embedded",)
        for name, body in {
            "oleObject1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old.doc": good_files()["surat.doc"],
            "two.zip": packed({"a": "b"}), "Sheet1.xlsx": packed({"a.txt": "b"}), "Sheet2.xlsx": b"MZ" + bytes(90),
        }.items():  # fmt: skip
            yield (
                f"embeds-{name}.{ending}",
                office(ending, {EMBEDDED[ending] + name: body}),
                ("embedded", "not_its_type"),
            )
        deep = good_files()["paparan.pptx"]
        yield f"deep.{ending}", office(ending, {EMBEDDED[ending] + "P.pptx": deep}), ("embedded",)
        for n, body in enumerate(
            (b"MZ" + bytes(99), b"\x7fELF" + bytes(99), packed({"a": "b"}), b"%PDF-1.7\n", b"#!/bin/sh\n")
        ):
            yield (
                f"carries-{n}.{ending}",
                office(ending, {f"{folder}/media/image{n}.png": body}),
                ("embedded",),
            )
        yield f"program.{ending}", office(ending, {f"{folder}/media/mulai.exe": b"x"}), ("embedded",)
    yield "sheet4.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"}), ("macros",)
    for ending, name in product(ODF, ("Basic/Standard/Module1.xml", "Scripts/python/a.py")):
        yield f"{name[:5]}.{ending}", opendocument(ending, {name: "<x/>"}), ("macros",)


def remote() -> Hostile:
    far = (
        "http://127.0.0.1/x.dotm",
        "https://contoh.invalid/x",
        "\\\\server\\bagi\\x.dotm",
        "file://server/x",
        "mhtml:http://x!x",
    )
    for kind, target in product(("attachedTemplate", "oleObject", "frame", "subDocument"), far):
        part = {"word/_rels/settings.xml.rels": relationships((kind, target))}
        yield f"{kind}-{far.index(target)}.docx", office("docx", part), ("remote",)
    yield (
        "picture.docx",
        office("docx", {"word/_rels/document.xml.rels": relationships(("image", "\\\\server\\x.png"))}),
        ("remote",),
    )


def odd() -> Hostile:
    """What a zip file can have and no office program writes."""
    for ending in ("docx", "xlsx", "odt", "ods"):
        parts = office_parts(ending) if ending in MAIN else open_parts(ending)
        good = package(ending)
        for name in ("../../etc/x", "/etc/x", "C:/x", "a\\..\\x", "a/../x", "x\x01y"):
            yield f"name-{name.encode().hex()[:8]}.{ending}", package(ending, {name: "x"}), ("hidden",)
        yield (
            f"null.{ending}",
            package(ending, {"abcXdef": "x"}).replace(b"abcXdef", b"abc\0def"),
            ("hidden", "damaged"),
        )
        yield f"cases.{ending}", package(ending, {main_of(ending).upper(): "<x/>"}), ("hidden",)
        yield (
            f"twice.{ending}",
            package(ending, {"aaaa.xml": "<x/>", "bbbb.xml": "<y/>"}).replace(b"bbbb.xml", b"aaaa.xml"),
            ("hidden",),
        )
        yield f"link.{ending}", linked(parts), ("bomb", "hidden", "not_its_type")
        yield f"device.{ending}", linked(parts, stat.S_IFCHR), ("bomb",)
        yield f"other-name.{ending}", renamed(good, main_of(ending).encode()), ("damaged",)
        yield f"in-front.{ending}", b"MZ" + bytes(510) + good, ("not_its_type",)
        yield f"in-front-zip.{ending}", packed({"a": "b"}) + good, ("damaged", "hidden")
        yield f"behind.{ending}", good + b"MZ" + bytes(100), ("hidden", "damaged")
        yield f"behind-zip.{ending}", good + packed({"a": "b"}), ("damaged", "hidden")
        at = good.find(b"PK\x01\x02")
        yield f"gap.{ending}", shifted(good[:at] + bytes(64) + good[at:], 64), ("damaged",)
        yield f"comment.{ending}", good[:-2] + b"\x05\x00hallo", ("hidden",)
        for bit in (0, 6, 13):
            yield f"locked-{bit}.{ending}", flagged(good, 1 << bit), ("encrypted", "damaged")
        yield f"strange.{ending}", good.replace(b"\x08\x00\x00Hb", b"\x0c\x00\x00Hb"), ("bomb", "damaged")
        yield f"two-names.{ending}", two_names(parts), ("hidden",)
        yield (
            f"masked-xml.{ending}",
            package(ending, {"x/y.bin": f'<?xml version="1.0"?>{LAUGHS}<x>&h;</x>'}),
            ("bomb",),
        )
        yield f"not-xml.{ending}", package(ending, {main_of(ending): "<x><y></x>"}), ("damaged",)
    key = "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><m:encryption-data/></m:manifest>"
    for ending in ODF:
        yield f"password.{ending}", opendocument(ending, {"META-INF/manifest.xml": key}), ("encrypted",)
    envelope = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1000)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(4000)
    )
    for ending in MAIN:
        yield f"password.{ending}", envelope, ("encrypted",)
        yield f"only-zip.{ending}", packed({"a.txt": "b"}), ("not_its_type",)


def linked(parts: dict[str, str | bytes], kind: int = stat.S_IFLNK) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
        member = zipfile.ZipInfo("tautan.xml")
        member.external_attr = (kind | 0o777) << 16
        archive.writestr(member, "/etc/passwd")
    return out.getvalue()


def two_names(parts: dict[str, str | bytes]) -> bytes:
    """One member with another name in the field that is for names in Unicode."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
        member = zipfile.ZipInfo("gambar.png")
        member.extra = struct.pack("<HHBL", 0x7075, 5 + 8, 1, zlib.crc32(b"gambar.png")) + b"mula.exe"
        archive.writestr(member, "x")
    return out.getvalue()


def renamed(data: bytes, name: bytes) -> bytes:
    """The member is called otherwise in its own header than in the directory."""
    at = data.find(name)
    return data[:at] + b"Z" + data[at + 1 :]


def shifted(data: bytes, by: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(
        "<I", changed, len(changed) - 6, struct.unpack_from("<I", changed, len(changed) - 6)[0] + by
    )
    return bytes(changed)


def flagged(data: bytes, flag: int) -> bytes:
    changed = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(mark)
        struct.pack_into("<H", changed, at + offset, struct.unpack_from("<H", changed, at + offset)[0] | flag)
    return bytes(changed)
