"""Works the next part out while the last is being written: the database and this process then both have something to do."""

import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

P = TypeVar("P")
R = TypeVar("R")

# Whoever writes gives way whenever it waits for the database, and must not wait the usual 5 ms for its turn back.
TURN_SECONDS = 0.0005
USUAL_SECONDS = sys.getswitchinterval()


@contextmanager
def _short_turns() -> Iterator[None]:
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(USUAL_SECONDS)


def one_ahead(make: Callable[[P], R], parts: Iterable[P]) -> Iterator[R]:
    """Yield what is made of each part, never holding more than two; `make` runs beside and touches its part alone."""
    coming: Future[R] | None = None
    with _short_turns(), ThreadPoolExecutor(1) as beside:
        for part in parts:
            made, coming = coming, beside.submit(make, part)
            if made is not None:
                yield made.result()
        if coming is not None:
            yield coming.result()
