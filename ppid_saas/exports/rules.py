"""What an export is: names, manifest, checksums, and which archive is none. Pure: no clock, SQL or Flask."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from ppid_saas.access.sayings import say
from ppid_saas.register.rules import CHOICES, LABELS, STATES, listed, whole_body

BODIES: Final = frozenset({"work.item", "work.item_version"})
NO_TEXTS: Final = frozenset({*CHOICES, "forms", "participants", "grounds", "period"})
FORMAT: Final = "ppid-tenant-export/1"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
README: Final = "BACA-SAYA.txt"
MOST_MANIFEST: Final = 32 * 1024**2
MOST_DATA: Final = 256 * 1024**2
MOST_LINE: Final = 16 * 1024**2
LONGEST_NAME: Final = 100
REASONS: Final = {
    "move": say("Pindah ke instalasi lain"),
    "copy": say("Salinan untuk disimpan unit sendiri"),
    "request": say("Permintaan resmi, misalnya pemeriksaan"),
}
STATEMENT: Final = """\
SELURUH DATA {name}

Isi arsip ini
  manifest.json   apa saja isinya: tiap tabel dan tiap berkas dengan ukuran dan SHA-256-nya
  data/           tabel-tabel, satu baris satu catatan (JSON Lines, RFC 8785)
  past/           catatan yang dahulu dibawa dari instalasi sebelumnya, bila ada
  files/          berkas apa adanya: files/<nomor berkas>/<versi>/<nama>
  SHA256SUMS      daftar sidik jari untuk diperiksa

Memeriksa bahwa tidak ada yang berubah atau hilang
  Linux, macOS:   sha256sum -c SHA256SUMS      (macOS: shasum -a 256 -c SHA256SUMS)
  Windows:        Get-FileHash NAMA            (PowerShell), lalu cocokkan dengan SHA256SUMS

Membawanya ke tempat lain
  Masuk ke ruang unit yang masih kosong di sana, buka Berkas > Seluruh data unit > Pulihkan,
  lalu kirim arsip ini utuh (ZIP-nya, bukan isinya).

PENTING: berkas di dalam arsip ini TERBUKA, tidak terkunci lagi. Di antaranya ada informasi
yang dikecualikan. Simpan seperti aslinya, jangan kirim lewat surel atau WhatsApp, dan hapus
salinan yang tidak diperlukan. Kata sandi, sesi, dan kunci tidak ikut.
"""

NOT_ONE: Final = say("Berkas ini bukan arsip ekspor. Kirim ZIP yang diunduh dari halaman Seluruh data.")
OTHER_VERSION: Final = say(
    "Arsip ini dibuat oleh versi lain. Samakan versi kedua instalasi, lalu buat ekspor sekali lagi."
)
OTHER_KIND: Final = say("Arsip ini milik unit, sedangkan ruang ini milik PPID Utama, atau sebaliknya.")
TOO_MUCH: Final = say("Isi arsip ini melebihi batas yang dapat dibaca.")
STRANGE: Final = say(
    "Arsip ini berisi yang tidak tercantum di manifesnya: %(name)s. Tidak ada yang disimpan."
)
MISSING: Final = say("Arsip ini tidak lengkap: %(name)s tidak ada. Unduh ekspor sekali lagi.")
CHANGED: Final = say("Isi %(name)s tidak cocok dengan sidik jarinya. Unduh ekspor sekali lagi.")
UNFIT: Final = say("Catatan di %(name)s tidak dapat dibaca. Tidak ada yang disimpan.")
INCOMPLETE: Final = say("Ekspor ini dibuat tanpa berkas yang rusak di tempat asalnya: %(name)s.")


class RefusedArchiveError(Exception):
    """The archive cannot be taken; the message is for people."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Table:
    """A table in the archive. `sha256` is over its lines, each ended by a line feed."""

    name: str
    path: str
    columns: list[str]
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class File:
    """A file in the archive, as plain as its tenant sees it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an export holds, from where, by whom. `tenants` says whose addresses the rows use."""

    made_at: str
    made_by: str
    tenant: dict[str, str]
    tenants: dict[str, str]
    tables: list[Table]
    files: list[File]
    past: list[Table] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    format: str = FORMAT

    def to_bytes(self) -> bytes:
        """Return it as it stands in the archive, readable for people too."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @property
    def members(self) -> dict[str, Table | File]:
        """Everything that must be in the archive beside the manifest, by path."""
        both: list[Table | File] = [*self.tables, *self.past, *self.files]
        return {one.path: one for one in both}


def file_path(document_id: object, n: int, name: str) -> str:
    """Return where a version lies in the archive, by a name that every system can write down."""
    return f"files/{document_id}/{n}/{safe_name(name)}"


def safe_name(name: str) -> str:
    """Return a file's name without what some system or `sha256sum` cannot take; what the tenant calls it is in the table."""
    plain = "".join("_" if c in '<>:"/\\|?*' or not c.isprintable() else c for c in name).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > LONGEST_NAME // 5:
        return plain[:LONGEST_NAME] or "berkas"
    return f"{stem[: LONGEST_NAME - len(ending) - 1].strip(' .') or 'berkas'}.{ending}"


