"""Every table that a tenant owns either travels or is named with the reason why it stays behind."""

import pytest
from sqlalchemy import ARRAY, BigInteger, Boolean, Date, DateTime, Integer, LargeBinary, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

import ppid_saas.models  # noqa: F401
from ppid_saas.exports import tables
from tenants.db import TenantOwned, db

READABLE = (ARRAY, BigInteger, Boolean, Date, DateTime, Integer, JSONB, Text, Uuid)


def test_every_table_of_a_tenant_is_decided() -> None:
    decided = {one.table.fullname for one in tables.travelling()} | set(tables.LEFT_OUT)
    assert [
        tables.table_of(model).fullname
        for model in tables.owned()
        if tables.table_of(model).fullname not in decided
    ] == []
    assert all(len(reason) > 20 for reason in tables.LEFT_OUT.values())


def test_a_new_table_outside_the_work_asks_to_be_decided() -> None:
    class Base(DeclarativeBase):
        registry = registry()

    class Newcomer(TenantOwned, Base):
        __tablename__ = "newcomer"
        __table_args__ = {"schema": "ops"}  # noqa: RUF012  # SQLAlchemy's own shape
        name: Mapped[str] = mapped_column(primary_key=True)

    with pytest.raises(tables.UndecidedTableError, match=r"ops\.newcomer"):
        tables._decided(Newcomer)


def test_every_column_that_travels_can_be_read_by_anyone() -> None:
    columns = [column for one in tables.travelling() for column in one.columns]
    assert not [f"{c.table}.{c.name}" for c in columns if not isinstance(c.type, READABLE)]
    assert not [
        f"{c.table}.{c.name}" for c in columns if isinstance(c.type, LargeBinary) or c.name.startswith("key")
    ]


def test_where_bytes_lie_here_is_no_part_of_an_export() -> None:
    """A column that says where an object lies is filled anew there, or belongs to a record that opens nothing."""
    told = {f"{c.table}.{c.name}" for one in tables.travelling() for c in one.columns if "object" in c.name}
    assert told == {"ops.ledger.object_id"}


def test_what_is_named_as_staying_behind_is_named_rightly() -> None:
    known = {table.fullname for table in db.Model.metadata.tables.values()}
    places = {name for name in tables.PLACES if name not in known}
    assert not places


def test_rows_come_in_after_those_they_point_to() -> None:
    order = [one.table for one in tables.travelling() if one.is_live]
    for n, table in enumerate(order):
        for key in table.foreign_key_constraints:
            assert key.referred_table in order[: n + 1], table
