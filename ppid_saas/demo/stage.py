"""Lets the demo's people act: through the door as themselves, at a moment of their own, each act once.

What was done is counted in the tenant's own counter, in the act's own transaction: a loading that was killed goes on
where it stopped. Not for tests, which have a world of their own.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from flask import Flask
from sqlalchemy import text

from ppid_saas.access.verbs import command
from ppid_saas.demo import content
from ppid_saas.events import service as events
from ppid_saas.settings import Settings
from ppid_saas.workdays.calendar import Calendar, is_working_day
from ppid_saas.workdays.national import national_calendar
from tenants import clock, context
from tenants.db import db, open_door
from tenants.http import create_session, hash_token, identity, new_token

ZONE = ZoneInfo("Asia/Jakarta")
OPENING = time(8, 30)
BETWEEN = timedelta(minutes=7)
COUNTER = "demo"
UNDONE = """
    select tenant_id, event_id, handler from ops.effect
    where done_at is null and parked_at is null order by event_id
"""


@dataclass(frozen=True)
class Act:
    """A piece of work someone does so many days from today. Bytes travel outside of transactions."""

    who: str
    days: int
    work: Callable[[], object]
    carries_bytes: bool = False


@dataclass
class Stage:
    """One loading: whose app acts, on which day the demo is today, who already holds a session."""

    app: Flask
    settings: Settings
    day: date
    people: dict[str, UUID]
    tokens: dict[str, str] = field(default_factory=dict)
    taken: dict[date, int] = field(default_factory=dict)

    @cached_property
    def calendar(self) -> Calendar:
        return national_calendar(range(self.day.year - 1, self.day.year + 2))

    def working_day(self, days: int) -> date:
        """Return the working day that lies `days` from today, or the last one before."""
        day = self.day + timedelta(days=days)
        while not is_working_day(self.calendar, day):
            day -= timedelta(days=1)
        return day

    def perform(self, acts: Sequence[Act], say: Callable[[str], None]) -> None:
        """Let each act happen in the order of the days, with what follows from it; those done before are passed over."""
        ordered = sorted(acts, key=lambda act: act.days)
        for n, act in enumerate(ordered, 1):
            with clock.moved_to(self._moment(act.days)):
                with self._entered(act.who):
                    act.work() if act.carries_bytes else _once(n, act.work)
                self._drain()
            say(f"{n} dari {len(ordered)} langkah")

    def _moment(self, days: int) -> datetime:
        """Return the next free minutes of a day at the office."""
        day = self.working_day(days)
        self.taken[day] = self.taken.get(day, -1) + 1
        return datetime.combine(day, OPENING, ZONE) + BETWEEN * self.taken[day]

    @contextmanager
    def _entered(self, who: str) -> Iterator[None]:
        person = next(one for one in content.people() if one.local == who)
        key = hash_token(self._token(who))
        entry = context.Entry("enter", (key, content.regency()["region"], person.place))
        with self.app.app_context(), context.entering(entry):
            try:
                open_door()
                yield
            finally:
                db.session.remove()

    def _token(self, who: str) -> str:
        if who not in self.tokens:
            self.tokens[who] = new_token()
            with self.app.app_context(), identity() as connection:
                create_session(connection, self.tokens[who], {}, self.people[who])
        return self.tokens[who]

    def _drain(self) -> None:
        """Do what follows from what was done, as the worker would; poison is left to the worker."""
        url = self.settings.database_url("app_clock").replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(url, autocommit=True, **self.settings.driver_options) as connection:
            while todo := connection.execute(UNDONE).fetchall():
                for tenant, event, handler in todo:
                    with self.app.app_context():
                        events.run_effect(tenant, event, handler)

    def leave(self) -> None:
        """End the sessions of everyone who acted."""
        with self.app.app_context(), identity() as connection:
            connection.execute(
                text("delete from identity.session where hash = any(:hashes)"),
                {"hashes": [hash_token(token) for token in self.tokens.values()]},
            )


@command("space.see")
def _once(n: int, work: Callable[[], object]) -> None:
    """Do act `n` of this tenant and count it, both or neither."""
    done = db.session.execute(
        text(
            "insert into work.counter as c (tenant_id, name, last) values (:tenant, :name, :n)"
            " on conflict (tenant_id, name) do update set last = excluded.last where c.last < excluded.last"
            " returning c.last"
        ),
        {"tenant": context.tenant_id(), "name": COUNTER, "n": n},
    ).first()
    if done is not None:
        work()
