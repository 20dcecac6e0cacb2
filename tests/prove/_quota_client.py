"""One of several processes that upload to the same tenant by many threads. Reads its orders as one line of JSON.

Says `ready`, begins at the next line, and says at the end what it did. Not a test by itself.
"""

import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from flask import Flask

from ppid_saas import app as composition
from ppid_saas.access.errors import TooLargeError
from ppid_saas.documents import service as documents
from ppid_saas.settings import Settings
from tenants import context
from tenants.db import db
from tenants.http import hash_token

# How large, up to how many bytes, and how often: most are small, some need several parts of a stream.
SIZES = ((2_000, 70), (200_000, 25), (2_500_000, 5))


def size_of(dice: Random) -> int:
    most = dice.choices([most for most, _ in SIZES], [weight for _, weight in SIZES])[0]
    return dice.randint(1, most)


def upload(app: Flask, orders: dict[str, Any], n: int) -> Counter[str]:
    """Try uploads until they are enough or the time is over; keep some, give up others."""
    seen, dice = Counter[str](), Random(f"{orders['run']} {n}")
    entry = context.Entry("enter", (hash_token(orders["token"]), orders["region"], orders["slug"]))
    with app.app_context():
        for _ in range(orders["count"]):
            if time.time() > orders["until"]:
                break
            data = dice.randbytes(size_of(dice))
            with context.entering(entry):
                seen[_one(data, keep=dice.random() < orders["kept"])] += 1
                db.session.remove()
    return seen


def _one(data: bytes, *, keep: bool) -> str:
    try:
        with documents.staging("attachment", "a.bin", data, "application/octet-stream") as staged:
            if keep:
                documents.keep(staged)
    except TooLargeError:
        return "refused"
    return "kept" if keep else "given up"


def main() -> None:
    orders = json.loads(sys.stdin.readline())
    app = composition.create("files", Settings.from_env(os.environ))
    print("ready", flush=True)
    sys.stdin.readline()
    with ThreadPoolExecutor(orders["threads"]) as pool:
        done = pool.map(lambda n: upload(app, orders, n), range(orders["threads"]))
        print(json.dumps(sum(done, Counter[str]())), flush=True)


if __name__ == "__main__":
    main()
