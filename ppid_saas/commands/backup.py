"""`backup` and `restore`: what a person says and hears. The work is done in `ppid_saas.embedded`."""

import dataclasses
import os
import sys
import time
from pathlib import Path
from typing import Final

import click

from ppid_saas.embedded.backups import Session, Source, session
from ppid_saas.embedded.process import Wait
from ppid_saas.embedded.restoring import restore
from ppid_saas.embedded.signals import Signals, Stopped, listening
from ppid_saas.embedded.supervisor import progress
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings

PAUSE: Final = 2.0  # between two looks for something new
AGAIN: Final = 5.0  # before a new base copy is begun, when the database had gone away
RENEW_AFTER: Final = 64  # files of log: then a new base copy makes the old log superfluous
FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.command("backup", help="Mencadangkan instalasi yang sedang berjalan ke sebuah folder.")
@click.argument("folder", type=FOLDER)
@click.option("--keys", type=FOLDER, help="Folder terpisah untuk kunci induk; simpan di tempat lain.")
@click.option("--follow", is_flag=True, help="Terus mencadangkan apa yang baru, sampai Ctrl-C.")
def backup_command(folder: Path, keys: Path | None, follow: bool) -> None:  # noqa: FBT001  # by keyword
    settings = Settings.from_env(os.environ)
    _check_apart(settings, folder, keys)
    with listening() as signals:
        while True:
            source = Source(settings, keys, progress("Mencadangkan", signals.wait))
            try:
                _back_up(source, folder, signals if follow else None)
            except Stopped:
                _say(
                    "Dihentikan; keadaan terakhir yang lengkap ada di folder cadangan bila sudah pernah disebut."
                )
                return
            if not follow:
                break
    if keys is None:
        _say("Kunci induk tidak ikut: tanpa kunci itu berkas tertutup tidak terbaca (lihat --keys).")


def _check_apart(settings: Settings, folder: Path, keys: Path | None) -> None:
    if keys is None:
        return
    places = [place.resolve() for place in (folder, settings.data_dir)]
    if any(keys.resolve().is_relative_to(place) for place in places):
        raise Trouble(
            f"{keys} harus di luar folder cadangan dan folder data; sebaiknya di tempat lain sama sekali"
        )


def _back_up(source: Source, folder: Path, signals: Signals | None) -> None:
    """Take a base copy and reach a point; while following, one point after another. A lost database is waited for."""
    try:
        with session(source, folder) as taken:
            begun = time.monotonic()
            _tell(taken, folder, begun)
            if signals:
                taken.source = dataclasses.replace(source, wait=signals.wait)
                _follow(taken, folder, signals)
    except Trouble as trouble:
        if signals is None or not (folder / "cadangan.json").exists():
            raise
        _say(f"{trouble}; dicoba lagi.")
        signals.sleep(AGAIN)


def _follow(taken: Session, folder: Path, signals: Signals) -> None:
    since = time.monotonic()
    while len(taken.segments) < RENEW_AFTER:
        signals.sleep(PAUSE)
        if taken.is_still():
            since = time.monotonic()
            continue
        before, since = since, time.monotonic()
        _tell(taken, folder, before)
        signals.sleep(max(0.0, time.monotonic() - since - PAUSE))


def _tell(taken: Session, folder: Path, since: float) -> None:
    made = taken.reach_point()
    _say(
        f"Titik pulih {made.at}: {len(made.files)} berkas, {made.size / 1e6:.0f} MB di {folder}; "
        f"yang dapat hilang (RPO) {time.monotonic() - since:.1f} detik"
    )


@click.command("restore", help="Memulihkan cadangan ke folder data yang kosong.")
@click.argument("folder", type=FOLDER)
@click.option("--keys", type=FOLDER, help="Folder kunci yang dibuat bersama cadangan.")
def restore_command(folder: Path, keys: Path | None) -> None:
    settings = Settings.from_env(os.environ)
    begun = time.monotonic()
    waiting: Wait = progress("Memulihkan", time.sleep)
    made = restore(settings, folder, keys, waiting, _say)
    _say(
        f"Pulih di {settings.data_dir} dalam {time.monotonic() - begun:.1f} detik (RTO), keadaan pada {made.at} (RPO: "
        "yang ditulis sesudahnya tidak ada). Jalankan ./ppid up."
    )


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()
