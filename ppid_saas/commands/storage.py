"""The operator's commands on stored bytes: have store and books compared, read the result, let strays go."""

import click
from sqlalchemy import Row

from ppid_saas.commands.tenancy import as_role, read_settings, tenant_at
from ppid_saas.storage import provisioning as rooms

WORDS = {"agrees": "cocok", "differs": "BERBEDA", "asks": "MENUNGGU PERSETUJUAN"}


@click.group("storage", help="Berkas tersimpan: mencocokkan gudang, buku, dan baris.")
def storage_group() -> None:
    pass


@storage_group.command(
    "check", help="Cocokkan sekarang, satu tenant atau semuanya; pekerja yang melakukannya."
)
@click.argument("place", required=False)
def check(place: str | None) -> None:
    with as_role("platform", read_settings()) as connection:
        tenant = tenant_at(connection, place) if place else None
        click.echo(f"{rooms.check_now(connection, tenant)} tenant dijadwalkan; lihat ./ppid storage show")


@storage_group.command("show", help="Hasil pencocokan terakhir.")
@click.argument("place", required=False)
def show(place: str | None) -> None:
    with as_role("platform", read_settings()) as connection:
        tenant = tenant_at(connection, place) if place else None
        for row in rooms.last_checks(connection, tenant):
            click.echo(_line(row))


@storage_group.command(
    "allow", help="Izinkan sekian objek tak dikenal dihapus pada pencocokan berikut, lalu cocokkan."
)
@click.argument("place")
@click.argument("count", type=click.IntRange(1))
def allow(place: str, count: int) -> None:
    with as_role("platform", read_settings()) as connection:
        rooms.check_now(connection, tenant_at(connection, place), count)
    click.echo(f"{place}: paling banyak {count} objek akan dihapus; lihat ./ppid storage show {place}")


def _line(row: Row[tuple[object, ...]]) -> str:
    return (
        f"{row.region}/{row.slug}  {row.at:%Y-%m-%d %H:%M}  {WORDS[row.state]}  objek {row.objects}, hilang {row.missing},"
        f" beda ukuran {row.differing}, tanpa catatan {row.uncharged}, tanpa baris {row.unheld},"
        f" tak dikenal {row.strays}, dihapus {row.removed}, selisih {row.drift} B"
    )
