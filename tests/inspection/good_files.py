"""Files as offices keep them, one or more of every allowed type, made by the programs and libraries that make them."""

import io
import random
from datetime import UTC, datetime
from functools import cache

import pikepdf
import typst
import xlsxwriter
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter

from tests.inspection.old_office import doc, ppt, xls
from tests.inspection.packed import office, opendocument, relationships
from tests.inspection.plain_pdfs import PAGE, PAGES, table_of

LETTER = """#set document(title: "Surat", date: datetime(year: 2026, month: 3, day: 2))
= Keputusan
#for n in range(%d) [== Bagian #n \n #lorem(60)]
"""


@cache
def good_files() -> dict[str, bytes]:
    """Every good file by its name; the ending is the type it must be found to be."""
    return {**documents(), **pictures(), **texts(), **packages(), **older()}


def written(pages: int = 6) -> bytes:
    return bytes(typst.compile((LETTER % pages).encode()))


def documents() -> dict[str, bytes]:
    letter = written()
    packed, plain = (pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable)
    return {
        "surat.pdf": letter,
        "rapat.pdf": saved(letter, object_stream_mode=packed),
        "lurus.pdf": saved(letter, linearize=True),
        "lama.pdf": saved(letter, object_stream_mode=plain, force_version="1.4"),
        "dipindai.pdf": scanned(),
        "ditambah.pdf": extended(letter),
        "ditambah dua kali.pdf": extended(extended(saved(letter, object_stream_mode=plain))),
        "bertanda tangan.pdf": signed(letter),
        "membuka halaman.pdf": opening(letter),
        "panjang terpisah.pdf": measured_apart(),
    }


def measured_apart() -> bytes:
    """A stream whose length is told by a later object, and a line end after it, as LibreOffice writes them."""
    body = random.Random(5).randbytes(3000)
    content = b"<</Length 5 0 R/Filter/FlateDecode>>\nstream\n%s\nendstream" % body
    return table_of([b"<</Type/Catalog/Pages 2 0 R>>", PAGES, PAGE, content, b"%d" % len(body)])


def saved(data: bytes, **how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, deterministic_id="encryption" not in how, **how)  # type: ignore[arg-type]
    return out.getvalue()


def scanned() -> bytes:
    out = io.BytesIO()
    pages = [noise(n, (300, 420)) for n in range(4)]
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], creationDate=None, modDate=None)
    return out.getvalue()


def extended(data: bytes) -> bytes:
    """The same document with a revision behind it, as a program for signing or commenting leaves it."""
    writer = PdfWriter(PdfReader(io.BytesIO(data)), incremental=True)
    writer.add_metadata({"/Title": "Catatan tentang JavaScript (lihat /JS)"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def signed(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        seal = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), SubFilter=pikepdf.Name("/adbe.pkcs7.detached"),
            Contents=pikepdf.String(bytes(range(200))), ByteRange=[0, 10, 20, 30],
        )  # fmt: skip
        field = document.make_indirect(
            pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="Tanda Tangan", V=document.make_indirect(seal))
        )
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
        document.save(out, deterministic_id=True)
    return out.getvalue()


def opening(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.Root.OpenAction = pikepdf.Dictionary(
            S=pikepdf.Name.GoTo, D=[document.pages[0].obj, pikepdf.Name.Fit]
        )
        document.save(out, deterministic_id=True)
    return out.getvalue()


def noise(seed: int, size: tuple[int, int] = (160, 120), mode: str = "RGB") -> Image.Image:
    draw = random.Random(seed)
    small = Image.frombytes("RGB", (16, 12), draw.randbytes(16 * 12 * 3))
    return small.resize(size).convert(mode)


def drawn(image: Image.Image, form: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)  # type: ignore[arg-type]
    return out.getvalue()


def pictures() -> dict[str, bytes]:
    photo, grey, ink = noise(1), noise(2, mode="L"), noise(3, mode="1")
    info = PngImagePlugin.PngInfo()
    info.add_text("Judul", "Denah")
    pages: dict[str, object] = {"save_all": True, "append_images": [noise(n) for n in range(4)]}
    jpeg = drawn(photo, "JPEG")
    return {
        "foto.jpg": jpeg, "foto.jpeg": drawn(grey, "JPEG", progressive=True), "dua.jpg": jpeg + bytes(40) + jpeg,
        "denah.png": drawn(photo, "PNG", pnginfo=info), "abu.png": drawn(grey, "PNG"), "tinta.png": drawn(ink, "PNG"),
        "palet.png": drawn(photo.convert("P"), "PNG"), "tembus.png": drawn(photo.convert("RGBA"), "PNG"),
        "pindai.tif": drawn(grey, "TIFF"), "faks.tif": drawn(ink, "TIFF", compression="group4"),
        "berkas.tiff": drawn(photo, "TIFF", compression="tiff_lzw", **pages), "foto.tif": drawn(photo, "TIFF", compression="jpeg"),
        "foto.webp": drawn(photo, "WEBP"), "utuh.webp": drawn(photo, "WEBP", lossless=True),
        "tembus.webp": drawn(photo.convert("RGBA"), "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0"),
    }  # fmt: skip


def texts() -> dict[str, bytes]:
    lines = "".join(f"{n};Berkas perkara – nomor {n};2 tahun\r\n" for n in range(200))
    return {
        "daftar.csv": lines.encode(), "excel.csv": b"\xef\xbb\xbf" + lines.encode(), "lama.csv": lines.encode("cp1252"),
        "catatan.txt": lines.encode("utf-16"), "pendek.txt": b"a",
    }  # fmt: skip


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2026, 3, 2, tzinfo=UTC)})
        sheet = book.add_worksheet("DIK")
        for n in range(60):
            sheet.write_row(n, 0, (n, f"Berkas perkara nomor {n}", "Pasal 17 huruf a UU 14/2008", "2 tahun"))
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=DIK!$A$1:$A$9"})
        sheet.insert_chart("F2", chart)
    return out.getvalue()


def packages() -> dict[str, bytes]:
    links = relationships(
        ("hyperlink", "https://ppid.contoh.go.id/"), ("externalLinkPath", "\\\\arsip\\daftar.xlsx"),
        ("attachedTemplate", "file:///C:\\Templates\\Surat.dotx"), ("image", "https://contoh.go.id/logo.png"),
    )  # fmt: skip
    picture = drawn(noise(5), "PNG")
    return {
        "daftar.xlsx": workbook(),
        "surat.docx": office("docx", {"word/_rels/document.xml.rels": links, "word/media/image1.png": picture}),
        "paparan.pptx": office("pptx", {"ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": workbook()}),
        "surat.odt": opendocument("odt", {"Pictures/logo.png": picture, "Configurations2/accelerator/current.xml": b""}),
        "daftar.ods": opendocument("ods"),
        "paparan.odp": opendocument("odp"),
    }  # fmt: skip


def older() -> dict[str, bytes]:
    return {"surat.doc": doc({"ObjectPool": {}}), "daftar.xls": xls(), "paparan.ppt": ppt()}
