"""The filters of a search in words and addresses: what may be chosen, what is chosen, how to take it away."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from ppid_saas.access.sayings import joined, say
from ppid_saas.law.grounds import find
from ppid_saas.portal.search import FILTERS, STATUSES, Wanted
from ppid_saas.publication.rules import Status
from ppid_saas.publication.showing import LABELS
from ppid_saas.web.languages import kept

FILTER_WORDS = {
    "unit": say("Unit"),
    "pasal": say("Dasar hukum"),
    "habis": say("Tahun habis"),
    "status": say("Status"),
    "hal": say("Halaman"),
}

Facets = Mapping[str, Sequence[tuple[str, int]]]


def filters(wanted: Wanted, facets: Facets, units: Mapping[str, str]) -> list[dict[str, Any]]:
    """The choices of the search form, each with its count."""
    return [
        {
            "name": name,
            "label": FILTER_WORDS[name],
            "value": getattr(wanted, name),
            "options": [
                (f"17{value}" if name == "pasal" else value, word(name, value, units), count)
                for value, count in facets[name]
            ],
        }
        for name in FILTERS
    ]


def marks(wanted: Wanted, units: Mapping[str, str]) -> list[dict[str, str]]:
    """The filters in use, each with the address without it."""
    return [
        {
            "label": joined(": ", (FILTER_WORDS[name], word(name, value.removeprefix("17"), units))),
            "remove_url": address_but(wanted, name),
        }
        for name in FILTERS
        if (value := getattr(wanted, name))
    ]


def word(name: str, value: str, units: Mapping[str, str]) -> str:
    """One value of one filter for people."""
    if name == "unit":
        return units.get(value, value)
    if name == "status":
        status: Status = STATUSES[value]
        return LABELS[status][0]
    ground = find(f"17{value}") if name == "pasal" else None
    return say("Huruf %(letter)s: %(name)s", letter=value, name=say(ground.name)) if ground else value


def address_but(wanted: Wanted, without: str) -> str:
    """The query string of a search without one of its filters, and without a page."""
    chosen = {name: value for name in ("q", *FILTERS) if name != without and (value := getattr(wanted, name))}
    return "?" + urlencode({**(chosen or {"q": ""}), **kept()})
