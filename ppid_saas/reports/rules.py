"""What evidence is made of, pure: steps of a story, a ZIP whose manifest names the hash of every part, checked words."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any, Final
from urllib.parse import urlsplit

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.proofs import canonical
from ppid_saas.register.rules import LABELS, changed_fields, diff_words, field_words

MEDIA: Final = {
    "website": say("Situs web lain"),
    "social": say("Media sosial"),
    "board": say("Papan pengumuman"),
    "print": say("Media cetak"),
    "office": say("Meja layanan informasi"),
    "other": say("Sarana lain"),
}
LONGEST: Final = 300
ZIP_DATE: Final = (2000, 1, 1, 0, 0, 0)  # the same content makes the same archive


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an item."""

    at: datetime
    title: str
    who: str = ""
    text: str = ""
    tone: str = ""
    hash: str = ""
    changes: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the story, by name and hash; `document_id` where its bytes lie."""

    name: str
    sha256: str
    what: str
    document_id: Any = None


@dataclass(frozen=True)
class Story:
    """Everything of one item, oldest first."""

    title: str
    ref: str
    unit: str
    state: str
    steps: list[Step]
    papers: list[Paper] = field(default_factory=list)


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Return what became of each field between two texts, word by word; of a first text nothing changed."""
    if before is None:
        return ()
    old, new = dict(before), dict(after)
    return tuple(
        {"label": LABELS[name], "parts": diff_words(field_words(old, name), field_words(new, name))}
        for name in changed_fields(old, new)
    )


def as_json(story: Story, events: Sequence[Mapping[str, Any]], chain: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON of a story with the facts behind it and what became of their chain."""
    return canonical({
        "title": story.title, "ref": story.ref, "unit": story.unit, "state": story.state,
        "steps": [
            {
                "at": step.at.isoformat(), "title": str(step.title), "who": step.who, "text": str(step.text), "hash": step.hash,
                "changes": [{"field": str(one["label"]), "parts": [list(part) for part in one["parts"]]} for one in step.changes],
            }
            for step in story.steps
        ],
        "papers": [{"name": one.name, "sha256": one.sha256, "what": str(one.what)} for one in story.papers],
        "events": list(events), "chain": dict(chain),
    })  # fmt: skip


def manifest(parts: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON that names every part of an archive with its size and SHA-256."""
    files = [
        {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for path, data in sorted(parts.items())
    ]
    return canonical({**about, "files": files})


def archive(parts: Mapping[str, bytes], about: Mapping[str, Any]) -> bytes:
    """Return a ZIP of the parts and their manifest."""
    whole = {**parts, "manifest.json": manifest(parts, about)}
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in sorted(whole.items()):
            packed.writestr(zipfile.ZipInfo(path, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return room.getvalue()


def inside(name: str) -> str:
    """Return a file's name as it may stand in an archive: without folders and without signs that lead out of it."""
    kept = "".join(sign if sign.isalnum() or sign in "-_. " else "-" for sign in name).strip(". ")
    return kept[:100] or "berkas"


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as offices open it: with a mark of its encoding, and no cell that a sheet takes for a formula."""
    room = io.StringIO()
    writer = csv.writer(room, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return ("\ufeff" + room.getvalue()).encode()


def _cell(value: Any) -> str:
    words = value.isoformat() if isinstance(value, date) else str("" if value is None else value)
    return (
        f"'{words}" if words[:1] in {"=", "+", "-", "@", "\t", "\r"} and not words[1:].isdecimal() else words
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """How one step goes: how often it was done in time and late, is open and late, and its middle length in working days."""

    kind: str
    in_time: int
    late: int
    open: int
    overdue: int
    days: float | None


def pace(kind: str, settled: Sequence[tuple[int, bool]], running: Sequence[bool]) -> Pace:
    """Return the pace of a step from what was done (working days, late or not) and what runs (late or not)."""
    late = sum(is_late for _, is_late in settled)
    days = float(median(n for n, _ in settled)) if settled else None
    return Pace(kind, len(settled) - late, late, len(running), sum(running), days)


def check_elsewhere(
    said: Mapping[str, str], published_on: date | None, today: date, *, has_file: bool
) -> None:
    """Raise unless a further publication says what, where, when and by whom, with a link or a photograph."""
    found: dict[str, list[str]] = {}
    if said["medium"] not in MEDIA:
        found["medium"] = [say("Pilih jenis sarananya.")]
    for name, words in (
        ("place", say("Tulis di mana daftar diumumkan.")),
        ("published_by", say("Tulis siapa yang mengumumkan.")),
    ):
        if not said[name] or len(said[name]) > LONGEST:
            found[name] = [words if not said[name] else say("Paling banyak 300 huruf.")]
    if published_on is None or published_on > today:
        found["published_on"] = [say("Tulis tanggalnya, paling akhir hari ini.")]
    if said["url"] and not is_web_address(said["url"]):
        found["url"] = [say("Tulis alamat lengkap yang diawali https:// atau http://.")]
    if not said["url"] and not has_file:
        found["url"] = [say("Sertakan tautan atau foto sebagai bukti.")]
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)


def is_web_address(written: str) -> bool:
    """Say whether this is an address of the web, and not one that does something."""
    try:
        read = urlsplit(written)
    except ValueError:
        return False
    return read.scheme in {"http", "https"} and bool(read.hostname) and len(written) <= LONGEST
