"""The steps of the outages beyond import, submission and publication: how each is prepared, clicked and worked off."""

from collections.abc import Callable
from typing import Any

from ppid_saas.accounts.service import store_password
from tenants import clock, vault
from tenants.db import new_id
from tenants.http import identity
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.fixtures.world import PASSWORD, UNITS, email_of
from tests.prove._faults_cases import (
    COMMIT,
    CONSOLIDATION,
    DOCUMENTS,
    HEAD,
    READ,
    ROWS,
    SEALING,
    SUBMISSIONS,
    UPLOAD,
    Barrier,
    Case,
    Click,
    Stage,
    _around_commit,
    _filled,
    _opened,
    _upload,
)

ITEMS = 8
CELL = 200_000
DETERMINATIONS, CASES = "ppid_saas.determinations.service", "ppid_saas.cases.service"
MAIL = "smtplib:SMTP.send_message"
NUMBER = "500/17/2026"


def _accept(case: Case) -> Click:
    return _central(case, f"/{case.region}/pusat/pengajuan/{case.known['submission']}/terima", {})


def _finish(case: Case) -> Click:
    return _central(case, f"/{case.region}/pusat/pengajuan/{case.known['submission']}/selesai", {})


def _central(case: Case, action: str, form: dict[str, Any]) -> Click:
    return Click(f"pusat@{case.region}", f"/{case.region}/pusat/pengumpulan/buka", action, form)


def _determine(case: Case) -> Click:
    """Record a determination with its signed letter; once it is there, its number is taken."""
    today = clock.today("Asia/Jakarta")
    head = walk.letter(NUMBER)
    items = case.rows("select item_id from work.entry where tenant_id = %s", case.tenant("pusat"))
    form = {
        "number": head.number, "title": head.title, "place": head.place, "signatory": head.signatory,
        "signatory_position": head.signatory_position, "items": ",".join(str(row[0]) for row in items),
        "dated_on.day": str(today.day), "dated_on.month": str(today.month), "dated_on.year": str(today.year),
    }  # fmt: skip
    page, action = f"/{case.region}/pusat/pengumpulan/buka", f"/{case.region}/pusat/penetapan/buat"
    file = ("letter", "surat.pdf", _written(case, "surat.pdf", scan(60_000)))
    return Click(f"pusat@{case.region}", page, action, form, (303, 409), file=file)


def _written(case: Case, name: str, content: str | bytes) -> str:
    """Keep a file where a person has it, which is not on the server's disk; returns its place."""
    path = case.site.desk / name
    if not path.exists():
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def _remind(case: Case) -> Click:
    window = case.known["collection"]
    return _central(
        case, f"/{case.region}/pusat/pengumpulan/{window}/ingatkan", {"units": [slug for slug, _, _ in UNITS]}
    )


def _sign_in(case: Case) -> Click:
    form = {"email": email_of(f"kepala.dinkes@{case.region}"), "password": PASSWORD}
    return Click("", "/masuk", "/masuk", form)


