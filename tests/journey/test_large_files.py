"""Large files over lines that break: from a page that goes offline or is closed, and by a foreign program whose server dies."""

import hashlib
import os
import re
import signal
from io import BytesIO
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from tusclient.client import TusClient

from ppid_saas.embedded.process import remembered
from tests.embedded.installation import until
from tests.fixtures.scans import scan
from tests.fixtures.tus import Program
from tests.journey.people import Watch, accept_invitation, choose, follow, open_browser
from tests.journey.running import Running
from tests.journey.screens import faults_of

MB = 1024 * 1024
SLOW = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": 8 * MB}
PLACE, WHO = "gudang/dinas-kearsipan", "simpan@contoh.test"


@pytest.fixture(scope="module")
def page(running: Running, browser: Browser) -> Page:
    """An officer of a region of its own, before a slow line."""
    watch = Watch(running, True, lambda *_: None)
    running.call("tenant", "add-central", "gudang", "Kabupaten Gudang")
    running.call("tenant", "import", "gudang", "-", told="SKPD,Dinas Kearsipan\n")
    link = running.call("member", "add", PLACE, WHO, "Petugas", "unit_officer")
    page = open_browser(browser, watch)
    accept_invitation(page, watch, link.strip())
    choose(page, "Berkas")
    follow(page, "Unggah berkas besar")
    return page


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scans") / "pindai ruang arsip.pdf"
    path.write_bytes(scan(48 * MB))
    return path


def slow_down(page: Page) -> None:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)


def begin(page: Page, path: Path) -> None:
    page.get_by_label("Berkas dari komputer ini").set_input_files(path)
    expect(page.locator("[data-rows] [data-state]").last).to_have_text(re.compile(r"Terkirim [1-9]\d persen"))


def kept(page: Page) -> None:
    expect(page.locator("[data-rows] [data-state]").last).to_have_text("Tersimpan terkunci.", timeout=90_000)


def test_a_line_that_breaks_loses_nothing(page: Page, scanned: Path):
    slow_down(page)
    assert not faults_of(page)
    begin(page, scanned)
    page.context.set_offline(offline=True)
    expect(page.locator("[data-rows] progress")).to_be_visible()
    page.context.set_offline(offline=False)
    kept(page)
    assert page.evaluate("Object.keys(localStorage).length") == 0
    follow(page, "Buka")
    expect(page.get_by_role("heading", level=1)).to_have_text(scanned.name)


def test_what_a_closed_page_left_is_gone_on_with_from_another(page: Page, scanned: Path):
    choose(page, "Berkas")
    follow(page, "Unggah berkas besar")
    slow_down(page)
    begin(page, scanned)
    another = page.context.new_page()
    page.close(run_before_unload=False)
    another.goto(page.url)
    line = another.locator("[data-unfinished]")
    expect(line).to_contain_text("disimpan sampai")
    assert not faults_of(another)
    line.locator("[data-again]").set_input_files(
        {"name": "lain.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    expect(line).to_contain_text("Itu berkas lain.")
    line.locator("[data-again]").set_input_files(scanned)
    kept(another)


def answers(program: Program, url: str) -> int:
    try:
        return program.reached(url)
    except requests.ConnectionError:
        return -1


def test_a_foreign_client_goes_on_after_cuts_and_after_the_server_died(running: Running, page: Page):
    data = scan(30 * MB, seed=2)
    program = Program(running, PLACE, WHO)
    url = program.announce(len(data))
    start = 0
    for much in (11 * MB, 5 * MB, 1000):
        program.send_and_break(url, start, data[start : start + much], len(data))
        until(lambda wanted=start + much: program.reached(url) == wanted)
        start += much
    killed = remembered(running.settings)["files"]
    os.kill(killed.pid, signal.SIGKILL)
    until(
        lambda: remembered(running.settings).get("files") not in {None, killed}, 60
    )  # what it forked may answer once more
    until(lambda: answers(program, url) == start, 60)
    foreign = TusClient(program.endpoint, headers=program.headers)
    foreign.uploader(
        file_stream=BytesIO(data), url=url, chunk_size=5 * MB, retries=30, retry_delay=1
    ).upload()
    assert program.ended(url)["state"] == "kept"
    documents = requests.get(
        running.at("office", "/api/v1/gudang/u/dinas-kearsipan/documents"),
        headers=program.headers,
        timeout=20,
    ).json()["documents"]
    assert hashlib.sha256(data).hexdigest() in {one["sha256"] for one in documents}
