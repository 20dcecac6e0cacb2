"""The files surface speaks tus 1.0: announce a file, send it in pieces, ask how far it came, give it up.

Extensions: creation, termination, checksum, expiration. Whoever may send is decided by the door, what happens to the
bytes by `uploads`; here are only the protocol's headers and answers.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, request, url_for
from flask.views import MethodView
from flask_smorest import Blueprint
from werkzeug.http import http_date

from ppid_saas.access.errors import TooLargeError
from ppid_saas.access.sayings import say
from ppid_saas.documents import upload_queries, uploads
from ppid_saas.documents.rules import LARGEST_FILE, RECEIVING
from ppid_saas.documents.upload_models import Upload
from ppid_saas.documents.upload_schemas import (
    ALGORITHMS,
    AnnounceSchema,
    AskSchema,
    SendSchema,
    UploadsSchema,
    UploadStateSchema,
)
from ppid_saas.web.errors import answer
from ppid_saas.web.marks import needs, public

bp = Blueprint(
    "tus", __name__, url_prefix="/api/v1", description="Berkas masuk, sepotong demi sepotong (tus 1.0)"
)

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
MISMATCH = 460
ABLE = {
    "Tus-Resumable": VERSION, "Tus-Version": VERSION, "Tus-Extension": "creation,termination,checksum,expiration",
    "Tus-Max-Size": str(LARGEST_FILE), "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}  # fmt: skip
ASKED = "Authorization, Content-Type, Tus-Resumable, Upload-Checksum, Upload-Length, Upload-Metadata, Upload-Offset"
TOLD = "Location, Tus-Resumable, Upload-Expires, Upload-Length, Upload-Offset"
Read = Callable[[int], bytes]


@bp.after_request
def let_the_office_see(response: Response) -> Response:
    """Let pages of the office, and of nobody else, send files here: it is another origin than theirs."""
    response.headers["Tus-Resumable"] = VERSION
    origin = current_app.extensions["ppid"]["settings"].origins["office"]
    if request.headers.get("Origin") == origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = TOLD
        response.headers["Access-Control-Allow-Headers"] = ASKED
        response.headers["Access-Control-Allow-Methods"] = "POST, GET, HEAD, PATCH, DELETE"
        response.headers["Access-Control-Max-Age"] = "7200"
    response.vary.add("Origin")
    return response


@public
def able(**_: str) -> Response:
    """Say what this server can; a browser asks it before it sends anything."""
    return Response(status=204, headers=ABLE)


for _rule in ("", "/<uuid:upload_id>"):
    for _space, _name in (("u/<unit>", "unit"), ("pusat", "central")):
        bp.add_url_rule(
            f"/<region>/{_space}/uploads{_rule}", endpoint=f"{_name}_able{_rule and '_one'}", view_func=able,
            methods=["OPTIONS"], provide_automatic_options=False,
        )  # fmt: skip


@bp.route("/<region>/u/<unit>/uploads", endpoint="unit_uploads")
@bp.route("/<region>/pusat/uploads", endpoint="central_uploads")
class Uploads(MethodView):
    """Files on their way in."""

    provide_automatic_options = False

    @bp.response(200, UploadsSchema)
    @needs("document.write")
    def get(self, **_: str) -> dict[str, Any]:
        """Return what has been begun and not finished, and what is being examined."""
        return {"uploads": [described(one) for one in upload_queries.open_uploads()]}

    @bp.arguments(AnnounceSchema, location="headers")
    @bp.response(201)
    @needs("document.write")
    def post(self, headers: dict[str, Any], **values: Any) -> Response:
        """Announce a file; its room is held from now on."""
        _check_version(headers)
        said = headers["said"]
        upload_id = uploads.begin(said["filename"], headers["size"], said["document"])
        upload = upload_queries.upload(upload_id)
        place = "tus.unit_upload" if "unit" in values else "tus.central_upload"
        where = url_for(place, upload_id=upload_id, **values)
        return Response(status=201, headers=_place_of(upload) | {"Location": where})


@bp.route("/<region>/u/<unit>/uploads/<uuid:upload_id>", endpoint="unit_upload")
@bp.route("/<region>/pusat/uploads/<uuid:upload_id>", endpoint="central_upload")
class OneUpload(MethodView):
    """One file on its way in."""

    provide_automatic_options = False

    @bp.response(200, UploadStateSchema)
    @needs("document.write")
    def get(self, upload_id: UUID, **_: str) -> dict[str, Any]:
        """Return what became of a file."""
        return described(upload_queries.upload(upload_id))

    @bp.arguments(AskSchema, location="headers")
    @bp.response(200)
    @needs("document.write")
    def head(self, headers: dict[str, Any], upload_id: UUID, **_: str) -> Response:
        """Say how far a file has come."""
        _check_version(headers)
        upload = upload_queries.upload(upload_id)
        return Response(
            headers=_place_of(upload) | {"Upload-Length": str(upload.size), "Cache-Control": "no-store"}
        )

    @bp.arguments(SendSchema, location="headers")
    @bp.response(204)
    @needs("document.write")
    def patch(
        self, headers: dict[str, Any], upload_id: UUID, **_: str
    ) -> Response | tuple[Response | str, int]:
        """Send a piece of a file; it counts as far as it was stored, even when the connection breaks."""
        _check_version(headers)
        if request.mimetype != BYTES:
            abort(415)
        upload = upload_queries.upload(upload_id)
        if (request.content_length or 0) > upload.size - headers["start"]:
            raise TooLargeError(uploads.TOO_LONG)
        read, is_true = _checked(headers["checksum"])
        try:
            uploads.receive(upload_id, headers["start"], read, is_true)
        except uploads.ChecksumError:
            return answer(
                MISMATCH, say("Isi yang sampai tidak sama dengan yang dikirim. Kirim bagian ini sekali lagi.")
            )
        return Response(status=204, headers=_place_of(upload_queries.upload(upload_id)))

    @bp.arguments(AskSchema, location="headers")
    @bp.response(204)
    @needs("document.write")
    def delete(self, headers: dict[str, Any], upload_id: UUID, **_: str) -> Response:
        """Give up a file that was not finished; its room is free at once."""
        _check_version(headers)
        uploads.cancel(upload_id)
        return Response(status=204)


def _check_version(headers: dict[str, Any]) -> None:
    if headers["version"] != VERSION:
        response = Response(status=412, headers=ABLE)
        abort(response)


def _checked(checksum: tuple[str, bytes] | None) -> tuple[Read, Callable[[], bool] | None]:
    """Return how to read the body, and what tells at its end whether it was what the sender had."""
    if checksum is None:
        return request.stream.read, None
    algorithm, wanted = checksum
    digest = hashlib.new(algorithm, usedforsecurity=False)

    def read(size: int) -> bytes:
        chunk = request.stream.read(size)
        digest.update(chunk)
        return chunk

    return read, lambda: hmac.compare_digest(digest.digest(), wanted)


def _place_of(upload: Upload) -> dict[str, str]:
    told = {"Upload-Offset": str(upload.received)}
    return told | ({"Upload-Expires": http_date(upload.expires_at)} if upload.state == RECEIVING else {})


def described(upload: Upload) -> dict[str, Any]:
    """Return an upload as programs and pages are told of it."""
    return {
        "id": upload.id, "name": upload.name, "state": upload.state, "size": upload.size, "received": upload.received,
        "refusal": upload.refusal, "document_id": upload.document_id, "expires_at": upload.expires_at,
    }  # fmt: skip
