"""The only door to the database: Flask-SQLAlchemy with every transaction bound as it begins.

Each process has one default engine (the login role of its surface); the office has a second bind, `identity`,
used by `accounts` alone. Not a place for queries.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

import orjson
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import OperationalError, PendingRollbackError
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    registry,
    with_loader_criteria,
)
from uuid6 import uuid7

from tenants import context

IDENTITY_BIND = "identity"


class FlushOutsideCommandError(RuntimeError):
    """Something was written without a `@command` around it."""


class NetworkInTransactionError(RuntimeError):
    """A slow partner was called while the transaction holds locks."""


class Base(DeclarativeBase):
    """Column types of the house: instants with zone, text without length, JSON as jsonb."""

    registry: ClassVar[registry] = registry(
        type_annotation_map={
            datetime: DateTime(timezone=True),
            date: Date(),
            str: Text(),
            bytes: LargeBinary(),
            UUID: Uuid(),
            dict[str, Any]: JSONB(),
            list[Any]: JSONB(),
            list[str]: ARRAY(Text()),
        }
    )


def _say_how_to_begin(connection: Any, _record: object) -> None:
    """Have each BEGIN say what it is: whoever used the session before may have set other defaults for it.

    Once a connection; as execution options it would be said and taken back at every transaction, for a fifth of a request.
    """
    connection.read_only, connection.deferrable = False, False


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"expire_on_commit": False},
    engine_options={
        "pool_size": 4,
        "max_overflow": 4,
        "pool_reset_on_return": "rollback",
        "hide_parameters": True,
        "isolation_level": "READ COMMITTED",
        "pool_events": [(_say_how_to_begin, "connect")],
        "json_deserializer": orjson.loads,  # bodies are most of what a list reads
    },
)


if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def new_id() -> UUID:
    """Return a UUIDv7, sortable by time; made here so that PostgreSQL 15 to 17 serve too."""
    return UUID(bytes=uuid7().bytes)


def new_ids(n: int) -> list[UUID]:
    """Return many ids in their order: one by the clock and chance, and those after it, as RFC 9562 6.2 has it."""
    first = uuid7().int
    return [UUID(int=first + i) for i in range(n)]


class TenantOwned:
    """Mixin of every table with one owner: `tenant_id` leads its key and is filled at the door."""

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, default=context.tenant_id, sort_order=-10)


class Exchanged:
    """Mixin of every table of plane `exchange`: one writer, one reader, both leading the key."""

    writer_id: Mapped[UUID] = mapped_column(primary_key=True, default=context.tenant_id, sort_order=-10)
    reader_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-9)


class Published:
    """Mixin of every table of plane `publication`, written by one central, read by everyone."""

    central_id: Mapped[UUID] = mapped_column(primary_key=True, default=context.tenant_id, sort_order=-10)


def id_column() -> Mapped[UUID]:
    """Return the second part of a composite key: a random id that sorts by time."""
    return mapped_column(primary_key=True, default=new_id)


def _binding_of(answer: Mapping[str, Any]) -> context.Binding:
    def uuid(name: str) -> UUID | None:
        return UUID(answer[name]) if answer.get(name) else None

    return context.Binding(
        person_id=uuid("person_id"),
        person_name=answer.get("person_name") or "",
        tenant_id=uuid("tenant_id"),
        region=answer.get("region") or "",
        slug=answer.get("slug") or "",
        name=answer.get("name") or "",
        kind=answer.get("kind") or "",
        category=answer.get("category") or "",
        zone=answer.get("zone") or "Asia/Jakarta",
        recipient_id=uuid("recipient_id"),
        roles=frozenset(answer.get("roles") or ()),
        settings=answer.get("settings") or {},
        session=answer.get("session"),
    )


_READ_ONLY = ", set_config('transaction_read_only', 'on', true)"


def pass_door(connection: Connection, entry: context.Entry) -> context.Binding:
    """Call the entry's door function in the connection's transaction and return its answer; behind it, reading only reads."""
    if not entry.function:
        return context.Binding()
    places = ", ".join(["%s"] * len(entry.arguments))
    call = f"select door.{entry.function}({places}){_READ_ONLY if entry.read_only else ''}"
    answer = connection.exec_driver_sql(call, entry.arguments).scalar_one()
    return _binding_of(answer or {})


def _bind_transaction(_session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if transaction.nested or connection.engine is db.engines.get(IDENTITY_BIND):
        return
    context.bind(pass_door(connection, context.current_entry()))


_READY = "tenant_literal_given"
_BOUND_TENANT = bindparam("bound_tenant", callable_=context.tenant_id, type_=Uuid())
# Made once: the criterion is the same for every statement, only the parameter is asked for at each execution.
_OF_BOUND_TENANT = with_loader_criteria(
    TenantOwned, lambda table: table.tenant_id == _BOUND_TENANT, include_aliases=True
)


def ready(statement: Select[Any]) -> Select[Any]:
    """Give a statement that is built once, at import, the literal that others get each time they run."""
    return statement.options(_OF_BOUND_TENANT).execution_options(**{_READY: True})


def rows(statement: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
    """Run a ready statement in the work's transaction for its columns alone, past the ORM: half the cost of a list."""
    return db.session.connection().execute(statement, values).all()


def among(
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None], ids: Collection[UUID]
) -> ColumnElement[bool]:
    """Say that a column is one of many ids, as one array: two thousand values one by one take the planner a millisecond."""
    return column == any_(bindparam(None, list(ids), ARRAY(Uuid)))


def _add_tenant_literal(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load or state.execution_options.get("any_readable"):
        return
    if not state.session.in_transaction():
        state.session.connection()
    if context.current_binding().tenant_id is None or state.execution_options.get(_READY):
        return
    state.statement = state.statement.options(_OF_BOUND_TENANT)


def _refuse_stray_flush(session: Session, *_: object) -> None:
    if not session.info.get("commands") and (session.new or session.dirty or session.deleted):
        raise FlushOutsideCommandError("write inside a @command")


event.listen(db.session, "after_begin", _bind_transaction)
event.listen(db.session, "do_orm_execute", _add_tenant_literal)
event.listen(db.session, "before_flush", _refuse_stray_flush)


def open_door() -> context.Binding:
    """Begin the work's transaction now, and return who is bound."""
    db.session.connection()
    return context.current_binding()


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one unit of writing: the outermost commits, inner ones join, an error rolls everything back."""
    session = db.session()
    session.info["commands"] = session.info.get("commands", 0) + 1
    try:
        yield session
        if session.info["commands"] == 1:
            session.commit()
        else:
            session.flush()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["commands"] -= 1


def leave_transaction() -> None:
    """End the reading done so far before calling a slow partner; inside a command there is no leaving.

    Where the database went away meanwhile nothing is lost: it was only read, and whoever reads on connects anew.
    """
    session = db.session()
    if session.info.get("commands"):
        raise NetworkInTransactionError("call mail and object stores outside of @command, keep rows inside")
    if session.in_transaction():
        try:
            session.commit()
        except (OperationalError, PendingRollbackError):
            session.rollback()
