"""One of several processes that upload to the same tenant by many threads. Reads its orders as one line of JSON.

Says `ready`, begins at the next line, and says at the end what it did. Not a test by itself.
"""

import io
import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import exc

from ppid_saas import app as composition
from ppid_saas.access.errors import TooLargeError
from ppid_saas.documents import service as documents
from ppid_saas.documents import upload_queries, uploads
from ppid_saas.settings import Settings
from tenants import context, vault
from tenants.db import db
from tenants.http import hash_token

# How large, up to how many bytes, and how often: most are small, some need several parts of a stream, and where large ones
# are wanted a twentieth goes to the store in parts of its own.
SMALL = ((2_000, 70), (200_000, 25), (2_500_000, 5))
LARGE = ((2_000, 65), (200_000, 24), (2_500_000, 4), (64 * 1024 * 1024, 7))
IN_PARTS = 16 * 1024 * 1024
TURNED_AWAY = (vault.StoreAwayError, exc.OperationalError, exc.TimeoutError)
LEFT_LYING = 50_000  # what nobody goes on with holds its room to the end, and must not take all of it


def size_of(dice: Random, *, large: bool) -> int:
    sizes = LARGE if large else SMALL
    most = dice.choices([most for most, _ in sizes], [weight for _, weight in sizes])[0]
    return dice.randint(1, most)


def upload(app: Flask, orders: dict[str, Any], n: int) -> Counter[str]:
    """Try uploads until they are enough or the time is over; keep some, give up others."""
    seen, dice = Counter[str](), Random(f"{orders['run']} {n}")
    entry = context.Entry("enter", (hash_token(orders["token"]), orders["region"], orders["slug"]))
    with app.app_context():
        for _ in range(orders["count"]):
            if time.time() > orders["until"]:
                break
            size = size_of(dice, large=orders["large"])
            keep = dice.random() < orders["kept"] / (1 if size < IN_PARTS else 4)
            seen["of them large"] += size >= IN_PARTS
            with context.entering(entry):
                seen[_tried(orders, dice, size, keep=keep)] += 1
                db.session.remove()
    return seen


def _tried(orders: dict[str, Any], dice: Random, size: int, *, keep: bool) -> str:
    """Upload in one of the two ways, and say how it ended; who is turned away by a busy server has uploaded nothing."""
    try:
        if dice.random() < orders["in_pieces"]:
            return f"{_in_pieces(size, keep=keep, dice=dice, cancelled=orders['cancelled'])} in pieces"
        return _one(dice.randbytes(size), keep=keep)
    except TURNED_AWAY as error:
        db.session.rollback()
        return f"turned away: {type(error).__name__}"


def _one(data: bytes, *, keep: bool) -> str:
    try:
        with documents.staging("attachment", "a.bin", data, "application/octet-stream") as staged:
            if keep:
                documents.keep(staged)
    except TooLargeError:
        return "refused"
    return "kept" if keep else "given up"


def _in_pieces(size: int, *, keep: bool, dice: Random, cancelled: float) -> str:
    """Announce a file, send a part, then the rest, and let it be examined; or leave it to the sweep in the middle."""
    try:
        upload_id = uploads.begin("a.txt", size)
    except TooLargeError:
        return "refused"
    first = dice.randint(0, size if keep else size - 1)  # what is there whole is not taken back any more
    uploads.receive(upload_id, 0, io.BytesIO(b"x" * first).read)
    if not keep:
        if size > LEFT_LYING or dice.random() < cancelled:
            uploads.cancel(upload_id)
        return "given up"
    if first < size:
        uploads.receive(upload_id, first, io.BytesIO(b"x" * (size - first)).read)
    upload = upload_queries.upload(upload_id)
    uploads.keep(upload_id, uploads.assemble(upload))
    vault.clear(upload_id, upload.room)
    return "kept"


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
