"""The letters of the year: drafted, approved, read back as PDF and Word, signed by another program, and brought back."""

import hashlib
import io
import re
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from docx import Document
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.determinations.test_after import other_pdf
from tests.fixtures import signatures
from tests.journey.people import follow, press, until_shown
from tests.prove._year_stage import (
    HEAD,
    NAME,
    OFFICER,
    PLACE,
    POSITION,
    SIGNATORY,
    SUPERIOR,
    Year,
    downloaded,
    flat,
    main,
    said,
    says,
)

LETTERHEAD = f"PEMERINTAH {NAME.upper()}\nPPID UTAMA"
TESTS = "Berita Acara Uji Konsekuensi Nomor 4/BA/2026"
DRAFT_WORDS = "KONSEP – belum ditetapkan"
DECREE = "Keputusan"
# Source: PP 61/2010 Ps 4. What each of the six contents is told by in a letter of this region.
CONTENTS = {
    "kind of classification": "Informasi yang Dikecualikan",
    "official who determines": SIGNATORY,
    "public body": NAME,
    "period": "Jangka waktu pengecualian setiap informasi",
    "reason": "Akibat bila dibuka",
    "place and day": f"Ditetapkan di {PLACE}",
}


@dataclass
class Letter:
    """One determination as it stands on its page, with the bytes that were read of it."""

    number: str
    address: str
    titles: list[str]
    pdf: bytes = b""
    signed: bytes = b""
    papers: dict[str, str] = field(default_factory=dict)  # SHA-256 by what it is


def style(year: Year) -> None:
    """Let the head say how letters are written: a decree, with letterhead and signatory."""
    page = year.sit(HEAD, "penetapan/surat")
    page.get_by_label("Bentuk", exact=True).select_option(label=DECREE)
    page.get_by_label("Kop surat").fill(LETTERHEAD)
    for label, words in (
        ("Nama penanda tangan", SIGNATORY),
        ("Jabatan penanda tangan", POSITION),
        ("Ditetapkan di", PLACE),
    ):
        page.get_by_label(label).first.fill(words)
    year.look(page, "bentuk-surat")
    press(page, "Simpan")
    says(page, "Pengaturan surat disimpan")


def draft(year: Year, kind: str, titles: Sequence[str], left_out: Sequence[str] = ()) -> str:
    """Prepare a draft, read its concept as PDF and Word, send it and let the superior approve; returns its address."""
    page = year.sit(OFFICER, "penetapan")
    year.look(page, f"penetapan-{kind}")
    follow(page, "Siapkan draf penetapan")
    page.get_by_label("Jenis").select_option(label=kind)
    page.get_by_label("Hasil uji yang diperhatikan").fill(TESTS)
    for title in left_out:
        page.get_by_label(f"Jangan ikutkan {title}", exact=True).check()
    year.look(page, f"draf-isi-{kind}")
    press(page, "Simpan draf")
    says(page, "Draf disimpan")
    year.look(page, f"draf-{kind}")
    address = page.url.partition("?")[0]
    _read_concept(year, page, titles)
    press(page, "Kirim ke Atasan PPID")
    says(page, "Draf dikirim ke Atasan PPID")
    _approve(year, kind)
    return address


def _read_concept(year: Year, page: Page, titles: Sequence[str]) -> None:
    pdf, word = _both(page, "Konsep surat dan lampiran")
    text = pdf_text(pdf)
    year.holds(within(DRAFT_WORDS, text), "the draft as PDF does not say that it is one")
    year.holds(within(DRAFT_WORDS, word_text(word)), "the draft in Word does not say that it is one")
    year.holds(sorted(annex(word)) == sorted(titles), "the draft's annex holds other items than were chosen")


def _both(page: Page, name: str) -> tuple[bytes, bytes]:
    return (
        downloaded(page, main(page).get_by_role("link", name=re.compile(f"{name}.*PDF", re.DOTALL))),
        downloaded(page, main(page).get_by_role("link", name=re.compile(f"{name}.*DOCX", re.DOTALL))),
    )


def _approve(year: Year, kind: str) -> None:
    page = year.sit(SUPERIOR, "beranda")
    until_shown(page, "penetapan menunggu persetujuan Anda")
    year.look(page, f"atasan-beranda-{kind}")
    follow(page, "Baca dan jawab")
    year.look(page, f"atasan-persetujuan-{kind}")
    press(page, "Setujui")
    says(page, "Draf disetujui")


def issue(year: Year, draft_at: str, number: str, titles: Sequence[str]) -> Letter:
    """Record number and day of what was approved, and read the letter that was made."""
    page = year.pages[OFFICER]
    page.goto(draft_at)
    year.look(page, "draf-disetujui")
    page.get_by_label("Nomor penetapan").fill(number)
    press(page, "Catat penetapan")
    says(page, "Penetapan tercatat")
    return kept(year, Letter(number, page.url.partition("?")[0], list(titles)))


def kept(year: Year, letter: Letter) -> Letter:
    """Wait until the letter lies in the archive, and read it."""
    page = year.pages[OFFICER]
    until_shown(page, "Disimpan")
    page.goto(letter.address)
    year.look(page, f"penetapan-tercatat-{letter.number.replace('/', '-')}")
    letter.pdf, word = _both(page, "Surat dan lampiran")
    fingerprint = hashlib.sha256(letter.pdf).hexdigest()
    year.holds(
        fingerprint[:16] in said(page),
        f"{letter.number}: the letter that is kept is not the one that is read",
    )
    letter.papers["letter"] = fingerprint
    text = pdf_text(letter.pdf)
    year.holds(not within(DRAFT_WORDS, text), f"{letter.number}: determined, and still called a draft")
    year.holds(within(letter.number, text), f"{letter.number}: its number is not in it")
    lost = [title for title in letter.titles if not within(title, text)]
    year.holds(not lost, f"{letter.number}: not in its PDF: {lost[:3]}")
    held = annex(word)
    year.holds(
        sorted(held) == sorted(letter.titles),
        f"{letter.number}: the annex holds {len(held)}, not {len(letter.titles)}",
    )
    year.count("letters")
    year.count("annex_rows", len(held))
    return letter


