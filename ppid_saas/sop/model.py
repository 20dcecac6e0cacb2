"""What an SOP is made of: the official form's header and rows, and the states a case walks through.

Shapes only. Reading the files is catalogue's, deciding what may happen next is engine's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Subject = Literal["case", "item"]
Reading = Literal["read", "reconstructed", "illegible"]


class LimitKind(StrEnum):
    WORKING_DAYS = "working_days"
    WINDOW = "window"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a step has. `printed` is the form's own wording, for the form and the screen.

    working_days: n days from the trigger; or, with anchor `period_end`, n days before a period ends.
    window: weeks `first_week` to `last_week` from the trigger. none: "tentatif".
    """

    kind: LimitKind
    n: int | None = None
    anchor: Literal["trigger", "period_end"] = "trigger"
    first_week: int | None = None
    last_week: int | None = None
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the form, or (row None) an act that the law puts between two rows.

    `actor` is the position as printed; `roles` may do it here; `prepared_by` must have made it ready before. `lanes` are
    the form's columns of who acts in which it is drawn, `note` is its last column.
    """

    id: str
    row: int | None
    activity: str
    button: str
    actor: str
    roles: frozenset[str]
    prepared_by: str | None
    subject: Subject
    from_state: str
    to_state: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    limit: Limit
    source: str
    lanes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A field of the form's head as printed, how well the copy could be read, and what is wrong in it."""

    label: str
    printed: tuple[str, ...]
    reading: Reading
    corrections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sop:
    """One version of one SOP. `states` maps code to screen word; the first is where a case begins."""

    id: str
    version: int
    number: str
    title: str
    process: Literal["documenting", "testing"]
    source: str
    header: Mapping[str, HeaderField]
    states: Mapping[str, str]
    steps: tuple[Step, ...]

    @property
    def key(self) -> str:
        return f"{self.id}.v{self.version}"

    @property
    def initial(self) -> str:
        return next(iter(self.states))

    def step(self, step_id: str) -> Step:
        return next(step for step in self.steps if step.id == step_id)
