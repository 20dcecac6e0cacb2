"""What is done in a case, stage by stage, and the places inside each stage at which something is killed.

A stage is a person's click or the worker's turn. `click` returns the form to send, or None when a person who looks at the
page finds her work already done; forms that may be sent twice are always returned.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tenants.db import new_id
from tests.fixtures import walk
from tests.fixtures.determined import some
from tests.fixtures.world import World
from tests.prove._faults_site import Site

ROWS = 30
HEAD = "Informasi\tDasar Hukum\tAkibat bila dibuka\tKepentingan bila ditutup\tJangka Waktu\n"
LINE = (
    "Berkas perkara nomor {n}\tPasal 17 huruf a UU 14/2008\tPenyidikan terganggu\tPenegakan hukum\t2 tahun\n"
)
TABLE = HEAD + "".join(LINE.format(n=n) for n in range(ROWS))


@dataclass(frozen=True)
class Barrier:
    """A place in the code: a function, whether before, after or amid its `times`-th call, once another was called."""

    when: str
    step: str
    since: str = ""
    times: int = 1

    def __str__(self) -> str:
        call = f" #{self.times}" if self.times > 1 else ""
        return f"{self.when} {self.step}{call}" + (f" since {self.since}" if self.since else "")


@dataclass
class Case:
    """One regency in which one thing is done; `known` is what its preparation found out."""

    site: Site
    world: World
    kind: str
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def region(self) -> str:
        return next(iter(self.world.tenants))[0]

    def tenant(self, slug: str) -> UUID:
        return self.world.tenants[self.region, slug]

    def rows(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        return self.site.outside.sql(statement, *arguments)

    def one(self, statement: str, *arguments: object) -> Any:
        """Return the first column of the only row, None when there is none; more than one row is a violation elsewhere."""
        found = self.rows(statement, *arguments)
        return found[0][0] if found else None


@dataclass(frozen=True)
class Click:
    """A form sent by somebody, or by a stranger when `who` is empty."""

    who: str
    page: str
    action: str
    form: dict[str, Any]
    answers: tuple[int, ...] = (303,)
    once: bool = False  # whoever got no answer looks at the page before she sends the form again
    file: tuple[str, str, str] | None = None  # field, name, and where its bytes are


@dataclass(frozen=True)
class Sending(Click):
    """A request of tus by a program: its key in the headers, and its body as a file's bytes from one place to another."""

    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    body: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Stage:
    """One turn: of a person when it has a click, else of the worker."""

    name: str
    barriers: tuple[Barrier, ...]
    click: Callable[[Case], Click | None] | None = None
    rung: bool = False  # what is to be done has no bell of its own: the relay rings

    @property
    def part(self) -> str:
        return "web" if self.click else "worker"


def _upload(case: Case) -> Click:
    who = f"petugas.dinkes@{case.region}"
    page = f"{case.world.path(who)}/impor"
    return Click(who, page, page, {"rows": TABLE, "batch": case.known["batch"]})


def _save(case: Case) -> Click:
    who = f"petugas.dinkes@{case.region}"
    batch = case.one("select id from work.import_batch where tenant_id = %s", case.tenant("dinkes"))
    page = f"{case.world.path(who)}/impor"
    return Click(who, page, f"{page}/{batch}/simpan", {})


def _send(case: Case) -> Click:
    who = f"petugas.dinkes@{case.region}"
    page, window = f"{case.world.path(who)}/pengajuan/periksa", str(case.known["collection"])
    # Once sent, the page of the check has no form any more; any page of hers carries the same token.
    return Click(
        who, f"{case.world.path(who)}/impor", page, {"collection": window, "round": "1", "declared": "true"}
    )


def _prepare(case: Case) -> Click | None:
    if case.one(
        "select id from work.edition_draft where tenant_id = %s and n = %s",
        case.tenant("pusat"),
        case.known["n"],
    ):
        return None
    who, page = f"pusat@{case.region}", f"/{case.region}/pusat/edisi"
    return Click(who, page, page, {"determination": str(case.known["determination"])}, once=True)