def read_contents(year: Year, letter: Letter) -> None:
    """Look for each of the six contents the law asks for."""
    text = pdf_text(letter.pdf)
    lacking = [name for name, words in CONTENTS.items() if not within(words, text)]
    year.holds(not lacking, f"{letter.number}: without {lacking}")
    year.figures["contents_of_six"] = len(CONTENTS) - len(lacking)


def bring_back(year: Year, letter: Letter, *, with_wrong: bool = False) -> None:
    """Sign the letter elsewhere and bring it back, after what is not it when asked; the page says who, when, whether intact."""
    page = year.pages[OFFICER]
    page.goto(letter.address)
    with ThreadPoolExecutor(
        1
    ) as elsewhere:  # signing runs a loop of its own, and a browser already runs one here
        letter.signed = elsewhere.submit(signatures.signed, letter.pdf).result()
    if with_wrong:
        _refused(year, page, "surat-lain.pdf", other_pdf(1), "Bukan dokumen ini")
        _refused(year, page, "surat-rusak.pdf", letter.pdf[: len(letter.pdf) // 2], "rusak")
        _bring_broken(year, page, letter)
    _upload(page, "surat-bertanda-tangan.pdf", letter.signed)
    says(page, "Salinan bertanda tangan disimpan")
    shown = flat(main(page).locator(".panel", has_text="surat-bertanda-tangan.pdf").inner_text())
    year.look(page, f"bertanda-tangan-{letter.number.replace('/', '-')}")
    for words in (signatures.SIGNER, "Utuh sejak ditandatangani", "Surat yang sama"):
        year.holds(words in shown, f"{letter.number}: the page does not say {words!r}: {shown}")
    year.holds(
        re.search(r"\b20\d\d, \d\d\.\d\d W", shown.partition(signatures.SIGNER)[2]),
        f"{letter.number}: when it was signed is not said",
    )
    letter.papers["signed"] = hashlib.sha256(letter.signed).hexdigest()
    year.count("signatures_intact")


def _upload(page: Page, name: str, data: bytes) -> None:
    page.get_by_label("Surat yang sudah ditandatangani").set_input_files(
        {"name": name, "mimeType": "application/pdf", "buffer": data}
    )
    press(page, "Unggah salinan")


def _refused(year: Year, page: Page, name: str, data: bytes, words: str) -> None:
    """Bring something that is not this letter: it is not kept, and the page says why."""
    before = main(page).locator(".panel").count()
    _upload(page, name, data)
    shown = said(page)
    year.look(page, f"ditolak-{name}")
    year.holds(words in shown, f"{name} was not told apart: {shown[:200]}")
    year.holds(main(page).locator(".panel").count() == before, f"{name} was kept")
    year.count("wrong_copies_told_apart")


def _bring_broken(year: Year, page: Page, letter: Letter) -> None:
    """Bring a copy in which a byte was changed after it was signed."""
    broken = bytearray(letter.signed)
    broken[len(letter.pdf) // 2] ^= 1
    _upload(page, "surat-diubah.pdf", bytes(broken))
    shown = said(page)
    year.look(page, "bertanda-tangan-diubah")
    year.holds(
        "berubah setelah ditandatangani" in shown or "rusak" in shown,
        f"a changed byte is not said: {shown[:300]}",
    )
    year.count("wrong_copies_told_apart")


def hand_over(year: Year, letter: Letter) -> None:
    """Give every unit concerned its copy, and let one of them say that it came."""
    page = year.pages[OFFICER]
    page.goto(letter.address)
    press(page, "Serahkan salinan ke unit")
    says(page, "diserahkan ke unit")
    given = main(page).get_by_role("table", name="Salinan di unit").locator("tbody tr")
    year.figures["units_handed"] = given.count()
    unit = year.region.units[0]
    other = year.unit(unit, "penetapan")
    until_shown(other, letter.number)
    follow(other, letter.number)
    year.look(other, "unit-penetapan")
    press(other, "Beri tanda terima")
    page.reload()
    expect(given.filter(has_text=unit.name)).not_to_contain_text("Belum")


def pdf_text(pdf: bytes) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def word_text(word: bytes) -> str:
    """Return all words of a Word document, its heads and feet included."""
    opened = Document(io.BytesIO(word))
    frames = [part for section in opened.sections for part in (section.header, section.footer)]
    lines = [paragraph.text for part in (opened, *frames) for paragraph in part.paragraphs]
    return "\n".join(lines)


def annex(word: bytes) -> list[str]:
    """Return the titles of the numbered rows of the annex."""
    rows = [row for table in Document(io.BytesIO(word)).tables for row in table.rows]
    cells = [[cell.text for cell in row.cells] for row in rows]
    return [flat(row[1].partition("\n")[0]) for row in cells if len(row) > 2 and row[0].strip().isdecimal()]


def within(words: str, text: str) -> bool:
    """Say whether a text holds some words; a page breaks them where it likes."""
    return _bare(words) in _bare(text)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00ad-]", "", text).casefold()
