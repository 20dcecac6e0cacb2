"""The filters of the consolidated list: read from an address, written into one, offered with their counts.

Pages' share of the list; what a filter finds is asked of `queries`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request, url_for
from sqlalchemy import Row

from ppid_saas.access.sayings import joined, say
from ppid_saas.consolidation.matching_wording import PERIODS
from ppid_saas.consolidation.queries import Facets, Filter
from ppid_saas.consolidation.queries.entries import ENDS
from ppid_saas.law.grounds import catalogue
from ppid_saas.register.rules import LETTER_LENGTH, code_words, letter_words
from ppid_saas.submissions.rules import SHOWN

ENDS_WORDS: Mapping[str, str] = {
    "30": say("30 hari kerja"),
    "100": say("100 hari kerja"),
    "tahun": say("satu tahun"),
}
# the name of a filter in addresses -> its field
NAMES = {"q": "q", "unit": "unit", "dasar": "ground", "masa": "period", "habis": "ends", "status": "state"}


def asked() -> Filter:
    """Return the filter the address asks for; what it does not know is as if not asked."""
    args = request.args
    return Filter(
        q=args.get("q", "")[:200], unit=args.get("unit", "")[:100].replace("\x00", ""),
        ground=_known("dasar", catalogue().grounds), state=_known("status", SHOWN), period=_known("masa", PERIODS),
        ends=_known("habis", ENDS), by_letter=args.get("tampil") == "huruf",
    )  # fmt: skip


def _known(name: str, values: Mapping[str, Any]) -> str:
    value = request.args.get(name, "")
    return value if value in values else ""


def address(chosen: Filter, endpoint: str = "entries", **changed: Any) -> str:
    """Return where the list stands with this filter, but for what is changed."""
    values: dict[str, Any] = {name: getattr(chosen, field) for name, field in NAMES.items()}
    values |= {"tampil": "huruf" if chosen.by_letter else ""} | changed
    return url_for(
        f"consolidation_pages.{endpoint}", **{key: value for key, value in values.items() if value}
    )


def filters(chosen: Filter, found: Facets) -> list[dict[str, Any]]:
    """Return the filters as `macros/search.html` draws them, each value with its count."""
    grounds = catalogue().grounds
    offered = (
        ("unit", say("Unit"), chosen.unit, found.units),
        ("dasar", say("Dasar hukum"), chosen.ground,
         [(code, letter_words(code), n) for code, n in found.grounds if code in grounds]),
        ("masa", say("Jangka waktu"), chosen.period,
         [(kind, PERIODS[kind].capitalize(), n) for kind, n in found.periods if kind in PERIODS]),
        ("habis", say("Habis dalam"), chosen.ends, [(name, ENDS_WORDS[name].capitalize(), n) for name, n in found.ends]),
        ("status", say("Status"), chosen.state,
         [(state, SHOWN[state][2].capitalize(), n) for state, n in found.states if state in SHOWN]),
    )  # fmt: skip
    return [
        {"name": name, "label": label, "value": value, "options": options}
        for name, label, value, options in offered
    ]


def marks(chosen: Filter, units: Sequence[tuple[str, str, int]]) -> list[dict[str, str]]:
    """Return what is filtered by, each with the address that leaves it out."""
    names = {slug: name for slug, name, _ in units}
    said = (
        ("q", say("Cari"), chosen.q, chosen.q),
        ("unit", say("Unit"), chosen.unit, names.get(chosen.unit, chosen.unit)),
        ("dasar", say("Dasar"), chosen.ground, code_words(chosen.ground) if chosen.ground else ""),
        ("masa", say("Jangka waktu"), chosen.period, PERIODS.get(chosen.period, "")),
        ("habis", say("Habis dalam"), chosen.ends, ENDS_WORDS.get(chosen.ends, "")),
        ("status", say("Status"), chosen.state, SHOWN.get(chosen.state, ("", "", ""))[2]),
    )
    return [
        {"label": joined(": ", (label, words)), "remove_url": address(chosen, **{name: ""})}
        for name, label, value, words in said
        if value
    ]


def grouped(lines: Sequence[Row[Any]], *, by_letter: bool) -> Iterator[tuple[str, list[Row[Any]]]]:
    """Return the lines under the letters of Ps 17, in their order, or all under no heading.

    Source: UU 14/2008 Ps 17.
    """
    if not by_letter:
        yield "", list(lines)
        return
    heads = [(str(line.codes[0])[:LETTER_LENGTH] if line.codes else "") for line in lines]
    for head in dict.fromkeys(heads):
        known = head in catalogue().grounds
        yield (
            letter_words(head) if known else say("Tanpa huruf Pasal 17"),
            [line for line, own in zip(lines, heads, strict=True) if own == head],
        )
