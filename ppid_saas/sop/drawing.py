"""Where boxes and arrows of an SOP's swim-lane diagram lie, worked out from its steps; macros/sop.html draws them.

One row a step, one column an actor, as on the official form. It knows no case and no colours; the table beside the
drawing says the same in words.
"""

import textwrap
from dataclasses import dataclass
from typing import Literal

from ppid_saas.sop.model import Sop, Step
from ppid_saas.sop.roles import ROLES

Shape = Literal["end", "task", "choice"]
Kind = Literal["forward", "back"]

NUMBERS = 44  # room for the row numbers on the left
GUTTER = 34  # room for arrows that run back, on the right
WIDTH = 1060
HEAD = 46
ROW = 104
BOX = 66
LETTER = 7.4  # how wide a letter is drawn, about


@dataclass(frozen=True, slots=True)
class Box:
    """A step in one lane; the words stand in the first lane alone."""

    step: Step
    shape: Shape
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from one step to the one that may follow."""

    kind: Kind
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """The place of a step: its number on the form, or a dash."""

    step: Step
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    lanes: tuple[str, ...]
    lane_width: float
    rows: tuple[Row, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: int
    height: int


def lanes_of(step: Step) -> tuple[str, ...]:
    """Return the columns a step stands in: the form's, or those of the roles that take it."""
    named = (role for role in ROLES if role in step.roles or role == step.prepared_by)
    return step.lanes or tuple(ROLES[role] for role in named)


def lanes(sop: Sop) -> tuple[str, ...]:
    """Return the form's columns of actors, in the order in which they come to act."""
    return tuple(dict.fromkeys(lane for step in sop.steps for lane in lanes_of(step)))


def shape_of(sop: Sop, step: Step) -> Shape:
    """Return the flow symbol: begin and end are round, a question with two ways out is a diamond.

    Source: Permenpan 35/2012, bagan alir SOP administrasi pemerintahan.
    """
    ways = {
        other.to_state for other in sop.steps if _same(step, other) and other.from_state == step.from_state
    }
    numbered = [each for each in sop.steps if each.subject == "case"]
    if len(ways) > 1:
        return "choice"
    return "end" if step in {numbered[0], numbered[-1]} else "task"


def _same(one: Step, other: Step) -> bool:
    return one.subject == other.subject


def draw(sop: Sop) -> Drawing:
    """Lay the steps out below each other."""
    columns = lanes(sop)
    wide = (WIDTH - NUMBERS - GUTTER) / len(columns)
    boxes = tuple(
        _box(sop, step, n, lane, columns, wide) for n, step in enumerate(sop.steps) for lane in lanes_of(step)
    )
    rows = tuple(Row(step, HEAD + ROW * n) for n, step in enumerate(sop.steps))
    return Drawing(
        columns, wide, rows, boxes, _arrows(sop, columns, wide), WIDTH, HEAD + ROW * len(sop.steps) + 8
    )


def _box(sop: Sop, step: Step, n: int, lane: str, columns: tuple[str, ...], wide: float) -> Box:
    width = min(wide - 16, 190.0)
    x = _middle(lane, columns, wide) - width / 2
    shape = shape_of(sop, step)
    room = int(width * (0.62 if shape == "choice" else 0.92) / LETTER)
    lines = tuple(textwrap.wrap(step.button, room)) if lane == lanes_of(step)[0] else ()
    return Box(step, shape, round(x, 1), _top(n), round(width, 1), BOX, lines)


def _top(n: int) -> float:
    return HEAD + ROW * n + (ROW - BOX) / 2


def _middle(lane: str, columns: tuple[str, ...], wide: float) -> float:
    return round(NUMBERS + wide * (columns.index(lane) + 0.5), 1)


def _arrows(sop: Sop, columns: tuple[str, ...], wide: float) -> tuple[Arrow, ...]:
    found = []
    for m, one in enumerate(sop.steps):
        for n, other in enumerate(sop.steps):
            if _same(one, other) and one.to_state == other.from_state:
                found.append(_forward(sop, m, n, columns, wide) if n > m else _back(sop, m, n, columns, wide))
    return tuple(found)


def _forward(sop: Sop, m: int, n: int, columns: tuple[str, ...], wide: float) -> Arrow:
    """Down from one box to the next; past rows between, along the edge of the lane, so that no box is crossed."""
    start = _middle(lanes_of(sop.steps[m])[0], columns, wide)
    end = _middle(lanes_of(sop.steps[n])[0], columns, wide)
    leave, arrive = _top(m) + BOX, _top(n)
    bend = (leave + HEAD + ROW * (m + 1)) / 2 + 5
    if n == m + 1:
        return Arrow(
            "forward",
            f"M{start} {leave}V{bend}H{end}V{arrive - 3}"
            if start != end
            else f"M{start} {leave}V{arrive - 3}",
        )
    edge, before = round(end - wide / 2 + 4, 1), arrive - 14
    return Arrow("forward", f"M{start} {leave}V{bend}H{edge}V{before}H{end}V{arrive - 3}")


def _back(sop: Sop, m: int, n: int, columns: tuple[str, ...], wide: float) -> Arrow:
    """Out to the right, up, and into the earlier box from its right."""
    last, first = lanes_of(sop.steps[m])[-1], lanes_of(sop.steps[n])[-1]
    half = min(wide - 16, 190.0) / 2
    start, end = _middle(last, columns, wide) + half, _middle(first, columns, wide) + half
    line = WIDTH - GUTTER / 2
    return Arrow(
        "back", f"M{round(start, 1)} {_top(m) + BOX / 2}H{line}V{_top(n) + BOX / 2}H{round(end + 3, 1)}"
    )
