"""The unit's own test on screen: what each item's sheet lacks, until when, and the sheet on paper. Parses, calls, renders."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ppid_saas.consequence_tests import at_unit
from ppid_saas.consequence_tests.pages.printed import as_file
from ppid_saas.web.addresses import stay

bp = Blueprint("unit_test_pages", __name__, url_prefix="/<region>/u/<unit>/uji")
bp.url_defaults(stay)


@bp.get("")
def tests(**_: str) -> ResponseReturnValue:
    """Every item with what its test lacks, most lacking first."""
    lines = at_unit.lines()
    left = sum(bool(line.missing) for line in lines)
    return render_template("consequence_tests/unit.html", lines=lines, left=left, due=at_unit.due())


@bp.get("/lembar.<any(pdf, docx):form>")
def print_sheet(form: str, **_: str) -> ResponseReturnValue:
    """The test sheet over all items."""
    return as_file(at_unit.paper(request.args.get("kertas", "")), form, "lembar-uji-konsekuensi")
