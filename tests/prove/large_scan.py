"""Proof: a scan of 300 MB over a line cut three times, found by the label on its shelf, fills its unit's room to the byte, and moves.

Walked in a browser between two installations that share nothing; `--seconds` makes the scan smaller.
"""

import hashlib
import re
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from ppid_saas.exports.reading import open_archive
from ppid_saas.exports.rules import Manifest, same
from tenants.vault.streams import stored_size
from tests.fixtures.browsing import chromium
from tests.fixtures.scans import scan
from tests.journey.people import Watch, accept_invitation, choose, follow, open_browser, press
from tests.journey.running import Running, brought_up

MB = 1024 * 1024
SIZE, LEAST = 300 * MB, 24 * MB
CUTS = (15, 40, 70)  # per cent sent
TRAVELS = 20  # seconds that the whole scan takes on an uncut line
PATIENCE_MS = 180_000
FEWEST = 1_000  # blanks; their number is written with as many digits whatever is added
PLACE, UNIT = "gudang/dinas-kearsipan", "SKPD,Dinas Kearsipan\n"
NAME, TITLE, SHELF = "pindai ruang arsip.pdf", "Denah ruang arsip statis", "A-01"


def run(seconds: float | None, seed: int) -> dict[str, Any]:
    """Let the scan travel, be found, fill the room, leave and arrive; every figure is read from a page or a file."""
    size = SIZE if seconds is None else max(LEAST, min(SIZE, int(seconds) * MB))
    with tempfile.TemporaryDirectory(prefix="ppid-scan-") as folder, chromium() as browser:
        path = Path(folder) / NAME
        path.write_bytes(_filling(size, seed))
        with brought_up() as here:
            officer, head = _people(here, browser, "unit_officer", "unit_head")
            _shelve(officer)
            told = _send(here, officer, path)
            told |= _find_by_label(officer)
            archive = _take(head, Path(folder) / "dibawa.zip")
        with brought_up() as there:
            (admin,) = _people(there, browser, "tenant_admin")
            _restore(there, admin, archive, path)
            (reader,) = _invited(there, browser, "unit_head")
            again = _take(reader, Path(folder) / "lagi.zip")
            arrived = _hash_of(reader)
        sent = hashlib.sha256(path.read_bytes()).hexdigest()
        return {
            "bytes": path.stat().st_size, **told,
            "hash_kept": told["sha256"] == sent, "hash_after_the_move": arrived == sent,
            "differing_after_the_move": [
                one for one in same(_manifest(archive), _manifest(again))
                if one != "identity.people"  # whoever brought it in is a member here as well
            ],
        }  # fmt: skip


def _filling(size: int, seed: int) -> bytes:
    """Return a scan whose stored form is a whole number of kilobytes, because room is given in these."""
    shortest = len(scan(size, seed, blanks=FEWEST))
    more = next(n for n in range(2 * 1024) if stored_size(shortest + n) % 1024 == 0)
    return scan(size, seed, blanks=FEWEST + more)


def _people(running: Running, browser: Browser, *roles: str) -> list[Page]:
    running.call("tenant", "add-central", "gudang", "Kabupaten Gudang")
    running.call("tenant", "import", "gudang", "-", told=UNIT)
    return _invited(running, browser, *roles)


def _invited(running: Running, browser: Browser, *roles: str) -> list[Page]:
    pages = []
    for role in roles:
        watch = Watch(running, True, lambda *_: None)
        link = running.call("member", "add", PLACE, f"{role}@contoh.test", "Petugas", role)
        page = open_browser(browser, watch)
        accept_invitation(page, watch, link.strip())
        pages.append(page)
    return pages


def _shelve(page: Page) -> None:
    """Record the item, the shelf and the paper that stands there under its label."""
    choose(page, "Butir")
    follow(page, "Tambah informasi")
    page.get_by_label("Judul informasi").fill(TITLE)
    press(page, "Simpan")
    choose(page, "Tempat")
    follow(page, "Tambah tempat")
    page.get_by_label("Jenis tempat").select_option("shelf")
    page.get_by_label("Kode", exact=True).fill(SHELF)
    press(page, "Simpan tempat")
    choose(page, "Tempat")
    follow(page, "Semua kertas")
    follow(page, "Catat kertas")
    page.get_by_label("Nomor butir").fill("1")
    page.get_by_label("Disimpan di").fill(SHELF)
    press(page, "Simpan kertas")


