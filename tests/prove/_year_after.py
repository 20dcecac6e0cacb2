"""What follows a determination: published, amended once, one item revoked, and the public's list always the one in force."""

import hashlib
import json
import re
import urllib.request
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import expect

from tests.journey import walk
from tests.journey.people import date_into, follow, led_on, open_browser, press, until_shown
from tests.prove import _year_collecting as collecting
from tests.prove import _year_doubles as doubles
from tests.prove import _year_letters as letters
from tests.prove._year_letters import Letter
from tests.prove._year_lists import Item, Unit
from tests.prove._year_stage import (
    HEAD,
    OFFICER,
    REGION,
    Year,
    downloaded,
    main,
    open_item,
    said,
    says,
    search,
)

SECOND = "Perubahan tengah tahun"
LONGER = 7  # years, which no list of this region has
REASON = "informasinya sudah diumumkan oleh unit yang menguasainya"
LIVE = 30


def publish(year: Year, letter: Letter, titles: list[str], *, keep_others: bool = False) -> int:
    """Prepare an edition as the officer, publish it as the head, and read what the public reads then."""
    page = year.sit(OFFICER, "edisi")
    box = page.get_by_label("Dari penetapan")
    if keep_others:
        box.select_option(box.locator("option", has_text=letter.number).first.get_attribute("value"))
        page.get_by_label("Butir lain yang masih berlaku tetap dimuat").check()
    year.look(page, f"edisi-siapkan-{keep_others}")
    press(page, "Siapkan edisi")
    led_on(page)
    says(page, "Edisi diterbitkan oleh Kepala PPID Utama")
    head = year.sit(HEAD, "edisi")
    with head.expect_navigation():
        main(head).get_by_role("link", name="Periksa").first.click()
    year.look(head, f"edisi-pratinjau-{keep_others}")
    n = int(re.findall(r"edisi (\d+)", head.get_by_role("heading", level=1).inner_text())[0])
    head.get_by_label("Ketik nomor edisi").fill(str(n))
    press(head, "Terbitkan edisi")
    says(head, f"Edisi {n} terbit")
    year.look(head, f"edisi-terbit-{n}")
    year.running.finish_work()
    shown = sorted(item["title"] for item in _snapshot(year)["items"])
    year.holds(
        shown == sorted(titles), f"edition {n}: the public reads {len(shown)} items, not {len(titles)}"
    )
    year.count("editions")
    year.figures[f"items_of_edition_{n}"] = len(shown)
    return n


def _snapshot(year: Year) -> dict[str, Any]:
    address = year.running.at("portal", f"/api/v1/lists/{REGION}/snapshot")
    with urllib.request.urlopen(address, timeout=LIVE) as answer:  # noqa: S310  # our own portal
        found: dict[str, Any] = json.loads(answer.read())
    return found


def read_portal(year: Year, title: str, name: str) -> str:
    """Look an item up as anyone would; returns its address."""
    page = year.pages.setdefault("public", open_browser(year.browser, year.watch))
    page.goto(year.at("", "portal"))
    year.look(page, f"portal-{name}")
    page.get_by_role("searchbox").fill(title)
    press(page, "Cari")
    year.look(page, f"portal-hasil-{name}")
    open_item(page, title)
    year.look(page, f"portal-butir-{name}")
    says(page, "Dikecualikan")
    return page.url


def amend(year: Year, unit: Unit, item: Item, number: str, before: Letter) -> tuple[Letter, Item]:
    """Let a unit change one item in a window of its own, and have the change determined; returns the letter and the item."""
    wanted = Item(item.title, item.letter, LONGER, item.document, item.harm, item.benefit, item.interest)
    _open_window(year)
    page = year.unit(unit, "butir")
    search(page, item.title)
    open_item(page, item.title)
    follow(page, "Ubah")
    collecting.rewrite(page, wanted)
    walk.hand_in(page, year.watch)
    year.running.finish_work()
    central = year.sit(OFFICER, "pengajuan")
    until_shown(central, unit.name)
    collecting.enter(central, unit)
    year.look(central, "periksa-berubah")
    changed = main(central).get_by_role("article").filter(has_text=item.title)
    expect(changed.first).to_contain_text("Berubah")
    collecting.finish(central)
    year.running.finish_work()
    undetermined = {one.title for each in year.region.units for one in each.items} - set(before.titles)
    draft = letters.draft(year, "Perubahan", [item.title], sorted(undetermined))
    letter = letters.issue(year, draft, number, [item.title])
    text = letters.pdf_text(letter.pdf)
    year.holds(
        letters.within(f"Nomor {before.number} tanggal", text), "the amendment does not name what it amends"
    )
    year.holds(
        letters.within(f"{LONGER} tahun", text), "the amendment does not say what became of the period"
    )
    letters.bring_back(year, letter)
    page = year.pages[OFFICER]
    page.goto(before.address)
    year.holds(
        f"Diubah dengan {number}" in said(page), "the amended determination does not name what changed it"
    )
    return letter, wanted


