"""The board of a collection made ready to be drawn: its filters from the address, its counts, what may be done.

Where a unit stands is read in `queries.central`; reminding is in `reminder_pages`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.access.words import role_names
from ppid_saas.cases import queries as cases
from ppid_saas.cases.models import Case
from ppid_saas.cases.rules import Chip, day_of
from ppid_saas.sop.roles import ROLES
from ppid_saas.submissions.queries import central
from ppid_saas.submissions.queries.central import BoardRow
from ppid_saas.submissions.rules import OWING, STANDINGS
from tenants import clock

STEPS = frozenset({"collect", "sort", "store"})  # those taken here; the others have pages of their own
KINDS = ("SKPD", "BUMD", "KPU")
CONTACTS = {"belum": say("Belum dihubungi"), "lama": say("Lebih dari 3 hari lalu")}
LONG_AGO = timedelta(days=3)


@dataclass(frozen=True)
class Chosen:
    """What the address asks for; anything unknown asks for nothing."""

    status: str = ""
    jenis: str = ""
    kontak: str = ""
    q: str = ""

    def address(self, **changed: str) -> dict[str, str]:
        """Return the words of the address that keep this choice, but for what is changed."""
        return {name: value for name, value in (asdict(self) | changed).items() if value}


def chosen(asked: Mapping[str, str]) -> Chosen:
    """Read the filters of an address."""
    known = {"status": STANDINGS, "jenis": KINDS, "kontak": CONTACTS}
    found = {name: asked.get(name, "") for name in known if asked.get(name, "") in known[name]}
    return Chosen(**found, q=asked.get("q", "").strip()[:100])


def narrowed(rows: Sequence[BoardRow], wanted: Chosen) -> list[BoardRow]:
    """Return the rows that a choice lets through, whatever their standing."""
    words = wanted.q.casefold().split()
    return [
        row
        for row in rows
        if (not wanted.jenis or row.unit.category == wanted.jenis)
        and all(word in str(row.unit.name).casefold() for word in words)
        and _contacted_as(row, wanted.kontak)
    ]


def _contacted_as(row: BoardRow, wanted: str) -> bool:
    if wanted == "belum":
        return row.contact is None
    if wanted == "lama":
        return row.contact is None or clock.now() - row.contact[0] > LONG_AGO
    return True


def reminded_today(row: BoardRow) -> bool:
    """Say whether a mail went to the unit today already, so that no second one will."""
    zone = actor().zone
    return row.reminded_at is not None and day_of(row.reminded_at, zone) == clock.today(zone)


def values(collection_id: UUID, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return what the board's template needs."""
    window, everyone, wanted = central.opened_one(collection_id), central.board(collection_id), chosen(asked)
    case = cases.case_of("collection", collection_id)
    rows = narrowed(everyone, wanted)
    due = _due(window.opens_on, window.due_on, case)
    shown = [row for row in rows if not wanted.status or row.standing == wanted.status]
    return {
        "window": window, "windows": central.opened(), "wanted": wanted, "board": shown, "owing": OWING,
        "counts": {name: sum(row.standing == name for row in rows) for name in STANDINGS},
        "sent": sum(row.latest is not None for row in everyone), "total": len(everyone), "found": len(rows),
        "all_chosen": asked.get("pilih") == "semua", "kinds": [(kind, kind) for kind in KINDS], "contact_words": CONTACTS,
        "to_remind": sum(row.standing in OWING for row in shown), "case": case, "zone": actor().zone,
        "steps": [action for action in cases.case_actions(case) if action.id in STEPS] if case else [],
        "case_words": say(cases.sop_of(case).states[case.state]) if case else "",
        "turn": _turn(case), "due": due, "warning": cases.form_warning(case, due) if case else "",
    }  # fmt: skip


def _turn(case: Case | None) -> str:
    """Return who may take the steps that are open now; nobody when the case is closed."""
    steps = cases.case_turn(case) if case else []
    named = {role for step in steps for role in step.roles}
    return role_names(role for role in ROLES if role in named)


def _due(opens_on: date, due_on: date, case: Case | None) -> Chip | None:
    """Return until when the step that is open now runs: the window's own day ends the collecting and no later step."""
    if case is None or case.state == cases.sop_of(case).initial:
        return cases.due_chip(due_on, since=opens_on)
    return None if case.closed_at else cases.due_chip(None)
