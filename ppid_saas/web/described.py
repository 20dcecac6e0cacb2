"""What every operation of the API's description has in common: how it refuses, and by which key one enters.

Written here once; slices describe only what they answer when all is well. Checks nothing itself.
"""

from http import HTTPStatus
from typing import Any, Final

from apispec import APISpec, BasePlugin

from ppid_saas.web.errors import MESSAGES

PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "Kalimat untuk orang"},
        "code": {"type": "string", "description": "Nama tetap dari sebab itu, bila ada"},
        "errors": {"type": "object", "description": "Kalimat menurut isian"},
    },
}
ALWAYS: Final = (400, 404, 405, 422, 503)
WITH_KEY: Final = (401, 429)
ON_CHANGE: Final = (409, 413, 415)
IN_PUBLIC: Final = (304, 410)
KEY: Final = "kunci"


class Common(BasePlugin):
    """Adds to each operation of one surface what they all share."""

    def __init__(self, surface: str) -> None:
        self._public = surface == "portal"

    def init_spec(self, spec: APISpec) -> None:
        spec.components.schema("Problem", PROBLEM)
        if not self._public:
            scheme = {"type": "http", "scheme": "bearer", "description": "Kunci API milik anggota"}
            spec.components.security_scheme(KEY, scheme)

    def operation_helper(
        self,
        path: str | None = None,  # noqa: ARG002  # the signature is apispec's
        operations: dict[Any, Any] | None = None,
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        for method, operation in (operations or {}).items():
            if "responses" not in operation:
                continue
            answers = operation["responses"]
            done = {status: answers[status] for status in answers if str(status)[0] in "123"}
            operation["responses"] = done | {status: _refusal(status) for status in self._refusals(method)}
            if not self._public:
                operation["security"] = [{KEY: []}]

    def _refusals(self, method: str) -> list[int]:
        specific = IN_PUBLIC if self._public else WITH_KEY + (() if method == "get" else ON_CHANGE)
        return sorted(ALWAYS + specific)


def _refusal(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {"description": MESSAGES.get(status, HTTPStatus(status).phrase)}
    if status >= HTTPStatus.BAD_REQUEST:
        told["content"] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        told["headers"] = {"Allow": {"schema": {"type": "string"}, "required": True}}
    return told
