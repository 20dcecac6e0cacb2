"""`up` as a person meets it: it starts, says where, stops wholly, and recovers from whatever was killed."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from ppid_saas.embedded.postgres import superuser_connection
from ppid_saas.embedded.process import remembered
from ppid_saas.settings import SURFACES
from tests.embedded.installation import Installation, free_ports, installed, until

PARTS = {"postgres", "valkey", "s3", "portal_s3", *SURFACES, "worker", "relay"}


@pytest.fixture
def installation(folder: Path) -> Iterator[Installation]:
    with installed(folder) as made:
        yield made


def test_it_serves_every_surface_and_says_where(installation: Installation) -> None:
    said = installation.start()
    for surface in SURFACES:
        assert f"http://localhost:{installation.settings.surface_port(surface)}" in said
        assert installation.fetch(surface).startswith("/healthz")
    shown = installation.call("status")
    assert shown.returncode == 0
    lines = dict(line.split(maxsplit=1) for line in shown.stdout.splitlines())
    total = lines.pop("jumlah")
    assert set(lines) == PARTS | {"up"}
    assert all(line.startswith("berjalan") for line in lines.values())
    held = [int(line.split("MB")[0].split()[-1]) for line in lines.values()]
    assert all(held)
    assert int(total.split()[1]) == pytest.approx(sum(held), abs=len(held))
    assert "sehat" in lines["portal"]


def test_a_second_up_says_so_and_leaves_the_first_alone(installation: Installation) -> None:
    installation.start()
    before = remembered(installation.settings)
    second = installation.call("up")
    assert second.returncode == 1
    [line] = second.stderr.splitlines()
    assert f"Sudah berjalan di {installation.settings.data_dir} (pid {installation.process.pid})" in line
    assert line.endswith("hentikan dulu dengan ./ppid down")
    # Not every process: a server may open or close a connection's own at any moment.
    assert set(before) == PARTS
    assert remembered(installation.settings) == before
    assert {part.pid for part in before.values()} <= installation.running()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(installation: Installation, number: signal.Signals) -> None:
    installation.start()
    assert len(installation.running()) > len(PARTS)
    assert installation.signal(number) == 0
    assert installation.running() == set()
    assert not list(installation.settings.run_dir.glob("*.pid"))


@pytest.mark.parametrize("stage", ["postgres", "migrate", "office"])
def test_a_stop_while_starting_stops_everything(installation: Installation, stage: str) -> None:
    installation.environ["STAND_IN_NEVER_READY"] = "1"
    process = installation.begin()
    until((installation.settings.run_dir / f"{stage}.pid").exists, 120)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert "Siap." not in installation.hear("Semua proses sudah berhenti.")
    assert installation.running() == set()


def test_down_stops_it_and_says_when_there_is_nothing_to_stop(installation: Installation) -> None:
    installation.start()
    down = installation.call("down")
    assert (down.returncode, down.stdout) == (0, "Semua proses sudah berhenti.\n")
    assert installation.process.wait(10) == 0
    assert installation.running() == set()
    assert "Tidak ada yang berjalan" in installation.call("down").stdout
    assert installation.call("status").returncode == 3


def test_killing_up_ends_all_and_the_next_up_finds_its_data(installation: Installation) -> None:
    installation.start()
    with superuser_connection(installation.settings) as connection:
        connection.execute("create table kept as select 7 as n")
    secrets = {path.name: path.read_text() for path in installation.settings.secrets_dir.iterdir()}
    installation.signal(signal.SIGKILL)
    until(lambda: installation.running() == set())
    installation.start()
    with superuser_connection(installation.settings) as connection:
        assert connection.execute("select n from kept").fetchall() == [(7,)]
    assert {path.name: path.read_text() for path in installation.settings.secrets_dir.iterdir()} == secrets


def test_up_may_follow_a_killed_up_at_once(installation: Installation) -> None:
    installation.start()
    for _ in range(3):
        installation.signal(signal.SIGKILL)
        installation.start()
        assert installation.fetch("portal")


def test_killed_processes_start_again_and_leave_nothing_behind(installation: Installation) -> None:
    installation.start()
    for part in (*SURFACES, "worker", "relay"):
        old = installation.pid(part)
        brood = {pid for pid in installation.running() if _parent(pid) == old} | {old}
        assert len(brood) > 1 or part not in SURFACES
        os.kill(old, signal.SIGKILL)
        installation.hear("mati (sinyal 9); dinyalakan lagi.")
        until(lambda old=old, part=part: installation.pid(part) != old)
        until(lambda brood=brood: not brood & installation.running())
    for surface in SURFACES:
        until(lambda surface=surface: _answers(installation, surface))


def test_a_killed_process_of_a_surface_is_replaced(installation: Installation) -> None:
    installation.start()
    serving = int(installation.fetch("office").split()[1])
    os.kill(serving, signal.SIGKILL)
    until(lambda: _answers(installation, "office") and serving not in installation.running())
    until(
        lambda: (
            len([pid for pid in installation.running() if _parent(pid) == installation.pid("office")]) == 2
        )
    )


def test_a_killed_database_starts_again_with_what_was_committed(installation: Installation) -> None:
    installation.start()
    with superuser_connection(installation.settings) as connection:
        connection.execute("create table kept as select 7 as n")
    os.kill(installation.pid("postgres"), signal.SIGKILL)
    installation.hear("PostgreSQL mati (sinyal 9); dinyalakan lagi.")
    until(lambda: _rows(installation) == [(7,)])


def test_a_killed_queue_starts_again_with_what_it_had(installation: Installation) -> None:
    installation.start()
    with redis.Redis.from_url(installation.settings.redis_url) as client:
        client.set("bell", "rung")
    # What was acknowledged is on disk a second later at the latest.
    appended = installation.settings.data_dir / "valkey" / "appendonlydir"
    until(lambda: any(b"rung" in path.read_bytes() for path in appended.glob("*.incr.aof")))
    os.kill(installation.pid("valkey"), signal.SIGKILL)
    installation.hear("Valkey mati (sinyal 9); dinyalakan lagi.")
    until(lambda: _bell(installation) == b"rung")


def test_a_port_in_use_is_named(folder: Path) -> None:
    first = free_ports()
    with socket.socket() as stranger, installed(folder, first) as installation:
        stranger.bind(("127.0.0.1", first + 2))
        stranger.listen()
        refused = installation.call("up")
        assert refused.returncode == 1
        [line] = refused.stderr.splitlines()
        assert f"Port {first + 2} " in line
        assert "PPID_PORT=" in line
        assert installation.running() == set()


def test_two_installations_run_side_by_side(folder: Path) -> None:
    (folder / "a").mkdir(mode=0o711)
    (folder / "b").mkdir(mode=0o711)
    with installed(folder / "a") as one:
        one.start()
        with installed(folder / "b") as other:
            other.start()
            assert not one.running() & other.running()
            assert one.fetch("portal") != other.fetch("portal")
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(
                    host=str(one.settings.postgres_socket_dir),
                    user="postgres",
                    password=other.settings.database_password("postgres"),
                )
            other.signal(signal.SIGTERM)
        assert one.fetch("portal")


def test_logs_are_kept_by_part(installation: Installation) -> None:
    installation.start()
    assert "ready to accept connections" in installation.call("logs", "postgres").stdout
    assert "postgres: " in installation.call("logs").stdout
    wrong = installation.call("logs", "nihil")
    assert wrong.returncode == 1
    assert "valkey" in wrong.stderr


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _answers(installation: Installation, surface: str) -> bool:
    try:
        return bool(installation.fetch(surface))
    except OSError:
        return False


def _rows(installation: Installation) -> list[tuple[object, ...]]:
    try:
        with superuser_connection(installation.settings) as connection:
            return connection.execute("select n from kept").fetchall()
    except psycopg.OperationalError:
        return []


def _bell(installation: Installation) -> bytes | None:
    try:
        with redis.Redis.from_url(installation.settings.redis_url) as client:
            return client.get("bell")
    except redis.ConnectionError:
        return None
