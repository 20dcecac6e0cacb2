"""Twelve steps of a file's way in and out: how each is prepared, sent, clicked and worked off, and the places inside it."""

import io
from collections.abc import Callable
from pathlib import Path

from ppid_saas.documents import disposing, incoming, uploads
from tenants.vault.parts import PART
from tenants.vault.streams import stored_size
from tests.documents.filing import sent
from tests.fixtures import walk
from tests.fixtures.scans import scan
from tests.prove._faults_cases import (
    COMMIT,
    DOCUMENTS,
    RING,
    Barrier,
    Case,
    Click,
    Sending,
    Stage,
    _around_commit,
)

SIZE, SMALL = (
    2 * PART + 1024 * 1024,
    300_000,
)  # five pieces, and an object that goes to the store in three parts
ROOM = 3  # times what is needed: room of an upload that died is free when its time has passed, not before
NAME = "pindai.pdf"
UPLOADS, STORE, PARTS = "ppid_saas.documents.uploads", "tenants.vault.store:Store", "tenants.vault.parts"
LINE = "tests.prove._line:Line.read"


def file(case: Case, size: int = SIZE, words: str = "") -> Path:
    """Return a scan as a person has it, the same for all cases of a run."""
    path = case.site.desk / f"{words}{NAME}"
    if not path.exists():
        path.write_bytes(scan(size, words))
    return path


def who(case: Case, role: str = "petugas") -> str:
    return f"{role}.dinkes@{case.region}"


def upload(case: Case) -> tuple[str, int] | None:
    """Return number and progress of the upload that is under way, as the list of the unfinished tells them."""
    rows = case.rows("select id::text, received from work.upload where tenant_id = %s", case.tenant("dinkes"))
    return rows[-1] if rows else None


def _announce(case: Case) -> Sending | None:
    if upload(case):
        return None
    said = {"Upload-Length": str(file(case).stat().st_size), "Upload-Metadata": "filename cGluZGFpLnBkZg=="}
    return _tus(case, "", "POST", said, 201)


def _tus(
    case: Case, where: str, method: str, said: dict[str, str], answer: int, body: tuple[str, int, int] | None = None
) -> Sending:  # fmt: skip
    address, headers = f"/api/v1/{case.region}/u/dinkes/uploads{where}", case.known["key"] | said
    return Sending("", address, address, {}, (answer,), once=True, method=method, headers=headers, body=body)


def _sending(until: int) -> Callable[[Case], Sending | None]:
    """Return what sends a file up to a place, from wherever it has come."""

    def send(case: Case) -> Sending | None:
        found = upload(case)
        assert found
        (number, received), end = found, min(until, file(case).stat().st_size)
        if received >= end:
            return None
        said = {"Upload-Offset": str(received), "Content-Type": "application/offset+octet-stream"}
        return _tus(case, f"/{number}", "PATCH", said, 204, (str(file(case)), received, end))

    return send


def _link(case: Case) -> Click:
    page = f"{case.world.path(who(case))}/butir/1/berkas"
    form = {"exempt_part": "Halaman 2 sampai 7"}
    return Click(who(case), page, page, form, file=("file", NAME, str(file(case, SMALL, "taut"))))


def _version(case: Case) -> Click:
    page = f"{case.world.path(who(case))}/berkas/{case.known['document']}/versi"
    return Click(who(case), page, page, {}, file=("file", NAME, str(file(case, SMALL, "baru"))))


def _destroy(case: Case) -> Click | None:
    document, head = case.known["document"], who(case, "kepala")
    if case.one("select destroyed_at from work.document where id = %s", document):
        return None
    page = f"{case.world.path(head)}/berkas/{document}/musnah"
    form = {"minutes": "BA/3/2026", "confirmation": "musnahkan"}
    return Click(head, page, f"{page}/setuju", form, once=True)


def _places(when: str, step: str, times: tuple[int, ...] = (1,), since: str = "") -> tuple[Barrier, ...]:
    return tuple(Barrier(one, step, since, n) for one in when.split() for n in times)


