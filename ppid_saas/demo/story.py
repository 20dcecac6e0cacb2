"""What happened in the demo's regency, in order: an older collection up to a published edition, a running one half done.

Every act is a verb of the product, done by whoever may do it, on a working day before today. Days count from today.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from ppid_saas.consolidation import notes
from ppid_saas.consolidation import queries as entries
from ppid_saas.consolidation import service as consolidation
from ppid_saas.demo import content
from ppid_saas.demo.stage import Act, Stage
from ppid_saas.demo.workbook import MEDIA_TYPE, workbook
from ppid_saas.determinations import service as determinations
from ppid_saas.determinations.rules import Letter
from ppid_saas.editions import queries as drafts
from ppid_saas.editions import service as editions
from ppid_saas.intake import service as intake
from ppid_saas.kpu import service as kpu
from ppid_saas.places import lending
from ppid_saas.places import queries as papers
from ppid_saas.places import service as places
from ppid_saas.register import queries as register_queries
from ppid_saas.register import service as register
from ppid_saas.register.models import Item
from ppid_saas.register.rules import Body
from ppid_saas.submissions import service as submissions
from ppid_saas.submissions.models import Submission
from ppid_saas.submissions.queries import central, unit
from ppid_saas.submissions.service import Verdict
from tenants import clock

OFFICER, HEAD = "petugas.pusat", "kepala.pusat"
IMPORT_ID = uuid5(UUID(int=0), "demo import")
Scene = Mapping[str, Any]


def acts(stage: Stage) -> list[Act]:
    """Return everything that happens."""
    scenes = content.regency()["scene"]
    first, second = scenes["first"], scenes["second"]
    return [
        *_first_round(stage, first),
        *_first_edition(first),
        *_keeping(scenes["keeping"]),
        *_kpu_round(scenes["kpu"]),
        *_second_round(stage, second, first["sends"]),
        *_second_review(stage, second),
        *_second_edition(scenes["next_edition"]),
    ]


def _first_round(stage: Stage, scene: Scene) -> Iterator[Act]:
    """Nearly everyone hands in, everything is accepted."""
    yield Act(OFFICER, scene["opens"], partial(_open, stage, scene))
    for slug, day in scene["sends"].items():
        yield Act(f"petugas.{slug}", day - 1, partial(_write_first, stage, slug))
        yield Act(f"kepala.{slug}", day, partial(_send, scene["title"], 1))
        yield Act(OFFICER, scene["reviewed"], partial(_accept, scene["title"], slug))


def _first_edition(scene: Scene) -> Iterator[Act]:
    yield Act(OFFICER, scene["determination"]["day"], partial(_determine, scene["determination"]))
    yield Act(OFFICER, scene["prepared"], partial(_prepare, keep_others=False))
    yield Act(HEAD, scene["published"], _publish)
    yield Act(HEAD, scene["withdrawn"]["day"], partial(_withdraw, scene["withdrawn"]))


def _keeping(scene: Scene) -> Iterator[Act]:
    """A unit says where its papers lie, and lends one."""
    yield Act(f"petugas.{scene['unit']}", scene["day"], _shelve)
    yield Act(f"petugas.{scene['unit']}", scene["lent"], partial(_lend, scene["borrower"], scene["days"]))


def _kpu_round(scene: Scene) -> Iterator[Act]:
    """KPU's office collects by its own SOP, in its own tenant."""
    yield Act("petugas.kpu", scene["opens"], partial(_open_kpu_round, scene["title"]))


def _open_kpu_round(title: str) -> None:
    kpu.open_round(title, clock.today("Asia/Jakarta"))


def _second_round(stage: Stage, scene: Scene, before: Iterable[str]) -> Iterator[Act]:
    """Units bring their lists up to date; some send, some have not begun."""
    yield Act(OFFICER, scene["opens"], partial(_open, stage, scene))
    for slug, day in scene["works"].items():
        yield Act(f"petugas.{slug}", day, partial(_write_second, stage, slug, known=slug in before))
    for slug, day in scene["sends"].items():
        yield Act(f"kepala.{slug}", day, partial(_send, scene["title"], 1))
    held = scene["import"]
    data = workbook(held["heading"], content.rows(held["rows"]))
    send = partial(intake.take_file, held["filename"], data, MEDIA_TYPE, IMPORT_ID)
    yield Act(f"petugas.{held['unit']}", held["day"], send, carries_bytes=True)
    yield Act(OFFICER, scene["reminded"], partial(_remind, scene["title"]))


def _second_review(stage: Stage, scene: Scene) -> Iterator[Act]:
    title = scene["title"]
    for slug, day in scene["accepts"].items():
        yield Act(OFFICER, day, partial(_accept, title, slug))
    for back in scene["return"]:
        yield Act(OFFICER, back["day"], partial(_return, title, back))
    for slug, day in scene["repairs"].items():
        yield Act(f"petugas.{slug}", day, partial(_repair, stage, slug))
        yield Act(f"kepala.{slug}", day, partial(_send, title, 2))
    for slug, day in scene["accepts_again"].items():
        yield Act(OFFICER, day, partial(_accept, title, slug))
    yield Act(OFFICER, scene["begun"]["day"], partial(_begin, title, scene["begun"]))


