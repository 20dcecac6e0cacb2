"""What a person settles about an import: which cells stay, what a look-alike is, what goes back; and faulty rows to take away."""

from uuid import UUID

from flask import Response, request
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.verbs import require
from ppid_saas.intake import queries, schemas, service
from ppid_saas.intake.files import problem_workbook
from ppid_saas.intake.pages.wizard import bp, check_page, go_on, to
from ppid_saas.register.exports import XLSX


@bp.post("/<uuid:batch_id>/periksa/berubah")
def choose_cells(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the register's words in the cells that a person says; the file's in all others."""
    try:
        service.choose_cells(batch_id, schemas.kept_of_form(request.form))
    except InvalidError as error:
        return check_page(queries.batch(batch_id), error.message), 422
    except ConflictError:
        return go_on(batch_id)
    if request.form.get("go") == "next":
        return to("summary", batch_id)
    return to("check", batch_id, tampil="berubah", hal=request.args.get("hal"))


@bp.post("/<uuid:batch_id>/periksa/mirip")
def settle(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """Say of a look-alike whether it is the item we have or a new one."""
    try:
        said = schemas.load(schemas.ImportSettleSchema(), schemas.plain_form(request.form))
        service.settle(batch_id, said["n"], update_item=said["go"] == "update")
    except InvalidError as error:
        return check_page(queries.batch(batch_id), error.message), 422
    except ConflictError:
        return go_on(batch_id)
    return to("check", batch_id, tampil="ganda")


@bp.post("/<uuid:batch_id>/batalkan/<int:n>")
def put_back(batch_id: UUID, n: int, **_: str) -> ResponseReturnValue:
    """Take back one row of an undone import though its item was edited since."""
    try:
        service.put_back(batch_id, n)
    except ConflictError:
        return to("result", batch_id)
    return to("result", batch_id)


@bp.get("/<uuid:batch_id>/bermasalah.xlsx")
def problems(batch_id: UUID, **_: str) -> ResponseReturnValue:
    """The rows with something wrong in them as a workbook, to be mended in Excel and brought in again."""
    require("import.run")
    batch = queries.batch(batch_id)
    data = problem_workbook(queries.problem_rows(batch_id))
    name = f"bermasalah-{str(batch.id)[-8:]}.xlsx"
    return Response(data, mimetype=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
