"""A list of units and their officers as someone pastes it, pure: its cells, and what is wrong in which of them.

Whether a unit exists or works already is told by the caller; making units and inviting people is in `enrolling`.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ppid_saas.access.sayings import say
from ppid_saas.notifications.whatsapp import whatsapp_number
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.model import Sop

FIELDS = ("unit", "kind", "name", "position", "email", "phone", "sop")
HEADS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "nama unit", "perangkat daerah", "skpd", "opd"),
    "kind": ("jenis", "kategori", "jenis unit"),
    "name": ("petugas", "nama", "nama petugas"),
    "position": ("jabatan",),
    "email": ("email", "e-mail", "surel", "alamat surel"),
    "phone": ("wa", "whatsapp", "no wa", "nomor wa", "no hp", "hp"),
    "sop": ("sop",),
}
KINDS = ("SKPD", "BUMD", "KPU")
EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]{2,}")
MOST_ROWS = 300
LONGEST = 160
DELIMITERS = "\t;,"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """The units there are, by plain name: their kind, and which of them work already."""

    kinds: Mapping[str, str]
    working: AbstractSet[str]


def plain(name: str) -> str:
    """Return a unit's name so that the same unit is known again however it is written."""
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold()))


def read_roll(text: str) -> list[Row]:
    """Return the rows of a pasted list or CSV; headings may be in any order, or left out."""
    text = text.replace("\x00", "").lstrip("\ufeff")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    lines = [
        [" ".join(cell.split())[:LONGEST] for cell in line]
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        if any(cell.strip() for cell in line)
    ]
    order = _order(lines[0]) if lines else None
    rows = lines[1:] if order else lines
    return [_row(line, order or list(FIELDS)) for line in rows[: MOST_ROWS + 1]]


def _order(line: Sequence[str]) -> list[str] | None:
    """Return which field each column holds, if this line is the headings."""
    found = [next((field for field in FIELDS if cell.casefold() in HEADS[field]), "") for cell in line]
    return found if "unit" in found and "email" in found else None


def _row(line: Sequence[str], order: Sequence[str]) -> Row:
    cells = {field: cell for field, cell in zip(order, line, strict=False) if field}
    return tidied({field: cells.get(field, "") for field in FIELDS})


def tidied(row: Row) -> Row:
    """Return a row with kind and address as they are compared."""
    return row | {"kind": row["kind"].upper(), "email": row["email"].lower()}


def write_roll(rows: Sequence[Row]) -> str:
    """Return rows as text that `read_roll` reads back."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([HEADS[field][0] for field in FIELDS])
    writer.writerows([row[field] for field in FIELDS] for row in rows)
    return out.getvalue()


def sop_of(written: str) -> Sop | None:
    """Return the SOP that a cell names by number or key: `03`, `03/SOP-PPID`."""
    wanted = plain(written)
    for sop in load_catalogue().values():
        if wanted and wanted in {plain(sop.number), plain(sop.id), plain(sop.number).split(" ")[0]}:
            return sop
    return None


def faults_of(rows: Sequence[Row], known: Known) -> list[Row]:
    """Return, for each row, one sentence for each cell that must be mended."""
    kinds = dict(known.kinds)
    addresses: dict[str, int] = {}
    found = []
    for n, row in enumerate(rows, 1):
        name, faults = plain(row["unit"]), dict(_cell_faults(row))
        if name in known.working:
            faults["unit"] = say("Unit ini sudah bekerja. Petugas baru diundang oleh admin unitnya.")
        if "kind" not in faults and kinds.setdefault(name, row["kind"]) != row["kind"]:
            faults["kind"] = say("Unit ini tercatat sebagai %(kind)s.", kind=kinds[name])
        if "email" not in faults and addresses.setdefault(row["email"], n) != n:
            faults["email"] = say("Surel ini sama dengan baris %(n)s.", n=addresses[row["email"]])
        found.append(faults)
    return found


def _cell_faults(row: Row) -> Iterator[tuple[str, str]]:
    if plain(row["unit"]) in {"", "pusat"}:
        yield "unit", say("Tulis nama unit.")
    if row["kind"] not in KINDS:
        yield "kind", say("Tulis SKPD, BUMD, atau KPU.")
    if not row["name"]:
        yield "name", say("Tulis nama petugas.")
    if not EMAIL.fullmatch(row["email"]):
        yield "email", say("Tulis alamat surel yang benar. Contoh: petugas@contohkab.go.id.")
    if row["phone"] and whatsapp_number(row["phone"]) is None:
        yield "phone", say("Tulis nomor seperti 0812-3456-7890, atau kosongkan.")
    if row["sop"] and sop_of(row["sop"]) is None:
        yield "sop", say("SOP ini tidak dikenal. Tulis nomornya, atau kosongkan.")
