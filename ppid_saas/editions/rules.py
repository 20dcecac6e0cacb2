"""How an edition is put together, pure: the order of its items and the codes the new ones will get."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ppid_saas.publication.rules import make_code, public_body

NO_END = date.max.isoformat()


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item as its determination froze it, with the unit it comes from (slug and name)."""

    item_id: UUID
    body: Mapping[str, Any]
    ends_on: date | None
    unit: tuple[str, str]
    position: int


@dataclass(frozen=True, slots=True)
class Numbering:
    """The codes items have, and where new ones begin."""

    year: int
    next_code: int
    codes: Mapping[UUID, str]


def number(
    chosen: Iterable[Chosen], determination: Mapping[str, Any], numbering: Numbering
) -> list[tuple[UUID, dict[str, Any]]]:
    """Return item and public body of each, the new ones numbered on in the order of the list."""
    bodies = []
    fresh = numbering.next_code
    for item in sorted(chosen, key=_order):
        code = numbering.codes.get(item.item_id)
        if code is None:
            code, fresh = make_code(numbering.year, fresh), fresh + 1
        bodies.append((item.item_id, public_body(code, item.body, item.ends_on, item.unit, determination)))
    return bodies


def in_order(bodies: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[tuple[UUID, Mapping[str, Any]]]:
    """Sort by the end of the period, those without one last.

    Source: SOP 03/SOP-PPID row 2.
    """
    return sorted(
        bodies, key=lambda pair: (pair[1]["ends_on"] or NO_END, pair[1]["unit_name"], pair[1]["code"])
    )


def _order(item: Chosen) -> tuple[str, str, int, str]:
    ends = item.ends_on.isoformat() if item.ends_on else NO_END
    return ends, item.unit[1], item.position, str(item.item_id)
