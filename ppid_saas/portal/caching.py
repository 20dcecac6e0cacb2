"""How long an answer of the portal stays good, and how a client asks whether it still is.

An entity tag is made of what an answer follows from (last change, the day, the address), not of its bytes, so that
asking costs one row. Nothing here is private to anyone.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue

from ppid_saas.web.assets import TRANSLATIONS, asset_url

SHORT = "public, max-age=60, stale-while-revalidate=600"
FILES = "public, max-age=3600"


def tag(*parts: object) -> str:
    """Return an entity tag for this address and these facts; it changes with the site's own look as well."""
    told = (request.full_path, request.headers.get("HX-Request", ""), _look(), *parts)
    text = "\n".join(str(part) for part in told)
    return sha256(text.encode()).hexdigest()[:32]


@cache
def _look() -> str:
    """Say in one word what the site's templates, words and assets are, so that a new release changes every tag."""
    folder = Path(str(current_app.template_folder))
    sources = sorted(
        path for part in ("portal", "layouts", "macros") for path in (folder / part).glob("*.html")
    )
    made = sha256(asset_url("portal.css").encode())
    sources += sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.mo"))
    for path in sources:
        made.update(path.read_bytes())
    return made.hexdigest()


def fresh(etag: str) -> Response | None:
    """Return 304 when the client already has this, else nothing."""
    if not request.if_none_match.contains_weak(etag):
        return None
    return cached(Response(status=304), etag)


def cached(answer: ResponseReturnValue, etag: str, rule: str = SHORT) -> Response:
    """Send an answer with its tag and how long it may be kept."""
    response = make_response(answer)
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = rule
    response.vary.add("HX-Request")
    return response
