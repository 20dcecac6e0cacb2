"""What an administrator watches: figures by surface, a journal without content, and who is ready for work."""

import json
import re
from uuid import UUID

import pytest

from ppid_saas.settings import SURFACES
from ppid_saas.web.journal import FIELDS
from tests.deploy.site import Site
from tests.journey.conftest import Told

HEADS = {"time", "level", "logger", "message"}
SERIES = re.compile(r"^(ppid_\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")


def figures(site: Site, surface: str) -> list[tuple[str, dict[str, str], float]]:
    status, body, _ = site.ask(surface, "/metrics")
    assert status == 200
    return [
        (name, dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(value))
        for name, labels, value in SERIES.findall(body.decode())
    ]


def journal(site: Site) -> list[dict[str, object]]:
    lines = []
    for name, text in site.journals().items():
        for line in text.splitlines():
            assert line.startswith("{"), f"{name} says something that is no journal line: {line[:200]}"
            lines.append(json.loads(line))
    return lines


@pytest.mark.parametrize("surface", SURFACES)
def test_requests_are_counted_by_rule_and_never_by_path(site: Site, told: Told, surface: str) -> None:
    site.ask(surface, "/tidak-ada/apa-pun")
    found = figures(site, surface)
    counted = [(labels, value) for name, labels, value in found if name == "ppid_requests_total"]
    assert {labels["surface"] for labels, _ in counted} == {surface}
    assert {("-", "GET", "404")} <= {(la["endpoint"], la["method"], la["status"]) for la, _ in counted}
    text = json.dumps(found)
    assert not UUIDS.search(text)
    assert "apa-pun" not in text
    assert "sebelah" not in text
    timed = sum(value for name, labels, value in found if name == "ppid_request_seconds_count")
    assert timed == sum(value for _, value in counted)


def test_figures_add_up_over_the_processes_of_a_surface(site: Site, told: Told) -> None:
    def probes() -> float:
        return sum(
            value
            for name, labels, value in figures(site, "office")
            if name == "ppid_requests_total" and labels["endpoint"] == "/healthz"
        )

    before = probes()
    for _ in range(40):
        assert site.ask("office", "/healthz")[0] == 200
    assert probes() == before + 40


def test_the_console_tells_the_figures_of_background_work(site: Site, told: Told) -> None:
    found = {(name, labels.get("state", "")): value for name, labels, value in figures(site, "console")}
    assert {state for name, state in found if name == "ppid_effects"} == {"waiting", "lapsed", "parked"}
    assert {name for name, _ in found} >= {"ppid_due_not_done", "ppid_objects"}
    assert found["ppid_workers", ""] == 1
    assert found["ppid_queue_depth", ""] >= 0
    assert found["ppid_oldest_effect_seconds", ""] >= 0


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/healthz"])
def test_the_world_sees_none_of_it(site: Site, surface: str, path: str) -> None:
    assert site.through(surface, "GET", path)[0] == 404


def test_figures_are_not_given_to_whoever_came_through_a_proxy(site: Site) -> None:
    assert site.ask("office", "/metrics", {"X-Forwarded-For": "203.0.113.7"})[0] == 404


def test_every_line_is_json_and_says_who_what_and_how_long(site: Site, told: Told) -> None:
    lines = journal(site)
    assert all(set(line) <= HEADS | set(FIELDS) for line in lines)
    assert all(set(line) >= HEADS for line in lines)
    requests = [line for line in lines if line["message"] == "request"]
    assert {line["surface"] for line in requests} == set(SURFACES)
    office = [line for line in requests if str(line["endpoint"]).startswith("/<region>/u/<unit>/")]
    assert office
    for line in office:
        UUID(str(line["tenant"]))
        assert {"request", "method", "status", "ms"} <= set(line)
    assert not [line for line in requests if "?" in str(line["endpoint"])]
    worked = [line for line in lines if line["surface"] == "worker" and line["message"] == "done"]
    assert worked
    assert all({"tenant", "event", "handler", "ms"} <= set(line) for line in worked)


def test_no_journal_holds_what_was_written(site: Site, told: Told) -> None:
    """Nor do those of the servers around: nginx, PgBouncer, Redis."""
    texts = site.journals() | {
        str(path.relative_to(site.folder)): path.read_text(errors="replace")
        for pattern in ("nginx/*.log", "pooler/*.log", "*.out")
        for path in site.folder.glob(pattern)
    }
    assert len(texts) > 8
    assert [
        (where, name)
        for name, text in texts.items()
        for where, planted in told.watch.secret.items()
        if planted in text
    ] == []
    assert not [name for name, text in texts.items() if any(word in text for word in site.secrets.values())]


def test_a_request_has_one_id_from_nginx_to_the_journal(site: Site) -> None:
    _, _, headers = site.through("office", "GET", "/masuk")
    given = headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", given)  # nginx's; ours are shorter
    assert given in (site.folder / "nginx/ppid.log").read_text()
    assert [line for line in journal(site) if line.get("request") == given and line["message"] == "request"]


def test_a_strangers_id_is_not_believed(site: Site) -> None:
    """Who comes through nginx gets nginx's."""
    _, _, headers = site.through("office", "GET", "/masuk", headers={"X-Request-ID": "kiriman-orang-lain"})
    assert headers["X-Request-ID"] != "kiriman-orang-lain"


def test_ready_names_the_part_that_is_away_and_healthy_asks_nobody(site: Site, told: Told) -> None:
    site.parts["redis"].stop()
    try:
        assert site.await_ready("office") == {"status": "degraded", "away": ["queue"]}
        assert site.through("office", "GET", "/masuk")[0] == 200
    finally:
        site.parts["redis"].start()
    site.parts["s3"].stop()
    try:
        assert site.await_ready("files", 503) == {"status": "away", "away": ["store"]}
        assert site.await_ready("portal") == {"status": "ok", "away": []}
    finally:
        site.parts["s3"].start()
    site.parts["pgbouncer"].stop()
    try:
        for surface in SURFACES:
            assert "database" in site.await_ready(surface, 503)["away"]
            assert site.ask(surface, "/healthz")[0] == 200
    finally:
        site.parts["pgbouncer"].start()
    for surface in SURFACES:
        assert site.await_ready(surface)["status"] == "ok"
