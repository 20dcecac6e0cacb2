"""Makes the random secrets of an embedded installation, once. Reading them is the settings' business."""

import os
import secrets
from pathlib import Path
from typing import Final

from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ROLES, SECRETS, SUPERUSER, Settings

ROOT_KEY: Final = "root_key"
IRREPLACEABLE: Final = (f"db_{SUPERUSER}", ROOT_KEY)


def ensure_secrets(settings: Settings) -> None:
    """Write each missing secret of the embedded parts, readable by the owner alone (0600).

    A secret that existing data depends on is never made anew: without it the data cannot be read again.
    """
    in_use = (settings.data_dir / "postgres" / "PG_VERSION").exists()
    for path in _wanted(settings):
        if path.exists():
            continue
        if path.parent != settings.secrets_dir or (in_use and path.name in IRREPLACEABLE):
            raise Trouble(
                f"{path} hilang padahal diperlukan untuk membaca data; pulihkan berkas itu dari cadangan"
            )
        _write(path)


def _wanted(settings: Settings) -> list[Path]:
    names = [SECRETS["PPID_SECRET_KEY"]]
    if settings.embeds_database:
        names += [f"db_{role}" for role in (SUPERUSER, *ROLES)]
    if settings.embeds_redis:
        names.append(SECRETS["PPID_REDIS_PASSWORD"])
    if settings.embeds_s3:
        names += [secret for name, secret in SECRETS.items() if "S3_" in name]
    return [settings.root_key_file, *(settings.secrets_dir / name for name in names)]


def _write(path: Path) -> None:
    """Write 64 hexadecimal digits, which is also the form of the root key.

    Through a new name, so that a crash leaves no half secret.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
