"""Sentences for people: Indonesian wherever they are kept, sent or compared, in the reader's language where a page shows them.

A `Said` is its Indonesian text and nothing else to a database, a mail, the API or a test. Only when it becomes HTML
does it ask the catalogue. What people wrote is never one of these. Knows no request and no catalogue of its own.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from gettext import NullTranslations
from typing import Any, Self

from markupsafe import Markup, escape

_NONE = NullTranslations()
_catalogue: list[Callable[[], NullTranslations]] = [lambda: _NONE]


def speak_with(catalogue: Callable[[], NullTranslations]) -> None:
    """Say where the words of the reader's language are found; asked anew each time something is shown."""
    _catalogue[0] = catalogue


class Said(str):
    """An Indonesian text of ours that can also be told in the reader's language."""

    __slots__ = ("tell",)

    def __new__(cls, text: str = "", tell: Callable[[], str] | None = None) -> Self:
        said = super().__new__(cls, text)
        said.tell = tell or (lambda: _catalogue[0]().gettext(text) if text else "")  # type: ignore[attr-defined]
        return said

    def told(self) -> str:
        """Return it in the reader's language."""
        return str(self.tell())  # type: ignore[attr-defined]

    def __html__(self) -> Markup:
        return escape(self.told())

    def lower(self) -> "Said":
        return Said(super().lower(), lambda: self.told().lower())

    def capitalize(self) -> "Said":
        return Said(super().capitalize(), lambda: self.told().capitalize())


def say(source: str, **places: Any) -> str:
    """Return a sentence with its places filled; a place that is itself said is told in the reader's language too."""
    if not places:
        return source if isinstance(source, Said) else Said(source)
    return Said(source % places, lambda: _catalogue[0]().gettext(source) % _told(places))


def counted(source: str, num: int, **places: Any) -> str:
    """Return a sentence about a number of things, `%(num)s`; Indonesian has one form for all numbers."""
    filled = {"num": num, **places}
    return Said(source % filled, lambda: _catalogue[0]().ngettext(source, source, num) % _told(filled))


def joined(glue: str, parts: Iterable[str]) -> str:
    """Return texts in a row, each told in the reader's language when it can be."""
    kept = [part for part in parts if part]
    return Said(glue.join(kept), lambda: told(glue).join(told(part) for part in kept))


def told(text: str) -> str:
    """Return a text in the reader's language when it is one of ours, else as it is."""
    return text.told() if isinstance(text, Said) else text


def _told(places: dict[str, Any]) -> dict[str, Any]:
    return {name: told(value) if isinstance(value, str) else value for name, value in places.items()}


def recalled(text: str, sources: Iterable[str]) -> str:
    """Return a sentence that was kept as text so that it can be told again: its places are read back from it."""
    for source in sources:
        found = _reader(source).fullmatch(text)
        if found:
            return say(source, **found.groupdict())
    return say(text)


@cache
def _reader(source: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", str(source))
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts)), re.DOTALL
    )
