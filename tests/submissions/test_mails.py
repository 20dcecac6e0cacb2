"""Mails around a collection: to the unit's senders alone, pointing to a page, without a word of the list."""

import dataclasses
import re
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from ppid_saas.consolidation import service as central_verbs
from ppid_saas.submissions import service
from ppid_saas.submissions.service import Verdict
from tests.fixtures import walk
from tests.fixtures.world import World


class Inbox(Message):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)

    def taken(self) -> list[Any]:
        mails, self.mails = self.mails, []
        return mails


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def inbox(fresh_world: World) -> Iterator[Inbox]:
    """A mail server on loopback, named in the settings of the running app."""
    received, port = Inbox(), free_port()
    server = Controller(received, hostname="127.0.0.1", port=port)
    server.start()
    held = fresh_world.app().extensions["ppid"]
    before = held["settings"]
    held["settings"] = dataclasses.replace(
        before, given={**before.given, "PPID_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    )
    yield received
    held["settings"] = before
    server.stop()


def test_units_are_told_of_opening_reminder_and_result(fresh_world: World, inbox: Inbox) -> None:
    world = fresh_world
    region = next(region for region, slug in world.tenants if slug == "pusat")
    collection_id = walk.open_collection(world, region)
    world.drain()
    opening = [mail for mail in inbox.taken() if "dibuka" in mail["Subject"]]
    assert {mail["To"].split("@")[0] for mail in opening if ".dinkes." in mail["To"]} == {
        f"petugas.dinkes.{region}", f"kepala.dinkes.{region}",
    }  # fmt: skip
    assert len(opening) == 10
    with world.acting(f"pusat@{region}"):
        service.remind(collection_id, ["dinkes"])
    world.drain()
    assert len(inbox.taken()) == 2
    ids = walk.fill(world, f"petugas.dinkes@{region}")
    sent = walk.send(world, f"petugas.dinkes@{region}", collection_id)
    with world.acting(f"pusat@{region}"):
        verdicts = [Verdict(ids[0], "returned", "Rahasia besar"), *(Verdict(i, "accepted") for i in ids[1:])]
        central_verbs.answer_all(sent.id, verdicts, accept_rest=False, close=True)
    world.drain()
    world.drain()
    result = inbox.taken()
    assert len(result) == 2
    text = result[0].get_payload(decode=True).decode()
    assert "1 butir perlu diperbaiki." in text
    link = re.search(r"https?://[^/\s]+(/t/\w{8})\s", text)
    assert link
    assert f"/{region}/" not in text
    found = world.client(f"petugas.dinkes@{region}").get(link[1])
    assert found.headers["Location"] == f"/{region}/u/dinkes/pengajuan/{sent.id}"
    assert not any(title in text for title in (*walk.TITLES, "Rahasia besar"))
