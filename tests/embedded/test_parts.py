"""The embedded servers one by one: who may reach them, and what they keep apart."""

import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest
import redis
from botocore.config import Config
from botocore.exceptions import ClientError

from ppid_saas.embedded.credentials import ensure_secrets
from ppid_saas.embedded.folders import Lock, check_passage, check_room, database_user, prepare_folders
from ppid_saas.embedded.lifeline import Identity, alive, identify
from ppid_saas.embedded.postgres import NAME, binaries, superuser_connection
from ppid_saas.embedded.process import end_leftovers, remembered
from ppid_saas.embedded.temporary import servers
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ObjectStore, Settings
from tests.embedded.installation import until


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings.from_env({"PPID_DATA_DIR": str(folder)})


@pytest.fixture
def running(settings: Settings) -> Iterator[Settings]:
    with servers(settings):
        yield settings


def client(store: ObjectStore) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=store.endpoint_url,
        aws_access_key_id=store.access_key,
        aws_secret_access_key=store.secret_key,
        region_name=store.region,
        config=Config(response_checksum_validation="when_required", retries={"total_max_attempts": 1}),
    )


def test_the_database_runs_unprivileged_on_a_socket_with_passwords(running: Settings) -> None:
    pid = remembered(running)[NAME].pid
    owner = Path(f"/proc/{pid}").stat().st_uid
    assert owner != 0
    assert (running.data_dir / NAME).stat().st_uid == owner
    with superuser_connection(running) as connection:
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("select lower('ÉÑ')").fetchone() == ("éñ",)
    rules = (running.data_dir / NAME / "pg_hba.conf").read_text()
    assert {line.split()[-1] for line in rules.splitlines() if line and line[0] != "#"} == {"scram-sha-256"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=str(running.postgres_socket_dir), user="postgres", password="guess")


def test_the_queue_answers_its_own_user_only_and_keeps_its_configuration_to_itself(running: Settings) -> None:
    with (
        pytest.raises(redis.AuthenticationError),
        redis.Redis(unix_socket_path=str(running.valkey_socket)) as nobody,
    ):
        nobody.ping()
    with redis.Redis.from_url(running.redis_url) as ours:
        assert ours.ping()
        assert ours.lpush("queue", "job") == 1
        for command in ("config get dir", "flushall", "shutdown nosave"):
            with pytest.raises(redis.exceptions.NoPermissionError):
                ours.execute_command(*command.split())


def test_the_portals_store_has_the_editions_alone_and_only_to_read(running: Settings) -> None:
    ours, portal = client(running.s3), client(running.portal_s3)
    ours.put_object(Bucket="exempt", Key="t/1", Body=b"closed")
    for n in range(2):  # the second comes after the portal's server has looked into the folder once
        ours.put_object(Bucket="editions", Key=f"2027/{n}", Body=b"open")
        assert portal.get_object(Bucket="editions", Key=f"2027/{n}")["Body"].read() == b"open"
    assert [bucket["Name"] for bucket in portal.list_buckets()["Buckets"]] == ["editions"]
    with pytest.raises(ClientError, match="NoSuchBucket"):
        portal.get_object(Bucket="exempt", Key="t/1")
    with pytest.raises(ClientError):
        portal.put_object(Bucket="editions", Key="2027/0", Body=b"forged")
    with pytest.raises(ClientError):
        portal.delete_object(Bucket="editions", Key="2027/0")
    assert ours.get_object(Bucket="editions", Key="2027/0")["Body"].read() == b"open"


@pytest.mark.parametrize("stranger", ["s3", "portal_s3"])
def test_the_keys_of_one_store_do_not_open_the_other(running: Settings, stranger: str) -> None:
    ours, theirs = getattr(running, stranger), running.s3 if stranger == "portal_s3" else running.portal_s3
    crossed = ObjectStore(
        endpoint_url=ours.endpoint_url,
        access_key=theirs.access_key,
        secret_key=theirs.secret_key,
        region="us-east-1",
    )
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        client(crossed).list_buckets()


def test_no_password_stands_on_a_command_line(running: Settings) -> None:
    secrets = [path.read_text().strip() for path in running.secrets_dir.iterdir()]
    assert len(secrets) == len(set(secrets)) > 10
    for identity in remembered(running).values():
        line = Path(f"/proc/{identity.pid}/cmdline").read_text()
        assert not [secret for secret in secrets if secret in line]


def test_secrets_are_for_the_owner_alone(running: Settings) -> None:
    assert stat.S_IMODE(running.secrets_dir.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in running.secrets_dir.iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["db_postgres", "root_key"])
