"""One person elsewhere who sends a file: a process of its own, which a fresh interpreter can import."""

from multiprocessing.synchronize import Barrier

from tests.fixtures.scans import scan
from tests.fixtures.tus import PATIENCE, Program

ASK_EVERY = 1.5  # seconds, as the page of an upload asks


def send_one(program: Program, size: int, seed: int, start: Barrier) -> None:
    """Send a file once all others are ready too, and look every second and a half whether it is kept."""
    data = scan(size, seed)
    start.wait(PATIENCE)
    program.send(data, every=ASK_EVERY)
