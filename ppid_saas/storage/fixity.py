"""Read a tenant's objects again, a share of them a day, and remember when each was last found whole.

Reading is opening: the ciphertext's hash is compared and its key tried, and nothing of it goes anywhere. What is
damaged is told once, looked at again every day, and never mended.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import IO, Final
from uuid import UUID

from sqlalchemy import Interval, Row, delete, func, select, type_coerce, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.verbs import command, query, ring_bells
from ppid_saas.events.service import record
from ppid_saas.storage.rules import Seen, chosen, day_budget, due
from ppid_saas.storage.stocktaking import HOLDERS
from tenants import context, vault
from tenants.db import db, leave_transaction, transaction
from tenants.models import Fixity

log = logging.getLogger("ppid.storage")
DAY: Final = timedelta(days=1)
LONGEST_SECONDS: Final = 120.0  # a worker has other work too; the rest follows in the next turn

AGE: Final = type_coerce(func.now() - Fixity.checked_at, Interval)

Opener = Callable[[UUID], IO[bytes] | None]
OPENERS: list[Opener] = []


def opens(opener: Opener) -> Opener:
    """Register what opens an object of a slice's rows by its id; it returns None for an id that is not theirs."""
    OPENERS.append(opener)
    return opener


def read_again() -> bool:
    """Read again what of the bound tenant's objects is due today; returns whether nothing of it is left for now."""
    sizes, until = _sizes(), time.monotonic() + LONGEST_SECONDS
    seen, spent = _seen(sizes)
    for object_id in chosen(due(sizes, seen), sizes, day_budget(sum(sizes.values())) - spent):
        if time.monotonic() > until:
            return False
        leave_transaction()
        found = _look(object_id)
        if found:
            _note(object_id, found)
    _tell(sizes)
    return True


def _sizes() -> dict[UUID, int]:
    """Return what the slices' rows claim and some slice can open, by stored size."""
    return {one: size for holder in HOLDERS for one, size in holder()}


def _seen(sizes: Mapping[UUID, int]) -> tuple[dict[UUID, Seen], int]:
    """Return what is known of each object, and how many bytes were read since yesterday."""
    rows = db.session.execute(select(Fixity.object_id, Fixity.state, AGE))
    seen = {object_id: Seen(state == "whole", age) for object_id, state, age in rows}
    return seen, sum(sizes.get(one, 0) for one, each in seen.items() if each.age < DAY)


def _look(object_id: UUID) -> str:
    for opener in OPENERS:
        try:
            stream = opener(object_id)
        except vault.UnreadableObjectError:
            return harm_to(object_id)
        if stream is not None:
            stream.close()
            return "whole"
    return ""


def harm_to(object_id: UUID) -> str:
    """Say of an object that could not be opened what is wrong with it."""
    return "damaged" if vault.is_there(object_id) else "missing"


def _note(object_id: UUID, state: str) -> None:
    with transaction() as session:
        made = insert_or_update(Fixity).values(object_id=object_id, state=state)
        session.execute(
            made.on_conflict_do_update(
                index_elements=["tenant_id", "object_id"],
                set_={"state": state, "checked_at": func.now(), "told": Fixity.told & (state != "whole")},
            )
        )


def _tell(sizes: Iterable[UUID]) -> None:
    """Forget objects that are gone by right, and record once what was newly found damaged."""
    with transaction() as session:
        mine = Fixity.tenant_id == context.tenant_id()
        gone = delete(Fixity).where(mine, Fixity.object_id.not_in(list(sizes)))
        session.execute(gone.execution_options(synchronize_session=False))
        news = update(Fixity).where(mine, Fixity.state != "whole", ~Fixity.told).values(told=True)
        states = session.execute(
            news.returning(Fixity.state).execution_options(synchronize_session=False)
        ).scalars()
        found = list(states)
        if found:
            log.warning("objects are damaged or missing: %s", len(found))
            record("store.damaged", None, {"objects": len(found), "missing": found.count("missing")})
    ring_bells()


@command("document.read")
def report(object_id: UUID, state: str) -> None:
    """Note and tell at once that a person met a damaged object; a second time is no news."""
    log.warning("an object could not be opened: %s", state)
    known = db.session.execute(select(Fixity.told).where(Fixity.object_id == object_id)).scalar_one_or_none()
    _note(object_id, state)
    if not known:
        told = update(Fixity).where(Fixity.tenant_id == context.tenant_id(), Fixity.object_id == object_id)
        db.session.execute(told.values(told=True).execution_options(synchronize_session=False))
        record("store.damaged", None, {"objects": 1, "missing": int(state == "missing")})


@query("document.read")
def last_looks(object_ids: Iterable[UUID]) -> dict[UUID, Row[UUID, str, datetime]]:
    """Return of each of these objects when it was last read again, and what was found."""
    rows = db.session.execute(
        select(Fixity.object_id, Fixity.state, Fixity.checked_at).where(
            Fixity.object_id.in_(list(object_ids))
        )
    )
    return {row.object_id: row for row in rows}


@query("document.read")
def summary() -> Row[int, int, datetime | None]:
    """Return how many of the bound tenant's objects were last found whole, how many not, and the oldest look at any."""
    whole = func.count().filter(Fixity.state == "whole")
    harmed = func.count().filter(Fixity.state != "whole")
    return db.session.execute(
        select(whole.label("whole"), harmed.label("harmed"), func.min(Fixity.checked_at).label("oldest"))
    ).one()
