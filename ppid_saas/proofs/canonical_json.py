"""Canonical JSON (RFC 8785) and its SHA-256: the same content gives the same bytes on every machine.

Takes plain JSON values only; dates and decimals are turned into text by whoever owns their form.
"""

from hashlib import sha256
from typing import Any

import rfc8785


def canonical(obj: Any) -> bytes:
    return rfc8785.dumps(obj)


def digest(obj: Any) -> str:
    return sha256(canonical(obj)).hexdigest()
