"""What changed from one edition to the next, pure: item by item, field by field, word by word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from ppid_saas.access.sayings import joined, say, told
from ppid_saas.publication.rules import FIELD_WORDS
from ppid_saas.web.formats import said_date

Body = Mapping[str, Any]
Part = tuple[str, str]
# The determination is new in every edition, and code and unit identify the item: neither is a change to it.
_COMPARED = tuple(name for name in FIELD_WORDS if name != "determination")
_DIFF_LIMIT = 4000


@dataclass(frozen=True, slots=True)
class Changed:
    """One item whose public body says something else now."""

    code: str
    title: str
    fields: tuple[tuple[str, tuple[Part, ...]], ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Items new in, changed in and gone from the later of two editions."""

    added: tuple[Body, ...]
    changed: tuple[Changed, ...]
    removed: tuple[Body, ...]

    @property
    def summary(self) -> str:
        """`18 baru, 9 berubah, 6 tidak lagi tercantum`."""
        return say(
            "%(new)s baru, %(changed)s berubah, %(gone)s tidak lagi tercantum",
            new=len(self.added), changed=len(self.changed), gone=len(self.removed),
        )  # fmt: skip

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def differences(before: Sequence[Body], after: Sequence[Body]) -> Differences:
    """Compare two editions' bodies by code."""
    old, new = {body["code"]: body for body in before}, {body["code"]: body for body in after}
    changed = (_changed(old[code], body) for code, body in new.items() if code in old)
    return Differences(
        added=tuple(body for code, body in new.items() if code not in old),
        changed=tuple(entry for entry in changed if entry.fields),
        removed=tuple(body for code, body in old.items() if code not in new),
    )


def _changed(old: Body, new: Body) -> Changed:
    fields = tuple(
        (FIELD_WORDS[name], word_diff(told(readable(name, old[name])), told(readable(name, new[name]))))
        for name in _COMPARED
        if old[name] != new[name]
    )
    return Changed(str(new["code"]), str(new["title"]), fields)


def readable(name: str, value: Any) -> str:
    """One field of a public body as a line of text."""
    if name == "part":
        return say("sebagian") if value == "part" else say("seluruhnya")
    if name == "grounds":
        return joined("; ", (ground_text(row) for row in value))
    if name == "period":
        text = str(value["text"])
        if not value["review_on"]:
            return text
        day = said_date(date.fromisoformat(value["review_on"]))
        return say("%(text)s (ditinjau %(day)s)", text=text, day=day)
    if name == "ends_on" and value:
        return said_date(date.fromisoformat(value))
    return str(value or "")


def ground_text(row: Body) -> str:
    """`Pasal 17 huruf h UU 14/2008: mengungkap rahasia pribadi`."""
    named = " ".join(part for part in (row["article"], row["law"]) if part)
    return joined(": ", (named, say(row["label"]) if row["code"] else row["label"]))


def word_diff(old: str, new: str) -> tuple[Part, ...]:
    """Parts (op, text) with op `=`, `-` or `+`; very long texts are replaced as a whole."""
    if len(old) + len(new) > _DIFF_LIMIT:
        return tuple(part for part in (("-", old), ("+", new)) if part[1])
    a, b = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    parts: list[Part] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("=", "".join(b[b1:b2])))
            continue
        parts += [part for part in (("-", "".join(a[a1:a2])), ("+", "".join(b[b1:b2]))) if part[1]]
    return tuple(parts)
