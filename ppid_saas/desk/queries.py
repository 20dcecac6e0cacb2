"""What waits for the actor and what comes next, as tasks with one address each. Reads the slices' queries, decides nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ppid_saas.access import policy
from ppid_saas.access.verbs import actor, query
from ppid_saas.cases.queries import due_chip
from ppid_saas.cases.rules import Chip
from ppid_saas.consolidation import queries as consolidation
from ppid_saas.determinations import queries as determinations
from ppid_saas.editions import queries as editions
from ppid_saas.publication import queries as publication
from ppid_saas.register import queries as register
from ppid_saas.submissions.queries import central, unit
from tenants import context


@dataclass(frozen=True)
class Task:
    """One line of a first page: what, where, how much of it, and whether it is done or waits for this actor."""

    label: str
    url: str
    hint: str = ""
    status: str = ""
    tone: str = "netral"
    done: bool = False


@dataclass(frozen=True)
class Home:
    """A first page: its tasks in the order of the work, and the next deadline if there is one."""

    tasks: tuple[Task, ...]
    due: Chip | None = None
    due_for: str = ""


Reader = Callable[[str], Home]


@query("space.see")
def unit_home(root: str) -> Home:
    """Return a unit's first page."""
    if not policy.may(actor().roles, "item.read"):
        return Home(())
    collections = unit.collections() if policy.may(actor().roles, "submission.read") else []
    current = collections[0] if collections else None
    due = due_chip(current.due_on, since=current.opens_on) if current else None
    return Home(tuple(_unit_tasks(root)), due, current.title if current else "")


def _unit_tasks(root: str) -> Iterator[Task]:
    counts = register.state_counts()
    total, drafts, returned = sum(counts.values()), counts.get("draft", 0), counts.get("returned", 0)
    if returned:
        yield Task(
            "Perbaiki butir yang dikembalikan",
            f"{root}/perbaikan",
            f"{returned} butir",
            "Giliran Anda",
            "perhatian",
        )
    if not total:
        yield Task(
            "Impor daftar dari Excel atau Word",
            f"{root}/impor",
            "Cara tercepat bila daftar sudah ada",
            "Mulai di sini",
            "info",
        )
        yield Task("Tambah informasi satu per satu", f"{root}/butir/tambah", "Untuk daftar yang pendek")
        return
    yield Task("Siapkan daftar", f"{root}/butir", f"{total} butir di daftar unit", done=True)
    yield Task(
        "Periksa lalu kirim ke PPID Utama", f"{root}/pengajuan", f"{drafts} butir belum dikirim",
        "Giliran Anda" if drafts else "", "info", done=not drafts,
    )  # fmt: skip


@query("space.see")
def central_home(root: str) -> Home:
    """Return a central's first page: one line a stage, with what waits in it."""
    if not policy.may(actor().roles, "review.read"):
        return Home(())
    collections = central.opened()
    due = due_chip(collections[0].due_on, since=collections[0].opens_on) if collections else None
    return Home(
        tuple(_central_tasks(root, bool(collections))), due, collections[0].title if collections else ""
    )


def _central_tasks(root: str, opened: bool) -> Iterator[Task]:  # noqa: FBT001
    if not opened:
        yield Task(
            "Buka masa pengumpulan",
            f"{root}/pengumpulan",
            "Unit baru dapat mengirim setelah dibuka",
            "Mulai di sini",
            "info",
        )
    else:
        yield Task(
            "Kumpulkan daftar unit", f"{root}/pengumpulan", "Lihat siapa yang belum mengirim", done=True
        )
    waiting = sum(1 for row in central.inbox() if not row.finished)
    yield _stage("Periksa pengajuan", f"{root}/pengajuan", waiting, "pengajuan menunggu diperiksa")
    accepted = consolidation.count(consolidation.Filter(state="accepted"))
    yield _stage("Tetapkan", f"{root}/penetapan", accepted, "butir diterima, belum ditetapkan")
    ready = sum(1 for draft in editions.drafts() if draft.state not in {"published", "failed"})
    made = len(determinations.determinations())
    public = publication.list_of(context.tenant_id())
    in_force = public.edition_in_force if public else None
    label = f"{made} penetapan · edisi berlaku: {in_force or 'belum ada'}"
    yield Task(
        "Siapkan dan terbitkan edisi", f"{root}/edisi", label, f"{ready} disiapkan" if ready else "", "info"
    )


def _stage(label: str, url: str, waiting: int, words: str) -> Task:
    status = f"{waiting} menunggu" if waiting else ""
    return Task(
        label, url, f"{waiting} {words}" if waiting else "Tidak ada yang menunggu", status, "perhatian"
    )
