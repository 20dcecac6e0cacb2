"""Rows that come from no file of the unit but ready from its central: judged like an import, kept and undone as one."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text

from ppid_saas.access.verbs import actor, command
from ppid_saas.intake.models import ImportBatch, ImportRow
from ppid_saas.intake.rules.bodies import WORDS
from ppid_saas.intake.service.batches import CHUNK
from ppid_saas.intake.service.grid import compare_rows, judged_rows
from tenants import clock, context
from tenants.db import db, new_id


def judged(rows: Sequence[tuple[int, dict[str, str]]]) -> list[dict[str, Any]]:
    """Return what would become of rows. What the register has already is newer than they are, so it is left alone."""
    found = list(judged_rows(rows))
    compare_rows(found, _fields(rows))
    return [row | {"take": row["take"] and row["fate"] == "new"} for row in found]


def _fields(rows: Sequence[tuple[int, dict[str, str]]]) -> list[str]:
    written = {name for _, cells in rows for name in cells}
    return [name for name in WORDS if name in written]


def adopted(source: UUID) -> ImportBatch | None:
    """Return the living import of rows handed over under an id: one that was undone does not count."""
    chosen = select(ImportBatch).where(
        ImportBatch.preview["source"].astext == str(source), ImportBatch.state != "undone"
    )
    return db.session.execute(chosen.order_by(ImportBatch.id.desc()).limit(1)).scalar_one_or_none()


@command("import.run")
def adopt(source: UUID, name: str, rows: Sequence[tuple[int, dict[str, str]]]) -> ImportBatch:
    """Open an import of rows that were handed over; the same rows are not opened twice."""
    key = f"{context.tenant_id()}:{source}"
    db.session.execute(text("select pg_advisory_xact_lock(hashtextextended(:key, 7435))"), {"key": key})
    before = adopted(source)
    if before is not None:
        return before
    columns = [
        {"index": n, "heading": str(WORDS[field]), "field": field, "confidence": "sure", "samples": []}
        for n, field in enumerate(_fields(rows))
    ]
    batch = ImportBatch(
        id=new_id(), document_id=None, filename=name, state="checked", columns=columns, created_at=clock.now(),
        preview={"sheets": [], "rows": [], "kinds": {}, "passed": False, "source": str(source)},
        created_by=actor().person_id,
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    found = [{"batch_id": batch.id, **row} for row in judged(rows)]
    for start in range(0, len(found), CHUNK):
        db.session.execute(insert(ImportRow), found[start : start + CHUNK])
    return batch
