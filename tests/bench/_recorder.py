"""A pytest plugin that notes every distinct statement the suite sends to tables of the planes, with one set of its values.

    PPID_RECORD_STATEMENTS=/tmp/statements.json python -m pytest -p tests.bench._recorder

Notes the login role and whether a unit or a central was bound; the bound tenant's id among the values becomes a mark, so
that another database can put its own tenant there.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Binary
from sqlalchemy import Engine, event

from tenants import context

ROLES = {"app_tenant", "app_public", "app_clock", "app_identity", "platform"}
ON_TABLES = re.compile(
    r"^\s*(select|insert|update|delete|with)\b.*\b(work|exchange|publication|ops|keys|identity)\.",
    re.IGNORECASE | re.DOTALL,
)
LISTS = re.compile(r"%\(\w+\)s(::\w+)?(,\s*%\(\w+\)s(::\w+)?)+")
ROWS = re.compile(r"\([^()]*…[^()]*\)(,\s*\([^()]*…[^()]*\))+")
TENANT = "~tenant"
HERE = Path(__file__).resolve().parents[2]
OURS, TESTS = (f"{HERE}/ppid_saas/", f"{HERE}/tenants/"), f"{HERE}/tests/"
# How values of these types are written and read back; a datetime is a date too, so it stands first.
KINDS: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    "~uuid": (UUID, str, UUID),
    "~datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "~date": (date, date.isoformat, date.fromisoformat),
    "~seconds": (timedelta, timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)),
    "~bytes": (bytes, bytes.hex, bytes.fromhex),
}

NOTED: dict[tuple[str, str, str], dict[str, Any]] = {}


def shape(statement: str) -> str:
    """Return a statement with its lists of values shortened, so that a list of two and one of forty are the same."""
    return ROWS.sub("(…)", LISTS.sub("…", statement))


def encode(value: Any, bound: UUID | None = None) -> Any:
    """Return a value as JSON that `decode` turns back."""
    if value is not None and value == bound:
        return {TENANT: True}
    if isinstance(value, list | tuple):
        return [encode(each, bound) for each in value]
    for name, (kind, write, _) in KINDS.items():
        if isinstance(value, kind):
            return {name: write(value)}
    if isinstance(value, Binary):
        return {"~bytes": value.obj.hex()}
    return value if isinstance(value, str | int | float | bool | None) else {"~json": json.dumps(value.obj)}


def decode(value: Any, tenant: UUID) -> Any:
    """Return a value noted by `encode`, with `tenant` in the place of the one that was bound."""
    if isinstance(value, list):
        return [decode(each, tenant) for each in value]
    if not isinstance(value, dict):
        return value
    ((name, written),) = value.items()
    if name == TENANT:
        return tenant
    return KINDS[name][2](written) if name in KINDS else written


def _note(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
    role = connection.engine.url.username
    if role not in ROLES or not ON_TABLES.match(statement):
        return
    bound = context._binding.get()
    kind = bound.kind if bound and role == "app_tenant" else ""
    one = values[0] if isinstance(values, list) and values else values
    if not _of_product():
        return
    pairs = dict(one) if isinstance(one, Mapping) else dict(enumerate(one or ()))
    key = (role, kind, shape(statement))
    if key not in NOTED or _better(statement, len(pairs), NOTED[key]["size"]):
        tenant = bound.tenant_id if bound else None
        values = {str(name): encode(value, tenant) for name, value in pairs.items()}
        noted = {"role": role, "kind": kind, "statement": statement, "size": len(pairs), "values": values}
        NOTED[key] = noted | {"test": _test()}


def _better(statement: str, size: int, known: int) -> bool:
    """Of one shape, keep the longest list of values to look for, but the smallest batch of rows to insert."""
    return size < known if statement.lstrip().lower().startswith("insert") else size > known


def _of_product() -> bool:
    """Say whether the product's own code sends what is being sent, and not a test past it."""
    frame = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(OURS):
            return True
        if path.startswith(TESTS) and path != __file__:
            return False
        frame = frame.f_back
    return False


def _test() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]


def pytest_sessionstart() -> None:
    if os.environ.get("PPID_RECORD_STATEMENTS"):
        event.listen(Engine, "before_cursor_execute", _note)


def pytest_sessionfinish() -> None:
    path = os.environ.get("PPID_RECORD_STATEMENTS")
    if path:
        Path(path).write_text(
            json.dumps(list(NOTED.values()), ensure_ascii=False, indent=1), encoding="utf-8"
        )
