"""Which tables and columns travel when a tenant moves: told by the models themselves, so that a new table cannot be forgotten.

Every table of plane work and every list of plane publication goes out and comes in as rows. What was handed over, what
happened and what was charged goes out too, but comes in as a record (`past_row`): it is history of another place. The
rest is named here with the reason why it stays behind. Not a place for reading or writing rows.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, get_args, get_origin

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, Text, Uuid, bindparam, or_, select
from sqlalchemy.orm import Mapped

import ppid_saas.models  # noqa: F401  # every table must be known before one can choose
from ppid_saas.exports.models import PastRow
from ppid_saas.submissions.models import Collection, Submission
from tenants import context
from tenants.db import Exchanged, Model, Published, TenantOwned

OWNERS: Final = {
    TenantOwned: ("tenant_id",),
    Exchanged: ("writer_id", "reader_id"),
    Published: ("central_id",),
}
PEOPLE: Final = "identity.people"

LEFT_OUT: Final = {
    "work.item_draft": "what one person has typed and not saved is nobody else's yet",
    "work.contact": "whom a central invited, by accounts of this installation; they are invited anew",
    "work.past_row": "goes out under the names of the tables it came from",
    "work.upload": "an upload under way ends where it began",
    "work.upload_piece": "an upload under way ends where it began",
    "work.received_key": "a key never leaves its installation; the files belong to those who handed them in",
    "work.notice": "what people of this installation were told, leading to its own pages",
    "work.notice_choice": "how people of this installation want to be mailed",
    "work.mailing": "what became of mails this installation sent",
    "work.match_item": "what an entry is looked up by is made from the entry, by comparing the list anew",
    "work.match_key": "what an entry is looked up by is made from the entry, by comparing the list anew",
    "keys.tenant_key": "a key never leaves its installation; files travel readable and are sealed anew",
    "ops.effect": "what must follow from a fact follows where it happened",
    "ops.job": "the progress of work that is over",
    "ops.idempotency": "answers to repeated requests of this installation's keys",
    "ops.calendar_feed": "addresses in calendar programs that lead to this installation; they are made anew",
    "ops.link": "short addresses in letters already sent; they lead to this installation",
    "ops.quota": "room is given anew, by whoever runs the other place",
    "ops.reservation": "room held for uploads under way",
    "ops.stray": "a finding about this installation's store",
    "ops.stocktake": "a finding about this installation's store",
    "ops.fixity": "a finding about this installation's store",
}  # fmt: skip
RECORDS: Final = frozenset({"ops.event", "ops.seal", "ops.ledger", "ops.obligation_effect"})
ROWS_OF_OPS: Final = frozenset({"ops.obligation", "ops.calendar_override"})
# Columns that mean something at this installation alone: where bytes lie and by which key, under which address a list stands.
PLACES: Final = {
    "work.document_version": {"object_id", "bucket", "stored_size", "sha_cipher", "key_n"},
    "work.enclosure": {"key_reader_n"},
    "exchange.submission_file": {"object_id", "sha_cipher", "key_reader_n"},
    "exchange.determination_copy_file": {"object_id", "sha_cipher", "key_reader_n"},
    "publication.file": {"object_id"},
    "publication.list": {"slug", "host", "name", "region_name", "zone"},
    "work.edition_draft": {"files", "job_id"},
}
# Columns that name another tenant; in an export they hold its address within the region.
TENANTS: Final = {
    "exchange": ("writer_id", "reader_id"),
    "work.entry": ("sender_id",),
    "ops.event": ("reader_id",),
}
# Tables whose rows own a file: a version of a document, a file of an edition.
DOCUMENTS: Final = "work.document_version"
EDITIONS: Final = "publication.file"
FILED: Final = (DOCUMENTS, EDITIONS)
SUMMONED: Final = "ops.obligation_to_others"
ME: Final = bindparam("exporting_tenant", callable_=context.tenant_id, type_=Uuid())


class UndecidedTableError(LookupError):
    """A table belongs to tenants, and nobody has said whether it travels."""


@dataclass(frozen=True)
class Travelling:
    """A table that goes out: by which name, which of its columns and rows, and whether it comes in as rows or as a record."""

    name: str
    model: type[Any]
    columns: tuple[Column[Any], ...]
    is_live: bool
    only: ColumnElement[bool] | None = None

    @property
    def table(self) -> Table:
        return table_of(self.model)

    @property
    def key(self) -> tuple[Column[Any], ...]:
        """The columns that order its rows, the same way on every server."""
        return tuple(column for column in self.table.primary_key if column in self.columns)

    @property
    def tenant_columns(self) -> tuple[str, ...]:
        return TENANTS.get(self.table.fullname, TENANTS.get(str(self.table.schema), ()))


def table_of(model: type[Any]) -> Table:
    """Return the table of a mapped class."""
    table: Table = model.__table__
    return table


@cache
def owned() -> list[type[Any]]:
    """Return every model whose rows belong to tenants, those that others point to first."""
    order = {table.fullname: n for n, table in enumerate(Model.metadata.sorted_tables)}
    models = [mapper.class_ for mapper in Model.registry.mappers if issubclass(mapper.class_, tuple(OWNERS))]
    return sorted(models, key=lambda model: order[table_of(model).fullname])


@cache
def travelling() -> tuple[Travelling, ...]:
    """Return every table that goes out, in the order in which it can come in."""
    chosen = [one for model in owned() for one in _decided(model)]
    return (*(one for one in chosen if one.is_live), *(one for one in chosen if not one.is_live))


def _decided(model: type[Any]) -> list[Travelling]:
    table = table_of(model)
    name = table.fullname
    if name in LEFT_OUT:
        return []
    columns = tuple(column for column in table.columns if _travels(model, column))
    if name == "ops.obligation":
        abroad = table.c.subject.in_(_handed_over())
        return [
            Travelling(name, model, columns, is_live=True, only=or_(table.c.subject.is_(None), ~abroad)),
            Travelling(SUMMONED, model, columns, is_live=False, only=abroad),
        ]
    if name == "work.edition_draft":
        return [Travelling(name, model, columns, is_live=True, only=table.c.state == "published")]
    if name in RECORDS or table.schema == "exchange":
        return [Travelling(name, model, columns, is_live=False, only=_here_only(table))]
    if table.schema in ("work", "publication") or name in ROWS_OF_OPS:
        return [Travelling(name, model, columns, is_live=True)]
    raise UndecidedTableError(f"{name}: say in {__name__} whether it travels")


def _handed_over() -> Any:
    """What duties towards others are about: windows and submissions."""
    windows = select(Collection.id).where(or_(Collection.writer_id == ME, Collection.reader_id == ME))
    submissions = select(Submission.id).where(or_(Submission.writer_id == ME, Submission.reader_id == ME))
    return windows.union_all(submissions)


def _here_only(table: Table) -> ColumnElement[bool] | None:
    """Of facts, those that happened here: what came along goes out again with the record."""
    if table.fullname != "ops.event":
        return None
    brought = select(PastRow.row["id"].astext).where(
        PastRow.tenant_id == table.c.tenant_id, PastRow.source == table.fullname
    )
    return ~table.c.id.cast(Text).in_(brought)


def _travels(model: type[Any], column: Column[Any]) -> bool:
    owner = next(names for mixin, names in OWNERS.items() if issubclass(model, mixin))
    if column.name in owner and not issubclass(model, Exchanged):
        return False
    if isinstance(column.type, LargeBinary) or column.computed is not None:
        return False
    return column.name not in PLACES.get(column.table.fullname, ())


def belongs(one: Travelling) -> ColumnElement[bool]:
    """Return the condition by which a row is the bound tenant's."""
    names = next(names for mixin, names in OWNERS.items() if issubclass(one.model, mixin))
    mine = or_(*(one.table.c[name] == ME for name in names))
    return mine if one.only is None else mine & one.only


def written_columns(one: Travelling) -> list[str]:
    """Return the columns of a table's rows in an export; where bytes belong to a row, `file` says where they lie."""
    return sorted([column.name for column in one.columns] + ["file"] * (one.name in FILED))


def json_shapes(model: type[Any]) -> dict[str, type]:
    """Return whether each JSON column holds an object or a list, as the model says."""
    hints = {
        name: get_args(hint)[0]
        for name, hint in model.__annotations__.items()
        if getattr(hint, "__origin__", None) is Mapped
    }
    return {name: origin for name, hint in hints.items() if (origin := get_origin(hint)) in (dict, list)}
