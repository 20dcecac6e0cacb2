"""The only now(). Business time comes from here; binding, session expiry and leases use the database's.

`PPID_CLOCK` (an ISO instant) sets it for data marked as demo. Not a calendar: see `workdays`.
"""

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the instant at which the work happens, in UTC with microseconds."""
    fixed = os.environ.get("PPID_CLOCK")
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)


def today(zone: str) -> date:
    """Return the date on the wall of an office in `zone` (WIB is Asia/Jakarta)."""
    return now().astimezone(ZoneInfo(zone)).date()
