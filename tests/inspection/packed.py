"""Office packages put together part by part, whole or with anything wrong that a zip file can have."""

import io
import zipfile
from collections.abc import Mapping

Parts = Mapping[str, str | bytes]

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{OFFICE}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}.presentationml.presentation.main+xml"),
}
ODF = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
TEXT = "".join(f"<p n='{n}'>Informasi ke-{n} dikecualikan selama {n % 9 + 1} tahun.</p>" for n in range(300))


def packed(parts: Parts, *, stored: frozenset[str] = frozenset()) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            member = zipfile.ZipInfo(name, (2026, 3, 2, 9, 0, 0))
            member.external_attr = 0o100644 << 16
            archive.writestr(member, body, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def relationships(*links: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="r{n}" Type="{LINK}/{kind}" Target="{target}" TargetMode="External"/>'
        for n, (kind, target) in enumerate(links)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATED}">{lines}</Relationships>'


def office_parts(ending: str, main_type: str = "") -> dict[str, str | bytes]:
    main, kind = MAIN[ending]
    listed = (
        f'<?xml version="1.0"?><Types xmlns="{TYPES}"><Default Extension="rels" ContentType="x/rels"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{main_type or kind}"/></Types>'
    )
    top = f'<Relationships xmlns="{RELATED}"><Relationship Id="r" Type="{LINK}/officeDocument" Target="{main}"/></Relationships>'
    body = f'<?xml version="1.0" encoding="UTF-8"?><document>{TEXT}</document>'
    return {"[Content_Types].xml": listed, "_rels/.rels": top, main: body}


def office(ending: str, more: Parts | None = None, main_type: str = "") -> bytes:
    return packed(office_parts(ending, main_type) | dict(more or {}))


def open_parts(ending: str) -> dict[str, str | bytes]:
    kind = f"application/vnd.oasis.opendocument.{ODF[ending]}"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    content = f'<?xml version="1.0" encoding="UTF-8"?><office>{TEXT}</office>'
    return {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}


def opendocument(ending: str, more: Parts | None = None) -> bytes:
    return packed(open_parts(ending) | dict(more or {}), stored=frozenset({"mimetype"}))


def package(ending: str, more: Parts | None = None) -> bytes:
    return office(ending, more) if ending in MAIN else opendocument(ending, more)
