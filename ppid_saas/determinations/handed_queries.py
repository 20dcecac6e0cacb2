"""Read copies of determinations: at the central who has one, at the unit what came. Never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.verbs import query
from ppid_saas.accounts.queries import counterparts
from ppid_saas.determinations.handed_models import (
    CopyFile,
    CopyItem,
    DeterminationCopy,
    DeterminationReceipt,
)
from tenants import context
from tenants.db import db


@dataclass(frozen=True)
class Given:
    """A unit's newest copy of a determination, and the receipt for it."""

    unit: str
    copy: DeterminationCopy
    receipt: DeterminationReceipt | None


def _with_receipts() -> Select[Any, Any]:
    mine = and_(
        DeterminationReceipt.copy_id == DeterminationCopy.id,
        DeterminationReceipt.reader_id == DeterminationCopy.writer_id,
        DeterminationReceipt.writer_id == DeterminationCopy.reader_id,
    )
    return select(DeterminationCopy, DeterminationReceipt).outerjoin(DeterminationReceipt, mine)


@query("determination.read")
def given(determination_id: UUID) -> list[Given]:
    """Return each unit's newest copy of a determination."""
    chosen = _with_receipts().where(
        DeterminationCopy.writer_id == context.tenant_id(),
        DeterminationCopy.determination_id == determination_id,
    )
    newest = {
        copy.reader_id: (copy, receipt)
        for copy, receipt in db.session.execute(chosen.order_by(DeterminationCopy.id))
    }
    units = counterparts()
    return [
        Given(units[reader].name if reader in units else "", copy, receipt)
        for reader, (copy, receipt) in newest.items()
    ]


@query("determination.read")
def given_files(determination_id: UUID) -> int:
    """Return how many papers of a determination have been handed over."""
    chosen = (
        select(func.count(CopyFile.n.distinct()))
        .join(DeterminationCopy, (DeterminationCopy.id == CopyFile.copy_id) & (DeterminationCopy.writer_id == CopyFile.writer_id))
        .where(CopyFile.writer_id == context.tenant_id(), DeterminationCopy.determination_id == determination_id)
    )  # fmt: skip
    return db.session.execute(chosen).scalar_one()


@query("copy.read")
def copies() -> list[tuple[DeterminationCopy, DeterminationReceipt | None]]:
    """Return the copies the bound unit was handed, newest first."""
    chosen = _with_receipts().where(DeterminationCopy.reader_id == context.tenant_id())
    return [(row[0], row[1]) for row in db.session.execute(chosen.order_by(DeterminationCopy.id.desc()))]


@query("copy.read")
def copy(copy_id: UUID) -> DeterminationCopy:
    """Return one copy handed to the bound unit."""
    chosen = select(DeterminationCopy).where(
        DeterminationCopy.reader_id == context.tenant_id(), DeterminationCopy.id == copy_id
    )
    found = db.session.execute(chosen).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    return found


@query("copy.read")
def receipt(copy_id: UUID) -> DeterminationReceipt | None:
    """Return the unit's own receipt for a copy."""
    chosen = select(DeterminationReceipt).where(
        DeterminationReceipt.writer_id == context.tenant_id(), DeterminationReceipt.copy_id == copy_id
    )
    return db.session.execute(chosen).scalar_one_or_none()


@query("copy.read")
def items(found: DeterminationCopy) -> Sequence[CopyItem]:
    """Return the unit's items of a copy, in the order in which they end."""
    chosen = select(CopyItem).where(
        CopyItem.writer_id == found.writer_id, CopyItem.reader_id == found.reader_id, CopyItem.copy_id == found.id
    )  # fmt: skip
    return db.session.execute(chosen.order_by(CopyItem.ends_on, CopyItem.item_id)).scalars().all()


@query("copy.read")
def files(found: DeterminationCopy) -> Sequence[CopyFile]:
    """Return the papers of a copy."""
    chosen = select(CopyFile).where(
        CopyFile.writer_id == found.writer_id, CopyFile.reader_id == found.reader_id, CopyFile.copy_id == found.id
    )  # fmt: skip
    return db.session.execute(chosen.order_by(CopyFile.n)).scalars().all()
