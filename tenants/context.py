"""Who is bound to the running piece of work: one entry per request or job, one binding per transaction.

The entry says how to pass the door again whenever a new transaction begins. It never names a tenant by itself:
only the database's answer to the entry does.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


class UnboundTransactionError(RuntimeError):
    """Work on tenant tables was tried outside any door."""


@dataclass(frozen=True)
class Entry:
    """One way through the door: a door function, its arguments, and whether the work may write."""

    function: str
    arguments: tuple[Any, ...]
    read_only: bool = False


@dataclass(frozen=True)
class Binding:
    """The door's answer: who asks, and as which tenant. Everything is None for a stranger."""

    person_id: UUID | None = None
    person_name: str = ""
    tenant_id: UUID | None = None
    region: str = ""
    slug: str = ""
    name: str = ""
    kind: str = ""
    category: str = ""
    zone: str = "Asia/Jakarta"
    recipient_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = field(default_factory=dict)
    session: Mapping[str, Any] | None = None


PUBLIC = Entry("", ())

_entry: ContextVar[Entry | None] = ContextVar("ppid_entry", default=None)
_binding: ContextVar[Binding | None] = ContextVar("ppid_binding", default=None)


def current_entry() -> Entry:
    """Return the entry of the running work; loud when there is none."""
    entry = _entry.get()
    if entry is None:
        raise UnboundTransactionError("no door was opened for this work")
    return entry


def current_binding() -> Binding:
    """Return the door's last answer; loud when no transaction was bound."""
    binding = _binding.get()
    if binding is None:
        raise UnboundTransactionError("no transaction was bound")
    return binding


def tenant_id() -> UUID:
    """Return the bound tenant's id; loud when the work runs for nobody."""
    bound = current_binding().tenant_id
    if bound is None:
        raise UnboundTransactionError("the transaction is bound to no tenant")
    return bound


def bind(binding: Binding) -> None:
    """Record the door's answer (called by `tenants.db` alone)."""
    _binding.set(binding)


@contextmanager
def entering(entry: Entry) -> Iterator[None]:
    """Run a piece of work behind one entry, and forget both entry and binding afterwards."""
    entry_token, binding_token = _entry.set(entry), _binding.set(None)
    try:
        yield
    finally:
        _binding.reset(binding_token)
        _entry.reset(entry_token)
