"""The clock that a demo may move: how far, by whom, and that it is refused for anything else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ppid_saas.commands import demo
from ppid_saas.commands.running import first_step
from ppid_saas.demo import loading, marker
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import Settings
from tenants import clock

REAL = timedelta(seconds=5)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings.from_env({"PPID_DATA_DIR": str(tmp_path)})
    yield made
    clock.follow(None)


def ahead() -> timedelta:
    return clock.now() - datetime.now(UTC)


def test_a_followed_file_moves_now_as_often_as_it_is_replaced(settings: Settings) -> None:
    marker.note(settings, "loaded")
    clock.follow(settings.clock_file)
    assert abs(ahead()) < REAL
    for days in (30, -5, 31, 0):
        marker.move_clock(settings, days)
        assert abs(ahead() - timedelta(days=days)) < REAL
        assert marker.clock_days(settings) == days


def test_only_a_demo_has_such_a_file(settings: Settings) -> None:
    assert settings.clock_file is None
    marker.note(settings, "other")
    assert settings.clock_file is None
    (settings.demo_dir / "clock").write_text("30")
    clock.follow(settings.clock_file)
    assert abs(ahead()) < REAL


def test_nonsense_in_the_file_moves_nothing(settings: Settings) -> None:
    marker.note(settings, "loaded")
    (settings.demo_dir / "clock").write_text("besok")
    clock.follow(settings.clock_file)
    assert abs(ahead()) < REAL
    assert marker.clock_days(settings) == 0


def test_work_at_another_moment_leaves_the_clock_as_it_was() -> None:
    then = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
    with clock.moved_to(then):
        assert clock.now() == then
        assert clock.today("Asia/Jakarta") == then.date()
    assert abs(ahead()) < REAL


@pytest.mark.parametrize(
    ("said", "before", "after"), [("+30", 0, 30), ("-5", 30, 25), ("+7", -7, 0), ("off", 12, 0)]
)
def test_a_move_counts_from_where_the_clock_stands(said: str, before: int, after: int) -> None:
    assert demo._days(said, before) == after


def test_a_date_is_reached_from_any_moved_clock() -> None:
    day = clock.today("Asia/Jakarta") + timedelta(days=41)
    assert demo._days(day.isoformat(), 99) == 41


@pytest.mark.parametrize("said", ["30", "besok", "+12345", "2026-13-01", "+3661", "-3661"])
def test_any_other_move_is_refused(said: str) -> None:
    with pytest.raises(Trouble):
        demo._days(said, 0)


@pytest.mark.parametrize("mark", [None, "other"])
@pytest.mark.parametrize("words", [("clock", "+30"), ("clock", "-5"), ("passwords",)])
def test_what_is_no_demo_is_refused(
    settings: Settings, mark: marker.Mark | None, words: tuple[str, ...]
) -> None:
    if mark:
        marker.note(settings, mark)
    called = CliRunner().invoke(demo.demo_group, words, env={"PPID_DATA_DIR": str(settings.data_dir)})
    assert isinstance(called.exception, Trouble)
    assert str(called.exception) == demo.NO_DEMO


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.7"])  # noqa: S104  # to be refused
def test_the_demo_is_for_this_machine_alone(tmp_path: Path, bind: str) -> None:
    settings = Settings.from_env({"PPID_DATA_DIR": str(tmp_path), "PPID_BIND": bind})
    with pytest.raises(Trouble, match=r"PPID_BIND=127\.0\.0\.1"):
        loading.load(settings, print)
    assert first_step(settings, empty=False) == ("demo", "load", "--empty")


def test_a_first_start_looks_and_a_later_one_knows(settings: Settings) -> None:
    assert first_step(settings, empty=False) == ("demo", "load")
    assert first_step(settings, empty=True) == ("demo", "load", "--empty")
    marker.note(settings, "other")
    assert first_step(settings, empty=False) == ()


def test_a_database_elsewhere_gets_no_demo(tmp_path: Path) -> None:
    elsewhere = Settings.from_env(
        {"PPID_DATA_DIR": str(tmp_path), "PPID_DATABASE_URL": "postgresql://db.internal/ppid"}
    )
    assert first_step(elsewhere, empty=False) == ("demo", "load", "--empty")
