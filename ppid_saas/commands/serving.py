"""`web`, `worker`, `relay`, `migrate`: the single processes that `up`, a container or a service unit starts.

Each is one of many; none of them starts another part of the installation.
"""

import importlib
import os
import shutil
from typing import Final

import click

from ppid_saas.embedded.lifeline import tie_forks
from ppid_saas.settings import SURFACES, Settings

# A file that goes out slowly holds its thread all the while; nobody else of the office shall wait for it.
BLOCKING_THREADS: Final = {"files": 16, "office": 8}
FIGURES: Final = (
    "PROMETHEUS_MULTIPROC_DIR"  # read by its library when it is imported, and again when it counts
)


@click.command("web", help="Melayani satu permukaan web.")
@click.option("--surface", type=click.Choice(SURFACES), required=True, help="Permukaan yang dilayani.")
@click.option("--check", is_flag=True, help="Hanya memeriksa apakah permukaan ini dapat dilayani.")
def web_command(surface: str, check: bool) -> None:  # noqa: FBT001  # click hands it over by keyword
    settings = Settings.from_env(os.environ)
    if not check:
        _keep_figures(settings, surface)
    from ppid_saas.embedded.surfaces import make, preload
    from ppid_saas.web import journal

    journal.start(surface)
    if check:
        make(surface)
        return
    preload(surface)
    serve(settings, surface, f"ppid_saas.embedded.surfaces:{surface}")


def serve(settings: Settings, surface: str, target: str) -> None:
    """Serve a WSGI factory on a surface's address until told to stop."""
    from ppid_saas.embedded.webserver import WebServer
    from ppid_saas.web import journal

    WebServer(
        target,
        settings.bind,
        settings.surface_port(surface),
        threads=BLOCKING_THREADS.get(surface, 1),
        workers=settings.web_processes,
        stop=settings.stop_seconds,
        journal=journal.configuration(surface),
    ).serve()


def read_code(settings: Settings) -> None:
    """Read what all processes run, before the first of them is forked from this one."""
    os.environ.setdefault(FIGURES, str(settings.run_dir))  # each surface says its own folder
    from ppid_saas.embedded import webserver  # noqa: F401
    from ppid_saas.embedded.surfaces import preload

    importlib.import_module("ppid_saas.worker")
    importlib.import_module("ppid_saas.relay")
    preload(*SURFACES)


def _keep_figures(settings: Settings, surface: str) -> None:
    """Have the processes of a surface count in files they share; said before the library that reads it is imported."""
    folder = settings.run_dir / f"figures-{surface}"
    if "WEB_HANDOVER" not in os.environ:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[FIGURES] = str(folder)


@click.command("worker", help="Mengerjakan tugas antrean.")
def worker_command() -> None:
    from ppid_saas.web import journal
    from ppid_saas.worker import run_worker

    journal.start("worker")
    tie_forks()  # the process of a job ends with its worker
    run_worker()


@click.command("relay", help="Membunyikan lagi tugas yang tertinggal dan tenggat yang tiba.")
def relay_command() -> None:
    from ppid_saas.relay import run_relay
    from ppid_saas.web import journal

    journal.start("relay")
    run_relay()


@click.command("migrate", help="Membawa basis data ke skema terbaru.")
def migrate_command() -> None:
    from ppid_saas.embedded.database import prepare_database

    prepare_database(Settings.from_env(os.environ))
    click.echo("Skema basis data terbaru.")
