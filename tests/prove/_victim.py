"""The processes that are killed: requests to the office and the real worker, each in a fork of this one, armed on order.

Reads an order as one line of JSON, forks for each of its tasks, waits, and answers with how each of them ended. A task is
armed with a barrier: the place at which it kills itself, its whole worker, or PostgreSQL, or calls for an outage. Not a
test by itself.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

from flask import Flask
from rq import Worker
from sqlalchemy.orm import configure_mappers

from ppid_saas import app as composition
from ppid_saas import worker
from ppid_saas.inspection import EXAMINERS
from ppid_saas.settings import Settings
from tenants import vault
from tenants.vault import store
from tests.fixtures.forms import token_of
from tests.prove._line import Line

PATIENCE_SECONDS = 30
CALL_SECONDS = 60
PAUSE = "Layanan sedang tidak tersedia"


def main() -> None:
    settings = Settings.from_env(os.environ)
    surfaces = {name: composition.create(name, settings) for name in ("office", "files")}
    with worker.worker_app().app_context():
        vault.prepare()
    EXAMINERS.warm_up()
    configure_mappers()
    real = Worker.work
    Worker.work = lambda self, **_: real(self, burst=True, logging_level="ERROR", with_scheduler=False)
    print("ready", flush=True)
    for line in sys.stdin:
        tasks = [_fork(surfaces, task) for task in json.loads(line)]
        print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in tasks]), flush=True)


def _fork(surfaces: dict[str, Flask], task: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        if "method" in task:
            _send(surfaces["files"], task)
        elif task["part"] == "web":
            _click(surfaces["office"], task)
        else:
            _arm(task)
            worker.run_worker()
    except BaseException:  # noqa: BLE001  # the last thing this process does
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _click(office: Flask, task: dict[str, Any]) -> None:
    """Send the form of a page; while the answer is 503, try again, as a person told to does. Notes each answer."""
    client = office.test_client()
    if task["token"]:
        name = office.session_interface.cookie_name_of(office)  # type: ignore[attr-defined]
        client.set_cookie(name, task["token"])
    form = {"csrf_token": token_of(client, task["page"])} | task["form"]
    _arm(task)
    answers, until = [], time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        answers.append(_answer(client.post(task["action"], data=form | _file(task))))
        look = _answer(client.get(task["page"])) if task.get("looks") else 200
        Path(task["report"]).write_text(json.dumps({"answers": answers, "look": look}), encoding="ascii")
        if answers[-1] != 503 or task["once"]:
            return
        time.sleep(0.1)


def _send(files: Flask, task: dict[str, Any]) -> None:
    """Send one request of tus, as the web server hands it on: a line that is cut ends early. Notes the answer."""
    client = files.test_client()
    _arm(task)
    path, start, end = task["body"] or ("/dev/null", 0, 0)
    with Line(path, start, end, Path(task.get("cut_by", "/never"))) as line:
        answer = client.open(
            task["action"], method=task["method"], headers=task["headers"],
            environ_overrides={
                "wsgi.input": line, "wsgi.input_terminated": True, "CONTENT_LENGTH": str(end - start)
            },
        )  # fmt: skip
        Path(task["report"]).write_text(
            json.dumps({"answers": [_answer(answer)], "look": 200}), encoding="ascii"
        )


def _file(task: dict[str, Any]) -> dict[str, Any]:
    if not task["file"]:
        return {}
    field, name, path = task["file"]
    return {field: (Path(path).open("rb"), name)}


def _answer(answer: Any) -> int:
    """Return an answer's status; minus the status when it is a fault and no page of ours says what to do."""
    fault = answer.status_code >= 500
    return -answer.status_code if fault and PAUSE not in answer.get_data(as_text=True) else answer.status_code


def _arm(task: dict[str, Any]) -> None:
    barrier = task["barrier"]
    store.ANSWER_SECONDS = task.get("store_seconds", store.ANSWER_SECONDS)
    if barrier is None:
        return
    kill = _once(Path(task["fuse"]), DEEDS[barrier["deed"]], task)
    if barrier["when"] == "from the beginning":
        kill()
        return
    reached = {"since": not barrier["since"], "times": 0}
    if barrier["since"]:
        _wrap(barrier["since"], lambda step: _marking(step, reached))
    _wrap(barrier["step"], lambda step: _deadly(step, barrier, kill, reached))


def _wrap(place: str, wrapper: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Replace a function where its callers look it up, as `tenants.vault.store:Store.upload`."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    setattr(owner, name, wrapper(getattr(owner, name)))


def _marking(step: Callable[..., Any], reached: dict[str, int]) -> Callable[..., Any]:
    def marking(*args: Any, **kwargs: Any) -> Any:
        reached["since"] = True
        return step(*args, **kwargs)

    return marking


def _deadly(
    step: Callable[..., Any], barrier: dict[str, Any], kill: Callable[[], None], reached: dict[str, int]
) -> Callable[..., Any]:
    def deadly(*args: Any, **kwargs: Any) -> Any:
        reached["times"] += bool(reached["since"])
        if not reached["since"] or reached["times"] != barrier["times"]:
            return step(*args, **kwargs)
        if barrier["when"] == "before":
            kill()
        elif barrier["when"] == "amid":
            Timer(barrier["delay"], kill).start()
        answer = step(*args, **kwargs)
        if barrier["when"] == "after":
            kill()
        return answer

    return deadly


def _once(fuse: Path, deed: Callable[[dict[str, Any]], None], task: dict[str, Any]) -> Callable[[], None]:
    """Let a deed happen once in all processes of a task, however many reach the barrier."""

    def kill() -> None:
        with contextlib.suppress(FileExistsError):
            fuse.touch(exist_ok=False)
            deed(task)

    return kill


def _kill_self(_: dict[str, Any]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_worker(_: dict[str, Any]) -> None:
    """End the worker and, in the same breath, the process of its job, which is this one."""
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_postgres(task: dict[str, Any]) -> None:
    """End the server first, so that it cannot notice how its children end."""
    server = int(task["postgres"])
    children = _children(server)
    for pid in (server, *children, *_children(server)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _call(task: dict[str, Any]) -> None:
    """Wait until the one outside has let the outage begin that she was asked for."""
    begun, until = Path(task["fuse"] + ".begun"), time.monotonic() + CALL_SECONDS
    while not begun.exists() and time.monotonic() < until:
        time.sleep(0.005)


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if (
                int(stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
                == parent
            ):
                found.append(int(stat.parent.name))
    return found


DEEDS: dict[str, Callable[[dict[str, Any]], None]] = {
    "web": _kill_self,
    "job": _kill_self,
    "worker": _kill_worker,
    "postgres": _kill_postgres,
    "call": _call,
}

if __name__ == "__main__":
    main()
