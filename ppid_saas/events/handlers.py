"""Which effect follows from which kind of event. Filled by the `jobs` modules of slices, read by `record`.

A handler is a function of one `Event`. `transactional` ones run with their `done_at` in one transaction;
others (mail, long jobs) open their own and are told the effect's id to use as idempotency key.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ppid_saas.events.models import Event


@dataclass(frozen=True)
class Handler:
    """One effect: its name, the event kind it follows, for whom it runs, and its function."""

    name: str
    kind: str
    run: Callable[[Event], None]
    for_reader: bool
    transactional: bool
    seconds: int
    watched: bool = False


HANDLERS: dict[str, Handler] = {}


def handles(
    kind: str,
    name: str,
    *,
    for_reader: bool = False,
    transactional: bool = True,
    seconds: int = 60,
    watched: bool = False,
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a function as an effect of every event of `kind`; `seconds` is its lease.

    What somebody sits and waits for is `watched`: it goes before letters and whatever else may take its time.
    """

    def mark(function: Callable[[Event], None]) -> Callable[[Event], None]:
        if name in HANDLERS:
            raise LookupError(f"effect {name} is registered twice")
        HANDLERS[name] = Handler(name, kind, function, for_reader, transactional, seconds, watched)
        return function

    return mark


def names_for(kind: str, *, for_reader: bool) -> list[str]:
    """Return the effects that follow from a kind of event, for its owner or for its reader."""
    return [h.name for h in HANDLERS.values() if h.kind in {kind, "*"} and h.for_reader == for_reader]
