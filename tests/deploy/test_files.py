"""The files of deploy/ taken by themselves: each setting exists, each program agrees with what it reads, none holds a secret."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ppid_saas.settings import PLAIN, ROOT, SECRETS, SURFACES, Settings
from ppid_saas.web.shell import MAX_BODY, MAX_FILE
from tenants import boot
from tests.deploy import site
from tests.deploy.units import SYSTEMD, lines_of, read_environment

DEPLOY = ROOT / "deploy"
KNOWN = {*PLAIN, *SECRETS, *(f"{name}_FILE" for name in SECRETS)}
TEXTS = [path for path in DEPLOY.rglob("*") if path.is_file() and not path.name.startswith("requirements")]
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
SIZES = {"k": 1024, "m": 1024**2, "g": 1024**3}


def documents(*paths: Path) -> list[dict[str, Any]]:
    return [each for path in paths for each in yaml.safe_load_all(path.read_text())]


def compose() -> dict[str, Any]:
    [found] = documents(DEPLOY / "compose.yaml")
    return found


def kinds(kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in documents(*MANIFESTS) if each["kind"] == kind}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_setting_named_is_one(path: Path) -> None:
    named = set(re.findall(r"PPID_[A-Z0-9_]*[A-Z0-9]", path.read_text())) - {"PPID_DB_PASSWORD"}
    assert named <= KNOWN


@pytest.mark.parametrize("name", ["ppid.env", "migrate.env"])
def test_the_samples_are_read_and_hold_no_secret(name: str) -> None:
    given = read_environment(DEPLOY / name)
    settings = Settings.from_env(given)
    assert settings.pooled == (name == "ppid.env")
    assert not {key for key in given if key in SECRETS and key != "PPID_DATABASE_URL"}
    assert "@" not in given["PPID_DATABASE_URL"]


def test_images_are_plain_names() -> None:
    sources = [path.read_text() for path in TEXTS]
    named = [hit for text in sources for hit in re.findall(r"(?:image:|FROM) ([^\s\n]+)", text)]
    assert named
    assert not [name for name in named if "." in name.partition("/")[0].partition(":")[0]]


# --- the administrator's page ---


def page() -> str:
    return (ROOT / "docs/servers.md").read_text()


def test_the_page_gives_each_process_the_secrets_it_was_tried_with() -> None:
    rows = [line.strip().strip("|").split("|") for line in page().splitlines() if line.strip().startswith("| `db_")
            or line.strip().startswith(("| `s3_", "| `portal_s3", "| `secret_key`", "| `root_key`"))]  # fmt: skip
    header = next(line for line in page().splitlines() if line.strip().startswith("| file |"))
    processes = [cell.strip() for cell in header.strip().strip("|").split("|")][1:]
    told = {process: set() for process in processes}
    for name, *cells in rows:
        for process, cell in zip(processes, cells, strict=True):
            told[process] |= set(re.findall(r"`(\w+)`", name)) if cell.strip() == "x" else set()
    assert told == {process: set(names) for process, names in site.SECRETS.items()}


def test_what_the_page_names_is_there() -> None:
    from ppid_saas.cli import COMMANDS

    for path in re.findall(r"deploy/[\w./@-]+\w", page()):
        assert (ROOT / path).exists() or path.endswith("deploy/secrets"), path
    assert set(re.findall(r"\./ppid (\w+)", page())) <= set(COMMANDS)
    assert set(re.findall(r"PPID_[A-Z0-9_]*[A-Z0-9]", page())) <= KNOWN
    for unit in re.findall(r"ppid-(?:web@\w+|worker|relay|migrate)\b", page()):
        assert dict(lines_of(f"{unit}.service"))["ExecStart"]


def test_every_figure_of_the_page_is_one_and_the_reverse() -> None:
    source = "".join(
        (ROOT / path).read_text() for path in ("ppid_saas/web/observing.py", "ppid_saas/console/queries.py")
    )
    made = set(re.findall(r'"(ppid_[a-z_]+)"', source))
    told = {name.removesuffix("_total") for name in re.findall(r"`(ppid_[a-z_]+)", page())}
    assert told == made


# --- systemd ---


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.fail("Pasang dahulu: apt install systemd", pytrace=False)
    shutil.copytree(SYSTEMD, tmp_path, dirs_exist_ok=True)
    for unit in tmp_path.rglob("*.service"):
        unit.write_text(unit.read_text().replace("/opt/ppid/.venv/bin/python", "/bin/true"))
    names = ["ppid-worker.service", "ppid-relay.service", "ppid-migrate.service"]
    names += [f"ppid-web@{surface}.{kind}" for surface in SURFACES for kind in ("service", "socket")]
    done = subprocess.run(
        [program, "verify", "--man=no", *(tmp_path / name for name in names)],
        capture_output=True, text=True, check=False, env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "ppid-" in line and "man:" not in line]
    assert ours == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("surface", SURFACES)
def test_a_socket_listens_where_nginx_asks(surface: str) -> None:
    place = dict(lines_of(f"ppid-web@{surface}.socket"))["ListenStream"]
    assert place == f"127.0.0.1:{Settings.from_env({}).surface_port(surface)}"
    assert f"proxy_pass http://{place};" in (DEPLOY / "nginx/ppid.conf").read_text()


def test_every_process_has_a_user_of_its_own() -> None:
    users = [dict(lines_of(f"ppid-{name}.service"))["User"] for name in ("worker", "relay", "migrate")]
    users += [dict(lines_of(f"ppid-web@{surface}.service"))["User"] for surface in SURFACES]
    made = re.findall(r"^u (\S+)", (SYSTEMD / "ppid.sysusers").read_text(), re.MULTILINE)
    assert sorted(made) == sorted(users)
    assert len(set(users)) == len(users)


def test_a_process_may_finish_before_it_is_killed() -> None:
    for surface in SURFACES:
        words = " ".join(
            value for key, value in lines_of(f"ppid-web@{surface}.service") if key == "Environment"
        )
        grace = int(re.findall(r"PPID_STOP_SECONDS=(\d+)", words)[-1])
        assert grace < int(dict(lines_of(f"ppid-web@{surface}.service"))["TimeoutStopSec"])


# --- nginx ---


def test_each_surface_takes_what_it_must_and_no_more() -> None:
    blocks = re.split(r"^server \{", (DEPLOY / "nginx/ppid.conf").read_text(), flags=re.MULTILINE)[2:]
    sizes = [re.search(r"client_max_body_size (\d+)([kmg]);", block) for block in blocks]
    portal, office, files, console = (int(size[1]) * SIZES[size[2]] for size in sizes if size)
    assert (office, files) == (MAX_BODY, MAX_FILE)
    assert max(portal, console) < office
    assert "proxy_request_buffering off;" in blocks[2]
    assert "proxy_max_temp_file_size 0;" in blocks[2]
    assert all("(healthz|readyz|metrics)$ { return 404; }" in block for block in blocks)


def test_nginx_writes_down_neither_path_nor_query() -> None:
    [form] = re.findall(r"log_format ppid '(.*)';", (DEPLOY / "nginx/ppid.conf").read_text())
    assert not set(re.findall(r"\$\w+", form)) & {"$request", "$request_uri", "$uri", "$args", "$http_referer", "$query_string"}  # fmt: skip


# --- database ---


def test_the_roles_are_those_of_the_product() -> None:
    source = (DEPLOY / "postgresql/roles.sql").read_text()
    assert set(re.findall(r"^alter role (\w+) login", source, re.MULTILINE)) == set(boot.LOGIN_ROLES)
    pooled = re.findall(r"'(\w+)'", (DEPLOY / "pgbouncer/userlist.sql").read_text().partition("where")[2])
    assert set(pooled) == set(boot.LOGIN_ROLES) - {"owner", "replicator"}
    assert "pool_mode = transaction" in (DEPLOY / "pgbouncer/pgbouncer.ini").read_text()


# --- compose and kubernetes ---


@pytest.mark.parametrize("name", [name for name in site.SECRETS if name != "operator"])
def test_a_container_is_given_its_own_secrets_and_no_other(name: str) -> None:
    service = compose()["services"][name]
    urls = set() if name == "migrate" else {"redis_url"}
    assert set(service["secrets"]) == set(site.SECRETS[name]) | urls
    files = {value for key, value in service["environment"].items() if key.endswith("_FILE")}
    assert files == {f"/run/secrets/{secret}" for secret in service["secrets"]}


def test_compose_runs_every_process_and_knows_every_name() -> None:
    whole = compose()
    services = whole["services"]
    assert {"worker", "relay", "migrate", *SURFACES} <= set(services)
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name
        assert set(service.get("secrets", ())) <= set(whole["secrets"]), name
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            made_by_hand = {"./tls"}
            assert source in whole["volumes"] or source in made_by_hand or (DEPLOY / source).exists(), volume


@pytest.mark.parametrize("surface", SURFACES)
def test_a_pod_is_asked_where_it_answers(surface: str) -> None:
    port = Settings.from_env({}).surface_port(surface)
    pod = kinds("Deployment")[surface]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert container["args"] == ["web", "--surface", surface]
    assert container["ports"] == [{"containerPort": port}]
    assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": port}
    assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": port}
    assert kinds("Service")[surface]["spec"]["ports"] == [{"port": port}]
    [rule] = kinds("Ingress")[surface]["spec"]["rules"]
    assert rule["http"]["paths"][0]["backend"]["service"] == {"name": surface, "port": {"number": port}}
    assert rule["host"] == f"{site.HOSTS[surface]}.contoh.go.id"
    stop = next((int(each["value"]) for each in container["env"] if each["name"] == "PPID_STOP_SECONDS"), 8)
    assert pod["terminationGracePeriodSeconds"] > stop + 5


def test_the_cluster_puts_no_settings_into_pods() -> None:
    """A service's environment variables would look like ours."""
    for name, each in (kinds("Deployment") | kinds("Job")).items():
        assert each["spec"]["template"]["spec"]["enableServiceLinks"] is False, name
    assert "ppid" not in kinds("Service")
