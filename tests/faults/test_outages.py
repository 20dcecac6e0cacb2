"""A few of the outages of `./ppid prove outages`: each step once, each fault at least once; and that damage is seen."""

from collections.abc import Iterator

import pytest

from tests.prove import outages
from tests.prove._faults_checks import violations
from tests.prove._faults_site import Site
from tests.prove._outages_world import Surroundings

# Where something goes wrong, and a damage done afterwards as (what is to be noticed, whose it is, how it is done).
SAMPLES = {
    "import/s3 broken": (
        "upload: from the beginning",
        ("facts document.stored", "dinkes", "delete from ops.event where kind = 'document.stored' and tenant_id = %s"),
    ),
    "submit/valkey back": (
        "send: from the beginning",
        ("submissions", "dinkes", "update exchange.submission set round = 2 where writer_id = %s"),
    ),
    "decide/valkey emptied": (
        "accept: from the beginning",
        ("answers", "pusat", "update exchange.decision set verdict = 'returned' where writer_id = %s"),
    ),
    "determine/s3 silent": (
        "determine: from the beginning",
        ("letters kept", "pusat", "update work.determination set document_id = null where tenant_id = %s"),
    ),
    "publish/postgres killed": (
        "publish: after ppid_saas.publication.service:_mint",
        ("counters", "pusat", "update publication.list set next_code = next_code + 1 where central_id = %s"),
    ),
    "effect/worker killed": (
        "receive: after ppid_saas.submissions.service:tell",
        ("told to the unit", "pusat", "delete from exchange.status where n = 1 and writer_id = %s"),
    ),
    "mail/worker killed": (
        "mail: before smtplib:SMTP.send_message",
        ("facts collection.reminded", "pusat", "delete from ops.event where kind = 'collection.reminded' and tenant_id = %s"),
    ),
    "sign-in/disk full": (
        "sign in: before ppid_saas.accounts.service:_open_session",
        ("facts account.signed_in", "dinkes", "delete from ops.event where kind = 'account.signed_in' and tenant_id = %s"),
    ),
    "upload/web killed": (
        "upload: after tenants.quota:reserve",
        ("dinkes: used, reserved, ledger, held", "dinkes", "update ops.quota set used = used + 1 where tenant_id = %s"),
    ),
    "sweep/worker killed": (
        "sweep: before tenants.vault.store:Store.remove",
        ("lapsed once", "dinkes", "delete from ops.obligation_effect where tenant_id = %s"),
    ),
}  # fmt: skip
LATER = 2  # not the first case of its kind, in which the store is waited for as long as in earnest


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[Site, Surroundings]]:
    with outages.place() as made:
        yield made


def test_every_step_and_every_fault_is_among_the_samples() -> None:
    steps, faults = zip(*(name.split("/") for name in SAMPLES), strict=True)
    assert set(steps) == set(outages.STEPS)
    assert set(faults) == set(outages.FAULTS)


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_lost_doubled_or_left_half_done(place: tuple[Site, Surroundings], name: str) -> None:
    made, around = place
    if name.endswith("disk full") and not around.disk:
        pytest.skip(around.why_no_disk)
    where, (what, slug, damage) = SAMPLES[name]
    trial = outages.trial(around, made, name, LATER, 1, where)
    assert trial.run() == []
    assert trial.killed
    assert f"{trial.stage.name}: {trial.barrier}".startswith(where)
    made.outside.sql(damage, trial.case.tenant(slug))
    assert [words for words in violations(trial.case, trial.walk) if words.startswith(what)]
