"""How the database would run a statement: what it reads from end to end, and how long it thinks before it begins.

A statement is explained, never run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from ppid_saas.settings import ROOT, Settings
from tenants.http import hash_token
from tests.bench._country import Place, connect, places
from tests.bench._recorder import decode

PLANES = {"identity", "keys", "work", "exchange", "publication", "ops"}
OWNERLESS = {"ops.calendar", "ops.calendar_day"}
DIRECTORY = "publication.list"  # one short row a region; the page of all regions asks for all of them, without a condition
CONDITIONS = {"Index Cond", "Order By"}  # without one, an index is read from end to end too
MOST_PLANNING_MS = 1.0
SHORT = (
    100  # rows; the planner rightly reads such a table whole, so it is asked what it would do with a long one
)
OPERATOR = "platform"  # looks over all tenants, not into one
FIRST_ROW = "select not exists (select from identity.tenant)"  # ends at the first row it meets
APART = (
    "demo",
    "deploy",
    "embedded",
    "faults",
    "journey",
)  # the product runs in processes of its own there: nothing to note
TRIES = 3

Values = Mapping[str, Any] | Sequence[Any] | None


class Plan(NamedTuple):
    """What one statement costs before it reads a row: whole tables to be read, and the shortest planning of three."""

    scans: list[str]
    planning_ms: float


def plan_of(connection: psycopg.Connection[Any], statement: str, values: Values) -> Plan:
    """Explain a statement in the connection's transaction, as whom and for whom that is."""
    found = []
    for _ in range(TRIES):
        row = connection.execute(f"explain (format json, verbose, summary) {statement}", values).fetchone()  # type: ignore[arg-type]
        assert row is not None
        found.append(row[0][0])
    scans = set(_scans(found[0]["Plan"]))
    if " where " not in statement.lower():
        scans.discard(DIRECTORY)
    return Plan(sorted(scans), min(each["Planning Time"] for each in found))


def _scans(node: Mapping[str, Any]) -> Iterator[str]:
    table = f"{node.get('Schema')}.{node.get('Relation Name')}"
    whole = node["Node Type"] == "Seq Scan" or ("Index Name" in node and not node.keys() & CONDITIONS)
    if whole and node.get("Schema") in PLANES and table not in OWNERLESS:
        yield table
    for below in node.get("Plans", ()):
        yield from _scans(below)


def enter(connection: psycopg.Connection[Any], place: Place) -> None:
    """Bind the connection's transaction as a member's request would."""
    connection.execute("select door.enter(%s, %s, %s)", (hash_token(place.session), place.region, place.slug))


def noted_statements() -> list[dict[str, Any]]:
    """Return what the suite sends: from the file PPID_STATEMENTS names, or by running the suite."""
    path = os.environ.get("PPID_STATEMENTS")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(path) if path else _run_suite(Path(folder) / "statements.json")
        noted: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return noted


def _run_suite(file: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "pytest", "tests", "-q", "-p", "tests.bench._recorder", *(f"--ignore=tests/{name}" for name in APART)],
        cwd=ROOT, env=os.environ | {"PPID_RECORD_STATEMENTS": str(file)}, check=False, stdout=sys.stderr,
    )  # fmt: skip
    return file


def judge_all(settings: Settings, seed: int, statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Explain every statement as its role, bound as a tenant of the same kind; name those that scan or think too long."""
    bound = {kind: places(settings, 1, seed, kind)[0] for kind in ("unit", "central")}
    scanning, overviews, slow, failed, longest = [], [], [], [], 0.0
    with ExitStack() as stack:
        roles = {noted["role"] for noted in statements}
        connections = {role: stack.enter_context(connect(settings, role)) for role in roles}
        for noted in statements:
            where = f"{noted['role']} {noted['kind']} {noted['test']}: {' '.join(noted['statement'].split())}"
            try:
                found = _explain(
                    connections[noted["role"]], noted, bound.get(noted["kind"] or "unit", bound["unit"])
                )
            except psycopg.Error as error:
                failed.append(f"{type(error).__name__} {str(error).splitlines()[0]} <- {where}")
                continue
            longest = max(longest, found.planning_ms)
            if found.scans and noted["statement"] != FIRST_ROW:
                (overviews if noted["role"] == OPERATOR else scanning).append(
                    f"{', '.join(found.scans)} <- {where}"
                )
            if found.planning_ms > MOST_PLANNING_MS:
                slow.append(f"{found.planning_ms} ms <- {where}")
    return {
        "statements": len(statements), "longest_planning_ms": longest, "scanning": scanning,
        "overviews_of_all_tenants": overviews, "slow_to_plan": slow, "not_explained": failed,
    }  # fmt: skip


def _explain(connection: psycopg.Connection[Any], noted: Mapping[str, Any], place: Place) -> Plan:
    values = {name: decode(value, place.id) for name, value in noted["values"].items()}
    by_position = bool(values) and all(name.isdecimal() for name in values)
    try:
        if noted["kind"]:
            enter(connection, place)
        given = list(values.values()) if by_position else values or None
        found = plan_of(connection, noted["statement"], given)
        if not any(_is_short(connection, table) for table in found.scans):
            return found
        connection.execute("set local enable_seqscan = off")
        return found._replace(scans=plan_of(connection, noted["statement"], given).scans)
    finally:
        connection.rollback()


def _is_short(connection: psycopg.Connection[Any], table: str) -> bool:
    """Say whether the statistics know fewer rows than an index is worth."""
    row = connection.execute("select reltuples from pg_class where oid = %s::regclass", (table,)).fetchone()
    return row is not None and row[0] < SHORT
