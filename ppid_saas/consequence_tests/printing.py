"""Gather what a paper is about and return it as PDF or Word: test sheets of a round, minutes of a sitting, an opinion."""

from typing import Literal
from uuid import UUID

from ppid_saas import letters
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.rules import day_of
from ppid_saas.consequence_tests import board_queries, papers, queries, sitting_queries
from ppid_saas.consequence_tests.papers import Around, Occasion, Tested
from ppid_saas.letters import paper as parts

Form = Literal["pdf", "docx"]


def _around(size: str) -> Around:
    who = actor()
    return Around(who.name, size if size in parts.PAPERS else parts.PAPERS[0], who.zone)


def made(paper: parts.Paper, form: Form) -> bytes:
    """Return the paper's bytes."""
    return letters.as_pdf(paper) if form == "pdf" else letters.as_word(paper)


@query("test.read")
def sheets_of_round(round_id: UUID, size: str, item_id: UUID | None = None) -> parts.Paper:
    """Return the test sheet over a round's items, or over one of them."""
    one, lines = queries.one(round_id), queries.lines(round_id)
    chosen = [queries.line(round_id, item_id)] if item_id else lines
    rows = [Tested(line.entry.sender_name, line.sheet) for line in chosen]
    people = list(dict.fromkeys(who for line in chosen for who in line.sheet.body.get("participants") or ()))
    on = max((day_of(line.sheet.at, actor().zone) for line in chosen), default=None)
    at = Occasion(
        on=on, trigger=one.trigger, note=one.trigger_note, people=[parts.Signer("", who) for who in people],
        done=all(line.outcome for line in chosen),
    )  # fmt: skip
    return papers.sheet_paper(rows, at, _around(size))


@query("test.read")
def sheets_of_sitting(sitting_id: UUID, size: str) -> parts.Paper:
    """Return the test sheet a sitting leaves, signed by those who were there."""
    sitting, agenda = sitting_queries.sitting(sitting_id), sitting_queries.agenda(sitting_id)
    around = _around(size)
    at = Occasion(
        number=sitting.minutes_number, on=sitting.held_on, place=sitting.place,
        people=papers.signers(sitting_queries.people(sitting_id), around.zone), done=sitting.closed_at is not None,
    )  # fmt: skip
    rows = [Tested(one.line.entry.sender_name, one.line.sheet, one.row.dissent) for one in agenda]
    return papers.sheet_paper(rows, at, around)


@query("test.read")
def minutes_of(sitting_id: UUID, size: str) -> parts.Paper:
    """Return the minutes of a sitting."""
    found = sitting_queries.sitting(sitting_id)
    people = sitting_queries.people(sitting_id)
    return papers.minutes(found, sitting_queries.agenda(sitting_id), people, _around(size))


@query("test.read")
def opinion_of(round_id: UUID, size: str) -> parts.Paper:
    """Return the board's written opinion on a round."""
    one = queries.one(round_id)
    on = day_of(one.advised_at, actor().zone) if one.advised_at else None
    return papers.opinion(one, board_queries.counted(round_id), _around(size), on)
