"""The doubles and contradictions of the year: read side by side with their reasons, settled one by one, and said while they are not."""

import re
from collections import defaultdict
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.prove import _year_collecting as collecting
from tests.prove._year_lists import Item, Pair
from tests.prove._year_stage import OFFICER, Year, flat, main, said
from tests.prove.doubles import BARS

LABELS = {"ground": "Dasar berbeda", "period": "Jangka waktu berbeda"}
OPENED = "Terbuka di tempat lain"
QUEUE = "pertentangan"
KEPT_OPEN = 2
SIGNS = re.compile("di(?:hapus|tambah):\\s*")  # read aloud before words that only one side has
NOTE = "Samakan dasar hukum dan jangka waktunya dengan butir unit lain itu."


@dataclass(frozen=True)
class Shown:
    """One pair as the page shows it: both offices, both titles, what it is marked as, and why."""

    sides: frozenset[tuple[str, str]]
    marks: frozenset[str]
    reasons: tuple[str, ...]


def read_queue(year: Year) -> dict[frozenset[tuple[str, str]], Shown]:
    """Read every page of what waits for a person."""
    page, found = year.sit(OFFICER, QUEUE), {}
    while True:
        year.look(page, "ganda")
        for pair in main(page).get_by_role("article").all():
            one = _read(pair)
            found[one.sides] = one
        onward = page.get_by_role("link", name=re.compile("[Bb]erikutnya"))
        if not onward.count():
            return found
        with page.expect_navigation():
            onward.first.click()


def _read(pair: Locator) -> Shown:
    offices = [flat(one) for one in pair.locator("thead th a").all_inner_texts()]
    cells = pair.locator("tbody tr").first.locator("td").all_inner_texts()
    titles = [flat(SIGNS.sub("", flat(one))) for one in cells]
    titles = titles * 2 if len(titles) == 1 else titles
    return Shown(
        frozenset(zip(offices, titles, strict=True)),
        frozenset(flat(one) for one in pair.locator(".review-marks .status").all_inner_texts()),
        tuple(flat(one) for one in pair.locator(".flags li").all_inner_texts()),
    )


def judge(year: Year) -> dict[frozenset[tuple[str, str]], Shown]:
    """Compare what is shown with what was planted."""
    found = read_queue(year)
    planted = {pair.titles: pair for pair in year.region.doubles}
    near = {pair.titles for pair in year.region.misses}
    lost = [pair for titles, pair in planted.items() if titles not in found]
    contradicting = [pair for pair in planted.values() if pair.differs]
    year.figures |= {
        "planted": len(planted), "planted_contradicting": len(contradicting), "found": len(planted) - len(lost),
        "found_contradicting": sum(pair.titles in found for pair in contradicting),
        "not_found": [" | ".join(side[1].title for side in (pair.first, pair.second)) for pair in lost],
        "near_misses": len(near), "near_misses_shown": len(near & found.keys()),
        "others_shown": [" | ".join(title for _, title in sorted(one)) for one in found.keys() - planted.keys() - near],
    }  # fmt: skip
    year.holds(
        len(lost) <= (1 - BARS["recall"]) * len(planted), f"doubles not found: {year.figures['not_found']}"
    )
    year.holds(all(pair.kind == "hand" for pair in lost), "a double made by rule was not found")
    year.holds(not near & found.keys(), "a near miss is shown as a double")
    for titles, pair in planted.items():
        if titles in found:
            _judge_reasons(year, pair, found[titles])
    return found


def _judge_reasons(year: Year, pair: Pair, shown: Shown) -> None:
    """Hold the marks and reasons of one pair to how its two sides really differ."""
    marked = {name for name, label in LABELS.items() if label in shown.marks}
    year.holds(
        marked == pair.differs,
        f"{pair.first[1].title}: marked {sorted(marked)}, differs in {sorted(pair.differs)}",
    )
    year.holds(len(shown.reasons) >= 1 + len(pair.differs), f"{pair.first[1].title}: reasons {shown.reasons}")
    words = " ".join(shown.reasons)
    for name in pair.differs:
        told = [
            side[1].letter if name == "ground" else str(side[1].years) for side in (pair.first, pair.second)
        ]
        year.holds(all(re.search(rf"\b{one}\b", words) for one in told), f"{words!r} does not name {told}")