def _send(running: Running, page: Page, path: Path) -> dict[str, Any]:
    """Give the unit room for this file and not a byte more, and send it over a line that is cut."""
    wanted = stored_size(path.stat().st_size)
    running.call("tenant", "quota", PLACE, "--cap", f"{wanted // 1024} KB")
    choose(page, "Berkas")
    follow(page, "Unggah berkas besar")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions",
              {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": path.stat().st_size // TRAVELS})  # fmt: skip
    page.get_by_label("Berkas dari komputer ini").set_input_files(path)
    state = page.locator("[data-rows] [data-state]").last
    for cut in CUTS:
        reached = re.compile(f"Terkirim ({'|'.join(map(str, range(cut, 100)))}) persen")
        expect(state).to_have_text(reached, timeout=PATIENCE_MS)
        page.context.set_offline(offline=True)
        page.wait_for_timeout(1_500)
        page.context.set_offline(offline=False)
        if (again := page.locator("[data-do=retry]:visible")).count():
            again.click()
    expect(state).to_have_text("Tersimpan terkunci.", timeout=PATIENCE_MS)
    follow(page, "Buka")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    digest = _digest(page)
    follow(page, "Tautkan ke butir")
    press(page, "Tautkan")
    told = running.call("tenant", "quota", PLACE)
    refused = _one_byte_more(page)
    return {
        "cuts": len(CUTS),
        "room": wanted,
        "quota_says": told.strip(),
        "one_byte_more": refused,
        "sha256": digest,
    }


def _one_byte_more(page: Page) -> str:
    """Try to keep the smallest file beside it, and return what the page says."""
    choose(page, "Berkas")
    follow(page, re.compile("^Unggah berkas$"))
    page.get_by_label("Berkas", exact=True).set_input_files(
        {"name": "satu.txt", "mimeType": "text/plain", "buffer": b"x"}
    )
    press(page, "Simpan berkas")
    return page.locator(".error-summary").inner_text()


def _find_by_label(page: Page) -> dict[str, Any]:
    """Write the label's code where places are looked for, and come to the file."""
    choose(page, "Tempat")
    page.get_by_role("searchbox").fill("K-1")
    page.keyboard.press("Enter")
    follow(page, re.compile("kertas cocok"))
    follow(page, TITLE)
    expect(page.get_by_role("main")).to_contain_text(f"K-1 · di {SHELF}")
    follow(page, TITLE)
    follow(page, "Berkasnya (1)")
    follow(page, NAME)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    return {"found_at": SHELF}


def _digest(page: Page) -> str:
    found = re.search(r"[0-9a-f]{64}", re.sub(r"\s", "", page.get_by_role("main").inner_text()))
    assert found
    return found[0]


def _hash_of(page: Page) -> str:
    choose(page, "Berkas")
    follow(page, NAME)
    return _digest(page)


def _take(page: Page, path: Path) -> Path:
    choose(page, "Berkas")
    follow(page, "Seluruh data unit")
    page.get_by_role("radio").first.check()
    with page.expect_download(timeout=PATIENCE_MS) as coming:
        page.get_by_role("button", name="Unduh seluruh data").click()
    coming.value.save_as(path)
    return path


def _restore(running: Running, page: Page, archive: Path, scanned: Path) -> None:
    running.call(
        "tenant", "quota", PLACE, "--cap", f"{stored_size(scanned.stat().st_size) // 1024 + 1024} KB"
    )
    follow(page, "Pulihkan dari ekspor")
    page.get_by_label("Arsip ekspor").set_input_files(archive)
    with page.expect_navigation(wait_until="domcontentloaded", timeout=PATIENCE_MS):
        page.get_by_role("button", name="Pulihkan").click()
    expect(page.get_by_role("main")).to_contain_text("Yang sudah dipulihkan")


def _manifest(archive: Path) -> Manifest:
    with archive.open("rb") as stream:
        return open_archive(stream).manifest
