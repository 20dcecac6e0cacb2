"""Good files changed at random, by a seed: bytes turned, cut, doubled, moved, zeroed, or put in from another file."""

import random
from collections.abc import Callable, Iterator
from itertools import cycle

from tests.inspection.good_files import good_files

Draw = random.Random


def mutations(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """So many files with their names, each good one in turn; none is what it was."""
    draw = random.Random(seed)
    originals = sorted(good_files().items())
    for n, (name, data) in zip(range(count), cycle(originals), strict=False):
        other = originals[draw.randrange(len(originals))][1]
        changed = data
        while changed == data:
            changed = WAYS[n // len(originals) % len(WAYS)](draw, data, other)
        yield f"{n}-{name}", changed


def span(draw: Draw, data: bytes) -> tuple[int, int]:
    start = draw.randrange(len(data))
    return start, min(len(data), start + draw.choice((1, 2, 8, 40, 300, 4000)))


def turned(draw: Draw, data: bytes, _: bytes) -> bytes:
    changed = bytearray(data)
    for _n in range(draw.choice((1, 1, 1, 2, 5, 30))):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def one_bit(draw: Draw, data: bytes, _: bytes) -> bytes:
    changed = bytearray(data)
    changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def at_an_edge(draw: Draw, data: bytes, _: bytes) -> bytes:
    """A change in the first or last bytes, where formats keep what matters."""
    changed, width = bytearray(data), min(len(data), 600)
    at = draw.randrange(width)
    changed[at if draw.random() < 0.5 else len(data) - 1 - at] = draw.choice(
        (0, 255, 0x30, 0x7F, draw.randrange(256))
    )
    return bytes(changed)


def removed(draw: Draw, data: bytes, _: bytes) -> bytes:
    start, end = span(draw, data)
    return data[:start] + data[end:] or b"\0"


def doubled(draw: Draw, data: bytes, _: bytes) -> bytes:
    start, end = span(draw, data)
    return data[:end] + data[start:end] + data[end:]


def zeroed(draw: Draw, data: bytes, _: bytes) -> bytes:
    start, end = span(draw, data)
    return data[:start] + bytes(end - start) + data[end:] if any(data[start:end]) else data[:-1] or b"\0"


def moved(draw: Draw, data: bytes, _: bytes) -> bytes:
    start, end = span(draw, data)
    rest = data[:start] + data[end:]
    at = draw.randrange(len(rest) + 1)
    return rest[:at] + data[start:end] + rest[at:] if len(data) > 1 else data + data


def put_in(draw: Draw, data: bytes, other: bytes) -> bytes:
    start, end = span(draw, other)
    at = draw.randrange(len(data) + 1)
    return data[:at] + other[start:end] + data[at:]


def cut(draw: Draw, data: bytes, _: bytes) -> bytes:
    return data[: draw.randrange(1, len(data))] if len(data) > 1 else b"\0"


def numbered(draw: Draw, data: bytes, _: bytes) -> bytes:
    """A digit or a length changed, as those who look for weak readers do."""
    changed = bytearray(data)
    digits = [at for at in range(max(0, len(data) - 3000), len(data)) if 0x30 <= data[at] <= 0x39]
    at = draw.choice(digits) if digits else draw.randrange(len(data))
    changed[at] = draw.choice(b"0123456789")
    return bytes(changed)


WAYS: tuple[Callable[[Draw, bytes, bytes], bytes], ...] = (
    turned, one_bit, at_an_edge, removed, doubled, zeroed, moved, put_in, cut, numbered,
)  # fmt: skip
