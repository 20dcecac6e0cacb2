"""Reads the SOP files of the package and refuses one that does not hold together.

A file is one version and is never edited once a case began with it. What may be done next is engine's.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from ppid_saas.sop.model import HeaderField, Limit, LimitKind, Sop, Step
from ppid_saas.sop.roles import ROLES

_HEADER = (
    "unit", "number", "made_on", "revised_on", "approved_on", "approved_by", "basis", "qualifications", "related",
    "equipment", "warning", "recording",
)  # fmt: skip


_STEP = frozenset(
    {
        "id", "row", "activity", "button", "actor", "roles", "prepared_by", "subject", "from", "to", "inputs", "outputs",
        "limit", "source", "lanes", "note",
    }
)  # fmt: skip


class CatalogueError(ValueError):
    """An SOP file contradicts itself; the message names every contradiction."""


@cache
def load_catalogue() -> Mapping[str, Sop]:
    """Every shipped SOP by key ("03-sop-ppid.v1"), which is also its file's name."""
    folder = files(__package__).joinpath("catalogue")
    texts = {
        f.name.removesuffix(".toml"): f.read_text(encoding="utf-8")
        for f in folder.iterdir()
        if f.name.endswith(".toml")
    }
    sops = {name: parse_sop(texts[name]) for name in sorted(texts)}
    strangers = [name for name, sop in sops.items() if sop.key != name]
    if strangers:
        raise CatalogueError(f"a file is not named after its id and version: {strangers}")
    return MappingProxyType(sops)


def parse_sop(text: str) -> Sop:
    """Return the SOP a file describes, or say everything that does not hold in it."""
    try:
        data = tomllib.loads(text)
        return _checked(data)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"the file cannot be read: {error}") from error
    except KeyError as error:
        raise CatalogueError(f"a field is missing: {error.args[0]}") from error
    except TypeError as error:
        raise CatalogueError(f"a field has no place here: {error}") from error


def _checked(data: Mapping[str, Any]) -> Sop:
    states = {row["id"]: row["name"] for row in data["state"] + data.get("item_state", [])}
    sop = Sop(
        id=data["id"],
        version=data["version"],
        number=data["number"],
        title=data["title"],
        process=data["process"],
        source=data["source"],
        header=MappingProxyType({name: _header(row) for name, row in data["header"].items()}),
        states=MappingProxyType(states),
        steps=tuple(_step(row) for row in data["step"]),
    )
    ends = {row["id"] for row in data["state"] if row.get("final")}
    faults = list(_faults(sop, {row["id"] for row in data["state"]}, ends))
    if faults:
        raise CatalogueError(f"{sop.key}: " + "; ".join(faults))
    return sop


def _header(row: Mapping[str, Any]) -> HeaderField:
    printed, corrections = tuple(row.get("printed", ())), tuple(row.get("corrections", ()))
    return HeaderField(row["label"], printed, row["reading"], corrections)


def _step(row: Mapping[str, Any]) -> Step:
    if strange := sorted(row.keys() - _STEP):
        raise CatalogueError(f"{row.get('id')}: a field is unknown: {strange}")
    return Step(
        id=row["id"],
        row=row.get("row"),
        activity=row["activity"],
        button=row["button"],
        actor=row["actor"],
        roles=frozenset(row["roles"]),
        prepared_by=row.get("prepared_by"),
        subject=row.get("subject", "case"),
        from_state=row["from"],
        to_state=row["to"],
        inputs=tuple(row["inputs"]),
        outputs=tuple(row["outputs"]),
        limit=Limit(**{**row["limit"], "kind": LimitKind(row["limit"]["kind"])}),
        source=row["source"],
        lanes=tuple(row.get("lanes", ())),
        note=row.get("note", ""),
    )


def _faults(sop: Sop, case_states: set[str], ends: set[str]) -> Iterator[str]:
    ids = [step.id for step in sop.steps]
    if len(set(ids)) < len(ids):
        yield f"step ids repeat: {ids}"
    rows = [step.row for step in sop.steps if step.row is not None]
    if sorted(rows) != list(range(1, len(rows) + 1)):
        yield f"rows are not 1 to {len(rows)}: {rows}"
    absent = [name for name in _HEADER if name not in sop.header]
    if absent:
        yield f"header fields missing: {absent}"
    unreached = case_states - _reached(sop)
    if unreached:
        yield f"no step leads to: {sorted(unreached)}"
    yield from _end_faults(sop, case_states, ends)
    for step in sop.steps:
        yield from _step_faults(sop, step)


def _reached(sop: Sop) -> set[str]:
    """States a case can come to from its first one."""
    reached = {sop.initial}
    for _ in sop.steps:
        reached |= {s.to_state for s in sop.steps if s.subject == "case" and s.from_state in reached}
    return reached


def _end_faults(sop: Sop, case_states: set[str], ends: set[str]) -> Iterator[str]:
    """A case ends only where the file says so, and from everywhere it can come to an end."""
    left = {s.from_state for s in sop.steps if s.subject == "case"}
    silent = case_states - left
    if silent - ends:
        yield f"no step leads out of: {sorted(silent - ends)}"
    if ends & left:
        yield f"an end is left again: {sorted(ends & left)}"
    leading = ends | silent
    for _ in sop.steps:
        leading |= {s.from_state for s in sop.steps if s.subject == "case" and s.to_state in leading}
    if case_states - leading - silent:
        yield f"no way leads to an end from: {sorted(case_states - leading - silent)}"


def _step_faults(sop: Sop, step: Step) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z_]*", step.id):
        yield f"{step.id!r} is no identifier"
    for state in (step.from_state, step.to_state):
        if state not in sop.states:
            yield f"{step.id}: unknown state {state}"
    strange = (step.roles | {step.prepared_by or ""}) - ROLES.keys() - {""}
    if strange or not step.roles:
        yield f"{step.id}: unknown or no roles {sorted(strange)}"
    if not _limit_holds(step.limit):
        yield f"{step.id}: limit of kind {step.limit.kind} is incomplete"
    elif step.limit.printed and not _figures(step.limit) <= set(re.findall(r"\d+", step.limit.printed)):
        yield f"{step.id}: the limit is not the one printed: {step.limit.printed}"


def _figures(limit: Limit) -> set[str]:
    return {str(figure) for figure in (limit.n, limit.first_week, limit.last_week) if figure is not None}


def _limit_holds(limit: Limit) -> bool:
    """Each kind carries its own figures and none of another's."""
    weeks = (limit.first_week, limit.last_week)
    if limit.kind is LimitKind.WORKING_DAYS:
        return limit.n is not None and limit.n > 0 and weeks == (None, None)
    if limit.kind is LimitKind.WINDOW:
        return limit.n is None and 0 < (limit.first_week or 0) <= (limit.last_week or 0)
    return limit.n is None and weeks == (None, None)
