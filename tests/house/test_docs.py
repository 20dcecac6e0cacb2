"""What the pages of documentation say is so: commands and options exist, links lead somewhere, menus bear these names."""

import re
from pathlib import Path

import click
import pytest

from ppid_saas.cli import cli
from ppid_saas.settings import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
COMMAND = re.compile(r"\./ppid +([^`\n#|;]+)")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
SEEN = (*(ROOT / "frontend" / "templates").rglob("*.html"), *(ROOT / "ppid_saas").rglob("*.py"))


def named(page: Path) -> list[str]:
    return sorted({found.strip() for found in COMMAND.findall(page.read_text(encoding="utf-8"))})


def unknown(line: str) -> str:
    """Return the first word of a command line that the entry does not know; empty when it knows all."""
    command: click.Command | None = cli
    context = click.Context(cli)
    for word in line.split():
        if word.startswith("--"):
            known = {name for option in command.params for name in option.opts} if command else set()
            if word.split("=")[0] not in known:
                return word
        elif isinstance(command, click.Group):
            command = command.get_command(context, word)
            if command is None:
                return word
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    words = [part.strip(" ,.;:") for line in named(page) for part in line.split("./ppid")]
    assert [(line, word) for line in words if (word := unknown(line))] == []


def test_a_command_that_does_not_exist_is_noticed() -> None:
    assert unknown("demo fly +30") == "fly"
    assert unknown("up --emptily") == "--emptily"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_officers_page_names_menus_and_buttons_as_the_screens_do() -> None:
    said = re.sub(r"\s+", " ", (ROOT / "docs" / "petugas.md").read_text(encoding="utf-8"))
    shown = "\n".join(file.read_text(encoding="utf-8") for file in SEEN)
    buttons = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", said))
    assert sorted(button for button in buttons if button not in shown) == []


def test_a_proof_and_a_measurement_never_share_a_name() -> None:
    """Both write docs/figures/NAME.json."""
    proofs, measurements = (
        {path.stem for path in (ROOT / "tests" / kind).glob("[!_]*.py")} for kind in ("prove", "bench")
    )
    assert proofs & measurements == set()