ANNOUNCE = (
    *_places("before after", "tenants.quota:reserve"),
    *_places("before after", f"{UPLOADS}:_announce"),
    *_places("before amid after", COMMIT, since=f"{UPLOADS}:_announce"),
)
PIECES = (
    *_places("before amid after", f"{STORE}.place", (1, 2)),
    *_places("before after", f"{UPLOADS}:_prolong"),
    *_places("before amid after", COMMIT, since=f"{UPLOADS}:_prolong"),
)
BROKEN_LINE = _places("before amid", LINE, (1, 2, 5, 7))  # once the request has begun to be read
SHORT_LINE = _places("before amid", LINE, (1, 2))
LAST = (*PIECES, *_places("before after", RING, since=f"{UPLOADS}:_prolong"))
INSPECT = (
    *_places("before amid after", f"{STORE}.fetch", (1, 2, 3)),
    *_places("before amid", "ppid_saas.inspection.examination:Examination.feed", (1, 9)),
    *_places("before after", "ppid_saas.inspection.examination:Examination.verdict"),
)
SEAL = (
    *_places("before after", "tenants.vault.objects:encrypt"),
    *_places("before amid", "tenants.vault.streams:Sealing.read", (1, 3, 12, 18)),
    *_places("before after", "tenants.quota:reserve"),
)
MULTIPART = (
    *_places("before amid after", f"{PARTS}:begin"),
    *_places("before amid after", f"{PARTS}:send_part", (1, 2, 3)),
)
COMPLETE = (
    *_places("before amid after", f"{PARTS}:complete"),
    *_places("after", f"{STORE}.upload"),
)
LEDGER = (
    *_places("before after", "tenants.quota:commit"),
    *_places("after", f"{DOCUMENTS}:keep"),
    *_places("before amid after", COMMIT, since="tenants.quota:commit"),
    *_places("before after", "tenants.vault:clear"),
    *_places("before after", f"{STORE}.remove", (1, 2), since="tenants.quota:commit"),
)
PUT = (
    *_places("before after", "tenants.quota:reserve"),
    *_places("before amid after", f"{STORE}.upload"),
    *_places("after", f"{DOCUMENTS}:keep"),
)
LINK = (*PUT, *_places("after", "ppid_saas.register.linking:link"), *_around_commit("tenants.quota:commit"))
VERSION = (*PUT, *_places("before", "tenants.quota:abandon"), *_around_commit("tenants.quota:commit"))
DESTROY = (
    *_places("after", "tenants.quota:refund", (1, 2)),
    *_places("after", "ppid_saas.documents.disposing:destroy"),
    *_around_commit("tenants.quota:refund"),
)
REMOVE = (
    *_places("before amid after", f"{STORE}.abort", (1, 2)),
    *_places("before amid after", f"{STORE}.remove", (1, 2)),
    *_places("before after", "tenants.quota:release", (1, 2)),
)
SEAL_FACTS = Stage("seal", (), rung=True)
STAGES: dict[str, tuple[Stage, ...]] = {
    "file": (
        Stage("announce", ANNOUNCE, _announce),
        Stage("first piece", PIECES, _sending(PART)),
        Stage("middle piece", PIECES, _sending(2 * PART)),
        Stage("last piece", LAST, _sending(2 * SIZE)),
        Stage("examine", ()),
    ),
    "examine": (Stage("last piece", LAST, _sending(2 * SIZE)), Stage("examine", ())),
    "link": (Stage("link", LINK, _link), SEAL_FACTS),
    "version": (Stage("version", VERSION, _version), SEAL_FACTS),
    "destroy": (Stage("destroy", DESTROY, _destroy), Stage("remove", REMOVE)),
}


def _bounded(case: Case) -> None:
    """Leave the unit little more room than it needs."""
    case.world.drain()
    cap = ROOM * stored_size(file(case).stat().st_size)
    case.rows("update ops.quota set cap = %s where tenant_id = %s", cap, case.tenant("dinkes"))


def _to_be_sent(case: Case) -> None:
    case.known["key"] = case.world.key(who(case)) | {"Tus-Resumable": "1.0.0"}
    _bounded(case)


def _nearly_sent(case: Case) -> None:
    _to_be_sent(case)
    data = file(case).read_bytes()
    with case.world.acting(who(case)):
        uploads.receive(uploads.begin(NAME, len(data)), 0, io.BytesIO(data[: 2 * PART]).read)


def _with_item(case: Case) -> None:
    walk.fill(case.world, who(case), ["Denah ruang arsip"])
    _bounded(case)


def _with_document(case: Case) -> None:
    with case.world.acting(who(case)):
        case.known["document"] = incoming.take(sent(NAME, file(case, SMALL, "lama").read_bytes())).document_id
    _bounded(case)


def _to_be_destroyed(case: Case) -> None:
    _with_document(case)
    with case.world.acting(who(case)):
        document = case.known["document"]
        incoming.take_version(document, sent(NAME, file(case, SMALL, "lagi").read_bytes()))
        disposing.ask(document, "Masa simpan habis")


PREPARED: dict[str, Callable[[Case], None]] = {
    "file": _to_be_sent,
    "examine": _nearly_sent,
    "link": _with_item,
    "version": _with_document,
    "destroy": _to_be_destroyed,
}
