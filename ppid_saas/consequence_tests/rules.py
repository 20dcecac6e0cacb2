"""What a test can end in, what a board member can say, how many must have said it, and why an item is contested. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ppid_saas.access.sayings import counted, say

# Source: Perki 1/2021 Ps 49; the four ends of a test and the state each leads an entry to.
OUTCOMES: dict[str, tuple[str, str]] = {
    "exempt": (say("Dikecualikan"), "info"),
    "partly_open": (say("Terbuka sebagian"), "info"),
    "open": (say("Terbuka"), "aman"),
    "deferred": (say("Ditunda"), "netral"),
}
# of a sheet whose item was handed in anew before its test came to an end
DROPPED = "dropped"
STAYS_CLOSED = ("exempt", "partly_open")
LEADS_TO = {"exempt": "at_board", "partly_open": "at_board", "open": "not_exempt", "deferred": "deferred"}
AFTER_ADVICE = {"exempt": "accepted", "partly_open": "partly_exempt"}
TURN_OF = {"at_board": "board", "not_exempt": "none", "deferred": "central"}
# where a test may begin, and the outcome that an officer who wrote the balance has already named
STARTS = ("accepted", "partly_exempt", "deferred")
OF_BALANCE = {"close": "exempt", "part": "partly_open", "open": "open"}
NO_ITEM = say("Pilih paling sedikit satu butir.")
TRIGGERS = {
    "routine": say("Pemutakhiran rutin"),
    "request": say("Ada permohonan informasi"),
    "order": say("Perintah Majelis Komisioner"),
    "period": say("Perpanjangan masa pengecualian"),
}
NAMED_TRIGGERS = ("request", "order")
VIEWS: dict[str, tuple[str, str]] = {
    "agree": (say("Sependapat"), "aman"),
    "with_note": (say("Sependapat dengan catatan"), "perhatian"),
    "disagree": (say("Tidak sependapat"), "segera"),
    "recused": (say("Mengundurkan diri"), "netral"),
}
NEEDS_REASON = ("with_note", "disagree", "recused")
LEAST_PARTICIPANTS = 2
# What PPID Utama may write anew with the unit; the rest of the sheet is the unit's and goes back to it.
WRITTEN = ("open_part", "harm", "benefit", "interest", "loss", "balance_reason")


@dataclass(frozen=True, slots=True)
class Tally:
    """The views on one item, and whether enough of those who may judge it have."""

    agree: int
    with_note: int
    disagree: int
    recused: int
    needed: int

    @property
    def given(self) -> int:
        return self.agree + self.with_note + self.disagree

    @property
    def is_met(self) -> bool:
        return self.given >= self.needed


def quorum_of(members: int, wanted: int = 0) -> int:
    """Return how many views an item needs: what the tenant set, else more than half; never more than there are."""
    return min(wanted or members // 2 + 1, members) if members else 0


def tally(views: Sequence[str], quorum: int, members: int) -> Tally:
    """Count the views on one item; whoever withdrew from it counts neither for nor against the quorum."""
    gone = views.count("recused")
    needed = min(quorum, max(members - gone, 0))
    return Tally(views.count("agree"), views.count("with_note"), views.count("disagree"), gone, needed)


def lacking(body: Mapping[str, Any], outcome: str, reason: str) -> dict[str, list[str]]:
    """Return what a sheet lacks before its outcome counts, by field.

    Source: UU 14/2008 Ps 2(4), Ps 19; Perki 1/2021 Ps 49(2).
    """
    found: dict[str, list[str]] = {}
    if outcome not in OUTCOMES:
        found["outcome"] = [say("Pilih hasil uji.")]
    if not reason.strip():
        found["reason"] = [say("Tulis alasan hasil uji.")]
    if outcome in STAYS_CLOSED:
        if not str(body.get("harm") or "").strip():
            found["harm"] = [say("Tulis akibat bila informasi dibuka.")]
        if not str(body.get("interest") or "").strip():
            found["interest"] = [say("Tulis kepentingan yang dilindungi.")]
        if len(body.get("participants") or ()) < LEAST_PARTICIPANTS:
            found["participants"] = [say("Tulis paling sedikit dua peserta uji, satu jabatan per baris.")]
    if outcome == "partly_open" and not str(body.get("open_part") or "").strip():
        found["open_part"] = [say("Tulis bagian yang tetap terbuka.")]
    return found


def contested(flags: Sequence[str], kind: str, doubles: int, members_against: int = 0) -> list[str]:
    """Return why an item belongs on a sitting's agenda, in words; nothing when nothing speaks for it."""
    found = [say("Butir baru")] if kind == "new" else []
    found += list(flags)
    if doubles:
        found.append(counted("Serupa dengan %(num)s butir lain yang berlaku", doubles))
    if members_against:
        found.append(counted("%(num)s anggota Tim tidak sependapat", members_against))
    return found


def tested_words(outcome: str | None, *, stale: bool, advised: bool) -> str:
    """Return why an item counts as untested, or nothing when it was tested and the board has spoken.

    Source: UU 14/2008 Ps 19; SOP 01/SOP-PPID baris 2, 3.
    """
    if outcome is None:
        return say("Belum diuji konsekuensinya.")
    if stale:
        return say("Berubah sejak diuji; perlu diuji lagi.")
    if not outcome:
        return say("Pengujiannya belum selesai.")
    if outcome not in STAYS_CLOSED:
        return say("Hasil ujinya bukan dikecualikan.")
    return "" if advised else say("Tim Pertimbangan belum memberi pertimbangan.")


def sitting_problems(title: str, place: str, held_on: date | None) -> dict[str, list[str]]:
    """Return what the head of a sitting lacks, by field."""
    found = {}
    if not title.strip():
        found["title"] = [say("Isi nama sidang.")]
    if not place.strip():
        found["place"] = [say("Isi tempat sidang.")]
    if held_on is None:
        found["held_on"] = [say("Isi tanggal sidang.")]
    return found
