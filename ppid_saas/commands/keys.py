"""The operator's commands on keys: new ones for old, of a tenant or of the installation. No object is touched by any."""

from collections.abc import Callable
from typing import TypeVar

import click
from sqlalchemy import Row

from ppid_saas.commands.tenancy import as_role, read_settings, tenant_at
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.storage import keeping
from tenants.vault import RootKey, RootKeyError, new_root_key, without_older_keys

T = TypeVar("T")


@click.group("keys", help="Kunci penyegel berkas: kunci tenant dan kunci induk.")
def keys_group() -> None:
    pass


@keys_group.command("show", help="Kunci tiap tenant: jumlah, umur, dan kunci induk pembungkusnya.")
@click.argument("place", required=False)
def show(place: str | None) -> None:
    settings = read_settings()
    with as_role("platform", settings) as connection:
        click.echo(f"kunci induk sekarang: {_root().name}")
        for row in keeping.keys(connection, tenant_at(connection, place) if place else None):
            click.echo(_line(row))


@keys_group.command("rotate", help="Kunci baru untuk satu tenant, atau dengan --all untuk semuanya.")
@click.argument("place", required=False)
@click.option("--all", "everyone", is_flag=True, help="Semua tenant.")
def rotate(place: str | None, everyone: bool) -> None:  # noqa: FBT001  # click hands it over by keyword
    if bool(place) == everyone:
        raise Trouble("sebut satu tenant, misalnya contoh/dinkes, atau --all")
    root = _root()
    with as_role("platform", read_settings()) as connection:
        chosen = (
            [tenant_at(connection, place)] if place else [row.id for row in keeping.with_keys(connection)]
        )
        for tenant in chosen:
            keeping.rotate(connection, tenant, root)
    click.echo(f"{len(chosen)} tenant mendapat kunci baru; pekerja menyegel ulang, lihat ./ppid keys show")


@keys_group.command("new-root", help="Kunci induk baru di atas yang lama; pekerja membungkus ulang.")
def new_root() -> None:
    settings = read_settings()
    with as_role("platform", settings) as connection:
        name = _trouble(lambda: new_root_key(settings.root_key_file))
        turns = keeping.take_turn(connection, None)
    click.echo(f"kunci induk {name} ditulis ke {settings.root_key_file}; {turns} tenant dibungkus ulang")
    click.echo("cadangkan berkas itu sekarang, terpisah dari cadangan data")


@keys_group.command("drop-root", help="Buang kunci induk lama, bila tidak ada lagi yang dibungkus olehnya.")
def drop_root() -> None:
    settings = read_settings()
    with as_role("platform", settings) as connection:
        if waiting := keeping.under_others(connection, _root()):
            raise Trouble(f"{waiting} kunci tenant belum dibungkus ulang; tunggu pekerja, lalu coba lagi")
        gone = _trouble(lambda: without_older_keys(settings.root_key_file))
    click.echo(f"{gone} kunci induk lama dibuang; buat cadangan dasar baru sebelum membuang cadangan lama")


def _root() -> RootKey:
    return _trouble(lambda: RootKey.load(read_settings().root_key_file))


def _trouble(work: Callable[[], T]) -> T:
    try:
        return work()
    except (RootKeyError, OSError) as error:
        raise Trouble(str(error)) from error


def _line(row: Row[tuple[object, ...]]) -> str:
    place = f"{row.region}/{row.slug}"
    if not row.living:
        return f"{place}  DIMUSNAHKAN {row.destroyed_at:%Y-%m-%d %H:%M}"
    roots = ", ".join(root or "?" for root in row.roots)
    return (
        f"{place}  kunci ke-{row.newest} sejak {row.since:%Y-%m-%d}, hidup {row.living}, kunci induk {roots}"
    )
