"""docs/rules.md lists every rule the checks know: its code, what it does, on which source it stands, what it says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ppid_saas.law import checks
from ppid_saas.law.messages import MESSAGES

LAW = Path(checks.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
EFFECTS = {"block": "menghalangi pengiriman", "warn": "pertanyaan"}


def said() -> Iterator[tuple[str, str, str]]:
    """Yield code, effect and source of each finding, read from the function that makes it."""
    for path in sorted(LAW.glob("*checks.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                source = re.search(r"Source: (.+?)\.\s*$", ast.get_docstring(function) or "", re.DOTALL)
                for code, effect in _made_in(function):
                    yield code, effect, " ".join(source[1].split()) if source else ""


def _made_in(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in EFFECTS:
            for word in (word for argument in call.args[1:] for word in ast.walk(argument)):
                if isinstance(word, ast.Constant) and word.value in MESSAGES:
                    yield word.value, call.func.id


def rows() -> list[str]:
    found: dict[str, tuple[set[str], str]] = {}
    for code, effect, source in said():
        found.setdefault(code, (set(), source))[0].add(effect)
    return [
        f"| `{code}` | {', '.join(EFFECTS[e] for e in EFFECTS if e in found[code][0])} | {found[code][1]} | {words} |"
        for code, words in MESSAGES.items()
    ]


def test_every_rule_names_its_source():
    assert [code for code, _, source in said() if not source] == []


def test_the_page_lists_the_rules_as_they_are():
    written = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert written == rows()
