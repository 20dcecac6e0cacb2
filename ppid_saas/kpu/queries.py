"""Read a KPU office's rounds, their lists and answers, and what is known of KPU RI's acts. Never writes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from ppid_saas.access.errors import NotFoundError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases import queries as cases
from ppid_saas.cases.models import Case
from ppid_saas.kpu import rules
from ppid_saas.kpu.models import KpuApproval, KpuGrant, KpuItem, KpuRound
from ppid_saas.register.models import Item
from ppid_saas.register.queries import items_for_submission
from ppid_saas.sop.engine import Action
from ppid_saas.sop.model import Sop
from ppid_saas.submissions.rules import findings_in_words
from tenants import clock, context
from tenants.db import db


@dataclass(frozen=True)
class Round:
    """A round with its case and the answers that count about its present list."""

    round: KpuRound
    case: Case
    items: int
    answers: Mapping[str, KpuApproval]

    @property
    def sop(self) -> Sop:
        return cases.sop_of(self.case)

    @property
    def state(self) -> str:
        return self.case.state

    @property
    def state_words(self) -> str:
        return say(self.sop.states[self.case.state])

    @property
    def turn(self) -> str:
        """Whose turn it is: while the three are asked, only those who have not answered."""
        if self.state != "awaiting_approval":
            return rules.TURNS.get(self.state, "")
        return ", ".join(rules.AUTHORITIES[name] for name in rules.missing(self.answers))

    @property
    def actions(self) -> list[Action]:
        return cases.case_actions(self.case)

    @property
    def mine(self) -> list[str]:
        """The authorities the actor may still answer for now."""
        if self.state != "awaiting_approval":
            return []
        held = rules.speaks_for(actor().roles)
        return [name for name in held if name in rules.missing(self.answers)]


def is_kpu() -> bool:
    """Say whether the bound tenant is a KPU office that walks KPU's own SOP."""
    who = actor()
    return who.kind == "unit" and who.category == "KPU"


@query("kpu.read")
def rounds() -> list[Round]:
    """Return every round, newest first."""
    found = db.session.execute(select(KpuRound).order_by(KpuRound.id.desc())).scalars().all()
    return [_whole(one) for one in found]


@query("kpu.read")
def round_of(round_id: UUID) -> Round:
    """Return one round."""
    found = db.session.get(KpuRound, (context.tenant_id(), round_id), populate_existing=True)
    if found is None:
        raise NotFoundError
    return _whole(found)


def _whole(found: KpuRound) -> Round:
    case = cases.case_of(rules.SUBJECT, found.id)
    if case is None:
        raise NotFoundError
    counted = select(func.count()).select_from(KpuItem).where(KpuItem.round_id == found.id)
    return Round(found, case, db.session.execute(counted).scalar_one(), _standing(found))


def _standing(found: KpuRound) -> Mapping[str, KpuApproval]:
    return rules.standing(history(found.id), found.sha256)


@query("kpu.read")
def history(round_id: UUID) -> Sequence[KpuApproval]:
    """Return every answer ever given to a round's lists, oldest first."""
    chosen = select(KpuApproval).where(KpuApproval.round_id == round_id).order_by(KpuApproval.id)
    return db.session.execute(chosen).scalars().all()


@query("kpu.read")
def items(round_id: UUID) -> Sequence[KpuItem]:
    """Return the list of a round, by type of document."""
    chosen = select(KpuItem).where(KpuItem.round_id == round_id).order_by(KpuItem.doc_type, KpuItem.position)
    return db.session.execute(chosen).scalars().all()


@query("kpu.read")
def last_types() -> dict[UUID, str]:
    """Return the type of document each item was put under last."""
    chosen = (
        select(KpuItem.item_id, KpuItem.doc_type).where(KpuItem.doc_type != "").order_by(KpuItem.round_id)
    )
    return {row.item_id: row.doc_type for row in db.session.execute(chosen)}


@query("space.see")
def doc_types() -> list[str]:
    """Return the types of document this office knows."""
    own = actor().settings.get("doc_types")
    return [str(one) for one in own] if own else list(rules.DOC_TYPES)


@query("kpu.read")
def grants_for_us() -> Sequence[KpuGrant]:
    """Return what KPU RI, being our recipient in the system, granted this office."""
    mine = select(KpuGrant).where(
        KpuGrant.reader_id == context.tenant_id(), KpuGrant.writer_id == actor().recipient_id
    )
    return db.session.execute(mine.order_by(KpuGrant.id)).scalars().all()


@query("entry.read")
def grants_of(sender_id: UUID) -> Sequence[KpuGrant]:
    """Return KPU RI's acts about one office's items: told by the office, or written by us, oldest first."""
    pairs = {(sender_id, context.tenant_id()), (context.tenant_id(), sender_id)}
    found: list[KpuGrant] = []
    for writer, reader in sorted(pairs):
        chosen = select(KpuGrant).where(KpuGrant.writer_id == writer, KpuGrant.reader_id == reader)
        found += db.session.execute(chosen).scalars()
    return sorted(found, key=lambda grant: grant.id)


@query("kpu.read")
def incomplete() -> list[Item]:
    """Return the items of the office's own register that keep its list from being closed, as the list orders them."""
    today, settings = clock.today(actor().zone), actor().settings
    live = items_for_submission()
    return [item for item in live if findings_in_words(item.ref, item.body, today, settings)[0]]
