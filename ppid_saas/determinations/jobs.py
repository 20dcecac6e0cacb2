"""What follows from a determination: its letter is typeset and kept."""

from contextlib import ExitStack
from uuid import UUID

from ppid_saas.determinations import filing, queries
from ppid_saas.documents import service as documents
from ppid_saas.events.handlers import handles
from ppid_saas.events.models import Event
from ppid_saas.letters import as_pdf

SECONDS = 600


@handles(
    "determination.letter_asked", "determinations.letter", transactional=False, seconds=SECONDS, watched=True
)
def letter(event: Event) -> None:
    """Make the letter's volumes one after the other and keep them together; what was not kept is taken back."""
    if event.subject is None or any(file.kind == filing.LETTER for file in queries.files(event.subject)):
        return
    with ExitStack() as undo:
        staged = list(_staged(event.subject, undo))
        filing.keep_letter(event.subject, staged)


def _staged(determination_id: UUID, undo: ExitStack) -> list[documents.Staged]:
    made = queries.determination(determination_id)
    found = []
    for n, volume in enumerate(filing.volumes(made), start=1):
        name = "penetapan.pdf" if n == 1 else f"penetapan-jilid-{n}.pdf"
        one = documents.stage("letter", name, as_pdf(volume), "application/pdf")
        undo.callback(documents.discard, one)
        found.append(one)
    return found