def settle(year: Year) -> dict[str, dict[str, Item]]:
    """Decide every pair but a few: align what contradicts, keep apart what only resembles; returns what units must mend."""
    planted = {pair.titles: pair for pair in year.region.doubles}
    kept = set([titles for titles, pair in planted.items() if not pair.differs][-KEPT_OPEN:])
    mends = defaultdict[str, dict[str, Item]](dict)
    page = year.sit(OFFICER, QUEUE)
    for sides in sorted(read_queue(year).keys() - kept, key=sorted):
        pair, article = planted.get(sides), find(year, page, sides)
        if pair is None:
            decide(year, page, article, "Berbeda")
        elif not pair.differs:
            decide(year, page, article, "Sama")
        else:
            _align(year, page, article, pair)
            mends[pair.second[0]][pair.second[1].title] = pair.first[1]
    left = len(kept & read_queue(year).keys())
    year.holds(said_open(year) == left, f"the list does not say that {left} pairs wait")
    year.figures["left_open_on_purpose"] = left
    return dict(mends)


def find(year: Year, page: Page, sides: frozenset[tuple[str, str]]) -> Locator:
    """Leaf through the pages until the pair is there."""
    page.goto(year.at(f"pusat/{QUEUE}"))
    while True:
        for article in main(page).get_by_role("article").all():
            if _read(article).sides == sides:
                return article
        with page.expect_navigation():
            page.get_by_role("link", name=re.compile("[Bb]erikutnya")).first.click()


def decide(year: Year, page: Page, article: Locator, words: str) -> None:
    with page.expect_navigation():
        article.get_by_role("button", name=re.compile(f"^{words}")).first.click()
    expect(main(page)).to_contain_text("Dicatat")
    year.look(page, "ganda-diputus-satu")
    year.count("settled")
    year.count({"Sama": "settled_same", "Berbeda": "settled_different"}[words])


def _align(year: Year, page: Page, article: Locator, pair: Pair) -> None:
    article.get_by_text("Samakan dengan salah satunya").click()
    article.get_by_label(re.compile("^Apa yang perlu disamakan")).fill(NOTE)
    year.look(page, "ganda-samakan")
    with page.expect_navigation():
        article.get_by_role("button", name=f"Ikuti {pair.first[0]}").click()
    expect(main(page)).to_contain_text("dikembalikan pada pemeriksaan yang sedang berjalan")
    year.count("settled")
    year.count("settled_aligned")


def said_open(year: Year) -> int:
    """Return how many pairs the list says are undecided."""
    words = re.search(r"(\d+) pasangan tampak ganda atau bertentangan", said(year.sit(OFFICER, "gabungan")))
    return int(words[1]) if words else 0


def align_through(year: Year, mends: dict[str, dict[str, Item]]) -> None:
    """Let the units write what they were asked, take it in, and settle what is asked anew because its content changed."""
    asked_units = [unit for unit in year.region.units if unit.name in mends]
    for unit in asked_units:
        collecting.mend(year, unit, mends[unit.name])
        unit.items = [_mended(item, mends[unit.name]) for item in unit.items]
    year.running.finish_work()
    collecting.accept_again(year, asked_units)
    kept = {pair.titles for pair in year.region.doubles if not pair.differs}
    for sides in sorted(read_queue(year).keys() - kept, key=sorted):
        article = find(year, year.pages[OFFICER], sides)
        still = _read(article).marks & set(LABELS.values())
        year.holds(not still, f"still contradicting after it was aligned: {sorted(sides)}")
        year.count("asked_anew")
        decide(year, year.pages[OFFICER], article, "Sama")


def _mended(item: Item, changes: dict[str, Item]) -> Item:
    if item.title not in changes:
        return item
    model = changes[item.title]
    return Item(item.title, model.letter, model.years, item.document, item.harm, item.benefit, item.interest)


def read_decided(year: Year) -> None:
    """Read what was decided, by whom and when."""
    page = year.sit(OFFICER, f"{QUEUE}?tampil=diputus")
    year.look(page, "ganda-sudah-diputus")
    while True:
        for article in main(page).get_by_role("article").all():
            words = flat(article.locator(".review-last").inner_text())
            year.count("decisions_with_name_and_time")
            year.holds(
                "Petugas central_officer" in words and re.search(r"20\d\d", words), f"no name or day: {words}"
            )
        onward = page.get_by_role("link", name=re.compile("[Bb]erikutnya"))
        if not onward.count():
            return
        with page.expect_navigation():
            onward.first.click()


def settle_rest(year: Year) -> None:
    """Settle what was left, and see that nothing is said to wait any more."""
    page = year.pages[OFFICER]
    for sides in sorted(read_queue(year), key=sorted):
        decide(year, page, find(year, page, sides), "Sama")
    year.holds(said_open(year) == 0, "the list still says that pairs wait")
