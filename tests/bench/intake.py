"""What an import costs against reading the same workbook and copying its rows into a bare table, in turns, one process.

Ours is everything between the upload and the saved items: vault, limited child, understanding, judging, register. What other
workers do for it and nobody waits for, the sealing of the trail, is done outside the clock.
A ratio, not a time, is the figure: read docs/bench.md before comparing.
"""

import gc
import io
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from ppid_saas.embedded.temporary import prepared_servers
from ppid_saas.events import service as events
from ppid_saas.events.models import Effect
from ppid_saas.intake import service
from ppid_saas.intake.workbooks.apart import READERS
from ppid_saas.settings import Settings
from tenants.db import db
from tests.fixtures.world import World, build

SMALL, LARGE = 5_000, 100_000
ROUNDS = 5
BAR, LARGE_BAR, MOST_MIB = 10.0, 12.0, 400
HEAD = ("No", "Informasi", "Dasar Hukum", "Akibat bila dibuka", "Kepentingan bila ditutup", "Jangka Waktu")
READ = "intake.read"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE = "create table bench_row (n text, title text, ground text, harm text, interest text, period text)"


def run(seconds: float | None = None, seed: int = 1) -> dict[str, Any]:
    """Import both sizes; with less than a minute only the small one."""
    with tempfile.TemporaryDirectory(prefix="ppid-bench-intake-") as folder:
        Path(folder).chmod(0o711)
        settings = Settings.from_env({"PPID_DATA_DIR": folder, "PPID_PORT": str(21700 + os.getpid() % 90)})
        with prepared_servers(settings):
            figures = {"small": measured(settings, SMALL, ROUNDS, seed)}
            if seconds is None or seconds >= 60:
                figures["large"] = measured(settings, LARGE, 1, seed)
    return {**figures, "bars": {"ratio": BAR, "large_ratio": LARGE_BAR, "mib": MOST_MIB}}


def measured(settings: Settings, rows: int, rounds: int, seed: int) -> dict[str, Any]:
    """Take turns; each import goes into the register of a unit that has none."""
    data = workbook(rows, seed)
    regions = [f"sana{rows}{n}" for n in range(rounds)]
    world = build(settings, tuple(regions), {})
    ours, bare = [], []
    for region in regions:
        signed_in(world, region)
        bare.append(timed(lambda: copied(settings, data, rows)))
        ours.append(timed(lambda region=region: imported(world, region, data, rows)))
        world.drain()
    READERS.stop()  # the system tells what a process used when it has ended
    return {
        "rows": rows,
        "bytes": len(data),
        "ratio": round(median(o / b for o, b in zip(ours, bare, strict=True)), 2),
        "ours_seconds": [round(t, 3) for t in ours],
        "bare_seconds": [round(t, 3) for t in bare],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "child_peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }


def timed(work: Callable[[], object]) -> float:
    gc.collect()  # nobody's time: else now one side, now the other pays for what the building of a world left behind
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def signed_in(world: World, region: str) -> None:
    """Have the office built, its readers warm and its officer known before the clock runs: none is part of an import."""
    READERS.warm_up()
    with world.acting(officer_of(region)):
        world.drain()


def officer_of(region: str) -> str:
    return f"petugas.dinkes@{region}"


def imported(world: World, region: str, data: bytes, rows: int) -> None:
    """Upload, have the file read as its worker would, save."""
    who = officer_of(region)
    with world.acting(who):
        batch_id = service.take_file("daftar.xlsx", data, MEDIA_TYPE).id
    with world.acting(who):
        event_id = db.session.execute(select(Effect.event_id).where(Effect.handler == READ)).scalar_one()
    with world.app().app_context():
        events.run_effect(world.tenant(who), event_id, READ)
    with world.acting(who):
        saved = service.save(batch_id)
    if saved.state != "saved":
        raise RuntimeError(f"{rows} rows were not imported: {saved.problem}")


def copied(settings: Settings, data: bytes, rows: int) -> None:
    """The least anyone could do: read the cells, copy them into one table, commit."""
    cells = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    with psycopg.connect(superuser(settings)) as connection:
        connection.execute(TABLE)
        with connection.cursor().copy("copy bench_row from stdin") as copy:
            for row in cells:
                copy.write_row([str(cell) for cell in row])
        found = connection.execute("select count(*) from bench_row").fetchone()
        connection.execute("drop table bench_row")
    if found != (rows,):
        raise RuntimeError(f"copied {found} of {rows}")


def superuser(settings: Settings) -> str:
    return settings.database_url("postgres").replace("postgresql+psycopg://", "postgresql://")


def workbook(rows: int, seed: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "in_memory": True})
    sheet = book.add_worksheet("DIK")
    sheet.write_row(0, 0, HEAD)
    for n in range(1, rows + 1):
        words = (f"Berkas perkara nomor {n} seri {seed}", f"Pasal 17 huruf {'abhi'[n % 4]} UU 14/2008", "Penyidikan terganggu",
                 "Penegakan hukum dan pihak yang diperiksa", f"{n % 9 + 1} tahun")  # fmt: skip
        sheet.write_number(n, 0, n)
        for column, text in enumerate(words, start=1):
            sheet.write_string(n, column, text)
    book.close()
    return out.getvalue()
