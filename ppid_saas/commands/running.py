"""`up`, `down`, `status`, `logs`: one installation on one machine, from its data folder.

What the servers are is in `ppid_saas.embedded`; this names the processes over them and speaks to people.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from ppid_saas.commands.serving import read_code
from ppid_saas.demo import marker
from ppid_saas.embedded.folders import ROOM_NEEDED, Lock
from ppid_saas.embedded.lifeline import Identity, alive
from ppid_saas.embedded.lines import in_words
from ppid_saas.embedded.memory import held_by, own_share
from ppid_saas.embedded.process import Part, log_file, remembered
from ppid_saas.embedded.supervisor import Plan, progress
from ppid_saas.embedded.supervisor import up as supervise
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ROOT, SURFACES, Settings

TITLES: Final = {
    "portal": "Portal publik",
    "office": "Kantor",
    "files": "Berkas",
    "console": "Konsol operator",
}
STEPS: Final = ((("assets",), "Menyiapkan tampilan"), (("migrate",), "Memperbarui skema basis data"))
FIRST_START: Final = "Menyiapkan data untuk pertama kali"
PROCESSES: Final = (("worker", "Pekerja"), ("relay", "Penerus"))
LOG_LINES: Final = 50
EMPTY: Final = """Belum ada PPID Utama. Di terminal lain, buat yang pertama:
  ./ppid tenant add-central serang "Kabupaten Serang"
  ./ppid tenant import serang -    (tempel daftar unit, sebaris satu: SKPD,Dinas Kesehatan; akhiri dengan Ctrl-D)
  ./ppid member add serang/pusat SUREL "NAMA JABATAN" central_officer    (mencetak tautan undangan)"""


def make_plan(
    settings: Settings, command: Sequence[str], environ: dict[str, str], first: Sequence[str] = ()
) -> Plan:
    """Return what `up` runs over the servers; `command` is how this program is called, `first` what a first start adds."""
    call = partial(_part, command, environ)
    return Plan(
        steps=[
            call(words, title=title, ready_seconds=3600)
            for words, title in (*STEPS, *([(first, FIRST_START)] if first else []))
        ],
        processes=[
            *(
                call(
                    ("web", "--surface", surface),
                    name=surface,
                    title=TITLES[surface],
                    ready=partial(is_healthy, settings, surface),
                )
                for surface in SURFACES
            ),
            *(call((name,), title=title) for name, title in PROCESSES),
        ],
        prepare=partial(read_code, settings),
        ports=[settings.surface_port(surface) for surface in SURFACES],
        welcome=lambda: _welcome(settings, [*command, "demo"], environ),
        room_needed=ROOM_NEEDED,
    )


def _part(
    command: Sequence[str], environ: Mapping[str, str], words: Sequence[str], *, name: str = "", **rest: Any
) -> Part:
    """Return a part that runs one of our own commands."""
    argv = [*command, *words]
    return Part(name=name or words[0], argv=argv, work=partial(_call, argv, words), environ=environ, **rest)


def _call(argv: Sequence[str], words: Sequence[str]) -> None:
    """Be the command line called with these words, in a process that has read its code already."""
    from ppid_saas.cli import main

    sys.argv, sys.orig_argv = [sys.argv[0], *words], [*argv]
    main()


def is_healthy(settings: Settings, surface: str) -> bool:
    """Tell whether a surface answers 200 on /healthz."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.bind, settings.bind)  # noqa: S104  # compared, not bound
    connection = http.client.HTTPConnection(host, settings.surface_port(surface), timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{settings.surface_port(surface)}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(settings: Settings, demo: Sequence[str], environ: Mapping[str, str]) -> str:
    width = max(map(len, TITLES.values()))
    addresses = (f"  {TITLES[surface]:<{width}}  {settings.origins[surface]}" for surface in SURFACES)
    guide = _guide(settings, demo, environ)
    return "\n".join(("Siap.", *addresses, *guide, "Ctrl-C menghentikan semuanya."))


def _guide(settings: Settings, demo: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Return how to go on: through the demo, with its passwords once, or to the first PPID Utama."""
    if not settings.is_demo:
        return [] if marker.is_known(settings) else [EMPTY]
    told = [f"Coba ini: {settings.origins['office']}/coba"]
    if not marker.noted(settings, "told"):
        first = subprocess.run(
            [*demo, "passwords", "--first"],
            env={**os.environ, **environ}, stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        told.insert(0, first.stdout.rstrip() or "Kata sandi: ./ppid demo passwords")
    return told


def first_step(settings: Settings, *, empty: bool) -> tuple[str, ...]:
    """Return the command that looks at a new database, and brings the demo into it where that is wanted and safe."""
    if marker.is_known(settings):
        return ()
    wanted = not empty and settings.embeds_database and marker.is_local(settings)
    return ("demo", "load", *(() if wanted else ("--empty",)))


@click.command("up", help="Menyiapkan dan menjalankan semuanya sampai Ctrl-C.")
@click.option("--empty", is_flag=True, help="Mulai tanpa data contoh.")
def up_command(empty: bool) -> None:  # noqa: FBT001  # click hands it over by keyword
    settings = Settings.from_env(os.environ)
    if settings.is_demo and not marker.is_local(settings):
        raise Trouble(marker.NOT_LOCAL)
    environ = {"PPID_DATA_DIR": str(settings.data_dir), "PYTHONPATH": str(ROOT)}
    command, first = [sys.executable, "-m", "ppid_saas.cli"], first_step(settings, empty=empty)
    supervise(settings, make_plan(settings, command, environ, first), _say)


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


@click.command("down", help="Menghentikan `up` yang berjalan di folder data ini.")
def down_command() -> None:
    settings = Settings.from_env(os.environ)
    holder = Lock(settings).holder()
    if holder is None:
        click.echo(f"Tidak ada yang berjalan di {settings.data_dir}.")
        return
    os.kill(holder.pid, signal.SIGTERM)
    _await_end(holder)
    click.echo("Semua proses sudah berhenti.")


def _await_end(holder: Identity, seconds: float = 90) -> None:
    waiting = progress("Menghentikan", time.sleep)
    deadline = time.monotonic() + seconds
    while alive(holder):
        if time.monotonic() > deadline:
            raise Trouble(
                f"Proses {holder.pid} belum berhenti setelah {seconds:.0f} detik; lihat ./ppid logs"
            )
        waiting(0.05)


@click.command("status", help="Menampilkan keadaan setiap bagian; kode keluar 3 bila tidak berjalan.")
def status_command() -> None:
    settings = Settings.from_env(os.environ)
    holder = Lock(settings).holder()
    if holder is None:
        click.echo(f"Tidak berjalan di {settings.data_dir}.")
        raise SystemExit(3)
    parts = remembered(settings)
    memory = {holder.pid: own_share(holder.pid)} | held_by(part.pid for part in parts.values())
    click.echo(f"{'up':<12} {_running(holder, memory)}  {settings.data_dir}")
    for name, identity in parts.items():
        click.echo(f"{name:<12} {_state(settings, name, identity, memory)}")
    click.echo(f"{'jumlah':<12} memori {sum(memory.values()) / 1e6:.0f} MB")


def _state(settings: Settings, name: str, identity: Identity, memory: Mapping[int, int]) -> str:
    if not alive(identity):
        return "mati"
    if name not in SURFACES:
        return _running(identity, memory)
    health = "sehat" if is_healthy(settings, name) else "belum menjawab"
    return f"{_running(identity, memory)}  {settings.origins[name]}  {health}"


def _running(identity: Identity, memory: Mapping[int, int]) -> str:
    return f"berjalan  pid {identity.pid:<7}  {memory.get(identity.pid, 0) / 1e6:4.0f} MB"


@click.command("logs", help="Menampilkan catatan (log) satu bagian atau semuanya.")
@click.argument("name", required=False, metavar="[BAGIAN]")
@click.option("-f", "--follow", is_flag=True, help="Terus tampilkan baris baru.")
def logs_command(name: str | None, follow: bool) -> None:  # noqa: FBT001  # click hands it over by keyword
    settings = Settings.from_env(os.environ)
    known = sorted(path.stem for path in settings.log_dir.glob("*.log"))
    if name is not None and name not in known:
        raise Trouble(f"Tidak ada catatan bernama {name}; yang ada: {', '.join(known) or 'belum ada'}")
    paths = [log_file(settings, each) for each in ([name] if name else known)]
    places = {path: _show_end(path, labelled=name is None) for path in paths}
    while follow:
        time.sleep(0.5)
        places = {path: _show_new(path, place, labelled=name is None) for path, place in places.items()}


def _show_end(path: Path, *, labelled: bool) -> int:
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in deque(file, LOG_LINES):
            _show(path, line, labelled=labelled)
        return file.tell()


def _show_new(path: Path, place: int, *, labelled: bool) -> int:
    """Show what was added after `place`; a log that was turned over is read from its beginning."""
    if not path.exists():
        return 0
    with path.open(encoding="utf-8", errors="replace") as file:
        file.seek(place if path.stat().st_size >= place else 0)
        for line in file:
            _show(path, line, labelled=labelled)
        return file.tell()


def _show(path: Path, line: str, *, labelled: bool) -> None:
    click.echo(f"{path.stem}: {in_words(line)}" if labelled else in_words(line))
