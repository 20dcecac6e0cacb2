"""Addresses inside a space: links written without region and unit stay where the page is; numbers have an end.

Knows no slice.
"""

from typing import Any

from flask import current_app, request
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1


class Number(IntegerConverter):
    """A number in an address, no larger than the database can count: beyond it there is nothing, hence 404."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": LARGEST} | options)


def stay(endpoint: str, values: dict[str, Any]) -> None:
    """Fill region and unit of the current address; give it to `Blueprint.url_defaults`."""
    for name, value in (request.view_args or {}).items():
        if name in {"region", "unit"} and current_app.url_map.is_endpoint_expecting(endpoint, name):
            values.setdefault(name, value)


def number_asked(name: str, otherwise: int = 0) -> int:
    """Return a whole number of the address; what is none, or more than anything can count, is `otherwise`."""
    asked = request.args.get(name, "")
    plain = asked.isascii() and asked.isdecimal() and len(asked) <= len(str(LARGEST))
    return int(asked) if plain and int(asked) <= LARGEST else otherwise
