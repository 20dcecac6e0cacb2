"""Mails against a server that refuses, puts off, hangs up or is gone: nothing lost, nothing twice."""

import dataclasses
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from ppid_saas.notifications import queries, service
from ppid_saas.notifications.models import Mailing
from tenants import clock
from tenants.db import db
from tests.fixtures import walk
from tests.notifications.conftest import Office


def states(office: Office, name: str = "petugas.dinkes") -> dict[str, str]:
    with office.world.acting(office.who(name)):
        rows = db.session.execute(select(Mailing)).scalars().all()
        known = {row.id: row.email.split(".")[0] for row in queries.members()}
        return {known[row.person_id]: row.state for row in rows}


def opened(office: Office) -> None:
    office.at(clock.now())
    walk.open_collection(office.world, office.region)
    office.drain()


def later(office: Office, **ago: int) -> None:
    office.at(clock.now() + timedelta(**ago))
    office.drain()


def test_a_refused_address_holds_up_nobody_and_shows(office: Office) -> None:
    office.server.answer = lambda to, _: "550 5.1.1 unknown" if to.startswith("petugas.dinkes") else "250 OK"
    opened(office)
    assert states(office) == {"petugas": "bounced", "kepala": "sent"}
    assert len(office.server.taken) == 9
    assert not office.undone()
    client = office.world.client(office.who("admin.dinkes"))
    page = client.get(f"/{office.region}/u/dinkes/pemberitahuan/pengiriman").get_data(as_text=True)
    assert "ditolak penerima (kode 550)" in page
    assert "Masa pengumpulan" not in page


def test_what_bounced_goes_out_once_more_when_asked(office: Office) -> None:
    office.server.answer = lambda to, n: "550 no" if to.startswith("petugas.dinkes") and n == 1 else "250 OK"
    opened(office)
    with office.world.acting(office.who("admin.dinkes")):
        [bad] = [row.mailing for row in queries.mailings("bounced", 1)]
        service.retry(bad.id)
    office.drain()
    assert states(office)["petugas"] == "sent"
    assert len(office.server.to(f"petugas.dinkes.{office.region}")) == 1


def test_a_mail_put_off_is_tried_again_and_the_others_are_not(office: Office) -> None:
    office.server.answer = lambda to, n: (
        "451 later" if to.startswith("petugas.dinkes") and n < 3 else "250 OK"
    )
    opened(office)
    assert states(office) == {"petugas": "waiting", "kepala": "sent"}
    office.drain()
    assert office.server.tries[f"petugas.dinkes.{office.region}@contoh.test"] == 1, "not before its time"
    later(office, minutes=2)
    later(office, minutes=6)
    assert states(office)["petugas"] == "sent"
    assert set(Counter(mail["To"] for mail in office.server.taken).values()) == {1}
    assert not office.undone()


def test_a_mail_put_off_for_three_days_is_given_up_and_shows(office: Office) -> None:
    office.server.answer = lambda to, _: "452 full" if to.startswith("petugas.dinkes") else "250 OK"
    opened(office)
    later(office, days=3, minutes=1)
    assert states(office)["petugas"] == "failed"
    assert not office.undone()


def test_a_server_that_hangs_up_loses_nothing(office: Office) -> None:
    office.server.answer = lambda to, n: (
        "cut before" if to.startswith("petugas.dinkes") and n == 1 else "250 OK"
    )
    opened(office)
    later(office, minutes=2)
    later(office, minutes=2)
    assert set(states(office).values()) == {"sent"}
    assert len(office.server.taken) == 10
    assert set(Counter(mail["To"] for mail in office.server.taken).values()) == {1}


def test_a_mail_taken_without_an_answer_comes_again_under_the_same_name(office: Office) -> None:
    office.server.answer = lambda to, n: "cut" if to.startswith("petugas.dinkes") and n == 1 else "250 OK"
    opened(office)
    later(office, minutes=2)
    assert set(states(office).values()) == {"sent"}
    twice = office.server.to(f"petugas.dinkes.{office.region}")
    assert len({mail["Message-ID"] for mail in twice}) == 1
    assert len({mail["Message-ID"] for mail in office.server.taken}) == 10


def test_a_server_that_is_gone_is_waited_for(office: Office) -> None:
    held = office.world.app().extensions["ppid"]
    there = held["settings"]
    held["settings"] = dataclasses.replace(
        there, given={**there.given, "PPID_SMTP_URL": "smtp://127.0.0.1:9"}
    )
    opened(office)
    assert "waiting" in states(office).values()
    assert [row.kind for row in office.notices("petugas.dinkes")] == ["collection.opened@"]
    held["settings"] = there
    later(office, minutes=2)
    later(office, minutes=2)
    assert set(states(office).values()) == {"sent"}
    assert len(office.server.taken) == 10


def test_without_a_server_the_product_itself_still_tells(office: Office) -> None:
    held = office.world.app().extensions["ppid"]
    there = held["settings"]
    held["settings"] = dataclasses.replace(there, given={**there.given, "PPID_SMTP_URL": ""})
    opened(office)
    held["settings"] = there
    assert set(states(office).values()) == {"off"}
    assert [row.kind for row in office.notices("kepala.dinkes")] == ["collection.opened@"]