def readme(name: str) -> bytes:
    """Return the page that tells a person what this is and how to check it."""
    return STATEMENT.format(name=name).encode()


def checksums(manifest: Manifest, written: bytes) -> bytes:
    """Return what `sha256sum -c` reads: every member, the manifest as it is written, and the page for people."""
    lines = {path: one.sha256 for path, one in manifest.members.items()}
    lines[MANIFEST] = hashlib.sha256(written).hexdigest()
    lines[README] = hashlib.sha256(readme(manifest.tenant["name"])).hexdigest()
    return "".join(f"{lines[path]}  {path}\n" for path in sorted(lines)).encode()


def refuse_others(manifest: Manifest, names: Iterable[str]) -> None:
    """Raise unless an archive has exactly the members its manifest lists, each once."""
    wanted = set(manifest.members) | {MANIFEST, SUMS, README}
    found = Counter(names)
    for name, times in found.items():
        if name not in wanted or times > 1:
            raise RefusedArchiveError(say(STRANGE, name=name[:LONGEST_NAME]))
    for name in sorted(wanted - set(found)):
        raise RefusedArchiveError(say(MISSING, name=name))


def is_sound(table: str, row: Mapping[str, object], shapes: Mapping[str, type]) -> bool:
    """Say whether the JSON in a row is what the product writes there; the database itself sees to all other columns."""
    if not all(
        row[name] is None or isinstance(row[name], shape) for name, shape in shapes.items() if name in row
    ):
        return False
    if table == "work.item" and row["state"] not in STATES:
        return False
    return table not in BODIES or is_body(row["body"])


def is_body(body: Any) -> bool:
    """Say whether this is the whole of an item as the register keeps it."""
    try:
        fits = whole_body(body) == body and listed(body) is not None
        fits = fits and all(body[name] is None or body[name] in choices for name, choices in CHOICES.items())
        texts = [body[name] for name in LABELS if name not in NO_TEXTS]
        texts += [value for row in body["grounds"] for value in row.values() if value is not None]
        texts += [*body["participants"], body["period"]["text"], *body["period"]["release"]]
    except (TypeError, ValueError, AttributeError, KeyError):
        return False
    return fits and all(isinstance(said, str) for said in texts)


def same(first: Manifest, second: Manifest) -> list[str]:
    """Return what of a first export is not in a second one, byte for byte.

    Records of the first are found among the second's past, for that is what they are there.
    """
    there: Mapping[str, str] = {one.name: one.sha256 for one in second.tables}
    past: Mapping[str, str] = {one.name: one.sha256 for one in second.past}
    differing = [
        one.name for one in first.tables if one.sha256 not in (there.get(one.name), past.get(one.name))
    ]
    files = {one.path: one for one in second.files}
    return differing + [one.path for one in first.files if files.get(one.path) != one]
