"""Habits of the house that no linter knows: sizes, the one clock, the one commit, words in the glossary, documented commands."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from ppid_saas.access import policy
from ppid_saas.access.verbs import VERBS
from ppid_saas.cli import COMMANDS
from ppid_saas.events.handlers import HANDLERS
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.roles import ROLES
from tests.fixtures.world import World

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "ppid_saas").rglob("*.py"), *(ROOT / "tenants").rglob("*.py")])
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
# Where a commit or another now() is the very purpose of the file.
COMMITS = {"tenants/db.py", "tenants/http.py", "ppid_saas/web/shell.py"}
NOWS = {"tenants/clock.py", "ppid_saas/commands/figures.py"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield f"{name_of(path)}:{node.lineno} {node.name}", node


def length(node: ast.FunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_a_file_is_read_in_one_sitting() -> None:
    long = {name_of(path): n for path in FILES if (n := len(path.read_text().splitlines())) > 400}
    assert not long


def test_a_function_fits_one_screen() -> None:
    sizes = {name: length(node) for name, node in functions()}
    assert not {name: n for name, n in sizes.items() if n > 50}
    assert median(sizes.values()) <= 8
    assert sorted(sizes.values())[int(len(sizes) * 0.9)] <= 25


def test_every_module_says_what_it_is_for() -> None:
    assert not [name_of(path) for path, tree in TREES.items() if not ast.get_docstring(tree)]


def test_no_room_is_called_utils() -> None:
    assert not [name_of(path) for path in FILES if path.stem in {"utils", "helpers", "common", "misc"}]


def test_there_is_one_now() -> None:
    stray = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = ast.unparse(node.func)
                if re.search(r"(datetime|date|dt\.datetime|dt\.date)\.(now|today|utcnow)$", called):
                    stray.append(f"{name_of(path)}:{node.lineno} {called}")
    assert not [one for one in stray if one.split(":")[0] not in NOWS]


def test_only_the_unit_of_work_commits() -> None:
    stray = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
        and ast.unparse(node.func.value).endswith("session")
    ]  # fmt: skip
    assert not [one for one in stray if one.split(":")[0] not in COMMITS]


def test_every_permission_is_used_by_a_verb(world: World) -> None:
    world.app("office")
    world.app("files")
    unused = set(policy.PERMISSIONS) - set(VERBS.values())
    assert not unused, "a permission that no verb asks for"


def test_every_effect_follows_a_fact_that_is_recorded(world: World) -> None:
    world.app("office")
    source = "\n".join(path.read_text() for path in FILES)
    for handler in HANDLERS.values():
        if handler.kind != "*" and not handler.name.startswith("uji."):
            assert f'"{handler.kind}"' in source.replace(f'@handles("{handler.kind}"', ""), handler.kind


def test_the_glossary_has_every_role_state_and_step() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words = set(ROLES)
    for sop in load_catalogue().values():
        words |= {step.from_state for step in sop.steps if step.from_state} | {
            s.to_state for s in sop.steps if s.to_state
        }
    assert not [word for word in sorted(words) if f"`{word}`" not in glossary]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command: str) -> None:
    assert f"./ppid {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_nothing_of_a_machine_or_a_registry_is_in_the_repository() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in tracked.stdout.split():
        path = ROOT / name
        if path.suffix in {".png", ".xlsx", ".docx", ".pdf", ".woff2"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        if re.search(r"(requirements[^/]*\.txt|package-lock\.json|\.npmrc)$", name):
            assert "://" not in text, name
        assert not re.search(r"(^|[^\w.\-/])/(work|farm|root)/", text), name
