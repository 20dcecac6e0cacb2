"""Addresses inside a space: links written without region and unit stay where the page is. Knows no slice."""

from typing import Any

from flask import current_app, request


def stay(endpoint: str, values: dict[str, Any]) -> None:
    """Fill region and unit of the current address; give it to `Blueprint.url_defaults`."""
    for name, value in (request.view_args or {}).items():
        if name in {"region", "unit"} and current_app.url_map.is_endpoint_expecting(endpoint, name):
            values.setdefault(name, value)
