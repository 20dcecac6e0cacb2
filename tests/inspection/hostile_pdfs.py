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
from tests.inspection.plain_pdfs import PAGE, PAGES, streamed, table_of

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
    yield "twin.pdf", twin(b"<</Type/Catalog/Pages 2 0 R>>"), ("damaged",)
    acts = b"/OpenAction<</S/JavaScript/JS(x)>>"
    title = b"<</Type/Catalog/Pages 2 0 R/Lang(id%s>>\nstream\n)" + acts + b"/X(%s\nendstream)>>"
    for n, (before, behind) in enumerate(((b"", b""), (b"((", b"))"), (b"(" * 40, b")" * 40))):
        yield (
            f"within-string-{n}.pdf",
            table_of([title % (before, behind), PAGES, PAGE]),
            ("damaged", "scripted"),
        )
    remark = b"<</Type/Catalog/Pages 2 0 R%%>>\nstream\n" + acts + b"\nendstream\n>>"
    yield "within-remark.pdf", table_of([remark.replace(b"%%", b"%"), PAGES, PAGE]), ("damaged", "scripted")
    yield (
        "two-keys.pdf",
        table_of([b"<</Type/Catalog/Pages 2 0 R%s/OpenAction null>>" % acts, PAGES, PAGE]),
        ("damaged", "scripted"),
    )
    yield (
        "outside.pdf",
        table_of([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE, streamed(b"/F(\\\\\\\\server\\\\x)", b"")]),
        ("remote",),
    )
    for n, address in enumerate(
        (b"javascript:alert(1)", b"file:///C:/x.exe", b"ms-word:ofe|u|x", b"\\\\\\\\server\\\\x")
    ):
        link = b"<</Type/Action/S/URI/URI(%s)>>" % address
        yield (
            f"address-{n}.pdf",
            table_of([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE, link]),
            ("scripted",),
        )
    good = table_of([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE])
    for generation in (b"00007", b"80000"):
        table = good.index(b"xref\n0")
        row = b"%010d %%s n" % good.index(b"3 0 obj")
        changed = good[table:].replace(row % b"00000", row % generation)
        yield f"generation-{int(generation)}.pdf", good[:table] + changed, ("damaged",)
    at = good.index(b"trailer")
    again = b"1 1\n%010d 00000 n \n" % good.index(b"2 0 obj")
    yield "two-places.pdf", good[:at] + again + good[at:], ("damaged",)
    for n, wrong in enumerate(
        (b"startxref\n0\n", b"startxref\n99999999\n", b"startxref\n12\n", b"startxref\n-5\n", b"")
    ):
        at = good.rindex(b"startxref")
        yield f"lost-table-{n}.pdf", good[:at] + wrong + b"%%EOF\n", ("damaged",)
    yield "own-previous.pdf", good.replace(b"/Root", b"/Prev %d/Root" % good.rindex(b"xref\n0")), ("damaged",)


def twin(clean: bytes) -> bytes:
    """A table that leads into what looks like a stream of nobody's; behind it lies a harmless object of the same number."""
    bad = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(x)>>>>\nendobj\n"
    cover = b"%PDF-1.7\n9 0 obj\n" + b"<</Length %d>>" % len(bad) + b"\nstream\n"
    made = table_of([clean, PAGES, PAGE])
    body = made[len(b"%PDF-1.7\n") : made.index(b"xref\n0")]
    by = len(cover) + len(bad) - 9
    places = [len(cover)] + [made.index(b"%d 0 obj" % n) + by for n in (2, 3)]
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out = cover + bad + body
    end = b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
    return out + b"xref\n0 4\n0000000000 65535 f \n" + rows + end


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
