"""Journal lines for people: what a process wrote as JSON, told as one plain line. Lines of other servers pass as they are."""

import json
from typing import Any, Final

HEAD: Final = ("time", "level", "logger", "message", "surface")
GRAVE: Final = frozenset({"error", "critical"})


def in_words(line: str) -> str:
    """Return time, level and message of a journal line, then whatever else it says."""
    told = _read(line)
    if told is None:
        return line.rstrip()
    time = str(told.get("time", ""))[:23].replace("T", " ")
    rest = (f"{name}={value}" for name, value in told.items() if name not in HEAD)
    return " ".join([time, str(told.get("level", "")), str(told.get("message", "")), *rest])


def last_said(lines: list[str]) -> str:
    """Return the last words of a process: of a journal the first grave line of its end, else the last line there is."""
    said = [line.strip() for line in lines if line.strip()]
    grave = [told for line in said[-20:] if (told := _read(line)) and told.get("level") in GRAVE]
    if grave:
        return str(grave[0].get("message", ""))
    return in_words(said[-1]) if said else "tanpa pesan"


def _read(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and "message" in told else None
