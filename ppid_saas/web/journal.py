"""What processes write about themselves: one JSON line a record, with tenant and request, never what the work is about.

Only the fields named here come out. Of an exception come its class and the places it passed, for its text may quote
content. Not the audit trail: that is `events`.
"""

import json
import logging
import logging.config
import time
from contextvars import ContextVar
from functools import lru_cache
from types import TracebackType
from typing import Any, Final

FIELDS: Final = (
    "surface", "request", "tenant", "endpoint", "method", "status", "ms", "event", "handler", "error", "places",
)  # fmt: skip
LONGEST: Final = 300
DEPTH: Final = 6

request_id: ContextVar[str] = ContextVar("ppid_request_id", default="")


_json = json.JSONEncoder(ensure_ascii=False, default=str).encode  # made once: half the cost of a line


class Lines(logging.Formatter):
    """Writes a record's allowed fields, and no others, whatever a library adds."""

    def __init__(self, surface: str) -> None:
        super().__init__()
        self.surface = surface

    def format(self, record: logging.LogRecord) -> str:
        # A library may append a whole traceback to its message: the first line says what happened.
        message = record.getMessage().partition("\n")[0][:LONGEST]
        line: dict[str, Any] = {
            "time": f"{_second(int(record.created))}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            "surface": self.surface,
        }
        if request := request_id.get():
            line["request"] = request
        given = record.__dict__
        for name in FIELDS:
            if given.get(name) is not None:
                line[name] = given[name]
        if record.exc_info and record.exc_info[1]:
            line |= trouble(record.exc_info[1])
        return _json(line)


@lru_cache(2)
def _second(instant: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(instant))


def trouble(error: BaseException) -> dict[str, str]:
    """Return what may be told of an exception: its class, and the last places it passed."""
    return {"error": type(error).__name__, "places": places(error.__traceback__)}


def places(trace: TracebackType | None) -> str:
    found = []
    while trace is not None:
        found.append(f"{'/'.join(trace.tb_frame.f_code.co_filename.split('/')[-2:])}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(found[-DEPTH:])


def configuration(surface: str) -> dict[str, Any]:
    """Return logging's configuration for a process of `surface`; the web server takes it over for its own lines."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines, "surface": surface}},
        "handlers": {
            "out": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "lines"}
        },
        "root": {"handlers": ["out"], "level": "WARNING"},
        "loggers": {
            "ppid": {"level": "INFO"},
            "_granian": {"level": "INFO", "propagate": True},
            "granian.access": {"level": "WARNING", "propagate": True},
        },
    }


def start(surface: str) -> None:
    """Have this process write its journal to the standard output."""
    logging.config.dictConfig(configuration(surface))
    logging.captureWarnings(capture=True)
