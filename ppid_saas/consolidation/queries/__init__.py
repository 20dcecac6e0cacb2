"""What is read at the central, in two parts: the list of `entries`, which later slices ask for here, and the `reviews`."""

from ppid_saas.consolidation.queries.entries import (
    MOST_COUNTED,
    PER_PAGE,
    Facets,
    Filter,
    accepted_entries,
    count,
    entries,
    entry,
    facets,
    page,
    total,
)
from ppid_saas.consolidation.queries.matches import Double, doubles_of, doubles_of_items
from ppid_saas.consolidation.queries.reviews import review

__all__ = [
    "MOST_COUNTED", "PER_PAGE", "Double", "Facets", "Filter", "accepted_entries", "count", "doubles_of", "doubles_of_items", "entries",
    "entry", "facets", "page", "review", "total",
]  # fmt: skip