def _second_edition(scene: Scene) -> Iterator[Act]:
    yield Act(OFFICER, scene["day"], partial(_determine, scene))
    yield Act(OFFICER, scene["prepared"], partial(_prepare, keep_others=True))


def _open(stage: Stage, scene: Scene) -> None:
    opens_on = clock.today("Asia/Jakarta")
    submissions.open_collection(scene["title"], opens_on, stage.working_day(scene["due"]))


def _write_first(stage: Stage, slug: str) -> None:
    for written in content.items(slug):
        if written.before is not None:
            register.save_item(content.body(written.before, stage.day))


def _write_second(stage: Stage, slug: str, *, known: bool) -> None:
    """Bring a register to what it is now; a unit that was not asked before writes it whole."""
    live = {item.title: item for item in register_queries.items_for_submission()} if known else {}
    for written in content.items(slug):
        old = live.get(written.before["title"]) if written.before is not None else None
        if written.now is not None:
            _save(content.body(written.now, stage.day), old)
        elif old is not None:
            register.delete_item(old.ref)


def _shelve() -> None:
    places.add_places("building", "", "G1", "Gedung utama")
    places.add_places("room", "G1", "A", "Ruang arsip lantai 2")
    places.add_places("cabinet", "A", "A-01", count=2)
    places.add_places("shelf", "A-01", "A-01-01", count=2)
    boxes = places.add_places("box", "A-01-01", "A-01-01-01", count=3)
    for n, item in enumerate(register_queries.items_for_submission()[:7]):
        places.add_holding(item.ref, boxes[n % len(boxes)].code, sheets=12 + 7 * n)


def _lend(borrower: str, days: int) -> None:
    lending.lend(papers.all_papers()[1].id, borrower, days)


def _save(body: Body, old: Item | None) -> None:
    if old is None:
        register.save_item(body)
    else:
        register.save_item(body, old.ref, old.version)


def _send(title: str, round_: int) -> None:
    window = next(one for one in unit.collections() if one.title == title)
    submissions.send(window.id, round_, declared=True)


def _submission(title: str, slug: str) -> Submission:
    """Return what a unit handed in last."""
    window = next(row for row in central.opened() if row.title == title)
    found = [row.submission for row in central.inbox(window.id) if row.unit.slug == slug]
    return max(found, key=lambda one: one.round)


def _accept(title: str, slug: str) -> None:
    handed = _submission(title, slug)
    consolidation.accept_remaining(handed.id)
    consolidation.finish(handed.id)


def _ids(handed: Submission) -> dict[str, UUID]:
    return {item.body["title"]: item.item_id for item in central.items_of(handed)}


def _return(title: str, back: Scene) -> None:
    handed = _submission(title, back["unit"])
    ids = _ids(handed)
    about = back.get("fields", {})
    verdicts = [
        Verdict(ids[wanted], "returned", note, about.get(wanted, ""))
        for wanted, note in back["notes"].items()
    ]
    consolidation.answer_all(handed.id, verdicts, accept_rest=True, close=True)


def _repair(stage: Stage, slug: str) -> None:
    """Mend what came back, as its text says for the time after the return."""
    texts = [written.now for written in content.items(slug) if written.now is not None]
    for returned in unit.to_mend():
        now = next(one for one in texts if one["title"] == returned.item.title)
        mended = content.body({**now, **now["mended"]}, stage.day)
        register.save_item(mended, returned.item.ref, returned.item.version)


def _begin(title: str, begun: Scene) -> None:
    """Read the first items of a submission and stop there; note on one what only the centre reads."""
    handed = _submission(title, begun["unit"])
    ids = [item.item_id for item in central.items_of(handed)]
    consolidation.accept_remaining(handed.id, ids[: begun["items"]])
    notes.note(ids[0], begun["note"])


def _remind(title: str) -> None:
    window = next(row for row in central.opened() if row.title == title)
    submissions.remind(window.id, [row.unit.slug for row in central.board(window.id)])


def _determine(scene: Scene) -> None:
    dated_on = clock.today("Asia/Jakarta")
    letter = Letter(
        number=scene["number"].format(year=dated_on.year),
        title=scene["title"],
        signatory=scene["signatory"],
        signatory_position=scene["position"],
        place=scene["place"],
        dated_on=dated_on,
    )
    chosen = [entry.item_id for entry in entries.accepted_entries() if entry.sender_slug in scene["units"]]
    determinations.make_determination(letter, chosen)


def _prepare(*, keep_others: bool) -> None:
    editions.prepare(drafts.determinations()[0].id, keep_others=keep_others)


def _publish() -> None:
    draft = drafts.drafts()[0]
    editions.publish(draft.id, str(draft.n))


def _withdraw(gone: Scene) -> None:
    editions.withdraw(drafts.live(gone["item"])[0]["code"], gone["reason"])
