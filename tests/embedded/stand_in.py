"""The command line over trivial surfaces and idle workers, to try the supervisor on its own.

Servers, web server, signals and commands are the real ones; `tests/test_entry_up.py` tries the whole. Run as a program.
"""

import os
import signal
import sys
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import ppid_saas  # noqa: E402
from ppid_saas import cli  # noqa: E402
from ppid_saas.commands import running  # noqa: E402
from ppid_saas.embedded import supervisor  # noqa: E402
from ppid_saas.settings import SURFACES, Settings  # noqa: E402


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['PATH_INFO']} {os.getpid()}".encode()]


def create() -> Callable[..., Iterable[bytes]]:
    """Make a surface; one that is told to never comes to its end."""
    if os.environ.get("STAND_IN_NEVER_READY"):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pause()
    return answer


def idle() -> None:
    signal.pause()


def module(package: types.ModuleType, name: str, **members: Any) -> None:
    made = types.ModuleType(f"{package.__name__}.{name}")
    vars(made).update(members)
    sys.modules[made.__name__] = made
    setattr(package, name, made)


module(
    ppid_saas,
    "app",
    preload=lambda _: None,
    **{f"create_{surface}": create for surface in SURFACES},
)
module(ppid_saas, "worker", run_worker=idle)
module(ppid_saas, "relay", run_relay=idle)


def up(**_: bool) -> None:
    settings = Settings.from_env(os.environ)
    plan = running.make_plan(settings, [sys.executable, __file__], {})
    supervisor.up(settings, plan, lambda line: print(line, flush=True))


if __name__ == "__main__":
    if sys.argv[1] == "up":
        running.up_command.callback = up
    cli.main()
