"""What is kept about a document, for programs: its versions, its retention. What needs a second person is done on the pages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.documents import filing, filing_queries
from ppid_saas.documents.filing_schemas import KeptOut, RetentionBody
from ppid_saas.web.marks import needs

bp = Blueprint(
    "filing_api", __name__, url_prefix="/api/v1", description="Versi dan masa simpan berkas tertutup"
)


def _kept(document_id: UUID) -> dict[str, Any]:
    found = filing_queries.kept(document_id)
    names = ("document_id", "name", "kind", "security_class", "kept_from", "active_years", "inactive_years", "until", "fate", "destroyed_at")  # fmt: skip
    return {name: getattr(found, name) for name in names} | {"versions": filing_queries.versions(document_id)}


@bp.route("/<region>/u/<unit>/documents/<uuid:document_id>", endpoint="unit_kept")
@bp.route("/<region>/pusat/documents/<uuid:document_id>", endpoint="central_kept")
class OneDocument(MethodView):
    """One document."""

    @bp.response(200, KeptOut)
    @needs("document.read")
    def get(self, document_id: UUID, **_: str) -> dict[str, Any]:
        """Read a document's versions and retention; a destroyed one is still told."""
        return _kept(document_id)


@bp.route("/<region>/u/<unit>/documents/<uuid:document_id>/retention", endpoint="unit_retention")
@bp.route("/<region>/pusat/documents/<uuid:document_id>/retention", endpoint="central_retention")
class Retention(MethodView):
    """How long a document is kept."""

    @bp.arguments(RetentionBody)
    @bp.response(200, KeptOut)
    @needs("document.write")
    def put(self, said: Mapping[str, Any], document_id: UUID, **_: str) -> dict[str, Any]:
        """Write a document's archive class and retention; what is not known is null or empty."""
        filing.set_retention(document_id, **said)
        return _kept(document_id)
