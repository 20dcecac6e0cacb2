"""The commands that need no server: what they refuse, in one line, and what they keep."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ppid_saas.cli import COMMANDS, cli, main
from ppid_saas.commands.figures import keep_figure, run_figure
from ppid_saas.commands.quality import BROWSERS, find_browser
from ppid_saas.embedded.trouble import Trouble
from ppid_saas.settings import ROOT


def call(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "ppid_saas.cli", *arguments],
        cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_command_has_its_help_in_indonesian() -> None:
    assert {
        "up",
        "test",
        "check",
        "prove",
        "bench",
        "status",
        "logs",
        "down",
        "migrate",
        "web",
        "worker",
        "relay",
    } <= set(COMMANDS)
    commands = [cli.get_command(click.Context(cli), name) for name in COMMANDS]
    assert all(
        command and command.help and command.help.endswith((".", ".\n", "pytest.")) for command in commands
    )


def test_a_test_run_without_a_browser_is_one_line(tmp_path: Path) -> None:
    refused = call("test", "--collect-only", PATH=str(tmp_path), PPID_CHROMIUM="")
    assert refused.returncode == 1
    [line] = refused.stderr.splitlines()
    assert "apt install chromium" in line
    assert refused.stdout == ""


def test_the_browser_is_the_one_named_or_the_first_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / BROWSERS[-1]
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("PPID_CHROMIUM", raising=False)
    assert find_browser() == str(browser)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Trouble):
        find_browser()
    monkeypatch.setenv("PPID_CHROMIUM", str(browser))
    assert find_browser() == str(browser)


def test_a_test_run_hands_its_arguments_on(tmp_path: Path) -> None:
    chosen = tmp_path / "test_chosen.py"
    chosen.write_text("def test_one():\n    assert False, 'seen'\n")
    ran = call(
        "test", "--noconftest", "-p", "no:randomly", str(chosen), "-k", "one", PPID_CHROMIUM=sys.executable
    )
    assert ran.returncode == 1
    assert "seen" in ran.stdout


def test_a_setting_that_cannot_be_read_is_one_line() -> None:
    refused = call("status", PPID_PORT="delapan ribu")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "ppid: PPID_PORT harus bilangan 1 sampai 65531, bukan 'delapan ribu'"
    ]


def test_a_disk_that_fills_up_on_the_way_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill = click.Command("fill", callback=lambda: Path("/dev/full").write_text("x"))
    monkeypatch.setitem(cli.commands, "fill", fill)
    monkeypatch.setenv("PPID_DATA_DIR", str(tmp_path / "not" / "yet"))
    monkeypatch.setattr(sys, "argv", ["ppid", "fill"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ppid: Disk untuk {tmp_path} hampir penuh")


def test_a_figure_is_kept_with_where_it_was_taken(tmp_path: Path) -> None:
    (tmp_path / "speed.py").write_text("def run(seconds, seed):\n    return {'given': [seconds, seed]}\n")
    record = run_figure(tmp_path, "bench", "speed", 1.5, 7)
    kept = json.loads(keep_figure(tmp_path / "figures", "speed", record).read_text())
    assert kept["figures"] == {"given": [1.5, 7]}
    assert (kept["kind"], kept["seed"]) == ("bench", 7)
    assert set(kept["machine"]) == {"cpu", "cores", "memory_mib", "python", "system"}
    assert dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(kept["date"]) < dt.timedelta(minutes=1)


def test_an_unknown_figure_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "speed.py").touch()
    with pytest.raises(Trouble, match="speed"):
        run_figure(tmp_path, "prove", "sped", None, 1)
