"""The operator's commands: make tenants, members and keys. They sign in as role platform and can read no list."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO
from uuid import UUID

import click
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError

from ppid_saas.accounts import provisioning
from ppid_saas.accounts.provisioning import NewTenant
from ppid_saas.accounts.service import add_person, store_password
from ppid_saas.demo import cast, marker
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings
from ppid_saas.sop.roles import ROLES
from ppid_saas.storage import keeping
from ppid_saas.storage import provisioning as rooms
from ppid_saas.storage.rules import parse_size
from tenants.http import CENTRAL_SLUG
from tenants.vault import RootKey

SEED_REGION: Final = "contoh"
SEED_NAME: Final = "Kabupaten Contoh"
SEED_UNITS: Final = (
    ("dinkes", "SKPD", "Dinas Kesehatan"),
    ("disdik", "SKPD", "Dinas Pendidikan"),
    ("dpupr", "SKPD", "Dinas Pekerjaan Umum dan Penataan Ruang"),
    ("perumda-air", "BUMD", "Perumda Air Minum"),
    ("kpu", "KPU", "KPU Kabupaten Contoh"),
)
SEED_PEOPLE: Final = (
    (CENTRAL_SLUG, "petugas.pusat", "Petugas PPID Utama", "central_officer"),
    (CENTRAL_SLUG, "kepala.pusat", "Kepala PPID Utama", "central_head"),
    *((slug, f"petugas.{slug}", f"Petugas {name}", "unit_officer") for slug, _, name in SEED_UNITS),
)


@contextmanager
def as_role(role: str, settings: Settings) -> Iterator[Connection]:
    engine = create_engine(settings.database_url(role), connect_args=settings.driver_options)
    try:
        with engine.begin() as connection:
            yield connection
    except OperationalError as error:
        raise Trouble(
            "basis data tidak berjalan; jalankan ./ppid up di terminal lain lebih dahulu"
        ) from error
    except LookupError as error:
        raise Trouble(str(error)) from error
    finally:
        engine.dispose()


def read_settings() -> Settings:
    return Settings.from_env(os.environ)


@click.command("seed", help="Buat satu wilayah contoh: PPID Utama, tiga SKPD, satu BUMD, dan KPU.")
def seed_command() -> None:
    settings = read_settings()
    _refuse_moved_clock(settings)
    root = RootKey.load(settings.root_key_file)
    with as_role("platform", settings) as connection:
        if provisioning.find_tenant(connection, SEED_REGION, CENTRAL_SLUG):
            raise Trouble(
                f"wilayah {SEED_REGION} sudah ada; kata sandinya hanya ditampilkan sekali saat dibuat"
            )
        central = NewTenant(
            SEED_REGION, CENTRAL_SLUG, "central", "PEMKAB", f"PPID Utama {SEED_NAME}", SEED_NAME
        )
        places = {CENTRAL_SLUG: provisioning.create_tenant(connection, central, root)}
        for slug, category, name in SEED_UNITS:
            unit = NewTenant(SEED_REGION, slug, "unit", category, name)
            places[slug] = provisioning.create_tenant(connection, unit, root)
        for slug, local, name, role in SEED_PEOPLE:
            provisioning.add_member(connection, places[slug], f"{local}@contoh.test", name, role)
        cast.mark(connection, "seed", SEED_REGION)
    _print_passwords(settings)


def _print_passwords(settings: Settings) -> None:
    click.echo(f"Wilayah {SEED_NAME} siap. Masuk di {settings.origins['office']}/masuk")
    click.echo("Kata sandi ini hanya ditampilkan sekali:")
    with as_role("app_identity", settings) as connection:
        for _, local, name, _ in SEED_PEOPLE:
            password = secrets.token_urlsafe(12)
            person = add_person(connection, f"{local}@contoh.test", name)
            store_password(connection, person, password)
            click.echo(f"  {local + '@contoh.test':32} {password:20} {name}")
    click.echo(f"Portal publik: {settings.origins['portal']}/{SEED_REGION}/")


def _refuse_moved_clock(settings: Settings) -> None:
    """Refuse real tenants beside a demo whose clock is moved: only data marked as a demo live on another day."""
    if marker.clock_days(settings):
        raise Trouble("tanggal data contoh sedang digeser; kembalikan dulu dengan ./ppid demo clock off")


@click.group("tenant", help="Wilayah dan unit.")
def tenant_group() -> None:
    pass


@tenant_group.command("add-central", help="Buat PPID Utama sebuah wilayah.")
@click.argument("region")
@click.argument("region_name")
def add_central(region: str, region_name: str) -> None:
    settings = read_settings()
    _refuse_moved_clock(settings)
    new = NewTenant(region, CENTRAL_SLUG, "central", "PEMKAB", f"PPID Utama {region_name}", region_name)
    with as_role("platform", settings) as connection:
        provisioning.create_tenant(connection, new, RootKey.load(settings.root_key_file))
    click.echo(f"{region}/{CENTRAL_SLUG}")


@tenant_group.command(
    "import", help="Buat unit dari daftar CSV: kategori,nama. '-' membaca tempelan dari masukan baku."
)
@click.argument("region")
@click.argument("file", type=click.File("r"))
def import_units(region: str, file: TextIO) -> None:
    settings = read_settings()
    _refuse_moved_clock(settings)
    root = RootKey.load(settings.root_key_file)
    with as_role("platform", settings) as connection:
        units = provisioning.read_units(file, region)
        for number, new in enumerate(units, 1):
            provisioning.create_tenant(connection, new, root)
            click.echo(f"{number}/{len(units)} {new.region}/{new.slug} {new.category} {new.name}")


@tenant_group.command("quota", help="Lihat atau atur ruang penyimpanan sebuah unit atau wilayah.")
@click.argument("place")
@click.option("--cap", help="Batas tenant ini, misalnya 20GB.")
@click.option("--default", "follow", is_flag=True, help="Kembalikan unit ke batas bawaan wilayahnya.")
@click.option("--units", help="Batas bawaan tiap unit wilayah ini.")
@click.option("--pool", help="Jumlah yang boleh dibagikan PPID Utama kepada unitnya.")
def quota_command(place: str, cap: str | None, follow: bool, units: str | None, pool: str | None) -> None:  # noqa: FBT001
    with as_role("platform", read_settings()) as connection:
        tenant = tenant_at(connection, place)
        wanted = {
            name: _size(text) for name, text in (("cap", cap), ("unit_cap", units), ("pool", pool)) if text
        }
        if follow or wanted:
            rooms.set_room(connection, tenant, wanted, follow=follow)
        click.echo(rooms.described(rooms.room_of(connection, tenant)))


@tenant_group.command(
    "shred", help="Tutup sebuah unit dan musnahkan kuncinya: berkasnya tidak pernah terbuka lagi."
)
@click.argument("place")
@click.option("--name", "typed", prompt="Ini tidak dapat dibatalkan. Ketik nama lengkap unit itu")
def shred(place: str, typed: str) -> None:
    with as_role("platform", read_settings()) as connection:
        tenant = tenant_at(connection, place)
        if typed.strip() != keeping.name_of(connection, tenant):
            raise Trouble("nama yang diketik bukan nama unit itu; tidak ada yang berubah")
        gone = keeping.shred(connection, tenant)
    click.echo(f"{place} ditutup; {gone} kunci dimusnahkan. Cadangan yang lebih lama masih memegangnya:")
    click.echo("hapus cadangan itu setelah cadangan baru selesai; lihat docs/backup.md")


def _size(written: str) -> int:
    found = parse_size(written)
    if found is None:
        raise Trouble(f"{written} bukan ukuran; tulis angka dan satuannya, misalnya 20GB")
    return found


@click.group("member", help="Anggota unit.")
def member_group() -> None:
    pass


@member_group.command("add", help="Beri seseorang peran di sebuah unit; mencetak tautan undangannya.")
@click.argument("place")
@click.argument("email")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def add_member(place: str, email: str, name: str, role: str) -> None:
    settings = read_settings()
    with as_role("platform", settings) as connection:
        token = provisioning.add_member(connection, tenant_at(connection, place), email, name, role)
    click.echo(f"{settings.origins['office']}/undangan/{token}")


@click.group("key", help="Kunci API.")
def key_group() -> None:
    pass


@key_group.command("make", help="Buat kunci API atas nama seorang anggota; ditampilkan sekali.")
@click.argument("place")
@click.argument("email")
@click.option("--name", default="program", help="Untuk apa kunci ini.")
def make_key(place: str, email: str, name: str) -> None:
    with as_role("platform", read_settings()) as connection:
        click.echo(provisioning.make_key(connection, tenant_at(connection, place), email, name))


def tenant_at(connection: Connection, place: str) -> UUID:
    region, _, slug = place.partition("/")
    tenant = provisioning.find_tenant(connection, region, slug or CENTRAL_SLUG)
    if tenant is None:
        raise LookupError(f"{place} tidak ada; tulis wilayah/unit, misalnya contoh/dinkes atau contoh/pusat")
    return tenant


@click.command("operator", help="Buat akun operator platform untuk konsol; kata sandinya dicetak sekali.")
@click.argument("email")
@click.argument("name")
def operator_command(email: str, name: str) -> None:
    settings = read_settings()
    with as_role("platform", settings) as connection:
        person = add_person(connection, email, name)
        connection.execute(
            text("update identity.person set is_operator = true where id = :id"), {"id": person}
        )
    password = secrets.token_urlsafe(15)
    with as_role("app_identity", settings) as connection:
        store_password(connection, person, password)
    click.echo(f"{settings.origins['console']}/masuk  {email}  {password}")
