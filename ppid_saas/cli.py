"""The command line: finds the commands and turns trouble into one line. It does no work itself.

A command's module is imported only when it is called: what stays running holds in memory what it needs, and no more.
"""

import errno
import importlib
import os
import shutil
import sys
from pathlib import Path
from typing import Final

import click

from ppid_saas.embedded.folders import no_room
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings, SettingsError

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


# Each command's module and name in it.
COMMANDS: Final = {
    "up": ("ppid_saas.commands.running", "up_command"),
    "down": ("ppid_saas.commands.running", "down_command"),
    "status": ("ppid_saas.commands.running", "status_command"),
    "logs": ("ppid_saas.commands.running", "logs_command"),
    "web": ("ppid_saas.commands.serving", "web_command"),
    "worker": ("ppid_saas.commands.serving", "worker_command"),
    "relay": ("ppid_saas.commands.serving", "relay_command"),
    "migrate": ("ppid_saas.commands.serving", "migrate_command"),
    "backup": ("ppid_saas.commands.backup", "backup_command"),
    "restore": ("ppid_saas.commands.backup", "restore_command"),
    "test": ("ppid_saas.commands.quality", "test_command"),
    "check": ("ppid_saas.commands.quality", "check_command"),
    "prove": ("ppid_saas.commands.figures", "prove_command"),
    "bench": ("ppid_saas.commands.figures", "bench_command"),
    "seed": ("ppid_saas.commands.tenancy", "seed_command"),
    "tenant": ("ppid_saas.commands.tenancy", "tenant_group"),
    "member": ("ppid_saas.commands.tenancy", "member_group"),
    "key": ("ppid_saas.commands.tenancy", "key_group"),
    "keys": ("ppid_saas.commands.keys", "keys_group"),
    "storage": ("ppid_saas.commands.storage", "storage_group"),
    "operator": ("ppid_saas.commands.tenancy", "operator_command"),
    "demo": ("ppid_saas.commands.demo", "demo_group"),
    "assets": ("ppid_saas.web.assets", "main"),
}


class Commands(click.Group):
    """The commands by name, each found when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(
    name="ppid", cls=Commands, help="Daftar Informasi yang Dikecualikan: menjalankan, menguji, merawat."
)
def cli() -> None:
    pass


def main() -> None:
    """Run the command line; what a person must put right is one line on the error output, and status 1."""
    try:
        cli(prog_name="./ppid")
    except (Trouble, SettingsError) as trouble:
        _fail(str(trouble))
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        _fail(_full(error))


def _full(error: OSError) -> str:
    place = Path(error.filename) if error.filename else Settings.from_env(os.environ).data_dir
    folder = next(each for each in (place, *place.absolute().parents) if each.is_dir())
    return no_room(folder, shutil.disk_usage(folder).free)


def _fail(line: str) -> None:
    click.echo(f"ppid: {line}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
