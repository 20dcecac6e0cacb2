"""The keys of a backup, kept apart from it: the installation's root key, and which tenants' keys were destroyed.

The database's copy holds the tenants' keys too, wrapped, and is worth nothing without the root key. A key destroyed
since comes not to life again by an older backup: what the newer list names as destroyed is destroyed again.
"""

import json
from pathlib import Path
from typing import Any, Final

import psycopg

from ppid_saas.embedded.credentials import ROOT_KEY
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings

DESTROYED: Final = "kunci_musnah.json"
_Admin = psycopg.Connection[tuple[Any, ...]]


def keep_keys(settings: Settings, admin: _Admin, folder: Path) -> None:
    """Write the root key, and the list of destroyed keys when it grew."""
    root, kept = settings.root_key_file.read_text(encoding="ascii"), folder / ROOT_KEY
    before = kept.read_text(encoding="ascii") if kept.exists() else ""
    if before and not set(before.split()) & set(root.split()):
        raise Trouble(f"{kept} adalah kunci instalasi lain; pilih folder kunci yang lain")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if before != root:
        _write(kept, root)
    gone = admin.execute("select tenant_id::text, n from keys.tenant_key where destroyed_at is not null")
    told = _destroyed(folder)
    if found := {(tenant, n) for tenant, n in gone} - told:
        _write(folder / DESTROYED, json.dumps({"keys": sorted(told | found)}, indent=1))


def fetch_root_key(settings: Settings, folder: Path | None) -> None:
    """Put the kept root key where the settings want it, unless there is one already."""
    if settings.root_key_file.exists():
        return
    kept = folder / ROOT_KEY if folder else None
    if kept is None or not kept.is_file():
        raise Trouble(
            "Tanpa kunci induk berkas tertutup tidak terbaca; sebut foldernya dengan --keys FOLDER "
            "atau letaknya dengan PPID_ROOT_KEY_FILE"
        )
    _write(settings.root_key_file, kept.read_text(encoding="ascii"))


def check_root_key(settings: Settings, admin: _Admin) -> None:
    """Raise Trouble when the root key is not the one that wrapped the tenants' keys."""
    import tink

    from tenants.vault import RootKey

    root = RootKey.load(settings.root_key_file)
    for public, wrapped in admin.execute(
        "select public, wrapped from keys.tenant_key where destroyed_at is null limit 1"
    ):
        try:
            root.unwrap(wrapped, public)
        except tink.TinkError as error:
            raise Trouble(
                "Kunci induk ini bukan milik cadangan itu; sebut folder kunci yang benar"
            ) from error


def bury_destroyed(admin: _Admin, folder: Path | None) -> int:
    """Destroy again the keys that were destroyed after the backup; returns how many."""
    buried = 0
    for tenant, n in _destroyed(folder) if folder else ():
        buried += admin.execute(
            "update keys.tenant_key set wrapped = '', root = '', destroyed_at = now()"
            " where tenant_id = %s and n = %s and destroyed_at is null",
            [tenant, n],
        ).rowcount
    return buried


def _destroyed(folder: Path) -> set[tuple[str, int]]:
    kept = folder / DESTROYED
    told = json.loads(kept.read_text(encoding="utf-8"))["keys"] if kept.is_file() else []
    return {(tenant, n) for tenant, n in told}


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(path)
