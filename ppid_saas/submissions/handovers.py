"""The verbs of handing last year's list over: a central splits and gives it, each unit adopts its own part.

Giving writes nothing into a register: a unit's rows wait in plane exchange until its officer takes them.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import insert, select

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.accounts import queries as accounts
from ppid_saas.events.service import record
from ppid_saas.intake import queries as import_queries
from ppid_saas.intake import service as intake
from ppid_saas.intake.models import ImportBatch
from ppid_saas.proofs import digest
from ppid_saas.submissions.handover_models import Handover, HandoverRow, Split, SplitRow
from ppid_saas.submissions.queries import handovers as queries
from tenants import clock
from tenants.db import db, new_id

CHOOSE = say("Pilih unitnya, atau lewati baris ini.")
NOTHING = say("Belum ada baris yang diserahkan. Pilih unit untuk paling sedikit satu nama.")
ALREADY = say("Daftar ini sudah diserahkan.")
CHUNK = 1_000


@command("handover.give")
def bring(filename: str, lines: list[intake.Line]) -> Split:
    """Keep a consolidated list to be split; names that leave nothing to ask are settled at once."""
    made = Split(
        id=new_id(), filename=filename, row_count=len(lines), names={}, created_at=clock.now(), given_at=None
    )
    db.session.add(made)
    db.session.flush()
    rows = [{"split_id": made.id, "n": line.n, "unit": line.unit, "cells": line.cells} for line in lines]
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(SplitRow), rows[start : start + CHUNK])
    record("handover.split", made.id, {"rows": len(rows)})
    return made


@command("handover.give")
def give(split_id: UUID, names: Mapping[str, str]) -> int:
    """Hand each unit the rows under its names; `names` says slug or "" (skip) for each. Returns how many units got some."""
    found = _open_split(split_id)
    rows = queries.rows_by_name(split_id)
    units = {row.slug: row for row in accounts.units()}
    unasked = [written for written in rows if names.get(written) not in {"", *units}]
    if unasked:
        raise InvalidError(CHOOSE, {written: [CHOOSE] for written in unasked})
    parts: dict[str, list[SplitRow]] = {}
    for written, part in rows.items():
        if names[written]:
            parts.setdefault(names[written], []).extend(part)
    if not parts:
        raise InvalidError(NOTHING, {"": [NOTHING]})
    for slug, part in parts.items():
        _hand(found, units[slug].id, part)
    found.names, found.given_at = dict(names), clock.now()
    return len(parts)


def _open_split(split_id: UUID) -> Split:
    chosen = select(Split).where(Split.id == split_id).with_for_update()
    found = db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    if found.given_at is not None:
        raise ConflictError(ALREADY)
    return found


def _hand(found: Split, reader: UUID, part: list[SplitRow]) -> None:
    made = Handover(
        id=new_id(), reader_id=reader, split_id=found.id, title=found.filename, item_count=len(part),
        hash=digest([row.cells for row in part]), given_by=actor().person_name, given_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    rows = [{"reader_id": reader, "handover_id": made.id, "n": row.n, "cells": row.cells} for row in part]
    db.session.execute(insert(HandoverRow), rows)
    record("handover.given", made.id, {"items": len(part)}, reader=reader)


@command("import.run")
def adopt(handover_id: UUID, *, at_once: bool) -> ImportBatch:
    """Open what was handed over as an import, and save it when `at_once`. A second click finds it done."""
    found = queries.handover(handover_id)
    batch = intake.adopt(found.id, found.title, queries.rows_of(found))
    return intake.save(batch.id) if at_once and batch.state == "checked" else batch


@command("import.run")
def tell_adopted(batch_id: UUID) -> None:
    """Tell the central that what it handed over is in the register, if that is what an import was made of."""
    source = import_queries.batch(batch_id).preview.get("source")
    if source:
        found = queries.handover(UUID(source))
        record(queries.ADOPTED, found.id, {"items": found.item_count}, reader=found.writer_id)
