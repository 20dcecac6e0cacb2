"""Works the next part out while the last is being written: the database and this process then both have something to do."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

P = TypeVar("P")
R = TypeVar("R")


def one_ahead(make: Callable[[P], R], parts: Iterable[P]) -> Iterator[R]:
    """Yield what is made of each part, never holding more than two; `make` runs beside and touches its part alone."""
    coming: Future[R] | None = None
    with ThreadPoolExecutor(1) as beside:
        for part in parts:
            made, coming = coming, beside.submit(make, part)
            if made is not None:
                yield made.result()
        if coming is not None:
            yield coming.result()
