"""One of several processes that publish, amend, withdraw and recall on one list at once, for the proof of the feed.

Reads its orders as one line of JSON, says `ready`, begins at the next line, and says at the end how often it did what.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from flask import Flask

from ppid_saas import app as composition
from ppid_saas.access.errors import ConflictError, NotFoundError
from ppid_saas.editions import rules
from ppid_saas.proofs import digest
from ppid_saas.publication import queries
from ppid_saas.publication import service as publication
from ppid_saas.settings import Settings
from tenants import context
from tenants.db import db, open_door
from tenants.http import hash_token

POOL = [UUID(int=n) for n in range(1, 61)]
FACTS = {"number": "188/1", "dated_on": "2026-11-20", "signatory_position": "Sekda", "title": "Penetapan"}


def publish(chance: random.Random) -> None:
    counters = queries.counters()
    picked = chance.sample(POOL, chance.randint(5, len(POOL)))
    chosen = [
        rules.Chosen(
            item,
            body(item, chance),
            date(2030, 1, 1) + timedelta(days=item.int),
            ("dinkes", "Dinas Kesehatan"),
            n,
        )
        for n, item in enumerate(picked)
    ]
    numbered = rules.number(chosen, FACTS, rules.Numbering(2026, counters.next_code, counters.codes))
    listed = tuple(publication.Listed(item, made["code"], made) for item, made in numbered)
    sha = digest([made for _, made in numbered])
    publication.publish(publication.Frozen(counters.next_edition, sha, FACTS, listed, (), ()))


def body(item: UUID, chance: random.Random) -> dict[str, object]:
    return {
        "title": f"Data nomor {item.int} “kutipan” é", "part": "whole", "harm": f"Akibat {chance.randint(1, 3)}",
        "interest": "Hak pribadi", "holder": "Kepala Dinas", "period": {"kind": "fixed", "text": "5 tahun"},
        "grounds": [{"code": "17h.4", "law": "UU 14/2008", "article": "Pasal 17 huruf h"}],
    }  # fmt: skip


def amend(chance: random.Random) -> None:
    live = queries.live_bodies(context.tenant_id())
    if live:
        one = chance.choice(live)
        publication.amend(one["code"], {**one, "holder": f"Kepala Bidang {chance.randint(1, 99)}"})


def withdraw(chance: random.Random) -> None:
    live = queries.live_bodies(context.tenant_id())
    if live:
        publication.withdraw(chance.choice(live)["code"], "Putusan sengketa")


def retract(chance: random.Random) -> None:
    known = [edition.n for edition in queries.editions(context.tenant_id()) if edition.retracted_at is None]
    if known:
        publication.retract_edition(chance.choice(known), "Salah lampiran")


WORK: tuple[tuple[Callable[[random.Random], None], int], ...] = (
    (publish, 3),
    (amend, 12),
    (withdraw, 3),
    (retract, 1),
)


def run(app: Flask, orders: dict[str, object]) -> Counter[str]:
    chance, done = random.Random(str(orders["seed"])), Counter[str]()
    entry = context.Entry("enter", (hash_token(str(orders["token"])), orders["region"], "pusat"))
    verbs, weights = zip(*WORK, strict=True)
    until = time.monotonic() + float(str(orders["seconds"]))
    while time.monotonic() < until:
        verb = chance.choices(verbs, weights)[0]
        with app.app_context(), context.entering(entry):
            open_door()
            try:
                verb(chance)
                done[verb.__name__] += 1
            except (ConflictError, NotFoundError):
                done[f"{verb.__name__} refused"] += 1
            finally:
                db.session.remove()
    return done


if __name__ == "__main__":
    given = json.loads(sys.stdin.readline())
    office = composition.create("office", Settings.from_env())
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(run(office, given)))