def _upload_much(case: Case) -> Click:
    """Upload a file too large to be held in memory on the way."""
    who = f"petugas.dinkes@{case.region}"
    page = f"{case.world.path(who)}/impor"
    head = HEAD.strip().replace("\t", ";") + ";Keterangan\n"
    line = "Berkas perkara nomor {};Pasal 17 huruf a UU 14/2008;Penyidikan terganggu;Penegakan hukum;2 tahun;{}\n"
    table = head + "".join(line.format(n, f"catatan {n} " * (CELL // 11)) for n in range(ROWS))
    file = ("file", "daftar.csv", _written(case, "daftar.csv", table))
    return Click(who, page, page, {"batch": case.known["batch"]}, file=file)


ACCEPT = (
    Barrier("after", f"{SUBMISSIONS}:answer"), Barrier("after", f"{CONSOLIDATION}:_answered"),
    *_around_commit(f"{SUBMISSIONS}:answer"),
)  # fmt: skip
FINISH = (Barrier("after", f"{SUBMISSIONS}:finish"), *_around_commit(f"{SUBMISSIONS}:finish"))
TELL = (Barrier("before", MAIL), Barrier("after", MAIL), *SEALING)
DETERMINE = (
    Barrier("after", "tenants.quota:reserve"),
    Barrier("amid", "tenants.vault.store:Store.upload"),
    Barrier("after", "tenants.vault.store:Store.upload"),
    Barrier("after", f"{DOCUMENTS}:keep"),
    Barrier("after", f"{DETERMINATIONS}:_settle", times=3),
    Barrier("after", f"{DETERMINATIONS}:_tell_units"),
    Barrier("after", f"{DETERMINATIONS}:_advance_cases"),
    *_around_commit("tenants.quota:commit"),
)
REMIND = (
    Barrier("after", f"{SUBMISSIONS}:record", times=3),
    Barrier("amid", f"{SUBMISSIONS}:remind"),
    *_around_commit(f"{SUBMISSIONS}:remind"),
)
SIGN_IN = (
    Barrier("after", "ppid_saas.accounts.service:_person_with_password"),
    Barrier("before", "ppid_saas.accounts.service:_open_session"),
    Barrier("after", "ppid_saas.accounts.service:create_session"),
    Barrier("after", "ppid_saas.accounts.service:_tell"),
    Barrier("after", "ppid_saas.accounts.service:sign_in"),
)
SWEEP = (
    Barrier("before", "tenants.vault.store:Store.remove"),
    Barrier("after", "tenants.vault.store:Store.remove"),
    Barrier("after", "tenants.quota:release"),
    Barrier("before", f"{CASES}:_lapse"),
    Barrier("after", f"{CASES}:_lapse"),
    Barrier("before", COMMIT, f"{CASES}:_lapse"),
    Barrier("amid", COMMIT, f"{CASES}:_lapse"),
    Barrier("after", COMMIT, f"{CASES}:_lapse"),
)
SEAL = Stage("seal", SEALING, rung=True)
STAGES: dict[str, tuple[Stage, ...]] = {
    "decide": (Stage("accept", ACCEPT, _accept), Stage("finish", FINISH, _finish), Stage("tell", TELL)),
    "determine": (Stage("determine", DETERMINE, _determine), SEAL),
    "mail": (Stage("remind", REMIND, _remind), Stage("mail", TELL)),
    "sign-in": (Stage("sign in", SIGN_IN, _sign_in), SEAL),
    "upload": (Stage("upload", UPLOAD, _upload_much), Stage("read", READ)),
    "sweep": (Stage("beside", UPLOAD, _upload), Stage("sweep", SWEEP, rung=True)),
}  # fmt: skip


def _sent(case: Case) -> None:
    _filled(case)
    case.world.drain()
    sent = walk.send(case.world, f"petugas.dinkes@{case.region}", case.known["collection"])
    case.known["submission"] = sent.id


def _accepted(case: Case) -> None:
    _sent(case)
    case.world.drain()
    walk.accept_all(case.world, case.region, case.known["submission"])


def _window(case: Case) -> None:
    case.known["collection"] = walk.open_collection(case.world, case.region)


def _stranger(case: Case) -> None:
    """She who will sign in has a password, and no session yet."""
    person = case.world.people[f"kepala.dinkes@{case.region}"]
    with case.world.app().app_context(), identity() as connection:
        store_password(connection, person, PASSWORD)


def _left_over(case: Case) -> None:
    """Two uploads died, of which one lapsed already, and a duty of the unit's is due."""
    case.known["batch"] = str(new_id())
    _window(case)
    case.world.drain()
    for n in range(2):
        with case.world.acting(f"petugas.dinkes@{case.region}"):
            vault.put(b"never kept" * 1000, bucket="exempt", purpose=f"lost {n}", media_type="text/plain")
        if n == 0:
            case.site.lapse()
    case.rows(
        "update ops.obligation set due_at = now() - interval '1 day' where tenant_id = %s",
        case.tenant("dinkes"),
    )


PREPARED: dict[str, Callable[[Case], None]] = {
    "decide": _sent,
    "determine": _accepted,
    "mail": _window,
    "sign-in": _stranger,
    "upload": _opened,
    "sweep": _left_over,
}
