"""The keys of a backup, kept apart from it: the installation's root key, and which tenants' keys are still alive.

The database's copy holds the tenants' keys too, wrapped, and is worth nothing without the root key. A key destroyed
since comes not to life again by an older backup: what the newer list of living keys does not name is deleted.
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from ppid_saas.embedded.credentials import ROOT_KEY
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings

LIVING: Final = "kunci_hidup.json"
_Admin = psycopg.Connection[tuple[Any, ...]]


def keep_keys(settings: Settings, admin: _Admin, folder: Path) -> None:
    """Write the root key, and the list of living keys when it changed."""
    root, kept = settings.root_key_file.read_text(encoding="ascii"), folder / ROOT_KEY
    if kept.exists() and kept.read_text(encoding="ascii") != root:
        raise Trouble(f"{kept} adalah kunci instalasi lain; pilih folder kunci yang lain")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not kept.exists():
        _write(kept, root)
    living = _living(admin)
    told = json.loads((folder / LIVING).read_text(encoding="utf-8")) if (folder / LIVING).exists() else {}
    if told.get("keys") != living:
        [(at,)] = admin.execute("select now()::text").fetchall()
        _write(folder / LIVING, json.dumps({"at": at, "keys": living}, indent=1))


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
    for public, wrapped in admin.execute("select public, wrapped from keys.tenant_key limit 1"):
        try:
            root.unwrap(wrapped, public)
        except tink.TinkError as error:
            raise Trouble(
                "Kunci induk ini bukan milik cadangan itu; sebut folder kunci yang benar"
            ) from error


def bury_destroyed(admin: _Admin, folder: Path | None) -> int:
    """Delete again the keys that were destroyed after the backup; returns how many."""
    if folder is None or not (folder / LIVING).is_file():
        return 0
    told = json.loads((folder / LIVING).read_text(encoding="utf-8"))
    living = {tuple(key) for key in told["keys"]}
    until = datetime.fromisoformat(told["at"])
    rows = admin.execute(
        "select tenant_id::text, n, wrapped from keys.tenant_key where created_at <= %s", [until]
    )
    gone = [(tenant, n) for tenant, n, wrapped in rows if (tenant, n, _sha(wrapped)) not in living]
    for tenant, n in gone:
        admin.execute("delete from keys.tenant_key where tenant_id = %s and n = %s", [tenant, n])
    return len(gone)


def _living(admin: _Admin) -> list[list[Any]]:
    rows = admin.execute("select tenant_id::text, n, wrapped from keys.tenant_key order by 1, 2")
    return [[tenant, n, _sha(wrapped)] for tenant, n, wrapped in rows]


def _sha(wrapped: bytes) -> str:
    return hashlib.sha256(wrapped).hexdigest()


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.rename(path)
