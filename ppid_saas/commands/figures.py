"""`prove` and `bench`: run a long proof or a measurement and keep its figures, with where they were taken.

A proof is a module tests/prove/<name>.py, a measurement tests/bench/<name>.py, each with `run(seconds, seed)`.
"""

import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ROOT

FIGURES: Final = ROOT / "docs" / "figures"


@click.command("prove", help="Menjalankan satu pembuktian dan menyimpan angkanya di docs/figures.")
@click.argument("name", metavar="NAMA")
@click.option("--seconds", type=float, help="Lama pembuktian.")
@click.option("--seed", type=int, default=1, show_default=True, help="Benih bilangan acak.")
def prove_command(name: str, seconds: float | None, seed: int) -> None:
    _run_and_keep("prove", name, seconds, seed)


@click.command("bench", help="Menjalankan satu pengukuran dan menyimpan angkanya di docs/figures.")
@click.argument("name", metavar="NAMA")
@click.option("--seconds", type=float, help="Lama pengukuran.")
@click.option("--seed", type=int, default=1, show_default=True, help="Benih bilangan acak.")
def bench_command(name: str, seconds: float | None, seed: int) -> None:
    _run_and_keep("bench", name, seconds, seed)


def _run_and_keep(kind: str, name: str, seconds: float | None, seed: int) -> None:
    record = run_figure(ROOT / "tests" / kind, kind, name, seconds, seed)
    path = keep_figure(FIGURES, name, record)
    click.echo(json.dumps(record["figures"], ensure_ascii=False, indent=2))
    click.echo(f"Tersimpan di {path}")


def run_figure(folder: Path, kind: str, name: str, seconds: float | None, seed: int) -> dict[str, Any]:
    """Run one module and return its figures with the circumstances."""
    path = folder / f"{name}.py"
    if not path.is_file():
        known = sorted(each.stem for each in folder.glob("*.py") if not each.stem.startswith("_"))
        raise Trouble(f"Tidak ada {kind} bernama {name}; yang ada: {', '.join(known) or 'belum ada'}")
    commit, began = _commit(), time.monotonic()
    figures = _module(path).run(seconds, seed)
    return {
        "name": name,
        "kind": kind,
        "seed": seed,
        "seconds": round(time.monotonic() - began, 1),
        "figures": figures,
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit,
        "machine": machine(),
    }


def keep_figure(folder: Path, name: str, record: Mapping[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def machine() -> dict[str, str | int]:
    """Return what a reader needs to compare figures."""
    return {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "python": platform.python_version(),
        "system": platform.system(),
    }


def _cpu_model() -> str:
    listed = Path("/proc/cpuinfo")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )


def _commit() -> str:
    """Return the commit, marked when the files differ from it, what figures themselves write aside; empty outside a repository."""
    at = _git("rev-parse", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ":(top,exclude)docs")
    return f"{at}-dirty" if changed else at


def _git(*asked: str) -> str:
    answer = subprocess.run(["git", *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _module(path: Path) -> Any:
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    spec = importlib.util.spec_from_file_location(f"ppid_figures_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise Trouble(f"{path} tidak dapat dimuat; periksa berkasnya")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
