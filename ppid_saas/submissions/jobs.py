"""What follows at the unit from what the central did: its deadline and its reopened items."""

from ppid_saas.cases import service as cases
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.register.service import mark_returned, unlock_submitted
from ppid_saas.submissions import handovers, holding_back  # noqa: F401  # registers its keeper
from ppid_saas.submissions.queries import unit
from ppid_saas.submissions.service import SUBMISSION_DUE, ask_in_open_windows


@handles("collection.opened", "submissions.owe", for_reader=True)
def owe_submission(event: Event) -> None:
    """Owe the submission until the day the central set, unless it was handed in already."""
    if event.subject is None or unit.submissions(event.subject):
        return
    window = unit.collection(event.subject)
    cases.owe_until(SUBMISSION_DUE, window.id, window.due_on, window.title, window.opens_on)


@handles("collection.opened", "submissions.unlock", for_reader=True)
def unlock_register(event: Event) -> None:
    """Let the unit edit its list for the new collection, unless it was handed in already."""
    if event.subject is not None and not unit.submissions(event.subject):
        unlock_submitted()


@handles("review.decided", "submissions.answer", for_reader=True)
def reopen_returned(event: Event) -> None:
    """Open the returned items again: those of this submission that the answer names."""
    if event.subject is None:
        return
    named = set(event.data.get("returned", ()))
    handed = {row.item_id for row in unit.handed_items(event.subject)}
    mark_returned(item_id for item_id in handed if str(item_id) in named)


@handles("unit.added", "submissions.ask_newcomer")
def ask_newcomer(event: Event) -> None:
    """Ask a unit that joined late for its list too, wherever a window is still open."""
    if event.subject is not None:
        ask_in_open_windows(event.subject)


@handles("import.saved", "submissions.adopted")
def tell_adopted(event: Event) -> None:
    """Tell the central that a unit has taken over its part of last year's list."""
    if event.subject is not None:
        handovers.tell_adopted(event.subject)
