"""PDFs nobody should keep: with scripts, commands, files and media in every place they can hide, locked, or built to deceive."""

import io
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf

from tests.inspection.good_files import extended, good_files, saved

Change = Callable[[Pdf], None]


def pdf(change: Change, **how: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(good_files()["surat.pdf"])) as document:
        change(document)
        document.save(out, deterministic_id=True, **how)
    return out.getvalue()


def action(kind: str, **more: Any) -> Dictionary:
    return Dictionary(Type=Name.Action, S=Name(f"/{kind}"), **more)


def acting() -> dict[str, Dictionary]:
    script = "app.alert('x')"
    return {
        "JavaScript": action("JavaScript", JS=script), "Launch": action("Launch", F="cmd.exe"),
        "SubmitForm": action("SubmitForm", F="http://127.0.0.1/"), "ImportData": action("ImportData", F="a.fdf"),
        "GoToE": action("GoToE", T=Dictionary(R=Name.C)), "Rendition": action("Rendition", OP=0, JS=script),
        "Movie": action("Movie", T="m"), "Sound": action("Sound"), "RichMediaExecute": action("RichMediaExecute"),
        "GoTo3DView": action("GoTo3DView"),
    }  # fmt: skip


def places(act: Dictionary) -> dict[str, Change]:
    """Every place where an action may hang."""

    def page(document: Pdf) -> Any:
        return document.pages[0].obj

    def note(document: Pdf, **more: Any) -> None:
        page(document).Annots = Array(
            [
                document.make_indirect(
                    Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], **more)
                )
            ]
        )

    def field(document: Pdf) -> None:
        button = Dictionary(FT=Name.Btn, T="tombol", AA=Dictionary(D=document.make_indirect(act)))
        document.Root.AcroForm = Dictionary(Fields=[document.make_indirect(button)])

    return {
        "opening": lambda document: document.Root.__setitem__("/OpenAction", act),
        "opening-apart": lambda document: document.Root.__setitem__(
            "/OpenAction", document.make_indirect(act)
        ),
        "document": lambda document: document.Root.__setitem__("/AA", Dictionary(WC=act)),
        "page": lambda document: page(document).__setitem__("/AA", Dictionary(O=document.make_indirect(act))),
        "link": lambda document: note(document, A=act),
        "link-next": lambda document: note(document, A=action("GoTo", D=[0, Name.Fit], Next=Array([act]))),
        "field": field,
        "nowhere": lambda document: document.Root.__setitem__(
            "/Contoh", Array([Dictionary(Dalam=Array([act]))])
        ),
    }


def scripted() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """Each action in each place; the first of them stored in each way."""
    for kind, place in product(acting(), places(Dictionary())):
        yield f"{kind}-{place}.pdf", pdf(places(acting()[kind])[place]), ("scripted",)
    ways: dict[str, dict[str, Any]] = {
        "packed": {"object_stream_mode": ObjectStreamMode.generate}, "linear": {"linearize": True},
        "plain": {"object_stream_mode": ObjectStreamMode.disable, "force_version": "1.3"},
    }  # fmt: skip
    for way, how in ways.items():
        for place in places(Dictionary()):
            yield f"{way}-{place}.pdf", pdf(places(acting()["JavaScript"])[place], **how), ("scripted",)
    opened = pdf(places(acting()["Launch"])["opening"], object_stream_mode=ObjectStreamMode.disable)
    for escaped in (b"/L#61unch", b"/#4caunch", b"/Launc#68"):
        yield f"escaped-{escaped[1:4].hex()}.pdf", resized(opened, b"/Launch", escaped), ("scripted",)
    yield "removed-later.pdf", without_opening(opened), ("scripted",)
    yield "added-later.pdf", extended(opened), ("scripted",)
    for key in ("JavaScript", "EmbeddedFiles"):
        yield f"names-{key}.pdf", pdf(partial(named, key)), ("scripted", "embedded")
    yield (
        "xfa.pdf",
        pdf(lambda d: d.Root.__setitem__("/AcroForm", Dictionary(XFA=d.make_stream(b"<xdp/>")))),
        ("scripted",),
    )
    for kind in ("URI", "GoToR"):
        act = action(kind, URI="http://127.0.0.1/", F="\\\\server\\x.pdf")
        yield f"opens-{kind}.pdf", pdf(places(act)["opening"]), ("scripted",)


def named(key: str, document: Pdf) -> None:
    tree = Dictionary(Names=Array(["a", Dictionary(S=Name.JavaScript, JS="x")]))
    document.Root.Names = Dictionary({f"/{key}": document.make_indirect(tree)})