def _publish(case: Case) -> Click:
    n = case.known["n"]
    draft = case.one(
        "select id from work.edition_draft where tenant_id = %s and n = %s", case.tenant("pusat"), n
    )
    who, page = f"kabid@{case.region}", f"/{case.region}/pusat/edisi"
    return Click(who, page, f"{page}/{draft}/terbit", {"confirmation": str(n)}, (303, 409))


COMMIT = "sqlalchemy.orm:Session.commit"
RING = "tenants.jobs:ring"


def _around_commit(since: str) -> tuple[Barrier, ...]:
    """Before it is sent, while it is under way, after it and before the bell, and after the first bell."""
    return (
        Barrier("before", COMMIT, since), Barrier("amid", COMMIT, since), Barrier("after", COMMIT, since),
        Barrier("before", RING, since), Barrier("after", RING, since),
    )  # fmt: skip


INTAKE, SUBMISSIONS, CONSOLIDATION = (
    f"ppid_saas.{name}.service" for name in ("intake", "submissions", "consolidation")
)
EDITIONS, PUBLICATION, DOCUMENTS = (
    f"ppid_saas.{name}.service" for name in ("editions", "publication", "documents")
)
EVENTS, SEALED = "ppid_saas.events.service", "ppid_saas.events.jobs:canonical_event"
SEALING = (Barrier("after", SEALED), Barrier("before", COMMIT, SEALED), Barrier("after", COMMIT, SEALED))
UPLOAD = (
    Barrier("after", "tenants.quota:reserve"),
    Barrier("after", "tenants.vault.objects:encrypt"),
    Barrier("amid", "tenants.vault.store:Store.upload"),
    Barrier("after", "tenants.vault.store:Store.upload"),
    Barrier("after", "tenants.quota:commit"),
    Barrier("after", f"{DOCUMENTS}:keep"),
    Barrier("before", "tenants.quota:abandon"),
    *_around_commit("tenants.quota:commit"),
)
READ = (
    Barrier("before", f"{INTAKE}:plan"),
    Barrier("after", f"{INTAKE}:plan"),
    Barrier("after", f"{DOCUMENTS}:open_document"),
    Barrier("amid", "ppid_saas.intake.jobs:_found"),
    Barrier("after", "ppid_saas.intake.jobs:_found"),
    Barrier("before", COMMIT, f"{INTAKE}:keep_found"),
    Barrier("amid", COMMIT, f"{INTAKE}:keep_found"),
    Barrier("after", COMMIT, f"{INTAKE}:keep_found"),
    Barrier("after", f"{INTAKE}:keep_found"),
    Barrier("before", f"{EVENTS}:_locked", f"{INTAKE}:keep_found"),
    *SEALING,
)
SAVE = (
    Barrier("after", "ppid_saas.register.service:put_written"),
    Barrier("amid", "ppid_saas.register.service:put_written"),
    *_around_commit("ppid_saas.register.service:put_written"),
)
SEND = (
    Barrier("amid", f"{SUBMISSIONS}:_freeze"),
    Barrier("after", f"{SUBMISSIONS}:_freeze"),
    Barrier("after", f"{SUBMISSIONS}:mark_submitted"),
    Barrier("after", "ppid_saas.cases.service:settle_all"),
    Barrier("after", f"{EVENTS}:_emit"),
    *_around_commit(f"{SUBMISSIONS}:_freeze"),
)
RECEIVE = (
    Barrier("after", "ppid_saas.cases.service:owe"),
    Barrier("amid", f"{CONSOLIDATION}:_take_over"),
    Barrier("after", f"{CONSOLIDATION}:_take_over"),
    Barrier("after", f"{SUBMISSIONS}:tell"),
    Barrier("before", COMMIT, f"{CONSOLIDATION}:_take_over"),
    Barrier("amid", COMMIT, f"{CONSOLIDATION}:_take_over"),
    Barrier("after", COMMIT, f"{CONSOLIDATION}:_take_over"),
    *SEALING,
)
PREPARE = (
    Barrier("after", "ppid_saas.editions.queries:compose"),
    *_around_commit("ppid_saas.editions.queries:compose"),
)
RENDER = (
    Barrier("after", "tenants.quota:reserve"),
    Barrier("after", "tenants.vault.store:Store.upload"),
    Barrier("after", "tenants.vault.store:Store.upload", times=3),
    Barrier("after", "tenants.vault.store:Store.upload", times=5),
    Barrier("after", "ppid_saas.letters:typeset"),
    Barrier("before", f"{EDITIONS}:keep_files"),
    Barrier("after", "tenants.quota:commit"),
    Barrier("before", COMMIT, "tenants.quota:commit"),
    Barrier("amid", COMMIT, "tenants.quota:commit"),
    Barrier("after", COMMIT, "tenants.quota:commit"),
    Barrier("after", f"{EDITIONS}:keep_files"),
    Barrier("before", f"{EVENTS}:_locked", f"{EDITIONS}:keep_files"),
)
PUBLISH = (
    Barrier("after", f"{PUBLICATION}:_mint"),
    Barrier("after", f"{PUBLICATION}:_add_edition"),
    Barrier("amid", f"{PUBLICATION}:_renew_live"),
    Barrier("after", f"{PUBLICATION}:_renew_live"),
    Barrier("after", f"{PUBLICATION}:_renew_units"),
    *_around_commit(f"{PUBLICATION}:_mint"),
)
SETTLE = (
    Barrier("after", f"{EDITIONS}:_move"),
    Barrier("after", f"{SUBMISSIONS}:tell"),
    Barrier("after", f"{EDITIONS}:_walk"),
    Barrier("before", COMMIT, f"{EDITIONS}:_move"),
    Barrier("amid", COMMIT, f"{EDITIONS}:_move"),
    Barrier("after", COMMIT, f"{EDITIONS}:_move"),
    *SEALING,
)
STAGES: dict[str, tuple[Stage, ...]] = {
    "import": (Stage("upload", UPLOAD, _upload), Stage("read", READ), Stage("save", SAVE, _save), Stage("seal", SEALING)),
    "submit": (Stage("send", SEND, _send), Stage("receive", RECEIVE)),
    "publish": (
        Stage("prepare", PREPARE, _prepare), Stage("render", RENDER), Stage("publish", PUBLISH, _publish),
        Stage("settle", SETTLE),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """A kind of case: its stages, what is done before them, and what must be true after them."""

    kind: str
    stages: tuple[Stage, ...]
    prepare: Callable[[Case], None]
    check: Callable[[Case], Iterator[str]]


def begin(site: Site, walk: Walk) -> Case:
    """Prepare a regency up to the moment before the first click."""
    case = Case(site, site.new_world(), walk.kind)
    walk.prepare(case)
    case.world.drain()
    for who in ("petugas.dinkes", "pusat", "kabid"):
        case.world.token(f"{who}@{case.region}")
    return case


def _opened(case: Case) -> None:
    """An import begins with a page, which carries the number of the import to be."""
    case.known["batch"] = str(new_id())


def _filled(case: Case) -> None:
    case.known["items"] = walk.fill(
        case.world, f"petugas.dinkes@{case.region}", [f"Berkas nomor {n}" for n in range(8)]
    )
    case.known["collection"] = walk.open_collection(case.world, case.region)


def _determined(case: Case) -> None:
    """The first edition is out already, so that the second has a list, a chain and codes to run on from."""
    from tests.fixtures import determined

    determined.put_in_force(case.world, case.region, some("Rincian kas", "Denah gedung"))
    case.known |= {"n": 2, "determination": walk.determined(case.world, case.region).id}


PREPARED: dict[str, Callable[[Case], None]] = {"import": _opened, "submit": _filled, "publish": _determined}
