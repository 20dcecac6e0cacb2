"""`demo`: load the demo regency, print new passwords for its people, move its clock. Refused for data of real offices."""

import os
import re
from datetime import date, timedelta
from typing import Final

import click
from sqlalchemy.exc import OperationalError

from ppid_saas.demo import marker
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings
from tenants import clock

ZONE: Final = "Asia/Jakarta"
FARTHEST: Final = 3660
NO_DEMO: Final = "Data di sini bukan data contoh; perintah ini hanya untuk data contoh"
AWAY: Final = "basis data tidak berjalan; jalankan ./ppid up di terminal lain lebih dahulu"
HOW: Final = "Tulis +30, -5, tanggal seperti 2026-12-31, atau off"


@click.group("demo", help="Data contoh: kata sandi dan jamnya.")
def demo_group() -> None:
    pass


@demo_group.command("load", hidden=True, help="Memuat data contoh ke basis data yang kosong.")
@click.option("--empty", is_flag=True, help="Hanya melihat apa isi basis data.")
def load_command(empty: bool) -> None:  # noqa: FBT001  # click hands it over by keyword
    from ppid_saas.demo import loading

    settings = Settings.from_env(os.environ)
    if empty:
        loading.look(settings)
    else:
        loading.load(settings, click.echo)


@demo_group.command("passwords", help="Membuat kata sandi baru bagi akun contoh dan menampilkannya sekali.")
@click.option("--all", "everyone", is_flag=True, help="Untuk semua akun, bukan yang dipakai “Coba ini” saja.")
@click.option("--first", is_flag=True, hidden=True)
def passwords_command(everyone: bool, first: bool) -> None:  # noqa: FBT001  # click hands them over by keyword
    from ppid_saas.demo import cast

    settings = _demo()
    made = cast.give_passwords(settings, everyone=everyone)
    click.echo("Kata sandi ini hanya ditampilkan sekali; membuat yang baru: ./ppid demo passwords")
    for person, password in made:
        click.echo(f"  {person.email:32} {password:14} {person.position}")
    if first:
        click.echo(f"  Kunci API Dinas Kesehatan: {cast.make_key(settings)}")
    marker.note(settings, "told")


@demo_group.command(
    "clock",
    help="Menggeser jam data contoh: +30, -5, 2026-12-31, atau off; tanpa itu, menampilkannya.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("move", required=False, metavar="[GESER]")
def clock_command(move: str | None) -> None:
    settings = _demo()
    days = marker.clock_days(settings)
    if move is not None:
        days = _days(move, days)
        marker.move_clock(settings, days)
    today = clock.today(ZONE) + timedelta(days=days)
    shift = (
        f"{abs(days)} hari {'di depan' if days > 0 else 'di belakang'}" if days else "hari yang sebenarnya"
    )
    click.echo(f"Tanggal data contoh: {today.isoformat()} ({shift})")


def _days(move: str, before: int) -> int:
    """Return by how many days the clock is to be moved from now on."""
    if move == "off":
        return 0
    if re.fullmatch(r"[+-]\d{1,4}", move):
        days = before + int(move)
    else:
        try:
            days = (date.fromisoformat(move) - clock.today(ZONE)).days
        except ValueError as error:
            raise Trouble(HOW) from error
    if abs(days) > FARTHEST:
        raise Trouble(f"Jam data contoh dapat digeser paling jauh {FARTHEST} hari")
    return days


def _demo() -> Settings:
    """Return the settings of an installation whose data are all marked as a demo."""
    from ppid_saas.demo import cast

    settings = Settings.from_env(os.environ)
    if not settings.is_demo:
        raise Trouble(NO_DEMO)
    try:
        with cast.as_role(settings, "platform") as connection:
            found = cast.found_in(connection)
    except OperationalError as error:
        raise Trouble(AWAY) from error
    if found != cast.LOADED:
        raise Trouble(NO_DEMO)
    return settings
