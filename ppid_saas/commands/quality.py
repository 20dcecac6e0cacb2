"""`test` and `check`: what must hold before a change is kept. Nothing here is needed to run the service."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ROOT

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
TEMPLATES: Final = "frontend/templates"
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
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environ, check=False)
    raise SystemExit(done.returncode)


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
