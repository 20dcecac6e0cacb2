"""Everything anyone can fetch from a portal, as one text an address: pages, feeds, and what edition files hold inside."""

import http.client
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from pypdf import PdfReader

MOST = 400
LINK = re.compile(r'(?:href|src|action)="([^"]+)"')
PROGRAMS = ("", "/changes?cursor=0", "/snapshot", "/editions", "/editions/1")


def everything(origin: str, region: str) -> dict[str, str]:
    """Follow every link from the first page on and return what came, headers included, by address."""
    waiting = [f"{origin}/{region}/", f"{origin}/api/v1/docs", f"{origin}/api/v1/lists"]
    waiting += [f"{origin}/api/v1/lists/{region}{path}" for path in PROGRAMS]
    seen: dict[str, str] = {}
    connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=10)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        assert len(seen) < MOST
        connection.request("GET", address.removeprefix(origin))
        answer = connection.getresponse()
        body = answer.read()
        kind = answer.headers.get_content_type()
        seen[address] = f"{answer.headers}\n{text_of(body, kind)}"
        if kind == "text/html":
            waiting += sorted(_links(address, body.decode(), origin) - set(seen))
    connection.close()
    return seen


def _links(address: str, page: str, origin: str) -> set[str]:
    """The portal's own addresses on a page; of searches only their pages, not every pair of filters."""
    found = {urljoin(address, unescape(link)).partition("#")[0] for link in LINK.findall(page)}
    return {link for link in found if link.startswith(f"{origin}/") and _is_plain(urlsplit(link).query)}


def _is_plain(query: str) -> bool:
    return all(pair.startswith("hal=") or pair.endswith("=") for pair in query.split("&") if pair)


def text_of(body: bytes, kind: str) -> str:
    """Return all text in an answer, with what a file hides inside beside its bytes."""
    return "\n".join([body.decode(errors="replace"), *_inside(body, kind)])


def _inside(body: bytes, kind: str) -> Iterator[str]:
    if kind == "application/pdf":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = PdfReader(io.BytesIO(body))
            yield str(reader.metadata)
            yield from (page.extract_text() for page in reader.pages)
    elif body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode(errors="replace")
