"""How a surface is watched: alive, ready, counted, and one journal line a request. Knows no slice and tells no content.

Endpoints are named by their rule, never by the path: a path holds ids, and a query what somebody looked for.
"""

import hmac
import ipaddress
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLongError
from functools import cache, lru_cache, partial
from typing import Any, Final

from flask import Flask, Request, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, text

from ppid_saas.settings import Network, Settings
from ppid_saas.web import journal
from ppid_saas.web.marks import public
from tenants import context, jobs, vault
from tenants.db import db

log = logging.getLogger("ppid.request")
METRICS_DIR: Final = "PROMETHEUS_MULTIPROC_DIR"  # the library's own name; read when it is imported
REQUEST_ID: Final = "X-Request-ID"
GOOD_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
PATIENCE_SECONDS: Final = 2.0
BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
# What a surface cannot do without. Valkey is a bell: without it work waits, and text work goes on without the store.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "portal": ("database",),
    "office": ("database",),
    "files": ("database", "store"),
    "console": ("database",),
}
USED: Final[Mapping[str, tuple[str, ...]]] = {
    "portal": ("database", "store"),
    "office": ("database", "queue", "store"),
    "files": ("database", "store"),
    "console": ("database", "queue"),
}
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
PROBING: Final = frozenset(
    {"health", "ready", "metrics"}
)  # asked every few seconds; counted, not written down
Gauges = Callable[[], Iterable[tuple[str, str, Mapping[str, float]]]]

_registry = CollectorRegistry()
_requests = Counter(
    "ppid_requests", "Requests answered", ["surface", "endpoint", "method", "status"], registry=_registry
)
_seconds = Histogram(
    "ppid_request_seconds", "Time to answer", ["surface", "endpoint"], registry=_registry, buckets=BUCKETS
)


def init_observing(app: Flask, settings: Settings, surface: str) -> None:
    """Watch every request of a surface; call it before any other hook is registered, so that it sees all of them."""
    if settings.proxies:
        app.wsgi_app = partial(_behind_proxies, app.wsgi_app, settings.proxies)  # type: ignore[method-assign]
    app.extensions["ppid"]["gauges"] = []
    app.before_request(_begin)
    app.after_request(partial(_end, surface))
    app.add_url_rule("/healthz", "health", public(_health))
    app.add_url_rule("/readyz", "ready", public(_ready))
    app.add_url_rule("/metrics", "metrics", public(_metrics))


def add_gauges(extensions: dict[str, Any], gauges: Gauges) -> None:
    """Have the surface with these extensions tell figures that are asked for only when somebody collects."""
    extensions["ppid"]["gauges"].append(gauges)


# --- each request ---


def _begin() -> None:
    environ = request.environ
    given = environ.get("HTTP_X_REQUEST_ID", "") if "ppid.proxied" in environ else ""
    journal.request_id.set(given if GOOD_ID.fullmatch(given) else secrets.token_hex(8))
    environ["ppid.began"] = time.perf_counter()


def _end(surface: str, response: Response) -> Response:
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # once instead of ten times
    began = asked.environ.get("ppid.began")
    if began is None:
        return response
    took = time.perf_counter() - began
    endpoint = asked.url_rule.rule if asked.url_rule is not None else "-"
    method = asked.method if asked.method in METHODS else "-"
    count, observe = _measures(surface, endpoint, method, response.status_code)
    count()
    observe(took)
    response.headers.add(REQUEST_ID, journal.request_id.get())
    if log.isEnabledFor(logging.INFO) and asked.endpoint not in PROBING:
        said = {
            "endpoint": endpoint,
            "method": method,
            "status": response.status_code,
            "ms": round(took * 1000, 2),
        }
        log.info("request", extra={"tenant": _tenant(), **said})
    return response


def _tenant() -> str | None:
    try:
        found = context.current_binding().tenant_id
    except context.UnboundTransactionError:
        return None
    return str(found) if found else None


@cache
def _measures(
    surface: str, endpoint: str, method: str, status: int
) -> tuple[Callable[[], None], Callable[[float], None]]:
    counter = _requests.labels(surface, endpoint, method, str(status))
    return counter.inc, _seconds.labels(surface, endpoint).observe


