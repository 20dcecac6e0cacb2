"""Where the lines and bars of a chart lie, worked out from days and counts; macros/charts.html draws them.

Not a charting library and no clock: today is given. Every chart also carries the rows of its table twin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

WIDTH = 720
LABELS = 208  # room for the names on the left of a process
NAMES = 320  # room for names beside amounts
ROW = 40
TOP = 30
PLOT = 180  # height of what has a scale
INSIDE = 72  # a bar this wide holds its date

State = Literal["done", "now", "coming"]


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a process, from its first to its last day."""

    label: str
    starts_on: date
    ends_on: date
    state: State


@dataclass(frozen=True, slots=True)
class Bar:
    """A step as drawn: its rectangle, and where its date stands."""

    step: Step
    x: float
    y: float
    width: float
    text_x: float
    anchor: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Process:
    """Steps below each other on one scale of days."""

    bars: tuple[Bar, ...]
    height: int
    today: date
    today_x: float | None


@dataclass(frozen=True, slots=True)
class Burndown:
    """How many are still owed, day by day, against an even pace; `path` is a step line."""

    rows: tuple[tuple[date, int], ...]
    path: str
    ideal: tuple[float, float, float, float]
    today: date
    today_x: float | None
    end: tuple[float, float]
    total: int
    opens_on: date
    due_on: date
    height: int


@dataclass(frozen=True, slots=True)
class Level:
    """One amount of a list of amounts: where its bar lies and how long it is."""

    label: str
    count: int
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Levels:
    """Amounts below each other on one scale, the largest as wide as there is room."""

    bars: tuple[Level, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Column:
    """One month of a strip."""

    month: date
    count: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Strip:
    """Counts per month beside each other."""

    columns: tuple[Column, ...]
    height: int
    base: float


def levels(rows: Sequence[tuple[str, int]]) -> Levels:
    """Lay amounts out below each other, in the order given."""
    most = max([count for _, count in rows] or [0]) or 1
    room = WIDTH - NAMES - INSIDE
    bars = (Level(label, n, 28.0 * at, round(room * n / most, 1)) for at, (label, n) in enumerate(rows))
    return Levels(tuple(bars), 28 * len(rows) + 4)


def process(steps: Sequence[Step], today: date) -> Process:
    """Lay steps out from the first day of the first to the last day of the last."""
    first = min(step.starts_on for step in steps)
    last = max(step.ends_on for step in steps)
    bars = tuple(_bar(step, n, first, last) for n, step in enumerate(steps))
    shown = first <= today <= last
    return Process(bars, TOP + ROW * len(bars), today, _at(today, first, last, LABELS) if shown else None)


def _bar(step: Step, n: int, first: date, last: date) -> Bar:
    x, end = (_at(day, first, last, LABELS) for day in (step.starts_on, step.ends_on))
    width = max(end - x, 6.0)
    inside = width >= INSIDE
    room = x + width + INSIDE <= WIDTH
    text_x = x + width - 8 if inside else x + width + 8 if room else x - 8
    anchor = "start" if room and not inside else "end"
    return Bar(step, x, TOP + ROW * n + 6.0, round(width, 1), round(text_x, 1), anchor, inside)


def burndown(
    rows: Sequence[tuple[date, int]], opens_on: date, due_on: date, total: int, today: date
) -> Burndown:
    """Draw what is owed; `rows` are the days on which the number changed, with what was left after each."""
    kept = ((opens_on, total), *rows)
    last = max(due_on, today, *(day for day, _ in kept))
    points = [(_at(day, opens_on, last, 44), _level(left, total)) for day, left in kept]
    end_x = _at(min(max(today, kept[-1][0]), last), opens_on, last, 44)
    path = f"M{points[0][0]} {points[0][1]}" + "".join(f"H{x}V{y}" for x, y in points[1:]) + f"H{end_x}"
    ideal = (44.0, _level(total, total), _at(due_on, opens_on, last, 44), _level(0, total))
    shown = opens_on <= today <= last
    today_x = _at(today, opens_on, last, 44) if shown else None
    end = (end_x, points[-1][1])
    return Burndown(kept, path, ideal, today, today_x, end, total, opens_on, due_on, TOP + PLOT + 34)


def strip(counts: Sequence[tuple[date, int]]) -> Strip:
    """Lay months beside each other, the highest of them as high as the plot."""
    most = max([count for _, count in counts] or [0]) or 1
    step = WIDTH / max(len(counts), 1)
    base = TOP + PLOT
    columns = []
    for n, (month, count) in enumerate(counts):
        height = round(PLOT * count / most, 1)
        columns.append(
            Column(
                month,
                count,
                round(step * (n + 0.14), 1),
                round(base - height, 1),
                round(step * 0.72, 1),
                height,
            )
        )
    return Strip(tuple(columns), base + 44, float(base))


def share(starts_on: date, ends_on: date, today: date) -> int:
    """How much of a period has passed, in whole percent."""
    whole = (ends_on - starts_on).days
    if whole <= 0 or today > ends_on:
        return 100
    return max(0, 100 * (today - starts_on).days // whole)


def _at(day: date, first: date, last: date, left: int) -> float:
    days = max((last - first).days, 1)
    return round(left + (WIDTH - left) * (day - first).days / days, 1)


def _level(left: int, total: int) -> float:
    return round(TOP + PLOT * (1 - left / max(total, 1)), 1)
