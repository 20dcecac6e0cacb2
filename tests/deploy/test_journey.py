"""The product on the parts an administrator has: walked in browsers, asked by programs, watched by the operator."""

import json
import re
import secrets
import time
from http.cookies import SimpleCookie
from typing import Any

import pytest

from tests.deploy.site import Site, sha256
from tests.fixtures.scans import scan
from tests.journey.conftest import Told
from tests.journey.walk import TITLE

UPLOAD = "/api/v1/sebelah/u/dinas-kearsipan/documents"


def test_an_office_list_becomes_a_published_list(site: Site, told: Told) -> None:
    assert told.watch.complaints == []
    status, body, headers = site.through("portal", "GET", "/api/v1/lists/sebelah/changes?cursor=0")
    assert status == 200
    titles = [change["item"]["title"] for change in json.loads(body)["changes"] if change.get("item")]
    assert TITLE in titles
    assert len(titles) == told.items + 1
    assert "max-age" in headers["Strict-Transport-Security"]


def test_a_file_goes_in_by_one_request_and_comes_out_whole(site: Site, key: dict[str, str]) -> None:
    data = scan(24 * 1024 * 1024)
    kind = {"Content-Type": "application/octet-stream"}
    status, body, _ = site.through("files", "POST", f"{UPLOAD}?name=arsip.pdf", data, key | kind)
    assert status == 201, body
    stored = json.loads(body)
    assert (stored["size"], stored["sha256"]) == (len(data), sha256(data))
    address = f"{UPLOAD}/{stored['id']}/download"
    status, body, _ = site.through(
        "office",
        "POST",
        address,
        json.dumps({"reason": "archive"}),
        key | {"Content-Type": "application/json"},
    )
    assert status == 200
    assert sha256(body) == stored["sha256"]
    # Nothing of it lay down in plain on the way: nginx passed it on, the store has ciphertext.
    assert not list((site.folder / "nginx").glob("*_body/*"))
    piece = data[1_000_000:1_000_064]
    assert not [
        path for path in (site.folder / "objects").rglob("*") if path.is_file() and piece in path.read_bytes()
    ]


@pytest.mark.parametrize(("given", "status"), [("a stranger", 401), ("too long", 413)])
def test_an_upload_that_may_not_be_is_refused_before_it_is_read(
    site: Site, key: dict[str, str], given: str, status: int
) -> None:
    headers = {"Content-Type": "application/octet-stream", **({} if given == "a stranger" else key)}
    if given == "too long":
        headers["Content-Length"] = str(1024**3 + 1)
    assert site.through("files", "POST", f"{UPLOAD}?name=x", b"x", headers)[0] == status


def test_an_upload_of_unknown_length_is_refused(site: Site, key: dict[str, str]) -> None:
    """Asked past nginx, which may count a short body itself and say its length."""
    headers = key | {"Content-Type": "application/octet-stream", "Transfer-Encoding": "chunked"}
    body = b"1\r\nx\r\n0\r\n\r\n"
    assert site.ask("files", f"{UPLOAD}?name=x", headers, method="POST", body=body)[0] == 422


class Operator:
    """The platform's operator at the console, by name and over TLS, with a cookie and the forms' own tokens."""

    def __init__(self, site: Site) -> None:
        self.site, self.cookie = site, ""
        _, email, password = site.call("operator", f"{secrets.token_hex(4)}@contoh.test", "Operator").split()
        self.post("/masuk", "/masuk", email=email, password=password)

    def get(self, path: str) -> str:
        status, body, headers = self.site.through("console", "GET", path, headers={"Cookie": self.cookie})
        self._keep(headers)
        assert status == 200, (path, status)
        return body.decode()

    def post(self, page: str, action: str, **values: str) -> None:
        from urllib.parse import urlencode

        token = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page))
        assert token
        status, body, headers = self.site.through(
            "console", "POST", action, urlencode({"csrf_token": token[1], **values}),
            {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded", "Referer": self.site.at("console")},
        )  # fmt: skip
        assert status == 303, (status, body[:500])
        self._keep(headers)

    def _keep(self, headers: Any) -> None:
        for line in headers.get_all("Set-Cookie") or ():
            [morsel] = SimpleCookie(line).values()
            assert morsel["secure"]
            assert morsel.key == "__Host-ppid"
            self.cookie = f"{morsel.key}={morsel.value}"


def test_the_console_shows_tenants_and_jobs_and_replays_what_is_parked(site: Site, told: Told) -> None:
    operator = Operator(site)
    assert "sebelah/dinas-kearsipan" in operator.get("/platform/penyewa")
    jobs = operator.get("/platform/pekerjaan")
    assert "1 pekerja mendengarkan" in jobs
    assert "Selesai" in jobs
    done = operator.get("/platform/pekerjaan?keadaan=done")
    assert "Dinas Kearsipan" in done
    assert "PPID Utama Kabupaten Sebelah" not in operator.get("/platform/pekerjaan?keadaan=failed")
    for page in (jobs, done):
        assert not [where for where, planted in told.watch.secret.items() if planted in page]
    tenant, event = park(site)
    stuck = operator.get("/platform/tertahan")
    action = f"/platform/tertahan/{tenant}/{event}/events.seal/ulang"
    assert action in stuck
    operator.post("/platform/tertahan", action)
    deadline = time.monotonic() + 20
    while undone(site, event):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def park(site: Site) -> tuple[str, str]:
    """Undo the last link of a tenant's chain and park its effect, as five failures would have."""
    with site.superuser() as connection:
        connection.execute("set session_replication_role = replica")
        row = connection.execute(
            "delete from ops.seal s where (tenant_id, seq) = (select tenant_id, max(seq) from ops.seal group by 1 limit 1)"
            " returning tenant_id, event_id"
        ).fetchone()
        assert row
        connection.execute(
            "update ops.effect set done_at = null, parked_at = now(), attempt = 5"
            " where tenant_id = %s and event_id = %s and handler = 'events.seal'",
            row,
        )
    return str(row[0]), str(row[1])


def undone(site: Site, event: str) -> bool:
    with site.superuser() as connection:
        row = connection.execute(
            "select count(*) from ops.effect where event_id = %s and done_at is null", [event]
        ).fetchone()
    return bool(row and row[0])
