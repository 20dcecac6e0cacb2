"""Mails about room: a mark of fullness is passed, a unit asks for more, its central answered. Sizes, never files."""

from ppid_saas.access.verbs import actor
from ppid_saas.accounts import queries as accounts
from ppid_saas.accounts.letters import write_to, write_to_operators
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.web.formats import INDONESIAN, size

KEEPERS = frozenset({"unit_officer", "unit_head", "central_officer", "central_head"})
FULL = 100


def fullness(mark: int, used: int, cap: int) -> str:
    """Return how full a store is, as a letter says it."""
    figures = f"{size(used, INDONESIAN)} dari {size(cap, INDONESIAN)}"
    return f"penuh ({figures})" if mark == FULL else f"terisi {mark}% ({figures})"


@handles("room.mark", "room.mark_mail", transactional=False)
def mail_mark(event: Event) -> None:
    """Tell a tenant's own people that their store is nearly full, or full."""
    lines = [f"Ruang penyimpanan {actor().name} {_fullness(event)}."]
    if event.data["mark"] == FULL:
        lines.append("Unggahan berhenti; mengisi dan mengirim daftar tetap bisa.")
    write_to(KEEPERS, event, f"Ruang penyimpanan {_short(event)}", lines, "berkas/kuota")


@handles("room.mark", "room.mark_mail_central", for_reader=True, transactional=False)
def mail_mark_central(event: Event) -> None:
    """Tell the central, which can set the limit."""
    line = f"Ruang penyimpanan {_unit(event)} {_fullness(event)}."
    write_to(KEEPERS, event, f"Ruang penyimpanan unit {_short(event)}", [line], "penyimpanan")


@handles("room.asked", "room.asked_mail", for_reader=True, transactional=False)
def mail_asked(event: Event) -> None:
    """Tell the central that a unit waits for its answer."""
    more = size(int(event.data["bytes"]), INDONESIAN)
    line = f"{_unit(event)} meminta tambahan ruang penyimpanan {more} dan menunggu jawaban Anda."
    write_to(KEEPERS, event, "Permintaan ruang penyimpanan", [line], "penyimpanan")


@handles("room.answered", "room.answered_mail", for_reader=True, transactional=False)
def mail_answered(event: Event) -> None:
    """Tell the unit what its central answered."""
    granted = int(event.data["granted"])
    said = (
        f"ditambah {size(granted, INDONESIAN)}" if granted else "tidak ditambah. Alasannya ada di halamannya"
    )
    write_to(
        KEEPERS, event, "Jawaban permintaan ruang", [f"Ruang penyimpanan unit Anda {said}."], "berkas/kuota"
    )


@handles("store.damaged", "store.damaged_mail", transactional=False)
def mail_damaged(event: Event) -> None:
    """Tell a tenant's own people that files of theirs cannot be read any more."""
    line = f"{_harmed(event)} {actor().name} tidak utuh lagi. Pengelola sistem sudah diberi tahu; jangan hapus berkas aslinya."
    write_to(KEEPERS, event, "Berkas rusak", [line], "berkas")


@handles("store.damaged", "store.damaged_operator_mail", transactional=False)
def mail_damaged_operator(event: Event) -> None:
    """Tell the operators, who can bring objects back from the store's backup; they learn how many, never which."""
    who = actor()
    place = f"{_harmed(event)} tidak utuh lagi di {who.region}/{who.slug}."
    write_to_operators(event, f"Berkas rusak di {who.region}/{who.slug}", [place], f"penyewa/{who.tenant_id}")


def _harmed(event: Event) -> str:
    missing = int(event.data["missing"])
    return f"{event.data['objects']} berkas" + (f" ({missing} di antaranya hilang)" if missing else "")


def _fullness(event: Event) -> str:
    return fullness(event.data["mark"], event.data["used"], event.data["cap"])


def _short(event: Event) -> str:
    return "penuh" if event.data["mark"] == FULL else f"terisi {event.data['mark']}%"


def _unit(event: Event) -> str:
    unit = accounts.counterparts().get(event.tenant_id)
    return str(unit.name) if unit else "Sebuah unit"
