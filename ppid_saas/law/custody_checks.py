"""What archive law and the sheet of the test ask beside the exemption: security class, retention, participants.

A class is not an exemption and retention is not its period: they are only compared.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ppid_saas.law.dates_in_words import find_spans
from ppid_saas.law.findings import Finding, warn
from ppid_saas.law.periods import Period, PeriodKind

Body = Mapping[str, Any]

_MONTHS = {"year": 12.0, "month": 1.0, "day": 12 / 365}


def check_custody(body: Body, period: Period) -> Iterator[Finding]:
    """Compare class and retention with the exemption; ask for the second participant.

    Source: UU 43/2009 Ps 40(4), Ps 44; Perki 1/2021 Ps 49.
    """
    if body.get("security_class") == "ordinary":
        yield warn("security_class", "arsip.biasa")
    if _ends_earlier(str(body.get("retention") or "").lower(), period):
        yield warn("retention", "arsip.retensi")
    if len(body.get("participants") or ()) == 1:
        yield warn("participants", "peserta.kurang")


def _ends_earlier(retention: str, period: Period) -> bool:
    """Say whether the archive's years, active and inactive together, are fewer than those of the exemption."""
    spans = find_spans(retention)
    if "permanen" in retention or not spans or period.kind is not PeriodKind.FIXED or not period.unit:
        return False
    kept = sum(span.value * _MONTHS[span.unit] for span in spans)
    return kept < (period.value or 0) * _MONTHS[period.unit]
