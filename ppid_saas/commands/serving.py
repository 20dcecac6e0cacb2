"""`web`, `worker`, `relay`, `migrate`: the single processes that `up`, a container or a service unit starts.

Each is one of many; none of them starts another part of the installation.
"""

import os
from typing import Final

import click

from ppid_saas.embedded.lifeline import die_with_parent
from ppid_saas.settings import SURFACES, Settings

WEB_WORKERS: Final = 2
BLOCKING_THREADS: Final = {"files": 16}


@click.command("web", help="Melayani satu permukaan web.")
@click.option("--surface", type=click.Choice(SURFACES), required=True, help="Permukaan yang dilayani.")
def web_command(surface: str) -> None:
    serve(Settings.from_env(os.environ), surface, f"ppid_saas.embedded.surfaces:{surface}")


def serve(settings: Settings, surface: str, target: str) -> None:
    """Serve a WSGI factory on a surface's address until told to stop."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        target,
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.bind,
        port=settings.surface_port(surface),
        workers=WEB_WORKERS,
        blocking_threads=BLOCKING_THREADS.get(surface, 1),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=8,
        websockets=False,
    ).serve()


@click.command("worker", help="Mengerjakan tugas antrean.")
def worker_command() -> None:
    from ppid_saas.worker import run_worker

    os.register_at_fork(after_in_child=die_with_parent)  # the process of a job ends with its worker
    run_worker()


@click.command("relay", help="Membunyikan lagi tugas yang tertinggal dan tenggat yang tiba.")
def relay_command() -> None:
    from ppid_saas.worker import run_relay

    run_relay()


@click.command("migrate", help="Membawa basis data ke skema terbaru.")
def migrate_command() -> None:
    from ppid_saas.embedded.database import prepare_database

    prepare_database(Settings.from_env(os.environ))
    click.echo("Skema basis data terbaru.")