# --- behind a proxy ---


def _behind_proxies(
    inner: Callable[..., Any], proxies: tuple[Network, ...], environ: dict[str, Any], start_response: Any
) -> Any:
    """Believe a trusted proxy who asks and by which scheme; of a chain, the last address that is not itself one."""
    if _is_proxy(environ.get("REMOTE_ADDR", ""), proxies):
        environ["ppid.proxied"] = True
        hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
        client = next((hop for hop in reversed(hops) if not _is_proxy(hop, proxies)), None)
        environ["REMOTE_ADDR"] = client or environ["REMOTE_ADDR"]
        if environ.get("HTTP_X_FORWARDED_PROTO") in {"http", "https"}:
            environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
    return inner(environ, start_response)


@lru_cache(1024)
def _is_proxy(address: str, proxies: tuple[Network, ...]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in proxies)


# --- alive and ready ---


def _health() -> Response:
    """The process lives. It asks nobody: a lost database must not have every process killed."""
    return jsonify(status="ok")


def _ready() -> tuple[Response, int]:
    """The surface can do its work: 503 when a part it cannot do without is away, and which parts those are."""
    surface: str = current_app.extensions["ppid"]["surface"]
    found = _probe({part: PROBES[part]() for part in USED[surface]})
    away = [part for part, answers in found.items() if not answers]
    down = bool(set(away) & set(NEEDED[surface]))
    said = {"status": "away" if down else "degraded" if away else "ok", "away": away}
    return jsonify(said), 503 if down else 200


def _probe(probes: Mapping[str, Callable[[], None]]) -> dict[str, bool]:
    """Ask all parts at once; one that does not answer in time is away, and no request hangs on it."""
    asked = {part: _askers(os.getpid()).submit(probe) for part, probe in probes.items()}
    deadline = time.monotonic() + PATIENCE_SECONDS
    return {part: _in_time(answer, deadline) for part, answer in asked.items()}


def _in_time(answer: "Future[None]", deadline: float) -> bool:
    try:
        answer.result(max(0.0, deadline - time.monotonic()))
    except TooLongError:
        answer.cancel()
        return False
    except Exception as error:  # noqa: BLE001  # whatever a part's driver raises, it is away
        log.warning("a part is away", extra={"error": type(error).__name__})
        return False
    return True


@cache
def _askers(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(6, "ready")


def _ask_database(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("select 1"))


PROBES: Final[Mapping[str, Callable[[], Callable[[], None]]]] = {
    "database": lambda: partial(_ask_database, db.engine),
    "queue": lambda: jobs.ping,
    "store": vault.pinger,
}


# --- figures ---


def _metrics() -> Response:
    """Prometheus' text, for whoever shows the token, or for a program of this machine that came through no proxy."""
    if not _may_collect(current_app.extensions["ppid"]["settings"].metrics_token):
        abort(404)
    whole = CollectorRegistry()
    if os.environ.get(METRICS_DIR):
        MultiProcessCollector(whole)  # type: ignore[no-untyped-call]
    else:
        whole.register(_registry)
    for gauges in current_app.extensions["ppid"]["gauges"]:
        whole.register(_Gauges(gauges))
    return Response(generate_latest(whole), content_type=CONTENT_TYPE_LATEST)


def _may_collect(token: str | None) -> bool:
    if token:
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(shown.encode(), token.encode())
    if "X-Forwarded-For" in request.headers:
        return False
    return request.remote_addr in {"127.0.0.1", "::1", None}


class _Gauges(Collector):
    """Figures asked for now, each (name, label, value by the label's value); a label of none has one value."""

    def __init__(self, gauges: Gauges) -> None:
        self.gauges = gauges

    def collect(self) -> Iterable[GaugeMetricFamily]:
        for name, label, values in self.gauges():
            family = GaugeMetricFamily(name, name, labels=[label] if label else [])
            for key, value in values.items():
                family.add_metric([key] if label else [], value)
            yield family
