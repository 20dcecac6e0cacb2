"""A tenant's turn of upkeep, once a day: its keys are renewed where a newer one waits, its objects read again.

The relay rings when a turn is due; one that was killed is rung for again and goes on where it stopped. A tenant whose key
is destroyed has nothing left to keep up.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sqlalchemy import func, update

from ppid_saas.storage import fixity
from tenants import context, vault
from tenants.db import leave_transaction, transaction
from tenants.models import Quota

EVERY: Final = timedelta(days=1)

Renewer = Callable[[int], bool]
RENEWERS: list[Renewer] = []


def renews(renewer: Renewer) -> Renewer:
    """Register what seals a slice's data keys anew to the tenant's key of this number; it says whether all of them are."""
    RENEWERS.append(renewer)
    return renewer


def take_turn() -> None:
    """Do the bound tenant's upkeep and say when it is due again: tomorrow, or at once when something is left."""
    leave_transaction()
    newest = vault.newest_key()
    finished = True
    if newest is not None:
        _renew(newest)
        leave_transaction()
        finished = fixity.read_again()
    with transaction() as session:
        done = {"upkeep_at": func.now() + (EVERY if finished else timedelta()), "upkeep_open": False}
        chosen = update(Quota).where(Quota.tenant_id == context.tenant_id()).values(done)
        session.execute(chosen.execution_options(synchronize_session=False))


def _renew(newest: int) -> None:
    """Wrap private keys and seal data keys anew; an old private key goes only when nothing is sealed to it any more."""
    with transaction():
        vault.rewrap_keys()
    results = [renewer(newest) for renewer in RENEWERS]
    if all(results):
        with transaction():
            vault.retire_keys()
