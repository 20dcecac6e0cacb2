"""Editions for programs, at a central: prepare, publish, retract; withdraw one item."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from flask_smorest import Blueprint

from ppid_saas.access.errors import NotFoundError
from ppid_saas.editions import queries, service
from ppid_saas.editions.models import EditionDraft
from ppid_saas.editions.schemas import (
    DraftSchema,
    EditionSchema,
    PrepareSchema,
    PublishSchema,
    RetractSchema,
    WithdrawnSchema,
    WithdrawSchema,
)
from ppid_saas.events.idempotency import idempotent
from ppid_saas.publication import queries as published
from ppid_saas.publication.models import Edition
from tenants import context

bp = Blueprint("editions_api", __name__, url_prefix="/api/v1", description="Edisi daftar terbit")


def told_draft(draft: EditionDraft) -> dict[str, Any]:
    """A draft as programs see it."""
    files = [
        {name: file[name] for name in ("format", "media_type", "size", "sha256")} for file in draft.files
    ]
    return {
        "id": draft.id, "n": draft.n, "state": draft.state, "items": len(draft.items), "sha256": draft.sha256,
        "job": draft.job_id, "files": files,
    }  # fmt: skip


def told_edition(edition: Edition) -> dict[str, Any]:
    """An edition as programs see it."""
    return {
        "n": edition.n, "sha256": edition.sha256, "previous_sha256": edition.previous_sha256,
        "items": edition.item_count, "published_on": edition.published_on,
        "retracted": edition.retracted_at is not None,
    }  # fmt: skip


@bp.route("/<region>/pusat/editions")
class Editions(MethodView):
    """All editions, and the next one."""

    @bp.response(200, EditionSchema(many=True))
    def get(self, **_: str) -> list[dict[str, Any]]:
        """List editions, newest first."""
        return [told_edition(edition) for edition in queries.editions()]

    @idempotent
    @bp.arguments(PrepareSchema)
    @bp.response(202, DraftSchema)
    def post(self, arguments: dict[str, Any], **_: str) -> dict[str, Any]:
        """Prepare the next edition; its files follow."""
        return told_draft(service.prepare(arguments["determination"], keep_others=arguments["keep_others"]))


@bp.route("/<region>/pusat/editions/<uuid:draft_id>")
class Draft(MethodView):
    """An edition being prepared."""

    @bp.response(200, DraftSchema)
    def get(self, draft_id: UUID, **_: str) -> dict[str, Any]:
        """Say how far it is."""
        return told_draft(queries.draft(draft_id))


@bp.route("/<region>/pusat/editions/<uuid:draft_id>/publish")
class Publish(MethodView):
    """Putting an edition in force."""

    @idempotent
    @bp.arguments(PublishSchema)
    @bp.response(200, EditionSchema)
    def post(self, arguments: dict[str, Any], draft_id: UUID, **_: str) -> dict[str, Any]:
        """Publish; done by someone who did not prepare it."""
        return told_edition(service.publish(draft_id, arguments["confirmation"]))


@bp.route("/<region>/pusat/editions/<int:n>/retract")
class Retract(MethodView):
    """Recalling an edition."""

    @idempotent
    @bp.arguments(RetractSchema)
    @bp.response(200, EditionSchema)
    def post(self, arguments: dict[str, Any], n: int, **_: str) -> dict[str, Any]:
        """Recall an edition: number and hash stay, bodies and files are withheld."""
        service.retract(n, arguments["confirmation"], arguments["reason"])
        return told_edition(queries.edition(n))


@bp.route("/<region>/pusat/list/<code>/withdraw")
class Withdraw(MethodView):
    """Taking one item out of the list."""

    @idempotent
    @bp.arguments(WithdrawSchema)
    @bp.response(200, WithdrawnSchema)
    def post(self, arguments: dict[str, Any], code: str, **_: str) -> dict[str, Any]:
        """Withdraw an item; a tombstone without title remains."""
        service.withdraw(code, arguments["reason"])
        steps = published.history(context.tenant_id(), code)
        if not steps:
            raise NotFoundError
        return {"code": code, "seq": steps[-1].seq, "reason": steps[-1].reason}
