"""What a large file costs against the same bytes put into the same store by boto3 alone, in turns, over real HTTP.

Ours is everything a person waits for: announced, sent, sealed in pieces, read again, examined, hashed twice, sealed whole and kept.
Beside it: what ten files at once take of memory, and how much slower an office's list answers meanwhile.
"""

import io
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import boto3
import requests
from botocore.config import Config

from ppid_saas.embedded.process import remembered
from ppid_saas.settings import Settings
from tests.bench._sender import send_one
from tests.fixtures.scans import scan
from tests.fixtures.tus import PATIENCE, Program
from tests.journey.running import Running, brought_up

MIB = 1024 * 1024
SIZE, SMALLER = 100 * MIB, 40 * MIB
ROUNDS, STORMS, AT_ONCE, ASKED = 5, 7, 10, 100
BARS = {"ratio": 0.35, "mib_a_stream": 16 + 8, "office_slower": 1.5}
PLACE, WHO = "gudang/dinas-kearsipan", "simpan@contoh.test"


T = TypeVar("T")


def run(seconds: float | None = None, seed: int = 1) -> dict[str, Any]:
    """Bring up an installation and measure; `seconds` has no meaning here."""
    del seconds
    with brought_up() as running:
        running.call("tenant", "add-central", "gudang", "Kabupaten Gudang")
        running.call("tenant", "import", "gudang", "-", told="SKPD,Dinas Kearsipan\n")
        running.call("member", "add", PLACE, WHO, "Petugas", "unit_officer")
        program = Program(running, PLACE, WHO)
        return (
            _against_bare(running, program, seed)
            | _held(running, program, seed)
            | _office(running, program, seed)
            | {"bars": BARS}
        )


def _against_bare(running: Running, program: Program, seed: int) -> dict[str, Any]:
    ours, bare, data = [], [], scan(SIZE, seed)
    put = _bare(running.settings)
    put(data)
    program.send(scan(MIB, seed))
    for _ in range(ROUNDS):
        bare.append(_timed(lambda: put(data)))
        ours.append(_timed(lambda: program.send(data)))
    return {
        "bytes": len(data),
        "ratio": round(median(b / o for b, o in zip(bare, ours, strict=True)), 3),
        "ours_seconds": [round(t, 2) for t in ours],
        "bare_seconds": [round(t, 2) for t in bare],
    }


def _bare(settings: Settings) -> Callable[[bytes], None]:
    access = settings.s3
    client = boto3.client(
        "s3", endpoint_url=access.endpoint_url, aws_access_key_id=access.access_key,
        aws_secret_access_key=access.secret_key, region_name=access.region,
        config=Config(request_checksum_calculation="when_required"),
    )  # fmt: skip
    return lambda data: client.upload_fileobj(io.BytesIO(data), settings.bucket_exempt, "bare")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _held(running: Running, program: Program, seed: int) -> dict[str, Any]:
    """Look at the memory of the surface of files while ten come at once, twice: the second time nothing may have stayed.

    Nobody asks meanwhile: looking takes more of the machine than an office's answer.
    """
    files = _family(remembered(running.settings)["files"].pid)
    idle = _rss(files)
    most = [max(_while_sending(program, seed, lambda: _rss(files))) for _ in range(2)]
    return {"at_once": AT_ONCE, "mib_a_stream": round((max(most) - idle) / AT_ONCE / MIB, 1)}


def _office(running: Running, program: Program, seed: int) -> dict[str, Any]:
    """Ask an office for its list while ten files come at once, in turns with nobody sending."""
    slower, rounds = [], []
    for _ in range(STORMS):
        before = [_asked(running, program) for _ in range(ASKED)]
        meanwhile = list(_while_sending(program, seed, lambda: _asked(running, program)))
        after = [_asked(running, program) for _ in range(ASKED)]
        alone, storm = median(before + after), median(meanwhile)
        slower.append(storm / alone)
        rounds.append((round(alone * 1000, 1), round(storm * 1000, 1), len(meanwhile)))
    return {
        "office_ms_alone_meanwhile_asked": rounds,
        "office_slower_by_round": [round(one, 2) for one in slower],
        "office_slower": round(median(slower), 2),
    }


def _while_sending(program: Program, seed: int, look: Callable[[], T]) -> Iterator[T]:
    """Send ten files, each from a process of its own, and look until the last is kept."""
    processes = get_context("spawn")
    start = processes.Barrier(AT_ONCE + 1)
    senders = [
        processes.Process(target=send_one, args=(program, SMALLER, seed, start)) for _ in range(AT_ONCE)
    ]
    for sender in senders:
        sender.start()
    start.wait(PATIENCE)
    while any(sender.is_alive() for sender in senders):
        yield look()
    if any(sender.exitcode for sender in senders):
        raise RuntimeError("a file was not kept")


def _asked(running: Running, program: Program) -> float:
    address = running.at("office", f"/api/v1/{PLACE.replace('/', '/u/')}/documents")
    return _timed(lambda: requests.get(address, headers=program.headers, timeout=60).raise_for_status())


def _family(pid: int) -> list[int]:
    """Return a process with all that descend from it."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in told for one in _family(int(child)))]


def _rss(pids: list[int]) -> int:
    """Return what processes hold that no other shares with them, in bytes."""
    kib = 0
    for pid in pids:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        kib += sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return kib * 1024
