"""From fifteen offices to one list: every unit brings and hands in its own, the central takes them, and its figures are read back."""

import io
import re
from collections import Counter

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from tests.journey import walk
from tests.journey.people import follow, press, until_shown
from tests.prove import _year_lists as lists
from tests.prove._year_lists import Item, Unit
from tests.prove._year_stage import OFFICER, Year, downloaded, flat, main

COLUMN = {
    name: n
    for n, name in enumerate(
        ("code", "unit", "title", "ground", "part", "harm", "benefit", "interest", "period")
    )
}


def collect(year: Year, folder: str) -> None:
    """Let every unit bring its workbook in by the pages and hand it in."""
    walk.open_collection(year.pages[OFFICER], year.watch)
    for unit in year.region.units:
        page = year.pages[unit.name]
        path = _written(unit, folder)
        made = walk.bring_list(page, year.watch, path)
        year.holds(made == len(unit.items), f"{unit.name}: {made} items came of {len(unit.items)} rows")
        year.count("items_sent", made)
        year.count("mended_before_sending", walk.hand_in(page, year.watch))
        year.count("units")
    year.running.finish_work()


def _written(unit: Unit, folder: str) -> "lists.Path":
    path = lists.Path(folder) / f"{unit.slug}.xlsx"
    path.write_bytes(lists.workbook(unit))
    return path


def accept(year: Year) -> None:
    """Take every submission and accept what nobody sent back."""
    page = year.sit(OFFICER, "pengajuan")
    for unit in year.region.units:
        page.goto(year.at("pusat/pengajuan"))
        until_shown(page, unit.name)
        enter(page, unit)
        year.look(page, "periksa-pengajuan")
        finish(page)
    year.look(page, "selesai-diperiksa")
    year.running.finish_work()


def finish(page: Page) -> None:
    """Accept whatever is left and close the review."""
    rest = page.get_by_role("button", name=re.compile(r"^Terima \d+ yang belum diputus$"))
    if rest.count():
        press(page, re.compile(r"^Terima \d+ yang belum diputus$"))
    press(page, "Selesai diperiksa")
    expect(main(page)).to_contain_text("Selesai diperiksa")


def read_list(year: Year, name: str) -> None:
    """Compare the list, its filters, its figures and its file with what the units handed in."""
    page = year.sit(OFFICER, "gabungan")
    year.look(page, f"gabungan-{name}")
    total = sum(len(unit.items) for unit in year.region.units)
    shown = page.locator(".result-count").inner_text()
    year.holds(shown.startswith(f"{total} hasil"), f"the list says {shown!r} of {total} items")
    year.figures["items_consolidated"] = int(shown.split()[0])
    _read_filters(year, page)
    _read_figures(year)
    _read_file(year, page)


def _read_filters(year: Year, page: Page) -> None:
    """Ask for each unit and each letter, and compare what is counted beside it with what is then shown."""
    for label, box in (("Unit", "unit"), ("Dasar hukum", "dasar")):
        for words in page.locator(f"#f-{box} option").all_inner_texts()[1:]:
            asked = re.fullmatch(r"(.*) \(([\d.]+)\)", flat(words))
            if not year.holds(asked, f"the filter {label} does not count: {words}") or not asked:
                continue
            page.locator(f"#f-{box}").select_option(label=words)
            expect(page.locator(".result-count")).to_contain_text(f"{asked[2]} hasil")
            year.count("filters_asked")
            if box == "unit":
                wanted = len(next(unit for unit in year.region.units if unit.name == asked[1]).items)
                year.holds(
                    int(asked[2]) == wanted, f"{asked[1]} has {wanted} items, the filter says {asked[2]}"
                )
        year.look(page, f"gabungan-saringan-{box}")
        page.goto(year.at("pusat/gabungan"))


def _read_figures(year: Year) -> None:
    page = year.sit(OFFICER, "gabungan/angka")
    year.look(page, "gabungan-angka")
    units = _table(page, "per-unit")
    wanted = {unit.name: len(unit.items) for unit in year.region.units}
    year.holds(units == wanted, f"numbers per unit: {units} are not {wanted}")
    if any(unit.brought for unit in year.region.units):
        return  # on which letters a list of others rests is not known beforehand
    letters = Counter(item.letter for unit in year.region.units for item in unit.items)
    shown = {re.sub(r".*[Hh]uruf (\w).*", r"\1", words): n for words, n in _table(page, "per-huruf").items()}
    year.holds(shown == dict(letters), f"numbers per letter: {shown} are not {dict(letters)}")


