"""Journal and figures of one process: nothing of content comes out, whoever tries, and a stranger's word is not believed."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from ppid_saas.embedded.lines import in_words, last_said
from ppid_saas.settings import Settings, SettingsError
from ppid_saas.web import journal, observing
from tests.fixtures.world import World

CANARY = "kanari-isi-tertutup"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the loggers write, through the product's own formatter."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(journal.Lines("uji"))
    loggers = [logging.getLogger("ppid"), logging.getLogger("rq.worker")]
    for logger in loggers:
        logger.addHandler(handler)
    logging.getLogger("ppid").setLevel(logging.INFO)
    yield out
    for logger in loggers:
        logger.removeHandler(handler)
    logging.getLogger("ppid").setLevel(logging.NOTSET)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def broken() -> None:
    raise ValueError(CANARY)


def test_an_exception_is_told_by_class_and_place(written: io.StringIO) -> None:
    try:
        broken()
    except ValueError:
        logging.getLogger("ppid.uji").exception("it failed")
    [line] = lines(written)
    assert (line["error"], line["message"], line["level"]) == ("ValueError", "it failed", "error")
    assert re.search(r"web/test_observing\.py:\d+ > web/test_observing\.py:\d+$", line["places"])
    assert CANARY not in written.getvalue()


def test_a_traceback_that_a_library_puts_into_its_message_is_left_out(written: io.StringIO) -> None:
    logging.getLogger("rq.worker").error(
        "Worker %s: job %s: exception raised\n%s", "w", "j", f"Traceback …\nValueError: {CANARY}",
        extra={"arguments": [CANARY], "kwargs": {"a": CANARY}},
    )  # fmt: skip
    [line] = lines(written)
    assert line["message"] == "Worker w: job j: exception raised"
    assert CANARY not in written.getvalue()


def test_a_request_is_one_line_by_its_rule(world: World, written: io.StringIO) -> None:
    client = world.client("petugas.dinkes@sana")
    answer = client.get(f"/sana/u/dinkes/butir?cari={CANARY}", headers={"User-Agent": CANARY})
    [line] = lines(written)
    assert line["endpoint"] == "/<region>/u/<unit>/butir"
    assert (line["method"], line["status"], line["message"]) == ("GET", 200, "request")
    assert line["tenant"] == str(world.tenants["sana", "dinkes"])
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert CANARY not in written.getvalue()


@pytest.mark.parametrize("path", [f"/{CANARY}", f"/sana/u/{CANARY}/butir", "/sana/u/dinkes/butir"])
def test_a_stranger_leaves_no_path_behind(world: World, written: io.StringIO, path: str) -> None:
    world.client().get(path)
    [line] = lines(written)
    assert "tenant" not in line
    assert CANARY not in written.getvalue()


def test_a_method_nobody_knows_is_no_label_of_its_own(world: World, written: io.StringIO) -> None:
    world.client().open("/masuk", method="ANEH")
    assert lines(written)[0]["method"] == "-"


def test_an_id_is_believed_from_nobody_but_a_trusted_proxy(world: World) -> None:
    answer = world.client().get("/masuk", headers={"X-Request-ID": "kiriman-orang"})
    assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])


def behind(settings: Settings, headers: dict[str, str], peer: str) -> dict[str, str]:
    """What an app behind `settings.proxies` sees of a request."""
    app = Flask("uji")
    app.extensions["ppid"] = {"settings": settings, "surface": "office"}
    seen: dict[str, str] = {}

    @app.get("/")
    def view() -> str:
        from flask import request

        seen.update(address=request.remote_addr or "", scheme=request.scheme)
        return ""

    observing.init_observing(app, settings, "office")
    answer = app.test_client().get("/", headers=headers, environ_base={"REMOTE_ADDR": peer})
    return seen | {"id": answer.headers["X-Request-ID"]}


def test_a_trusted_proxy_says_who_asks(settings: Settings) -> None:
    trusting = Settings.from_env(
        {"PPID_DATA_DIR": str(settings.data_dir), "PPID_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1"}
    )
    told = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.4, 10.1.2.3",
        "X-Forwarded-Proto": "https",
        "X-Request-ID": "a" * 32,
    }
    assert behind(trusting, told, "10.9.9.9") == {
        "address": "198.51.100.4",
        "scheme": "https",
        "id": "a" * 32,
    }
    stranger = behind(trusting, told, "203.0.113.50")
    assert (stranger["address"], stranger["scheme"]) == ("203.0.113.50", "http")
    assert stranger["id"] != "a" * 32
    assert behind(trusting, told | {"X-Request-ID": "a b\tc<script>"}, "10.9.9.9")["id"] != "a b\tc<script>"


def test_a_proxy_that_is_no_address_is_refused() -> None:
    with pytest.raises(SettingsError, match="PPID_TRUSTED_PROXIES"):
        Settings.from_env({"PPID_TRUSTED_PROXIES": "nginx"})


def test_figures_are_shown_for_the_token_or_to_this_machine(world: World) -> None:
    client = world.client()
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    app = world.app()
    kept = app.extensions["ppid"]["settings"]
    given = {"PPID_DATA_DIR": str(kept.data_dir), "PPID_METRICS_TOKEN": "rahasia-pengumpul"}
    app.extensions["ppid"]["settings"] = Settings.from_env(given)
    try:
        assert client.get("/metrics").status_code == 404
        shown = {"Authorization": "Bearer rahasia-pengumpul"}
        assert (
            client.get("/metrics", headers=shown, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code
            == 200
        )
        assert client.get("/metrics", headers={"Authorization": "Bearer salah"}).status_code == 404
    finally:
        app.extensions["ppid"]["settings"] = kept


def test_healthy_needs_no_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import Engine

    def away(*_: object, **__: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(Engine, "connect", away)
    assert world.client().get("/healthz").get_json() == {"status": "ok"}


def test_a_part_that_never_answers_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    monkeypatch.setattr(observing, "PATIENCE_SECONDS", 0.2)
    silent = threading.Event()
    try:
        assert observing._probe({"database": lambda: None, "store": silent.wait}) == {
            "database": True,
            "store": False,
        }
    finally:
        silent.set()


def test_people_read_plain_lines() -> None:
    line = json.dumps({
        "time": "2026-03-05T06:07:08.123+00:00", "level": "info", "logger": "ppid.request", "message": "request",
        "surface": "office", "endpoint": "/masuk", "status": 200,
    })  # fmt: skip
    assert in_words(line) == "2026-03-05 06:07:08.123 info request endpoint=/masuk status=200"
    assert in_words("LOG:  database system is ready\n") == "LOG:  database system is ready"
    assert in_words('{"no": "message"}') == '{"no": "message"}'


def test_the_last_words_of_a_process_say_what_was_wrong() -> None:
    wrong = json.dumps({"level": "critical", "message": "kunci induk tidak terbaca"})
    after = json.dumps({"level": "info", "message": "shutdown completed"})
    assert last_said([wrong, after, ""]) == "kunci induk tidak terbaca"
    assert last_said(["FATAL:  no room", ""]) == "FATAL:  no room"
    assert last_said([]) == "tanpa pesan"
