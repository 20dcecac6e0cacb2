"""Labels to print: which ones, from which field of a sheet on, and the sheet itself. Parses, calls, renders."""

from uuid import UUID

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from ppid_saas.access.sayings import say
from ppid_saas.places import labels, queries, rules
from ppid_saas.places.labels import Label
from ppid_saas.places.pages.shelves import bp
from ppid_saas.web.addresses import number_asked
from tenants.db import leave_transaction

OF = {"places": say("Label tempat"), "papers": say("Label kertas")}
NOTHING = say("Belum ada yang dapat dicetak di sini.")
TOO_MANY = say("Paling banyak 240 label sekali cetak. Pilih tempat yang lebih kecil.")


@bp.get("/label")
def label_form(**_: str) -> ResponseReturnValue:
    """What to print."""
    return _form("")


def _form(problem: str) -> str:
    places, within = queries.places(), request.args.get("di", type=UUID)
    return render_template(
        "places/labels.html", place=places.get(within) if within else None, of=OF, most=labels.PER_SHEET,
        notice={"tone": "perhatian", "text": problem} if problem else None,
    )  # fmt: skip


@bp.get("/label.pdf")
def label_sheet(**_: str) -> ResponseReturnValue:
    """The sheet; the address says what is on it. Nothing to print or too much is said where it was asked."""
    made = _chosen()
    if not 0 < len(made) <= labels.MOST:
        return _form(TOO_MANY if made else NOTHING), 422
    skip = min(max(number_asked("mulai"), 1), labels.PER_SHEET) - 1
    leave_transaction()
    headers = {"Content-Disposition": 'inline; filename="label.pdf"'}
    return Response(labels.sheets(made, skip), mimetype="application/pdf", headers=headers)


def _chosen() -> list[Label]:
    places, args = queries.places(), request.args
    origin = current_app.extensions["ppid"]["settings"].origins["office"]
    within, one = args.get("di", type=UUID), args.get("kertas", type=UUID)
    if one is not None:
        return labels.of_papers(places, [queries.paper(one)], origin)
    scope = rules.inside(places, within) if within else set(places)
    if args.get("isi") == "papers":
        return labels.of_papers(places, queries.papers_in(scope), origin)
    return labels.of_places(places, scope, origin)
