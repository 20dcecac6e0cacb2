"""The papers of a determination in the vault: the letter we made, once, and signed copies that come back.

Bytes are staged outside of commands; a row says which paper it is and what was read in it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command
from ppid_saas.determinations import papers, queries
from ppid_saas.determinations.models import Determination, DeterminationFile
from ppid_saas.documents import service as documents
from ppid_saas.events.service import record
from ppid_saas.letters.paper import Paper
from tenants import clock
from tenants.db import db

LETTER, SIGNED = "letter", "signed"
MADE = say("Surat ini sudah dibuat.")


@command("determination.make")
def ask_letter(determination_id: UUID) -> None:
    """Have the letter of a recorded determination made from what was frozen with it."""
    made = queries.determination(determination_id)
    if any(file.kind == LETTER for file in queries.files(made.id)):
        raise ConflictError(MADE)
    record("determination.letter_asked", made.id)


def volumes(made: Determination, *, draft: bool = False) -> list[Paper]:
    """Return the letter of a determination, as its frozen contents say it."""
    facts, rows, style = queries.contents(made)
    return papers.determination(facts, rows, style, draft=draft)


@command("determination.make")
def keep_letter(determination_id: UUID, staged: Sequence[documents.Staged]) -> None:
    """Keep the volumes of a letter; a second maker finds it kept."""
    made = locked(determination_id)
    if any(file.kind == LETTER for file in queries.files(made.id)):
        return
    for volume in staged:
        _add(made, LETTER, volume, {})
    record("determination.letter_made", made.id, {"volumes": len(staged)})


@command("determination.make")
def keep_signed(
    determination_id: UUID, staged: documents.Staged, findings: Mapping[str, Any]
) -> DeterminationFile:
    """Keep a signed copy with what was read in it; an earlier one stays."""
    made = locked(determination_id)
    kept = _add(made, SIGNED, staged, findings)
    record(
        "determination.signed_copy_added", made.id, {"n": kept.n, "verdict": str(findings.get("verdict", ""))}
    )
    return kept


def _add(
    made: Determination, kind: str, staged: documents.Staged, findings: Mapping[str, Any]
) -> DeterminationFile:
    highest = select(func.coalesce(func.max(DeterminationFile.n), 0)).where(
        DeterminationFile.determination_id == made.id
    )
    kept = DeterminationFile(
        determination_id=made.id, n=db.session.execute(highest).scalar_one() + 1, kind=kind,
        document_id=documents.keep(staged), name=staged.name, media_type=staged.stored.media_type, size=staged.stored.size,
        sha256=staged.stored.sha_plain, findings=dict(findings), added_by_name=actor().person_name or "", added_at=clock.now(),
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    return kept


def locked(determination_id: UUID) -> Determination:
    """Return a determination as it stays until the running command ends."""
    queries.determination(determination_id)
    chosen = select(Determination).where(Determination.id == determination_id).with_for_update()
    return db.session.execute(chosen.execution_options(populate_existing=True)).scalar_one()
