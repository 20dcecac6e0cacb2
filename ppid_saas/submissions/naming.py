"""Which unit a list means by a name, pure: the same name is taken, a similar one proposed, any other asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

ALIKE = 88
WORD = re.compile(r"[a-z0-9]+")
# Words of the place, which a list writes or leaves out as it likes.
PLACE = re.compile(r"\b(pemerintah|kabupaten|kab|kota|provinsi)\b.*$")


@dataclass(frozen=True, slots=True)
class Guess:
    """The unit a name probably means; `sure` when there is nothing to ask."""

    slug: str
    sure: bool


def plain(name: str) -> str:
    """Return a name's words alone: `Dinas Kesehatan, Kab. Contoh` and `DINAS KESEHATAN` are the same."""
    words = " ".join(WORD.findall(name.casefold().replace("&", " dan ")))
    return PLACE.sub("", words).strip() or words


def guess(written: str, units: Mapping[str, str]) -> Guess | None:
    """Say which of the units (slug to name) a written name means; None where it must be asked."""
    name = plain(written)
    if not name:
        return None
    same = [slug for slug, called in units.items() if name in {plain(called), plain(slug)}]
    same = same or [slug for slug in units if name.replace(" ", "") == slug.replace("-", "")]
    if same:
        return Guess(same[0], sure=len(same) == 1)
    scores = sorted(((fuzz.token_sort_ratio(name, plain(called)), slug) for slug, called in units.items()))
    if scores and scores[-1][0] >= ALIKE and (len(scores) == 1 or scores[-2][0] < scores[-1][0]):
        return Guess(scores[-1][1], sure=False)
    return None