def carrying() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """Files attached, and media."""

    def attach(document: Pdf) -> None:
        document.attachments["program.exe"] = b"MZ" + bytes(300)

    def pinned(document: Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9])
        document.pages[0].obj.Annots = Array([document.make_indirect(note)])

    def played(kind: str) -> Change:
        note = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9])
        return lambda document: document.pages[0].obj.__setitem__("/Annots", Array([note]))

    for way in (ObjectStreamMode.generate, ObjectStreamMode.disable):
        yield f"attached-{way.name}.pdf", pdf(attach, object_stream_mode=way), ("embedded", "scripted")
        yield f"pinned-{way.name}.pdf", pdf(pinned, object_stream_mode=way), ("embedded",)
    for kind in ("RichMedia", "Movie", "Sound", "Screen", "3D"):
        yield f"plays-{kind}.pdf", pdf(played(kind)), ("scripted",)


def locked() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """With a password to open, or one to change only."""
    for strength in (2, 3, 4, 6):
        for user in ("", "rahasia"):
            key = pikepdf.Encryption(
                user=user, owner="pemilik", R=strength, aes=strength > 3, metadata=strength > 3
            )
            yield (
                f"locked-{strength}-{len(user)}.pdf",
                saved(good_files()["surat.pdf"], encryption=key),
                ("encrypted",),
            )


def deceiving() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    """Bombs, objects where none should be, tables that lead nowhere."""
    zeros = zlib.compress(bytes(600 * 1024 * 1024), 9)
    for name, inner in (
        ("objects", b"/Type/ObjStm/N 9/First 90"),
        ("table", b"/Type/XRef/W[1 2 1]/Size 9/Root 1 0 R"),
    ):
        yield (
            f"bomb-{name}.pdf",
            table_of(
                [b"<</Type/Catalog/Pages 2 0 R>>", streamed(inner + b"/Filter/FlateDecode", zeros)], packed=2
            ),
            ("bomb", "damaged"),
        )
    deep = b"[" * 40_000 + b"]" * 40_000
    yield "deep.pdf", table_of([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE, deep]), ("bomb", "damaged")
    loop = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]
    yield "loop.pdf", table_of(loop), ("damaged", "bomb")
    yield "no-pages.pdf", table_of([b"<</Type/Catalog>>"]), ("damaged",)
    hidden = b"9 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(x)>>>>endobj"
    inside = table_of([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE, streamed(b"", bytes(99) + hidden)])
    entry = b"%010d 00000 n " % inside.index(b"9 0 obj")
    yield (
        "within-stream.pdf",
        inside.replace(b"%010d 00000 n " % inside.index(b"1 0 obj"), entry),
        ("damaged",),
    )
    good = table_of([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE])
    for n, wrong in enumerate(
        (b"startxref\n0\n", b"startxref\n99999999\n", b"startxref\n12\n", b"startxref\n-5\n", b"")
    ):
        at = good.rindex(b"startxref")
        yield f"lost-table-{n}.pdf", good[:at] + wrong + b"%%EOF\n", ("damaged",)
    yield "own-previous.pdf", good.replace(b"/Root", b"/Prev %d/Root" % good.rindex(b"xref\n0")), ("damaged",)


PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


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


def resized(data: bytes, old: bytes, new: bytes) -> bytes:
    """Write one name as another of the same meaning, and the tables anew."""
    at = data.index(old)
    changed = data[:at] + new + data[at + len(old) :]
    table = changed.rindex(b"xref\n0")
    rows = changed[table:].split(b"trailer")[0]
    for row in [row for row in rows.split(b"\n") if row.endswith(b"n ")]:
        if int(row[:10]) > at:
            rows = rows.replace(row, b"%010d" % (int(row[:10]) + len(new) - len(old)) + row[10:])
    end = (
        changed[table:]
        .split(b"trailer")[1]
        .replace(str(table - len(new) + len(old)).encode(), str(table).encode())
    )
    return changed[:table] + rows + b"trailer" + end


def without_opening(data: bytes) -> bytes:
    """A revision behind it in which the document no longer acts: whoever asks for the older one still gets it."""
    with pikepdf.open(io.BytesIO(data)) as document:
        root = document.Root
        del root["/OpenAction"]
        number, body = root.objgen[0], root.unparse(resolved=True)
        size = int(document.trailer.Size)
    at = len(data)
    revision = b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, at)
    before = int(data.rstrip().split()[-2])
    end = b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return data + revision + table + end % (size, number, before, at + len(revision))
