"""What an entry says is written anew here, by a consequence test alone; its state is moved by `moving.move`."""

from typing import Any

from ppid_saas.consolidation.models import Entry
from ppid_saas.register.rules import listed, whole_body
from tenants import clock


def rewrite(entry: Entry, body: dict[str, Any]) -> None:
    """Let a locked entry say what its test found; `hash` stays that of what the unit handed in."""
    said = whole_body(body)
    columns = listed(said)
    entry.body, entry.title = said, columns.title
    entry.ends_on, entry.review_on, entry.sort_on = columns.ends_on, columns.review_on, columns.sort_on
    entry.updated_at = clock.now()
