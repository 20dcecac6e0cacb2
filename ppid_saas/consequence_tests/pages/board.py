"""The board's pages, made for a phone: what waits for me, one item a page with its three buttons, and what I said before."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say, told
from ppid_saas.access.verbs import actor
from ppid_saas.consequence_tests import board, board_queries, schemas
from ppid_saas.consequence_tests.pages.rounds import bp
from ppid_saas.web.formats import clock_time
from ppid_saas.web.forms import first_messages, load
from tenants import clock


@bp.get("/telaah")
def board_home(**_: str) -> ResponseReturnValue:
    """What waits for the actor, and nothing else."""
    rows = board_queries.mine()
    notice = {"tone": "aman", "text": say("Semua butir sudah Anda pertimbangkan.")}
    return render_template(
        "consequence_tests/board.html", waiting=[row for row in rows if not row.is_given],
        given=[row for row in rows if row.is_given], notice=notice if request.args.get("selesai") else None,
    )  # fmt: skip


@bp.get("/telaah/riwayat")
def board_past(**_: str) -> ResponseReturnValue:
    """What the actor has said before."""
    return render_template(
        "consequence_tests/board_past.html", rows=board_queries.my_past(), zone=actor().zone
    )


@bp.get("/telaah/<uuid:round_id>/<uuid:item_id>")
def board_item(round_id: UUID, item_id: UUID, **_: str) -> ResponseReturnValue:
    """One item, with three equal buttons."""
    return _page(round_id, item_id)


def _page(
    round_id: UUID, item_id: UUID, *, reason: str | None = None, errors: dict[str, str] | None = None,
    notice: dict[str, str] | None = None,
) -> str:  # fmt: skip
    found = board_queries.my_item(round_id, item_id)
    left = [row for row in board_queries.mine() if not row.is_given]
    written = found.mine.reason if found.mine and reason is None else reason or ""
    return render_template(
        "consequence_tests/board_item.html", found=found, entry=found.line.entry, body=found.line.sheet.body,
        sheet=found.line.sheet, reason=written, errors=errors or {}, notice=notice, left=len(left),
        others=board_queries.others(round_id, item_id), zone=actor().zone,
        changing=found.is_given and request.args.get("ubah"),
    )  # fmt: skip


@bp.post("/telaah/<uuid:round_id>/<uuid:item_id>")
def give(round_id: UUID, item_id: UUID, **_: str) -> ResponseReturnValue:
    """Give a view and go on to the next item that waits."""
    typed = {name: request.form.get(name, "") for name in ("view", "reason")}
    try:
        said = load(schemas.OpinionIn(), typed)
        board.give(round_id, item_id, said["view"], said["reason"])
    except InvalidError as error:
        return _page(round_id, item_id, reason=typed["reason"], errors=first_messages(error)), 422
    except ConflictError as error:
        notice = {"tone": "perhatian", "text": error.message}
        return render_template("consequence_tests/board.html", waiting=[], given=[], notice=notice), 409
    return redirect(_next(), 303)


def _next() -> str:
    for row in board_queries.mine():
        if not row.is_given:
            return url_for(
                "consequence_tests_pages.board_item", round_id=row.round.id, item_id=row.line.entry.item_id
            )
    return url_for("consequence_tests_pages.board_home", selesai=1)


@bp.post("/telaah/<uuid:round_id>/<uuid:item_id>/draf")
def keep(round_id: UUID, item_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep what is typed and not given yet."""
    typed = {name: request.form.get(name, "") for name in ("view", "reason")}
    said = load(schemas.OpinionIn(), typed)
    board.keep_draft(round_id, item_id, said["view"], said["reason"])
    return told(say("Tersimpan %(time)s", time=clock_time(clock.now(), actor().zone)))
