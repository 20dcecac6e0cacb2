"""The command line: gathers the commands and turns trouble into one line. It does no work itself."""

import errno
import os
import shutil
import sys
from pathlib import Path
from typing import Final

import click

from ppid_saas.commands import figures, quality, running, serving, tenancy
from ppid_saas.embedded.folders import no_room
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings, SettingsError
from ppid_saas.web import assets

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@click.group(name="ppid", help="Daftar Informasi yang Dikecualikan: menjalankan, menguji, merawat.")
def cli() -> None:
    pass


for command in (
    running.up_command,
    running.down_command,
    running.status_command,
    running.logs_command,
    serving.web_command,
    serving.worker_command,
    serving.relay_command,
    serving.migrate_command,
    quality.test_command,
    quality.check_command,
    figures.prove_command,
    figures.bench_command,
    tenancy.seed_command,
    tenancy.tenant_group,
    tenancy.member_group,
    tenancy.key_group,
    tenancy.operator_command,
):
    cli.add_command(command)
cli.add_command(assets.main, "assets")


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
