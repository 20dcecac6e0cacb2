"""PDFs put together object by object."""

PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>"


def streamed(keys: bytes, body: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (keys, len(body), body)


def table_of(objects: list[bytes], packed: int = 0) -> bytes:
    """A PDF of these objects, numbered from one; `packed` says which is a stream that holds the last one's number."""
    out, places = b"%PDF-1.7\n", []
    for n, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    start = places[packed - 1] if packed and b"XRef" in objects[packed - 1][:80] else len(out)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, rows)
        + end % (len(places) + 1, start)
    )
