"""Everything the product can say on a screen, gathered from templates, from Python, and from the pure packages' data."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from babel.messages.extract import extract_from_dir
from jinja2 import Environment

from ppid_saas.law.grounds import catalogue
from ppid_saas.law.messages import MESSAGES
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.roles import ROLES
from ppid_saas.web import assets

CODE = Path(__file__).parents[2] / "ppid_saas"
ERRORS = (
    "NotFoundError",
    "ConflictError",
    "InvalidError",
    "TooManyError",
    "TooLargeError",
    "NotSignedInError",
)
SAYING = {"say", "counted", *ERRORS}
# Commands speak Indonesian to whoever runs the installation, in a terminal.
AT_A_TERMINAL = ("cli.py", "commands/", "embedded/", "settings.py", "worker.py")

Message = str | tuple[str, ...]


def said_in_templates() -> Iterator[Message]:
    for name, _line, message, _comments, _context in extract_from_dir(assets.TEMPLATES, [("**", "jinja2")]):
        if not name.startswith("gallery"):
            yield message


def said_in_code() -> Iterator[Message]:
    for path in sorted(CODE.rglob("*.py")):
        if not path.relative_to(CODE).as_posix().startswith(AT_A_TERMINAL):
            yield from _said_in(ast.parse(path.read_text()))


def _said_in(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := _name_of(node.func)) in SAYING and node.args:
            chosen = node.args[0]
            for branch in (chosen.body, chosen.orelse) if isinstance(chosen, ast.IfExp) else (chosen,):
                if isinstance(branch, ast.Constant) and isinstance(branch.value, str):
                    yield (branch.value, branch.value) if name == "counted" else branch.value


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def said_by_data() -> Iterator[Message]:
    """Words that packages without a screen keep as data; pages say them by name."""
    yield from MESSAGES.values()
    yield from ROLES.values()
    for ground in catalogue().grounds.values():
        yield from (ground.label, ground.name, ground.question)
    for sop in load_catalogue().values():
        yield from sop.states.values()
        yield from (step.button for step in sop.steps if step.button)


def spoken() -> dict[str, Message]:
    """Every message by its Indonesian source."""
    found: dict[str, Message] = {}
    for message in chain(said_by_data(), said_in_code(), said_in_templates()):
        key = message if isinstance(message, str) else message[0]
        if key and not isinstance(found.get(key), tuple):
            found[key] = message
    return found


# --- what a template shows without asking the catalogue ---

SHOWN_ATTRIBUTES = re.compile(
    r'\b(?:aria-label|alt|placeholder|title|content|label)="([^"{]*[A-Za-z]{2,}[^"{]*)"'
)
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")


def unsaid_in_template(source: str) -> Iterator[tuple[int, str]]:
    """Text between tags, and in attributes people meet, that stands outside of `_()`."""
    markup = _markup_of(source)
    for pattern in (r">([^<]*)(?:<|$)", SHOWN_ATTRIBUTES):
        for found in re.finditer(pattern, markup):
            for text in found.group(1).split("\x00"):
                if WORD.search(text):
                    yield markup.count("\n", 0, found.start(1)) + 1, " ".join(text.split())


def _markup_of(source: str) -> str:
    """The template's own text; what Jinja puts in is a mark, and scripts and comments are gone."""
    kept, depth = [], 0
    for _line, kind, text in Environment(autoescape=True).lex(source):
        if kind in {"variable_begin", "block_begin", "comment_begin"}:
            depth += 1
        elif kind in {"variable_end", "block_end", "comment_end"}:
            depth -= 1
            kept.append("\x00")
        elif kind == "data":
            kept.append(text)
        kept.append("\n" * text.count("\n") if kind != "data" else "")
    return re.sub(r"<!--.*?-->|<(script|style|code|pre)\b.*?</\1>|&\w+;", "", "".join(kept), flags=re.DOTALL)


# --- what Python shows without asking the catalogue ---

SENTENCE = re.compile(r"^[A-Z][a-z]+(?: [\w,;:.“”()?–%!-]+)+$|^[a-zA-Z%(){} ]+ [a-z]+ [a-z]{3,}.*[.?]$")


def unsaid_in_code(path: Path) -> Iterator[tuple[int, str]]:
    """Sentences in Python that are neither told nor a docstring, a statement, or an exception for programmers."""
    tree = ast.parse(path.read_text())
    passed = {id(node) for parent in ast.walk(tree) for node in _exempt(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in passed:
            text = node.value if isinstance(node, ast.Constant) else _template_of(node)
            if isinstance(text, str) and SENTENCE.search(text):
                yield node.lineno, text


def _template_of(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "%s" for part in node.values)


def _exempt(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
        yield from ast.walk(node.body[0]) if isinstance(node.body[0], ast.Expr) else ()
    if isinstance(node, ast.Call):
        name = _name_of(node.func)
        if name in SAYING:
            yield from chain.from_iterable(ast.walk(argument) for argument in node.args[:1])
        if name in {"text", "warning", "error", "info", "compile"}:
            yield from ast.walk(node)
    raised = node.exc if isinstance(node, ast.Raise) else None
    if isinstance(raised, ast.Call) and _name_of(raised.func) not in ERRORS:
        yield from ast.walk(raised)
    if isinstance(node, ast.keyword) and node.arg in {"metadata", "description"}:
        yield from ast.walk(node.value)
    if isinstance(node, ast.JoinedStr):
        yield from node.values
