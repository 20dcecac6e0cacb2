"""One surface's API against its own description: schemathesis asks everything, over HTTP, with every check it has.

Why a check is left out for an operation stands beside it. What is asked and how long is told from outside.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from werkzeug.serving import make_server

ITEM = "/api/v1/{region}/u/{unit}/items/{ref}"
LONGEST = 1_000
# What no description can say, so that a refusal of what looks valid is right.
UNSAYABLE = {
    "GET /api/v1/lists/{wilayah}/changes": "a cursor must not lie beyond the last change",
    "POST /api/v1/{region}/u/{unit}/imports": "whether bytes are a list is seen only in them",
    "POST /api/v1/{region}/pusat/collections": "it must not close before it opens, nor in the past",
    "POST /api/v1/{region}/pusat/determinations": "it must not be dated in the future, and what it covers must be accepted",
    "PUT /api/v1/{region}/u/{unit}/documents/{document_id}/retention": "years count from a first day: all three or none",
    "PUT /api/v1/{region}/pusat/documents/{document_id}/retention": "years count from a first day: all three or none",
    f"PUT {ITEM}": "the version stands in If-Match or in the body, one of them must",
}


@dataclass(frozen=True)
class Side:
    """An API as one caller sees it: the app, the caller's headers, the values addresses are made of."""

    name: str
    app: Flask
    headers: Mapping[str, str]
    parameters: Mapping[str, str]
    paths: str


@dataclass
class Findings:
    """How often each operation was asked, and what was wrong."""

    asked: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)


def examine(side: Side, *, seed: int, examples: int, seconds: int | None = None) -> Findings:
    """Ask every operation until the examples, or the seconds, are used up."""
    found = Findings()
    with _served(side.app) as address:
        config = SchemathesisConfig.from_dict(_config(side, seed, examples, seconds))
        schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", config=config)
        for event in from_schema(schema.include(path_regex=side.paths)).execute():
            if isinstance(event, events.ScenarioFinished):
                _note(found, event.recorder)
            elif isinstance(event, events.NonFatalError):
                found.faults[f"{event.label}: {event.info}"] = ""
            elif isinstance(event, events.FatalError):
                raise event.exception
    return found


def operations(app: Flask, paths: str) -> set[str]:
    """Return the operations a description has, by method and path."""
    described = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    return {
        f"{method.upper()} {path}"
        for path, methods in described.items()
        for method in methods
        if method in {"get", "put", "post", "patch", "delete", "head"} and re.search(paths, path)
    }


def _config(side: Side, seed: int, examples: int, seconds: int | None) -> dict[str, Any]:
    kept = {"checks": {"positive_data_acceptance": {"enabled": False}}}
    return {
        "seed": seed,
        **({"max-time": seconds} if seconds else {}),
        "workers": 1,
        "continue-on-failure": True,
        "headers": dict(side.headers),
        "parameters": dict(side.parameters),
        "generation": {"max-examples": examples, "database": "none", "no-shrink": True},
        "operations": [{"include-name": name, **kept} for name in UNSAYABLE],
    }


def _note(found: Findings, recorder: Any) -> None:
    for case_id, node in recorder.cases.items():
        found.asked[f"{node.value.operation.method.upper()} {node.value.operation.path}"] += 1
        for check in recorder.checks.get(case_id, ()):
            if check.failure_info:
                failure = check.failure_info.failure
                asked = recorder.interactions.get(case_id)
                shown = _shown(asked) if asked else ""
                found.faults.setdefault(f"{failure.operation}: {failure.title}: {failure.message}", shown)


def _shown(asked: Any) -> str:
    """Return what was sent and what came back, as far as it helps."""
    sent = asked.request.body.decode(errors="replace")[:LONGEST] if asked.request.body else ""
    came = asked.response.content.decode(errors="replace")[:LONGEST] if asked.response else ""
    return f"{asked.request.method} {asked.request.uri[:LONGEST]} {sent} -> {came}"


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
