"""What a first page shows to whom, and which one thing it asks for next. Pure: no words for people, no SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

# Which page of a space a person gets who holds several roles there: that of the role with most to do.
UNIT_VIEWS = (
    ("unit_officer", "officer"),
    ("unit_head", "head"),
    ("auditor", "reader"),
    ("tenant_admin", "admin"),
    ("superior", "superior"),
    ("board_member", "board"),
)
CENTRAL_VIEWS = (
    ("central_officer", "officer"),
    ("central_head", "head"),
    ("superior", "superior"),
    ("board_member", "board"),
    ("auditor", "reader"),
    ("tenant_admin", "admin"),
)
GUEST = "guest"
# Those who decide on what others prepare: a short page for a phone.
BRIEF = frozenset({"superior", "board"})
NOTICE_DAYS = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """A unit's register in numbers; `ready` lack nothing that sending needs."""

    total: int = 0
    ready: int = 0
    drafts: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class Stages:
    """What waits at each stage of a central's work."""

    opened: bool = False
    missing: int = 0
    late: int = 0
    repairing: int = 0
    waiting: int = 0
    accepted: int = 0
    determined: int = 0
    drafts: int = 0
    mine_to_publish: int = 0
    testing: int = 0
    returned: bool = False
    approved: bool = False


def view_of(kind: str, roles: Iterable[str]) -> str:
    """Return which first page these roles get."""
    held = set(roles)
    views = CENTRAL_VIEWS if kind == "central" else UNIT_VIEWS
    return next((view for role, view in views if role in held), GUEST)


def unit_step(register: Figures, *, opened: bool, sent: bool, finished: bool) -> str:
    """Return what a unit does next: mend, wait, begin, complete, send, or nothing until the central asks."""
    if register.returned:
        return "mend"
    if sent:
        return "done" if finished else "wait"
    if not register.total:
        return "begin"
    if register.ready < register.total:
        return "complete"
    return "send" if opened else "ready"


def first_steps(register: Figures, *, sent: bool, accepted: bool) -> list[tuple[str, bool]]:
    """Return the four steps of a new unit and which are done; nothing once it has been through them."""
    if accepted:
        return []
    listed, whole = register.total > 0 or sent, register.ready == register.total
    return [("list", listed), ("complete", listed and whole), ("send", sent), ("accepted", False)]


def officer_step(at: Stages) -> str:
    """Return what a central's officer does next: what someone waits for comes before what can wait."""
    all_in = not (at.missing or at.late or at.repairing)
    return _first(
        ("open", not at.opened),
        ("review", at.waiting > 0),
        ("mend", at.returned),
        ("record", at.approved),
        ("publish", at.mine_to_publish > 0),
        ("remind", at.late > 0),
        ("test", at.testing > 0),
        ("determine", at.accepted > 0 and all_in),
        ("prepare", at.determined > 0 and not at.drafts),
        ("follow", not all_in),
        ("preview", at.drafts > 0),
        ("look", True),
    )


def head_step(at: Stages) -> str:
    """Return what a central's head does next; what the officers do is only looked at."""
    idle = not (at.missing or at.late or at.repairing or at.waiting)
    return _first(
        ("publish", at.mine_to_publish > 0),
        ("open", not at.opened),
        ("determine", at.accepted > 0 and idle),
        ("follow", not idle),
        ("look", True),
    )


def _first(*ways: tuple[str, bool]) -> str:
    return next(step for step, fits in ways if fits)


def most_lacking(lacking: dict[str, int], must: Iterable[str]) -> tuple[str, int] | None:
    """Return the field that most items lack, one that sending needs before any other."""
    needed = set(must)
    ranked = sorted(lacking.items(), key=lambda pair: (pair[0] not in needed, -pair[1], pair[0]))
    return ranked[0] if ranked else None


def left_by_day(days: Sequence[date], total: int) -> list[tuple[date, int]]:
    """Return how many of `total` units had not sent by the end of each day on which one did."""
    each = sorted(set(days))
    sums = accumulate(sum(day == one for one in days) for day in each)
    return [(day, total - sent) for day, sent in zip(each, sums, strict=True)]
