"""The bell: an RQ job that carries ids and nothing else. PostgreSQL is the truth; a lost or doubled bell is harmless."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer

QUEUE = "ppid"
RUN_EFFECT = "ppid_saas.worker.run_effect"
RUN_OBLIGATION = "ppid_saas.worker.run_obligation"
RUN_SWEEP = "ppid_saas.worker.run_sweep"
RUN_STOCKTAKE = "ppid_saas.worker.run_stocktake"
RUN_UPKEEP = "ppid_saas.worker.run_upkeep"
JOB_SECONDS = 600

_queue: Queue | None = None


def connect(redis_url: str) -> None:
    """Connect the process to Valkey; called once by a composition root."""
    global _queue  # noqa: PLW0603
    _queue = Queue(QUEUE, connection=Redis.from_url(redis_url), serializer=JSONSerializer)


def queue() -> Queue:
    """Return the one queue of this process (a worker on several would pop without atomicity)."""
    if _queue is None:
        raise RuntimeError("tenants.jobs.connect was not called")
    return _queue


def ring(function: str, calls: Iterable[tuple[UUID | str, ...]], *, first: bool = False) -> None:
    """Offer work by its ids, before all other when it comes `first`. When Valkey is away the relay rings again."""
    for ids in calls:
        try:
            queue().enqueue(
                function, *(str(part) for part in ids), job_timeout=JOB_SECONDS, result_ttl=0, failure_ttl=60,
                at_front=first,
            )  # fmt: skip
        except RedisError:
            return


def hush() -> None:
    """Take back every bell: for whoever did all the work already. What was not done is rung for again by the relay."""
    queue().empty()  # type: ignore[no-untyped-call]


def ping() -> None:
    """Return when Valkey answers, raise when it does not."""
    queue().connection.ping()


def describe() -> dict[str, Any]:
    """Return the queue's length for status pages."""
    return {"waiting": queue().count, "workers": Worker.count(queue=queue())}
