"""What a legal check found: on which field, which code, and whether it stops a submission.

A shape with its sentence, no rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dc_field
from typing import Literal

from ppid_saas.law.messages import MESSAGES


@dataclass(frozen=True, slots=True)
class Finding:
    """`message_id` is the Indonesian source string; fill it with `params` after translation."""

    field: str
    code: str
    severity: Literal["block", "warn"]
    message_id: str
    params: Mapping[str, str] = dc_field(default_factory=dict)


def block(name: str, code: str, **params: str) -> Finding:
    return Finding(name, code, "block", MESSAGES[code], params)


def warn(name: str, code: str, **params: str) -> Finding:
    return Finding(name, code, "warn", MESSAGES[code], params)