def _open_window(year: Year) -> None:
    page = year.sit(OFFICER, "pengumpulan/buka")
    page.get_by_label("Nama masa pengumpulan").fill(SECOND)
    date_into(page, "Batas pengiriman", "31", "12", str(datetime.now(UTC).year + 1))
    press(page, re.compile("^Buka"))
    says(page, "Belum mengirim")
    year.running.finish_work()  # what units handed in before may be changed again only then


def revoke(year: Year, before: Letter, title: str, number: str) -> Letter:
    """Take the exemption of one item back; nothing of what was determined before changes."""
    page = year.pages[OFFICER]
    page.goto(before.address)
    follow(page, "Cabut sebagian atau seluruhnya")
    page.get_by_label(f"Cabut {title}", exact=True).check()
    page.get_by_label("Alasan pencabutan").fill(REASON)
    page.get_by_label("Nomor penetapan").fill(number)
    year.look(page, "cabut")
    press(page, "Catat pencabutan")
    says(page, "Pencabutan tercatat")
    letter = letters.kept(year, Letter(number, page.url.partition("?")[0], [title]))
    text = letters.pdf_text(letter.pdf)
    for words in (before.number, REASON):
        year.holds(letters.within(words, text), f"the revocation does not say {words!r}")
    letters.bring_back(year, letter)
    year.running.finish_work()
    page.goto(year.at("pusat/gabungan"))
    search(page, title)
    row = main(page).get_by_role("row").filter(has=page.get_by_role("link", name=title, exact=True))
    expect(row).to_contain_text("Dicabut")
    return letter


def read_untouched(year: Year, letter: Letter) -> None:
    """See that a determination still says what it said: the same items, and the same letter byte by byte."""
    page = year.pages[OFFICER]
    page.goto(letter.address)
    year.look(page, "penetapan-sesudahnya")
    rows = main(page).get_by_role("table", name=re.compile("butir ditetapkan")).locator("tbody tr").count()
    year.holds(
        rows == len(letter.titles), f"{letter.number}: {rows} items, determined were {len(letter.titles)}"
    )
    again = downloaded(
        page, main(page).get_by_role("link", name=re.compile("Surat dan lampiran.*PDF", re.DOTALL))
    )
    year.holds(
        hashlib.sha256(again).hexdigest() == letter.papers["letter"], f"{letter.number}: its letter changed"
    )


def read_withdrawn(year: Year, address: str, title: str) -> None:
    """Read the page of the revoked item as someone who never saw it, and see that the list no longer has it."""
    page = year.pages["public"] = open_browser(year.browser, year.watch)
    page.goto(address)
    year.look(page, "portal-dicabut")
    year.holds("dicabut" in said(page).casefold(), "the portal does not say that the item was revoked")
    titles = {item["title"] for item in _snapshot(year)["items"]}
    year.holds(title not in titles, "the public still reads what was revoked")


def settle_opened(year: Year, titles: frozenset[tuple[str, str]]) -> None:
    """What is exempt here and open there is asked anew of a person, and settled."""
    found = doubles.read_queue(year)
    shown = found.get(titles)
    if not year.holds(
        shown and doubles.OPENED in shown.marks, "exempt here and opened there is not asked anew"
    ):
        return
    page = year.pages[OFFICER]
    article = doubles.find(year, page, titles)
    year.look(page, "ganda-terbuka-di-tempat-lain")
    doubles.decide(year, page, article, "Berbeda")
    year.count("open_elsewhere_found")


def compare_editions(year: Year, title: str) -> None:
    """Read the public's comparison of the two editions."""
    page = year.pages["public"]
    page.goto(year.at("edisi/1/banding/2", "portal"))
    year.look(page, "portal-banding")
    year.holds(title in said(page), "the comparison of the editions does not name the amended item")
