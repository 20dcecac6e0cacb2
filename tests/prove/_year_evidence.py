"""The evidence that is taken along, read without the service: hashes recomputed, papers compared, what happened in its order."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import rfc8785

from tests.journey.people import follow
from tests.prove._year_letters import Letter
from tests.prove._year_stage import OFFICER, Year, downloaded, main, open_item, search

BUTTON = re.compile("^Unduh berkas bukti")
OF_ITEM = (
    "Dikirim dalam pengajuan", "Diterima", "Penetapan {first}", "Tampil di portal", "Penetapan {revoking}", "Status: dicabut",
    "Turun dari portal",
)  # fmt: skip
OF_DETERMINATION = (
    "Draf disiapkan", "Draf dikirim ke Atasan PPID", "Disetujui Atasan", "Penetapan {first}", "Surat yang dibuat sistem",
    "Surat bertanda tangan", "Diserahkan ke", "Diterima", "Edisi 1 terbit", "Diubah dengan {amending}", "Dicabut dengan {revoking}",
)  # fmt: skip


def of_item(year: Year, title: str, first: Letter, revoking: Letter) -> None:
    """Take the evidence of the revoked item from its story."""
    page = year.sit(OFFICER, "gabungan")
    search(page, title)
    open_item(page, title)
    year.look(page, "butir-dicabut")
    follow(page, re.compile("^Riwayat dan bukti"))
    year.look(page, "riwayat-butir")
    parts = _opened(year, downloaded(page, main(page).get_by_role("button", name=BUTTON)), "item")
    story = json.loads(parts["riwayat.json"])
    year.holds(story["state"] == "dicabut", f"the evidence says {story['state']!r}")
    _judge(year, story, [one.format(first=first.number, revoking=revoking.number) for one in OF_ITEM])
    for letter in (first, revoking):
        _judge_papers(year, parts, letter)


def of_determination(year: Year, first: Letter, amending: Letter, revoking: Letter) -> None:
    """Take the evidence of the first determination from its page."""
    page = year.pages[OFFICER]
    page.goto(first.address)
    parts = _opened(year, downloaded(page, page.get_by_role("button", name=BUTTON)), "determination")
    numbers = {"first": first.number, "amending": amending.number, "revoking": revoking.number}
    _judge(year, json.loads(parts["riwayat.json"]), [one.format(**numbers) for one in OF_DETERMINATION])
    _judge_papers(year, parts, first)
    frozen = json.loads(parts["butir.json"])
    year.holds(
        sorted(one["body"]["title"] for one in frozen) == sorted(first.titles),
        "the evidence froze other items",
    )
    wrong = [
        one["body"]["title"]
        for one in frozen
        if hashlib.sha256(rfc8785.dumps(one["body"])).hexdigest() != one["hash"]
    ]
    year.holds(not wrong, f"items whose hash is another: {wrong[:3]}")
    year.count("hashes_checked", len(frozen))
    revoked = [one["body"]["title"] for one in frozen if one["state"] == "revoked"]
    moved = [one["body"]["title"] for one in frozen if not one["resting"]]
    year.holds(revoked == revoking.titles, f"revoked by the evidence: {revoked}")
    year.holds(moved == amending.titles, f"ruled by another determination, by the evidence: {moved}")


def _opened(year: Year, data: bytes, name: str) -> dict[str, bytes]:
    """Open an archive and recompute what its manifest says of every part."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {one: packed.read(one) for one in packed.namelist()}
        year.holds(len(parts) == len(packed.infolist()), f"evidence of the {name}: two parts of one name")
    manifest = json.loads(parts["manifest.json"])
    told = {one["path"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    real = {
        path: (len(part), hashlib.sha256(part).hexdigest())
        for path, part in parts.items()
        if path != "manifest.json"
    }
    year.holds(
        told == real,
        f"evidence of the {name}: the manifest differs in {sorted(dict(told.items() ^ real.items()))}",
    )
    year.holds(
        manifest["chain"]["holds"] is True, f"evidence of the {name}: the chain of facts does not hold"
    )
    year.holds(not manifest["left_out"], f"evidence of the {name}: left out {manifest['left_out']}")
    year.count("evidence_archives")
    year.count("evidence_files", len(parts))
    year.count("hashes_checked", len(real))
    return parts


def _judge(year: Year, story: dict[str, Any], wanted: Sequence[str]) -> None:
    """Look for every step in its order, for who did it, and for a seal on every fact."""
    steps = story["steps"]
    year.holds(
        [one["at"] for one in steps] == sorted(one["at"] for one in steps),
        f"{story['ref']}: steps out of order",
    )
    lost = _not_in_order(wanted, [one["title"] for one in steps])
    year.holds(
        not lost, f"{story['ref']}: no step {lost!r} in its place among {[one['title'] for one in steps]}"
    )
    unsealed = [one["kind"] for one in story["events"] if not one["seal"]]
    year.holds(not unsealed, f"{story['ref']}: facts without a seal: {unsealed}")
    nameless = [one["kind"] for one in story["events"] if one["actor"] and not one["actor_name"]]
    year.holds(not nameless, f"{story['ref']}: facts without a name: {nameless}")
    year.count("evidence_steps", len(steps))
    year.count("evidence_facts", len(story["events"]))


def _not_in_order(wanted: Iterable[str], told: Sequence[str]) -> str:
    """Return the first that does not come after the ones before it; empty when all do."""
    left = iter(told)
    return next((one for one in wanted if not any(title.startswith(one) for title in left)), "")


def _judge_papers(year: Year, parts: dict[str, bytes], letter: Letter) -> None:
    """Find the letter and its signed copy in the archive, byte by byte."""
    held = [data for path, data in parts.items() if path.startswith("surat/")]
    for name, data in (("letter", letter.pdf), ("signed copy", letter.signed)):
        year.holds(data in held, f"{letter.number}: its {name} is not in the evidence byte by byte")
        year.count("papers_byte_identical", int(data in held))
