"""Proof: the SOP engine allows exactly what the forms allow, and the screens of a test offer exactly what they take.

Random walks of fifty steps through each SOP, as holders of random roles, beside models written by hand; then walks
through the real screens of a round, every button pressed by everyone, offered or not.
"""

import os
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.engine import actions, may
from ppid_saas.sop.model import Sop
from ppid_saas.sop.roles import ROLES
from ppid_saas.web import assets
from tests.consequence_tests.walking import demand
from tests.fixtures import walk as path
from tests.fixtures.world import World, build
from tests.prove._sop_models import MODELS, Model, ends, stuck
from tests.prove._sop_screens import walk_screens

WALKS, LENGTH = 2_000, 50
SCREEN_WALKS = 20
ITEMS = 30


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Walk the engine, then the screens on servers of their own."""
    dice = random.Random(seed)
    found = {name: walk_engine(newest(name), model, dice, WALKS, LENGTH) for name, model in MODELS.items()}
    with tempfile.TemporaryDirectory(prefix="ppid-walks-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(32400 + os.getpid() % 2000)})
        assets.build()
        with prepared_servers(settings):
            world = build(settings, ("jalan",), {})
            lay_out(world, "jalan")
            walks = SCREEN_WALKS if seconds is None else max(1, int(seconds / 15))
            walked = walk_screens(world, "jalan", dice, walks, LENGTH)
    screens = {"steps": dict(walked.steps), "divergences": walked.divergences}
    return {"engine": found, "screens": screens}


def newest(sop_id: str) -> Sop:
    return max((sop for sop in load_catalogue().values() if sop.id == sop_id), key=lambda sop: sop.version)


def walk_engine(sop: Sop, model: Model, dice: random.Random, walks: int, length: int) -> dict[str, Any]:
    """Walk one SOP beside its model; returns what differed, state by state and step by step."""
    wrong: list[str] = []
    taken: Counter[str] = Counter()
    every = [step.id for step in sop.steps]
    for _ in range(walks):
        state = sop.initial
        for _ in range(length):
            held = frozenset(dice.sample(sorted(ROLES), dice.randint(0, 3)))
            allowed = {step for step, (_, who) in model[state].items() if who & held}
            offered = {action.id: action for action in actions(sop, state, held)}
            wrong += (
                [] if set(offered) == allowed else [f"{state} as {sorted(held)}: offers {sorted(offered)}"]
            )
            wrong += [f"{state}: {name} offered and refused, or the other way" for name in every
                      if may(sop, state, name, held) != (name in offered)]  # fmt: skip
            tried = dice.choice(sorted(offered) if offered and dice.random() < 0.5 else every)
            if may(sop, state, tried, held):
                wrong += (
                    [] if offered[tried].to_state == model[state][tried][0] else [f"{tried} leads elsewhere"]
                )
                state = offered[tried].to_state
                taken[tried] += 1
            state = sop.initial if state in ends(model) else state
    reached = {step.to_state for step in sop.steps if step.id in taken} | {sop.initial}
    return {
        "walks": walks, "steps": walks * length, "taken": sum(taken.values()), "divergences": wrong[:20],
        "without_a_way_out": sorted(stuck(model)), "never_reached": sorted(set(model) - reached),
    }  # fmt: skip


def lay_out(world: World, region: str) -> None:
    """Bring items to the central, tested by the SOP from here on."""
    collection_id = path.open_collection(world, region)
    path.fill(world, f"petugas.dinkes@{region}", [f"Berkas layanan nomor {n}" for n in range(ITEMS)])
    sent = path.send(world, f"petugas.dinkes@{region}", collection_id)
    path.accept_all(world, region, sent.id)
    world.drain()
    demand(world, region)
