"""Why a document must stay: an item whose information it holds is exempt, or may still become so.

Destroying it would decide for whoever asks for it tomorrow. Source: PP 61/2010 Ps 10; UU 43/2009 Ps 51 ayat (2).
"""

from collections.abc import Iterator
from uuid import UUID

from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases.disputed import told_disputed
from ppid_saas.documents.disposing import keeps
from ppid_saas.register import link_queries
from ppid_saas.register import queries as register
from ppid_saas.submissions.queries import unit
from tenants import clock

OPENED = frozenset({"not_exempt", "opened", "opened_by_law", "opened_by_decision", "revoked"})
STILL_DISPUTED = say("Butir %(ref)s disengketakan: %(number)s.")
STILL_EXEMPT = say("Butir %(ref)s masih dikecualikan: %(title)s.")


@keeps
def exempt_items(document_id: UUID) -> Iterator[str]:
    """Tell every item of a document that is not open on this day, by its own period or by the central's word."""
    links = [link for link in _links(document_id) if link.removed_at is None]
    items = register.by_ids([link.item_id for link in links]) if links else {}
    said = unit.statuses(list(items)) if items else {}
    today = clock.today(actor().zone)
    disputes = told_disputed(list(items)) if items else {}
    for link in links:
        if link.item_id in disputes:
            yield say(STILL_DISPUTED, ref=link.ref, number=disputes[link.item_id])
        ends_on = items[link.item_id].ends_on
        over = ends_on is not None and today > ends_on
        opened = link.item_id in said and said[link.item_id].state in OPENED
        if not (over or opened):
            yield say(STILL_EXEMPT, ref=link.ref, title=link.title)


def _links(document_id: UUID) -> list[link_queries.Linked]:
    return link_queries.items(document_id) if actor().kind == "unit" else []
