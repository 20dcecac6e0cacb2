"""A regency of its own, with a mail server on loopback that can be told how to misbehave."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from typing import Any
from uuid import UUID

import psycopg
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from ppid_saas.cases import service as cases
from ppid_saas.cases.models import MORNING, Obligation
from ppid_saas.events import service as events
from ppid_saas.notifications.models import Notice
from tenants.db import db
from tests.fixtures.world import World
from tests.submissions.test_mails import free_port


@dataclass
class Server:
    """Says of each mail what `answer` says of its address and try: `250 …` takes it, `cut` hangs up after taking it."""

    answer: Callable[[str, int], str] = lambda _to, _n: "250 OK"
    taken: list[Any] = field(default_factory=list)
    tries: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.tries[address] += 1
        said = self.answer(address, self.tries[address])
        if said[0] in "45":
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        said = self.answer(address, self.tries[address])
        if said == "cut before":
            server.transport.abort()
            return "421 gone"
        self.taken.append(message_from_bytes(envelope.content))
        if said == "cut":
            server.transport.abort()
        return "250 OK"

    def to(self, who: str) -> list[Any]:
        return [mail for mail in self.taken if mail["To"].startswith(who)]


@dataclass
class Office:
    """The world, its one region, and the mail server."""

    world: World
    region: str
    server: Server
    at: Callable[[datetime], None]

    def who(self, name: str) -> str:
        return f"{name}@{self.region}"

    def notices(self, name: str) -> list[Notice]:
        who = self.who(name)
        with self.world.acting(who) as me:
            chosen = select(Notice).where(Notice.person_id == me.person_id).order_by(Notice.id)
            return list(db.session.execute(chosen).scalars())

    def drain(self) -> None:
        """Do every effect, as often as it lets itself be done; what has to wait stays."""
        for _ in range(10):
            if not sum([self._run(*one) for one in self.undone()]):
                return

    def undone(self) -> list[tuple[UUID, UUID, str]]:
        url = self.world.settings.database_url("app_clock").replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(url) as connection:
            return connection.execute(
                "select tenant_id, event_id, handler from ops.effect where done_at is null and parked_at is null"
                " and tenant_id = any(%s)",
                [list(self.world.tenants.values())],
            ).fetchall()

    def _run(self, tenant: UUID, event: UUID, handler: str) -> bool:
        with self.world.app().app_context():
            try:
                return events.run_effect(tenant, event, handler)
            except Exception:  # noqa: BLE001  # the effect keeps its own account of it
                return False

    def have_mornings(self, until: datetime) -> list[datetime]:
        """Let each due morning come, one after another, with the clock at its own moment; returns when they were."""
        had = []
        while due := self.next_morning(until):
            at, tenant, duty = due
            self.at(at)
            with self.world.app().app_context():
                assert cases.settle_due(tenant, duty)
            self.drain()
            had.append(at)
        return had

    def next_morning(self, until: datetime) -> tuple[datetime, UUID, UUID] | None:
        found = []
        for tenant in ("petugas.dinkes", "pusat"):
            with self.world.acting(self.who(tenant)) as me:
                chosen = select(Obligation).where(Obligation.kind == MORNING, Obligation.state == "open")
                found += [(row.due_at, me.tenant_id, row.id) for row in db.session.execute(chosen).scalars()]
        due = [one for one in found if one[0] <= until]
        return min(due) if due else None


@pytest.fixture
def office(fresh_world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    server, port = Server(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    held = fresh_world.app().extensions["ppid"]
    before = held["settings"]
    held["settings"] = dataclasses.replace(
        before, given={**before.given, "PPID_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    )
    region = next(region for region, slug in fresh_world.tenants if slug == "pusat")
    yield Office(
        fresh_world, region, server, lambda moment: monkeypatch.setenv("PPID_CLOCK", moment.isoformat())
    )
    held["settings"] = before
    controller.stop()
