"""What the units of a region hold on the first day: workbooks of their own, and what was planted among them on purpose.

Titles, doubles, contradictions and near misses come from the generator that judges the matcher; two lists are such as
offices really published, where the folder of them is at hand.
"""

import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from tests.prove import doubles
from tests.prove.doubles import Planted

NAMES = (
    "Dinas Kesehatan", "Dinas Pendidikan", "Dinas Sosial", "Dinas Perhubungan", "Dinas Pertanian", "Dinas Lingkungan Hidup",
    "Dinas Pekerjaan Umum", "Badan Kepegawaian", "Badan Pendapatan", "Inspektorat Daerah", "Satuan Polisi Pamong Praja",
    "Dinas Koperasi", "Perumda Air Minum", "Perumda Pasar", "Dinas Kearsipan",
)  # fmt: skip
FIRM = "Perumda"  # what a name that begins so is: no office, but a firm the region owns
REAL = ("tardamu-2024.xlsx", "universitas-terbuka.xlsx")
SEEN = Path(__file__).parents[1] / "consolidation"  # pairs the matcher was changed with
EACH = 12
DOUBLES, BY_HAND, MISSES_BY_HAND = 24, 4, 4
# A ground or a period the law would stop, or ask more about, is none that an office could hand in.
SENDABLE_GROUND = {"17j": "17g"}
SENDABLE_YEARS = 10
HEADINGS = (
    "No.", "Informasi", "Dokumen yang memuat", "Dasar Hukum Pengecualian Informasi", "Akibat bila dibuka",
    "Manfaat bila dibuka", "Kepentingan yang dilindungi", "Jangka Waktu Pengecualian", "Penanggung Jawab",
)  # fmt: skip
HOLDER = "Sekretaris"


@dataclass(frozen=True)
class Item:
    """One row of a unit's list."""

    title: str
    letter: str = ""
    years: int = 0
    document: str = ""
    harm: str = ""
    benefit: str = ""
    interest: str = ""


@dataclass
class Unit:
    """One unit with the list it will bring; of a list made elsewhere only the titles are known beforehand."""

    name: str
    items: list[Item] = field(default_factory=list)
    brought: Path | None = None

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def category(self) -> str:
        return "BUMD" if self.name.startswith(FIRM) else "SKPD"


@dataclass(frozen=True)
class Pair:
    """Two items of two units, by unit and title, and in which ways they are told to differ; `kind` says how they were made."""

    kind: str
    first: tuple[str, Item]
    second: tuple[str, Item]

    @property
    def titles(self) -> frozenset[tuple[str, str]]:
        return frozenset((unit, item.title) for unit, item in (self.first, self.second))

    @property
    def differs(self) -> frozenset[str]:
        (_, a), (_, b) = self.first, self.second
        found = {"ground": a.letter != b.letter, "period": a.years != b.years}
        return frozenset(name for name, is_so in found.items() if is_so)


@dataclass(frozen=True)
class Region:
    """All lists, the pairs that say the same, and those that only sound so."""

    units: list[Unit]
    doubles: list[Pair]
    misses: list[Pair]


def make(size: int, seed: int) -> Region:
    """Return so many units; whatever was planted lies in two different ones."""
    units = [Unit(name) for name in NAMES[:size]]
    for unit, path in zip(reversed(units), _real(size), strict=False):
        unit.brought, unit.items = path, [Item(title) for title in _titles(path)]
    own = [unit for unit in units if unit.brought is None]
    made = _planted(len(own) * EACH, seed)
    homes = _homes(made, own, Random(seed))
    items = {n: _item(made.item(n)) for n in homes}
    for n, unit in homes.items():
        unit.items.append(items[n])

    def pair(one: Planted) -> Pair:
        return Pair(one.kind, *((homes[n].name, items[n]) for n in (one.a, one.b)))

    return Region(units, [pair(one) for one in made.doubles], [pair(one) for one in made.misses])


def _real(size: int) -> list[Path]:
    folder = os.environ.get("PPID_SAMPLE_LISTS")
    found = [Path(folder) / "lists" / name for name in REAL] if folder and size >= len(NAMES) else []
    return [path for path in found if path.is_file()]


def _titles(path: Path) -> list[str]:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))
    return [" ".join(row["title"].split()) for row in expected]


def _planted(size: int, seed: int) -> doubles.Made:
    """Plant what rules make, and beside it some of what a person wrote."""
    made = doubles.make(size, seed, min(DOUBLES, size // 6), doubles.ByHand("hand", [], []))
    rng, at = Random(seed), size
    hands = doubles.by_hand(SEEN, "seen")
    for written, many, kept in (
        (hands.doubles, BY_HAND, made.doubles),
        (hands.misses, MISSES_BY_HAND, made.misses),
    ):
        for one, other in rng.sample(written, many):
            pair = Planted(at, at + 1, "hand")
            doubles.plant_titles(made, pair, one, other)
            kept.append(pair)
            at += 2
    return made._replace(size=at)


def _homes(made: doubles.Made, units: list[Unit], rng: Random) -> dict[int, Unit]:
    """Return where each item lies: the two of a pair apart, and lists of about the same length."""
    load, homes = dict.fromkeys(range(len(units)), 0), {}
    partner = {
        n: other for one in (*made.doubles, *made.misses) for n, other in ((one.a, one.b), (one.b, one.a))
    }
    for n in rng.sample(range(made.size), made.size):
        taken = homes.get(partner.get(n, -1))
        free = [at for at in load if units[at] is not taken]
        at = min(free, key=lambda at: load[at])
        load[at] += 1
        homes[n] = units[at]
    return homes


def _item(body: dict[str, Any]) -> Item:
    code, period = body["grounds"][0]["code"], body["period"]
    return Item(
        body["title"], SENDABLE_GROUND.get(code, code)[2:], period.get("value") or SENDABLE_YEARS, body["document"],
        body["harm"], body["benefit"], body["interest"],
    )  # fmt: skip


def workbook(unit: Unit) -> bytes:
    """Return the list as its office keeps it: a letterhead, one table, who answers for it."""
    if unit.brought:
        return unit.brought.read_bytes()
    room = io.BytesIO()
    book = xlsxwriter.Workbook(room, {"in_memory": True})
    sheet = book.add_worksheet("DIK")
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    sheet.write_string(0, 0, unit.name.upper())
    sheet.write_string(1, 0, "DAFTAR INFORMASI YANG DIKECUALIKAN")
    sheet.write_row(3, 0, HEADINGS, bold)
    for n, item in enumerate(unit.items, start=1):
        ground = f"UU 14/2008 Pasal 17 huruf {item.letter}"
        told = (item.document, ground, item.harm, item.benefit, item.interest, f"{item.years} tahun", HOLDER)
        sheet.write_row(3 + n, 0, (n, item.title, *told))
    book.close()
    return room.getvalue()
