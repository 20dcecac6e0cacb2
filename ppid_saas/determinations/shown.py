"""A paper for a browser: as a file to save, or as blocks that a template draws. Decides no contents."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request

from ppid_saas.access.errors import NotFoundError
from ppid_saas.letters import as_data, as_pdf, as_word
from ppid_saas.letters.paper import Paper
from tenants.db import leave_transaction

ENDINGS = {
    "pdf": ("application/pdf", as_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_word),
}


def sent(volumes: Sequence[Paper], ending: str, name: str) -> Response:
    """Send one volume, the first unless `jilid` asks for another; no transaction is held while it is made."""
    asked = request.args.get("jilid", "1")
    n = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= len(str(len(volumes))) else 0
    if ending not in ENDINGS or not 1 <= n <= len(volumes):
        raise NotFoundError
    media_type, make = ENDINGS[ending]
    leave_transaction()
    response = Response(make(volumes[n - 1]), mimetype=media_type)
    part = f"-jilid-{n}" if len(volumes) > 1 else ""
    shown_as = "inline" if ending == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown_as}; filename="{name}{part}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def drawn(paper: Paper) -> dict[str, Any]:
    """Return a paper as a template draws it."""
    return as_data(paper)
