"""Read the story of a determination: drafted, approved, signed, handed over, changed and published. Writes nothing."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from ppid_saas.access.sayings import joined, say
from ppid_saas.access.verbs import actor, query
from ppid_saas.determinations import draft_queries, filing, handed_queries
from ppid_saas.determinations import queries as determinations
from ppid_saas.determinations.models import Determination, DeterminationFile
from ppid_saas.determinations.rules import STATES, VERDICTS, signature_words, signed_at
from ppid_saas.editions import queries as editions
from ppid_saas.reports import queries
from ppid_saas.reports.rules import Step, Story
from ppid_saas.web.formats import moment

TIES = {"amends_by": say("Diubah dengan %(number)s"), "revokes_by": say("Dicabut dengan %(number)s")}


@query("history.read")
def story(determination_id: UUID) -> Story:
    """Return everything that happened to a determination, oldest first."""
    made = determinations.determination(determination_id)
    files = determinations.files(made.id)
    steps = [
        *_prepared(made),
        *_recorded(made),
        *map(_filed, files),
        *_handed(made),
        *_tied(made),
        *_published(made),
    ]
    told = sorted(steps, key=lambda step: step.at)
    return Story(made.title, made.number, "", STATES[made.state], told, queries.papers(files))


def _prepared(made: Determination) -> Iterator[Step]:
    if made.draft_id is None:
        return
    draft = draft_queries.draft(made.draft_id)
    yield Step(draft.created_at, say("Draf disiapkan"), draft.created_by_name)
    if draft.sent_at:
        yield Step(draft.sent_at, say("Draf dikirim ke Atasan PPID"), draft.sent_by_name, tone="info")
    if draft.answered_at:
        yield Step(
            draft.answered_at, say("Disetujui Atasan"), draft.answered_by_name, tone="aman", hash=draft.mark
        )


def _recorded(made: Determination) -> Iterator[Step]:
    signatory = joined(", ", (made.signatory, made.signatory_position))
    yield Step(
        made.created_at,
        say("Penetapan %(number)s", number=made.number),
        signatory,
        made.reason or made.title,
        "aman",
    )


def _filed(file: DeterminationFile) -> Step:
    if file.kind == filing.LETTER:
        return Step(file.added_at, say("Surat yang dibuat sistem"), text=file.name, hash=file.sha256)
    found = file.findings
    told = [VERDICTS[found["verdict"]][0], *(_signed(each) for each in found.get("signatures", ()))]
    return Step(
        file.added_at,
        say("Surat bertanda tangan"),
        file.added_by_name,
        "\n".join(map(str, told)),
        "aman",
        file.sha256,
    )


def _signed(signature: dict[str, Any]) -> str:
    who, at = signature["who"] or say("Penanda tangan tanpa nama"), signed_at(signature)
    return f"{who}, {moment(at, actor().zone) if at else '–'}: {signature_words(signature)[0]}"


def _handed(made: Determination) -> Iterator[Step]:
    for one in handed_queries.given(made.id):
        yield Step(one.copy.given_at, say("Diserahkan ke %(unit)s", unit=one.unit), one.copy.given_by)
        if one.receipt:
            yield Step(
                one.receipt.received_at,
                say("Diterima %(unit)s", unit=one.unit),
                one.receipt.received_by,
                tone="aman",
            )


def _tied(made: Determination) -> Iterator[Step]:
    for how, other in determinations.related(made):
        if how in TIES:
            yield Step(
                other.created_at,
                say(TIES[how], number=other.number),
                text=other.reason or other.title,
                tone="perhatian",
            )


def _published(made: Determination) -> Iterator[Step]:
    for one in editions.editions():
        if one.determination["number"] == made.number:
            yield Step(one.published_at, say("Edisi %(n)s terbit", n=one.n), tone="aman", hash=one.sha256)


@query("history.read")
def items(determination_id: UUID) -> list[dict[str, Any]]:
    """Return what a determination froze, as it froze it, with what became of each item since."""
    return [
        {
            "item_id": str(one.item.item_id), "unit": one.unit_name, "body": one.item.body, "hash": one.item.hash,
            "ends_on": one.item.ends_on.isoformat() if one.item.ends_on else None, "state": one.state, "resting": one.resting,
        }
        for one in determinations.covered(determination_id)
    ]  # fmt: skip


@query("history.read")
def facts(determination_id: UUID) -> Sequence[dict[str, Any]]:
    """Return the facts about a determination and the draft it came from, with their seals."""
    made = determinations.determination(determination_id)
    found = [fact for subject in (made.draft_id, made.id) if subject for fact in queries.facts(subject)]
    return sorted(found, key=lambda fact: str(fact["id"]))
