"""The story of one item on screen, at its unit and at the central, and its evidence to take along."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.register import queries as register
from ppid_saas.reports import queries, rules, service
from ppid_saas.web.addresses import stay
from ppid_saas.web.marks import needs

bp = Blueprint("report_pages", __name__)
bp.url_defaults(stay)

CENTRAL = "/<region>/pusat/riwayat/<uuid:item_id>"
UNIT = "/<region>/u/<unit>/riwayat/<int:ref>"


@bp.get(CENTRAL)
def central_history(item_id: UUID, **_: str) -> ResponseReturnValue:
    """Everything the central knows of an item."""
    trail = [
        {"label": say("Daftar gabungan"), "url": url_for("consolidation_pages.entries")},
        {"label": say("Butir"), "url": url_for("consolidation_pages.entry", item_id=item_id)},
    ]
    take_url = url_for("report_pages.central_evidence", item_id=item_id)
    return _page(queries.central_story(item_id), item_id, trail, take_url)


@bp.get(UNIT)
def unit_history(ref: int, **_: str) -> ResponseReturnValue:
    """Everything a unit knows of an item of its own."""
    trail = [
        {"label": say("Butir"), "url": url_for("register_pages.items")},
        {"label": f"#{ref}", "url": url_for("register_pages.item", ref=ref)},
    ]
    take_url = url_for("report_pages.unit_evidence", ref=ref)
    return _page(queries.unit_story(ref), register.item(ref).id, trail, take_url)


def _page(story: rules.Story, item_id: UUID, trail: list[dict[str, Any]], take_url: str) -> str:
    facts = queries.facts(item_id)
    return render_template(
        "reports/history.html", story=story, steps=story.steps[::-1], trail=trail, take_url=take_url,
        sealed=sum(fact["seal"] is not None for fact in facts), facts=len(facts), zone=actor().zone,
    )  # fmt: skip


@bp.post(f"{CENTRAL}/bukti")
@needs("history.take")
def central_evidence(item_id: UUID, **_: str) -> ResponseReturnValue:
    """The evidence as ZIP; taking it is recorded."""
    return zipped(service.central_evidence(item_id), f"bukti-{str(item_id)[-8:]}.zip")


@bp.post("/<region>/pusat/penetapan/<uuid:determination_id>/bukti")
@needs("history.take")
def determination_evidence(determination_id: UUID, **_: str) -> ResponseReturnValue:
    """The evidence of a determination as ZIP."""
    return zipped(
        service.determination_evidence(determination_id), f"bukti-penetapan-{str(determination_id)[-8:]}.zip"
    )


@bp.post(f"{UNIT}/bukti")
@needs("history.take")
def unit_evidence(ref: int, **_: str) -> ResponseReturnValue:
    """The evidence of an own item as ZIP."""
    return zipped(service.unit_evidence(ref), f"bukti-butir-{ref}.zip")


def zipped(data: bytes, name: str) -> Response:
    """Answer with an archive to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(data, mimetype="application/zip", headers=headers)