def test_a_secret_that_data_depends_on_is_not_made_anew(settings: Settings, name: str) -> None:
    with servers(settings):
        pass
    (settings.secrets_dir / name).unlink()
    with pytest.raises(Trouble, match=f"{name} hilang"):
        ensure_secrets(settings)
    assert not (settings.secrets_dir / name).exists()
    (settings.secrets_dir / "redis").unlink()
    with pytest.raises(Trouble):
        ensure_secrets(settings)


def test_a_password_that_is_not_the_databases_is_told(settings: Settings) -> None:
    with servers(settings):
        pass
    (settings.secrets_dir / "db_postgres").write_text("another")
    with pytest.raises(Trouble, match="tidak cocok"), servers(settings):
        pass
    assert remembered(settings) == {}


def test_a_lock_file_with_a_strangers_number_does_not_stop_the_database(settings: Settings) -> None:
    with servers(settings):
        pass
    user = database_user()
    with subprocess.Popen(["sleep", "60"], **({"user": user.pw_uid} if user else {})) as stranger:
        for lock in (
            settings.data_dir / NAME / "postmaster.pid",
            settings.postgres_socket_dir / ".s.PGSQL.5432.lock",
        ):
            lock.write_text(f"{stranger.pid}\n{settings.data_dir / NAME}\n1\n5432\n")
        with servers(settings), superuser_connection(settings) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        stranger.kill()


def test_an_interrupted_creation_is_begun_again(settings: Settings) -> None:
    half = settings.data_dir / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with servers(settings), superuser_connection(settings) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert not half.exists()


def test_data_of_another_major_version_is_not_touched(settings: Settings) -> None:
    with servers(settings):
        pass
    version = settings.data_dir / NAME / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(Trouble, match="PostgreSQL 17"), servers(settings):
        pass


def test_a_long_folder_gets_short_sockets(folder: Path) -> None:
    deep = folder / ("regency-" * 12) / "data"
    settings = Settings.from_env({"PPID_DATA_DIR": str(deep)})
    folder.joinpath("regency-" * 12).mkdir(mode=0o711)
    assert settings.valkey_socket.parent.parent == settings.postgres_socket_dir.parent
    with servers(settings), superuser_connection(settings), redis.Redis.from_url(settings.redis_url) as queue:
        assert queue.ping()
    place = settings.valkey_socket.parent.parent
    assert place.parent == Path("/tmp")  # noqa: S108
    place.chmod(0o777)
    with pytest.raises(Trouble, match="bukan milik kita"), servers(settings):
        pass
    subprocess.run(["rm", "-r", str(place)], check=True)


def test_the_folder_that_denies_passage_is_named(folder: Path) -> None:
    closed = folder / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    user = database_user()
    if user is None:
        check_passage(user, closed / "inside")
        return
    with pytest.raises(Trouble, match=f"Folder {closed} menolak pengguna {user.pw_name}"):
        check_passage(user, binaries(), closed / "inside")
    closed.chmod(0o711)
    check_passage(user, binaries(), closed / "inside")


def test_a_disk_without_room_is_told_before_anything_is_made(settings: Settings) -> None:
    check_room(settings.data_dir, 1)
    with pytest.raises(Trouble, match="hampir penuh"):
        prepare_folders(settings, room_needed=1 << 60)
    assert not (settings.data_dir / "objects").exists()


def test_the_lock_has_one_holder_and_ends_with_it(settings: Settings) -> None:
    prepare_folders(settings)
    first, second = Lock(settings), Lock(settings)
    assert second.holder() is None
    assert first.acquire()
    assert not second.acquire()
    assert second.holder() == identify(os.getpid())
    first.release()
    assert second.holder() is None
    assert second.acquire()
    second.release()


def test_a_number_given_again_is_not_the_same_process() -> None:
    ours = identify(os.getpid())
    assert ours is not None
    assert alive(ours)
    assert not alive(Identity(ours.pid, "0"))
    with subprocess.Popen(["true"]) as ended:
        until(lambda: identify(ended.pid) is None)  # although its exit status has not been read yet


def test_what_a_killed_up_left_is_ended_and_strangers_are_not(settings: Settings) -> None:
    prepare_folders(settings)
    with (
        subprocess.Popen(["sleep", "60"], process_group=0) as ours,
        subprocess.Popen(["sleep", "60"], process_group=0) as stranger,
    ):
        left = identify(ours.pid)
        assert left is not None
        (settings.run_dir / "ours.pid").write_text(f"{ours.pid} {left.birth}\n")
        (settings.run_dir / "theirs.pid").write_text(f"{stranger.pid} 0\n")
        end_leftovers(settings, time.sleep, seconds=0.1)
        assert ours.wait(5) == -signal.SIGKILL
        assert stranger.poll() is None
        assert remembered(settings) == {}
        stranger.kill()
