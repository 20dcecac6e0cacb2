"""How the API reads what a query asks: by its schema, and the same words only once.

Programs ask the same lists again and again; reading a query's words depends on nothing but the words. Bodies are read each time.
"""

from functools import lru_cache
from typing import Any

from flask import request
from flask_smorest import Blueprint
from webargs.flaskparser import FlaskParser

REMEMBERED = 512


class Arguments(FlaskParser):
    """flask-smorest's parser with a short memory for queries that were found good."""

    def parse(self, argmap: Any, req: Any = None, *, location: str | None = None, **options: Any) -> Any:
        if location != "query":
            return super().parse(argmap, req, location=location, **options)
        return dict(_read(argmap, request.query_string))


@lru_cache(REMEMBERED)
def _read(schema: Any, _words: bytes) -> dict[str, Any]:
    found: dict[str, Any] = FlaskParser().parse(schema, request, location="query")
    return found


Blueprint.ARGUMENTS_PARSER = Arguments()  # before any slice's API is imported: they decorate with it
