"""What a central says of the headings of its form, so that no unit has to say it again. Units' own words go first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import insert

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts import queries as accounts
from ppid_saas.events.service import record
from ppid_saas.intake import queries
from ppid_saas.intake.models import ColumnOffer
from ppid_saas.intake.rules import Column, best_sheet, understand
from ppid_saas.intake.workbooks.reading import read_workbook
from ppid_saas.intake.workbooks.refusals import UnreadableFile
from tenants import clock
from tenants.db import db, new_id

NO_HEADINGS = say("Judul kolom tidak ditemukan. Pilih berkas formulir yang baris judul kolomnya terisi.")
NO_TITLE = say("Pilih kolom yang berisi judul informasi.")
TWICE = say("Isi ini sudah dipilih untuk kolom lain.")


@dataclass(frozen=True, slots=True)
class Named:
    """A heading as written and the field it means, None where the column is to be left aside."""

    heading: str
    field: str | None


def read_headings(data: bytes, filename: str) -> tuple[Column, ...]:
    """Return the columns of a form as they would be understood; raises InvalidError with the reason when there are none."""
    try:
        understood = understand(best_sheet(read_workbook(data, filename)))
    except UnreadableFile as refusal:
        raise InvalidError(refusal.message, {"file": [refusal.message]}) from None
    if not understood.header_depth:
        raise InvalidError(NO_HEADINGS, {"file": [NO_HEADINGS]})
    return understood.columns


@command("columns.offer")
def offer_columns(filename: str, columns: Sequence[Named]) -> int:
    """Tell every unit what the headings of a form mean; the last word about the same headings holds. Returns how many units."""
    _refuse_faulty(columns)
    units = accounts.units_that_send()
    offer_id = new_id()
    row = {
        "id": offer_id, "filename": filename, "given_by": actor().person_name, "given_at": clock.now(),
        "columns": [{"heading": each.heading, "field": each.field} for each in columns],
    }  # fmt: skip
    db.session.execute(insert(ColumnOffer), [{**row, "reader_id": unit.id} for unit in units])
    record("columns.offered", offer_id, {"units": len(units)})
    return len(units)


def _refuse_faulty(columns: Sequence[Named]) -> None:
    fields = [each.field for each in columns if each.field]
    faults = {
        f"column.{n}": [TWICE]
        for n, each in enumerate(columns)
        if each.field and each.field in [before.field for before in columns[:n]]
    }
    if "title" not in fields:
        faults["column.0"] = [NO_TITLE]
    if faults:
        raise InvalidError(next(iter(faults.values()))[0], faults)


@command("columns.offer")
def offer_to_newcomer(unit_id: UUID) -> None:
    """Tell one more unit what the others were told; what it was told before is not told again."""
    for offer in queries.offers():
        if unit_id in queries.told(offer.id):
            continue
        same = ("id", "filename", "columns", "given_by", "given_at")
        row = {name: getattr(offer, name) for name in same}
        db.session.execute(insert(ColumnOffer), [{**row, "reader_id": unit_id}])
