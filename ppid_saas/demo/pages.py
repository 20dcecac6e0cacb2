"""The guided page "Coba ini": what to try in the demo, and the workbook to try the import with. Absent without a demo."""

from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, render_template, send_file
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import NotFoundError
from ppid_saas.demo import content
from ppid_saas.demo.cast import central_path, unit_path
from ppid_saas.demo.workbook import MEDIA_TYPE, workbook
from ppid_saas.settings import Settings
from ppid_saas.web.marks import public

bp = Blueprint("demo_pages", __name__)
FILENAME = "DIK Dinas Perpustakaan dan Kearsipan.xlsx"
HEADING = (
    "PEMERINTAH KABUPATEN SERANG",
    "DINAS PERPUSTAKAAN DAN KEARSIPAN",
    "DAFTAR INFORMASI YANG DIKECUALIKAN",
)


def _settings() -> Settings:
    found: Settings = current_app.extensions["ppid"]["settings"]
    return found


@bp.before_request
def _only_in_a_demo() -> None:
    if not _settings().is_demo:
        raise NotFoundError


@bp.app_context_processor
def _guide_link() -> dict[str, Any]:
    return {"demo_guide": "/coba" if _settings().is_demo else None}


@bp.get("/coba")
@public
def guide() -> ResponseReturnValue:
    domain = content.regency()["domain"]
    return render_template(
        "demo/guide.html",
        domain=domain,
        region=content.regency(),
        unit_path=unit_path,
        central_path=central_path,
        people={person.local: person for person in content.people()},
    )


@bp.get("/coba/contoh-daftar.xlsx")
@public
def sample() -> ResponseReturnValue:
    data = workbook(HEADING, content.rows("dpk"))
    return send_file(BytesIO(data), mimetype=MEDIA_TYPE, as_attachment=True, download_name=FILENAME)
