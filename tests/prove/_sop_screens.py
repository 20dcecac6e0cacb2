"""A round of tests walked at random through its real screens: what is offered is taken, what is not offered is refused."""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

from ppid_saas.consequence_tests import board, queries, service, walking
from ppid_saas.consequence_tests.models import Round
from tests.consequence_tests.walking import TESTED
from tests.fixtures.world import World

PEOPLE = ("pusat", "kabid", "tim", "sekda", "auditor")
# each button of a round's page: its address and a form that lacks nothing
BUTTONS: dict[str, dict[str, str]] = {
    "ikuti": {}, "sampaikan": {"quorum": ""}, "tarik": {}, "tutup": {"number": "12/TP", "note": ""},
}  # fmt: skip
TAKEN, REFUSED = {303}, {404, 409}


@dataclass
class Walk:
    """One world in which rounds are begun, walked and begun again."""

    world: World
    region: str
    dice: random.Random
    steps: Counter[str] = field(default_factory=Counter)
    divergences: list[str] = field(default_factory=list)
    round_id: UUID | None = None

    def client(self, who: str) -> FlaskClient:
        return self.world.client(f"{who}@{self.region}")

    def begin(self) -> bool:
        """Take up whatever may be tested; False when nothing is left."""
        with self.world.acting(f"pusat@{self.region}"):
            ids = [entry.item_id for entry in queries.startable()][:3]
            self.round_id = service.begin(ids).id if ids else None
        return self.round_id is not None

    def state(self) -> tuple[str, Round]:
        with self.world.acting(f"pusat@{self.region}"):
            return walking.case_of(self.here).state, queries.one(self.here)

    @property
    def here(self) -> UUID:
        assert self.round_id
        return self.round_id

    def move(self) -> None:
        """Do the work between buttons, or press one as anyone."""
        if self.dice.random() < 0.6:
            self.work()
        else:
            self.press(self.dice.choice(PEOPLE), self.dice.choice(list(BUTTONS)))

    def press(self, who: str, name: str) -> None:
        """Press a button whether or not the page offers it; page and answer must agree."""
        client, at = self.client(who), f"/{self.region}/pusat/uji/{self.here}"
        offered = bool(re.search(rf'action="{at}/{name}"', client.get(at).text))
        status = client.post(f"{at}/{name}", data=BUTTONS[name]).status_code
        if status not in (TAKEN if offered else REFUSED) and not (name == "ikuti" and who == "pusat"):
            said = "offered" if offered else "not offered"
            self.divergences.append(f"{name} by {who} in {self.state()[0]}: {said}, answered {status}")
        self.steps[f"{name} {'taken' if offered else 'refused'}"] += 1

    def work(self) -> None:
        """Write an outcome, or give a view, where either is open."""
        state, _ = self.state()
        if state == "central_testing":
            self.test()
        elif state == "board_advising":
            self.advise()

    def test(self) -> None:
        outcome = self.dice.choices(("exempt", "partly_open", "deferred", "open"), (6, 3, 2, 0.1))[0]
        with self.world.acting(f"pusat@{self.region}"):
            left = [line for line in queries.lines(self.here) if not line.outcome]
            if left:
                one: Any = self.dice.choice(left)
                said = TESTED | {"open_part": "Nama jabatan"}
                service.write_sheet(
                    self.here, one.entry.item_id, said, outcome, "Alasan hasil uji.", one.sheet.version
                )
        self.steps["outcome written"] += 1

    def advise(self) -> None:
        view = self.dice.choice(("agree", "with_note", "disagree", "recused"))
        with self.world.acting(f"pusat@{self.region}"):
            ids = [
                line.entry.item_id
                for line in queries.lines(self.here)
                if line.outcome in {"exempt", "partly_open"}
            ]
        with self.world.acting(f"tim@{self.region}"):
            board.give(self.here, self.dice.choice(ids), view, "Alasan.")
        self.steps["view given"] += 1


def walk_screens(world: World, region: str, dice: random.Random, walks: int, length: int) -> Walk:
    """Walk `walks` times `length` steps; a round that is over makes room for the next."""
    walk, app = Walk(world, region, dice), world.app("office")
    app.config["WTF_CSRF_ENABLED"] = False
    try:
        for _ in range(walks * length):
            if walk.round_id is None or walk.state()[1].advised_at is not None:
                walk.steps["round begun"] += 1
                if not walk.begin():
                    break
            walk.move()
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    return walk
