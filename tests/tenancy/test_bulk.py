"""Many rows in one statement say exactly what they were given, whatever stands in them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ppid_saas.intake.models import ImportBatch, ImportRow
from tenants import clock
from tenants.bulk import insert_rows
from tenants.db import db, new_id, transaction
from tests.fixtures.world import World

ODD = [
    "",
    " ",
    "dua\nbaris\r\n",
    "\\n \\N {a,b} NULL null",
    "\"kutip\" 'satu'",
    "\x1f\x01\t",
    "é \u2028 😀",
    None,
]


def batch_id() -> UUID:
    batch = ImportBatch(id=new_id(), filename="x", state="checked", columns=[], created_at=clock.now())
    db.session.add(batch)
    db.session.flush()
    return batch.id


def row(n: int, text: Any) -> dict[str, Any]:
    return {
        "n": n, "kind": text or "data", "cells": {"judul": text, text or "": [text, n, None, True, 1.5]}, "problems": [],
        "take": n % 2 == 0, "item_id": new_id() if n % 3 else None,
    }  # fmt: skip


@pytest.mark.parametrize("texts", [ODD, ODD[:1], ODD[-1:], ODD[2:3], [ODD[2]] * 3, [None] * 3])
def test_rows_come_back_as_they_were_given(world: World, texts: list[Any]) -> None:
    given = [row(n, text) for n, text in enumerate(texts)]
    with world.acting("petugas.dinkes@sana"):
        with transaction():
            same = {"batch_id": batch_id(), "fate": "baris\n'satu'"}
            insert_rows(ImportRow, given, **same)
            insert_rows(ImportRow, [], **same)
        chosen = select(ImportRow).where(ImportRow.batch_id == same["batch_id"]).order_by(ImportRow.n)
        kept = db.session.execute(chosen).scalars().all()
        assert [{name: getattr(one, name) for name in given[0]} for one in kept] == given
        assert {one.fate for one in kept} == {same["fate"]}
        assert {one.tenant_id for one in kept} == {world.tenant("petugas.dinkes@sana")}


def test_nothing_is_put_in_the_place_of_what_must_be_there(world: World) -> None:
    with (
        world.acting("petugas.dinkes@sana"),
        pytest.raises(IntegrityError, match="kind"),
        transaction(),
    ):
        insert_rows(ImportRow, [row(1, "a"), row(2, "b") | {"kind": None}], batch_id=batch_id())


def test_instants_keep_their_zone(world: World) -> None:
    at = datetime(2026, 3, 5, 1, 2, 3, 456789, tzinfo=UTC)
    with world.acting("petugas.dinkes@sana"):
        with transaction():
            made = new_id()
            columns = {
                "id": made,
                "filename": "y\nz",
                "columns": [],
                "preview": {},
                "problem": None,
                "created_at": at,
            }
            insert_rows(ImportBatch, [columns], state="checked")
        kept = db.session.execute(select(ImportBatch).where(ImportBatch.id == made)).scalar_one()
        assert (kept.created_at, kept.filename, kept.problem) == (at, "y\nz", None)