def _table(page: Page, figure: str) -> dict[str, int]:
    rows = page.locator(f"figure[aria-labelledby={figure}-caption] .chart-wide tbody tr")
    cells = [[flat(cell) for cell in row.locator("th, td").all_text_contents()] for row in rows.all()]
    return {name: int(n.replace(".", "")) for name, n in cells}


def _read_file(year: Year, page: Page) -> None:
    """Open the workbook the list is taken away as; each row must say what its unit wrote."""
    page.goto(year.at("pusat/gabungan"))
    data = downloaded(page, main(page).get_by_role("link", name="Excel (.xlsx)"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    rows = [[str(cell) for cell in row] for row in sheet.to_python()[1:]]
    found = {(row[COLUMN["unit"]], flat(row[COLUMN["title"]])): row for row in rows}
    sent = {(unit.name, item.title): item for unit in year.region.units for item in unit.items}
    year.holds(len(found) == len(rows), "the file holds an item twice")
    year.holds(found.keys() == sent.keys(), f"the file differs in {sorted(found.keys() ^ sent.keys())[:5]}")
    wrong = [
        key for key in found.keys() & sent.keys() if sent[key].letter and not _alike(found[key], sent[key])
    ]
    year.holds(not wrong, f"rows of the file that say other than was sent: {wrong[:5]}")
    year.figures["rows_of_the_file"] = len(rows)


def _alike(row: list[str], item: Item) -> bool:
    texts = all(row[COLUMN[name]] == getattr(item, name) for name in ("harm", "benefit", "interest"))
    ground = re.search(rf"huruf {item.letter}\b", row[COLUMN["ground"]])
    return bool(texts and ground and row[COLUMN["period"]].startswith(f"{item.years} tahun"))


def mend(year: Year, unit: Unit, changes: dict[str, Item]) -> None:
    """Write the ground and period anew of what came back, and hand it in again."""
    page = year.unit(unit, "perbaikan")
    for title, wanted in changes.items():
        page.goto(year.at(f"u/{unit.slug}/perbaikan"))
        until_shown(page, title)
        year.look(page, "perbaikan")
        part = (
            main(page)
            .locator("section.panel")
            .filter(has=page.get_by_role("heading", name=re.compile(re.escape(title))))
        )
        with page.expect_navigation():
            part.get_by_role("link", name=re.compile("^Perbaiki butir")).first.click()
        rewrite(page, wanted)
        year.count("items_mended")
    page.goto(year.at(f"u/{unit.slug}/perbaikan"))
    page.get_by_label("Daftar ini sudah diperiksa").check()
    press(page, re.compile(r"^Kirim ulang \d+ butir$"))
    expect(main(page)).to_contain_text("Daftar terkirim")


def rewrite(page: Page, wanted: Item) -> None:
    """Choose one letter and a number of years in the form that is open."""
    for box in page.locator("input[name=grounds]:checked").all():
        box.uncheck()
    page.get_by_label(re.compile(rf"^Huruf {wanted.letter}\b")).check()
    page.get_by_label(re.compile("^Lama")).fill(str(wanted.years))
    press(page, "Simpan")


def accept_again(year: Year, units: list[Unit]) -> None:
    """Take what units mended and accept it."""
    page = year.sit(OFFICER, "pengajuan")
    for unit in units:
        page.goto(year.at("pusat/pengajuan"))
        until_shown(page, "putaran 2")
        enter(page, unit)
        finish(page)
    year.running.finish_work()


def enter(page: Page, unit: Unit) -> None:
    """Take a submission, or go on with it: whoever sent an item back has taken it."""
    if page.get_by_role("button", name=f"Ambil & periksa {unit.name}").count():
        press(page, f"Ambil & periksa {unit.name}")
    else:
        follow(page, f"Lanjutkan {unit.name}")
