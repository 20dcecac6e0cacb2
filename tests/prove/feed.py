"""Proof: a follower of the public feed ends byte-identical to the snapshot, however often it is killed.

Eight processes publish, amend, withdraw and recall on one list meanwhile. A second follower begins in the middle.
`run` brings servers of its own; tests hand `prove` theirs.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.settings import Settings
from tests.fixtures.world import World, build
from tests.prove import follower

WRITERS = 8
REGION = "sana"
SECONDS = 120.0
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CATCH_UP_SECONDS = 60


@dataclass(frozen=True)
class Outcome:
    """What was done, and what came of it."""

    seq: int
    items: int
    kills: int
    done: dict[str, int]
    identical: bool


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Prove it once, bounded by `seconds` of writing and a minute of catching up."""
    with tempfile.TemporaryDirectory(prefix="ppid-feed-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(22400 + os.getpid() % 4000)})
        with prepared_servers(settings):
            world = build(settings, (REGION,), {})
            return {"writers": WRITERS, **asdict(prove(seconds or SECONDS, seed, world, REGION))}


def prove(seconds: float, seed: int, world: World, region: str) -> Outcome:
    """Write, follow and kill on a world that runs already."""
    chance = random.Random(seed)
    with _site(world) as address, tempfile.TemporaryDirectory(prefix="ppid-follow-") as folder:
        files = [Path(folder) / "from-the-start.json", Path(folder) / "from-the-middle.json"]
        writers = [_write(world, region, seconds, f"{seed}-{n}") for n in range(WRITERS)]
        try:
            _begin(writers)
            kills = _harass(address, region, files[0], time.monotonic() + seconds / 2, chance)
            _begin_at_snapshot(address, region, files[1])
            kills += _harass(address, region, files[1], time.monotonic() + seconds / 2, chance)
            done = sum((_finish(writer) for writer in writers), Counter[str]())
        finally:
            for writer in writers:
                writer.kill()
                writer.communicate()
        for file in files:
            _follower(address, region, file, 500).wait(CATCH_UP_SECONDS)
        snapshot = follower.fetch(f"{address}/api/v1/lists/{region}/snapshot")
        told = json.loads(snapshot)
        identical = all(follower.as_snapshot(file, region) == snapshot for file in files)
        return Outcome(told["seq"], len(told["items"]), kills, dict(done), identical)


@contextmanager
def _site(world: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, world.app("portal"), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _environment(world: World) -> dict[str, str]:
    mine = {"PPID_DATA_DIR": str(world.settings.data_dir), "PPID_PORT": str(world.settings.port)}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **mine}


def _write(world: World, region: str, seconds: float, seed: str) -> subprocess.Popen[bytes]:
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.prove.feed_writer"],
        cwd=ROOT, env=_environment(world), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    orders = {"region": region, "token": world.token(f"kabid@{region}"), "seconds": seconds, "seed": seed}
    assert writer.stdin
    writer.stdin.write(json.dumps(orders).encode() + b"\n")
    writer.stdin.flush()
    return writer


def _begin(writers: list[subprocess.Popen[bytes]]) -> None:
    """Let all write at once, when the last one is ready."""
    for writer in writers:
        assert writer.stdout
        writer.stdout.readline()
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"go\n")
        writer.stdin.flush()


def _finish(writer: subprocess.Popen[bytes]) -> Counter[str]:
    out, _ = writer.communicate(timeout=CATCH_UP_SECONDS)
    if writer.returncode:
        raise RuntimeError(f"a writer ended with {writer.returncode}")
    return Counter(json.loads(out))


def _follower(address: str, region: str, file: Path, limit: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, str(HERE / "follower.py"), address, region, str(file), str(limit)]
    )


def _harass(address: str, region: str, file: Path, until: float, chance: random.Random) -> int:
    """Start the follower again and again, and kill it at a random moment; one that had caught up is let be."""
    kills = 0
    while time.monotonic() < until:
        running = _follower(address, region, file, chance.choice((1, 2, 3, 7)))
        try:
            running.wait(chance.uniform(0.1, 0.6))
        except subprocess.TimeoutExpired:
            running.kill()
            kills += 1
        if running.wait() not in {0, -9}:
            raise RuntimeError("the follower found a fault in the feed")
    return kills


def _begin_at_snapshot(address: str, region: str, file: Path) -> None:
    told = json.loads(follower.fetch(f"{address}/api/v1/lists/{region}/snapshot"))
    follower.store(file, {"cursor": told["seq"], "items": {item["code"]: item for item in told["items"]}})
