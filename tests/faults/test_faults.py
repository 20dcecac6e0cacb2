"""A few of the kills of `./ppid prove faults`, on servers of their own, and that its checks see what they look for."""

from collections.abc import Iterator

import pytest

from tests.prove._faults_checks import violations
from tests.prove._faults_site import Site, site
from tests.prove.faults import trial as make_trial

# One kill of each victim in each of the three: where a first version lost or doubled something, or would at first sight.
KILLS = {
    "import/web": "upload: after sqlalchemy.orm:Session.commit since tenants.quota:commit",
    "import/worker": "read: after ppid_saas.intake.service:keep_found",
    "import/postgres": "upload: after tenants.quota:reserve",
    "submit/web": "send: before tenants.jobs:ring",
    "submit/worker": "receive: after ppid_saas.submissions.service:tell",
    "submit/postgres": "send: after ppid_saas.events.service:_emit",
    "publish/web": "publish: before tenants.jobs:ring",
    "publish/worker": "render: after ppid_saas.editions.service:keep_files",
    "publish/postgres": "publish: after ppid_saas.publication.service:_mint",
}


@pytest.fixture(scope="module")
def place() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.mark.parametrize("name", KILLS)
def test_nothing_is_lost_and_nothing_happens_twice(place: Site, name: str) -> None:
    trial = make_trial(place, name, 0, 1, KILLS[name])
    assert trial.run() == []
    assert trial.killed
    assert f"{trial.stage.name}: {trial.barrier}".startswith(KILLS[name])


DAMAGES = {
    "effects not done": "update ops.effect set done_at = null where handler = 'consolidation.receive' and source_id = %s",
    "seals of petugas.dinkes": "delete from ops.seal where seq = 2 and tenant_id = %s",
    "effects missing or too many": "delete from ops.effect where handler = 'events.seal' and tenant_id = %s",
    "entries": "delete from work.entry where position = 3 and sender_id = %s",
    "used, reserved, ledger, held": "update ops.quota set used = used + 1 where tenant_id = %s",
    "submissions": "update exchange.submission set round = 2 where writer_id = %s",
}


def test_the_checks_see_damage(place: Site) -> None:
    trial = make_trial(place, "submit/web", 0, 1, "send: before tenants.jobs:ring")
    found = trial.run()
    assert found == []
    for what, damage in DAMAGES.items():
        named = (what, f"dinkes: {what}")
        assert not [words for words in found if words.startswith(named)], what
        place.outside.sql(damage, trial.case.tenant("dinkes"))
        found = violations(trial.case, trial.walk)
        assert [words for words in found if words.startswith(named)], what
