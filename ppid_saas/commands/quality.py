"""`test` and `check`: what must hold before a change is kept. Nothing here is needed to run the service."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ROOT

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
TEMPLATES: Final = "frontend/templates"
MOST_SUITES: Final = 4  # at once; each has servers of its own, about 1 GB of memory
CHECKS: Final = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy",)),
    ("layers", ("lint-imports",)),
    ("templates", ("djlint", TEMPLATES, "--lint", "--quiet")),
)


def find_browser() -> str:
    """Return the Chromium the browser tests drive; raise Trouble saying what to install when there is none."""
    given = os.environ.get("PPID_CHROMIUM")
    found = given if given and Path(given).is_file() else None
    found = found or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise Trouble(
            "Peramban untuk pengujian tidak ada; pasang Chromium (Debian: apt install chromium) "
            "atau sebut letaknya dengan PPID_CHROMIUM=…"
        )
    return found


@click.command(
    "test",
    help="Menjalankan seluruh pengujian; sisanya diteruskan ke pytest.",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test_command(arguments: tuple[str, ...]) -> None:
    environ = {**os.environ, "PPID_CHROMIUM": find_browser()}
    command = [sys.executable, "-m", "pytest", *_side_by_side(arguments), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environ, check=False)
    raise SystemExit(done.returncode)


def _side_by_side(arguments: Sequence[str]) -> list[str]:
    """Spread the whole suite over processes with servers of their own; a part that is named runs in one."""
    if any(not each.startswith("-") for each in arguments):
        return []
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ["-n", str(min(cores + 1, MOST_SUITES)), "--dist", "loadscope", "--no-loadscope-reorder"]


@click.command("check", help="Memeriksa bentuk, tipe, lapisan dan templat.")
def check_command() -> None:
    programs = Path(sys.executable).parent
    failed = []
    for name, (program, *arguments) in CHECKS:
        if TEMPLATES in arguments and not any((ROOT / TEMPLATES).rglob("*.html")):
            continue
        click.echo(f"{name}: {program} {' '.join(arguments)}")
        sys.stdout.flush()
        if subprocess.run([programs / program, *arguments], cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        raise Trouble(f"Pemeriksaan gagal: {', '.join(failed)}; lihat keluaran di atas")
    click.echo("Semua pemeriksaan lulus.")
