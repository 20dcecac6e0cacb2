"""The frontend is built once, reproducibly, small, and served so that a browser asks for each file once."""

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from ppid_saas.web import assets

SOURCE = assets.FRONTEND / "assets"


@pytest.fixture
def copy(gallery_app: Flask, tmp_path: Path) -> Path:
    """A frontend of its own, with packages already installed."""
    for folder in ("assets", "translations"):
        shutil.copytree(assets.FRONTEND / folder, tmp_path / folder, symlinks=True)
    return tmp_path


def names(frontend: Path) -> dict[str, str]:
    return json.loads((frontend / "dist" / "manifest.json").read_text())


def test_build_runs_once_and_again_only_after_a_change(copy: Path):
    assert assets.build(copy)
    before = names(copy)
    assert not assets.build(copy)
    with (copy / "assets" / "scss" / "print.scss").open("a") as sheet:
        sheet.write(".later { color: red; }\n")
    assert assets.build(copy)
    after = names(copy)
    assert {name for name in before if before[name] != after[name]} == {"print.css"}


def test_a_broken_source_is_reported_and_keeps_the_last_build(copy: Path):
    assets.build(copy)
    (copy / "assets" / "scss" / "print.scss").write_text("{")
    with pytest.raises(assets.AssetsError, match="gagal dibangun"):
        assets.build(copy)
    assert (copy / "dist" / "manifest.json").is_file()
    assert not assets.is_fresh(copy)
    assert not (copy / "dist.new").exists()


def test_a_changed_catalogue_is_compiled_anew(copy: Path):
    assets.build(copy)
    catalogue = copy / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    catalogue.write_text(catalogue.read_text().replace('"Sign in"', '"Log in"'))
    assert assets.build(copy)
    assert b"Log in" in (copy / "dist" / "translations" / "en" / "LC_MESSAGES" / "messages.mo").read_bytes()


def test_names_carry_the_hash_of_the_content(gallery_app: Flask):
    for name, hashed in assets.manifest().items():
        digest = hashlib.sha256((assets.DIST / hashed).read_bytes()).hexdigest()
        assert hashed == f"{Path(name).stem}.{digest[:12]}{Path(name).suffix}"


def test_lock_file_pins_by_hash_and_names_no_address():
    text = (SOURCE / "package-lock.json").read_text()
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert "http" not in text
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry
    wanted = json.loads((SOURCE / "package.json").read_text())
    versions = [*wanted["dependencies"].values(), *wanted["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def weight(*wanted: str) -> int:
    return sum(len(gzip.compress((assets.DIST / assets.manifest()[name]).read_bytes())) for name in wanted)


def test_first_visits_stay_light(gallery_app: Flask):
    assert weight("office.css", "office.js", "icons.svg", "logo.svg") < 74_000
    assert weight("portal.css", "portal.js") < 46_000


# Where a library says in words of its own where it comes from; a page's policy lets it ask nothing there.
SAID = {"sending.js": {"https://github.com", "https://uppy.io"}}


def test_nothing_built_points_outside_or_needs_data_addresses(gallery_app: Flask):
    for name, hashed in assets.manifest().items():
        text = (assets.DIST / hashed).read_text()
        outside = set(re.findall(r"https?://[^\s\"'/]+", text)) - SAID.get(name, set())
        assert outside <= {"http://www.w3.org"}, hashed
        assert "url(data:" not in text
        assert "light-dark(" not in text


def test_files_are_served_compressed_and_for_ever(gallery_app: Flask):
    with gallery_app.test_request_context():
        address = assets.asset_url("office.css")
    client = gallery_app.test_client()
    for accepted, expected in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)]:
        answer = client.get(address, headers={"Accept-Encoding": accepted})
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") == expected
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Accept-Encoding" in answer.headers["Vary"]
        answer.close()


@pytest.mark.parametrize(
    "name", ["manifest.json", "office.css", ".built-from", "../assets/package.json", "translations/en"]
)
def test_only_files_of_the_manifest_are_served(gallery_app: Flask, name: str):
    assert gallery_app.test_client().get(f"{assets.ADDRESS}/{name}").status_code == 404


def test_icons_are_silent_unless_they_speak(gallery_app: Flask):
    with gallery_app.test_request_context():
        assert 'aria-hidden="true"' in assets.icon("lock")
        assert 'role="img" aria-label="tertutup &amp; aman"' in assets.icon("lock", "tertutup & aman")


def test_unknown_names_fail_loudly(gallery_app: Flask):
    with gallery_app.test_request_context():
        with pytest.raises(assets.AssetsError):
            assets.icon("no-such-icon")
        with pytest.raises(assets.AssetsError):
            assets.asset_url("no-such.css")
