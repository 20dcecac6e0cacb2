"""Sheets of labels as PDF: a QR of a short address that means nothing to strangers, a code, and where it stands.

Never the title of an item or of a paper: a label is read by whoever passes the shelf.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import segno

from ppid_saas import letters
from ppid_saas.places.models import Place
from ppid_saas.places.queries import Paper
from ppid_saas.places.rules import KINDS, in_order, line_of

SOURCE = Path(letters.__file__).with_name("labels.typ")
PER_SHEET = 24
MOST = 10 * PER_SHEET
GLUE = " › "


@dataclass(frozen=True, slots=True)
class Label:
    """One label: what its QR leads to and the three lines beside it."""

    address: str
    code: str
    kind: str
    where: str


def of_places(places: Mapping[UUID, Place], chosen: Iterable[UUID], origin: str) -> list[Label]:
    """Return the labels of places, in the order in which one walks past them."""
    wanted = set(chosen)
    return [
        Label(f"{origin}/t/{place.label}", place.code, _kind(place), _where(places, place.parent_id))
        for place in in_order(places)
        if place.id in wanted
    ]


def of_papers(places: Mapping[UUID, Place], papers: Iterable[Paper], origin: str) -> list[Label]:
    """Return the labels of papers: a number and the place, nothing of what they are about."""
    return [
        Label(f"{origin}/t/{paper.label}", f"K-{paper.n}", "Kertas", _where(places, paper.place_id))
        for paper in papers
    ]


def _kind(place: Place) -> str:
    kind = str(KINDS[place.kind])
    return kind if place.name in ("", kind) else place.name


def _where(places: Mapping[UUID, Place], place_id: UUID | None) -> str:
    return GLUE.join(place.code for place in line_of(places, place_id))


def sheets(labels: Sequence[Label], skip: int = 0) -> bytes:
    """Return the PDF; `skip` leaves the first fields of a sheet empty that was begun before."""
    rows = [
        {"svg": _qr(one.address), "code": one.code, "kind": one.kind, "where": one.where} for one in labels
    ]
    return letters.typeset(SOURCE, {"labels": rows, "skip": skip})


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue().decode()
