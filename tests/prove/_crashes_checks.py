"""What must be true when a file's way is over, whatever fell meanwhile: its bytes whole, its books even, nothing left over."""

import contextlib
import hashlib
from collections.abc import Callable
from uuid import UUID

from ppid_saas.documents import service as documents
from ppid_saas.storage import provisioning, stocktaking
from tenants import context
from tenants.db import db, open_door
from tests.fixtures.world import platform
from tests.prove._crashes_cases import SMALL, file, who
from tests.prove._faults_cases import Case
from tests.prove._faults_checks import Violations, _facts, _same

# One statement, so that what it tells is one moment.
BOOKS = """
    select q.used, q.reserved, q.cap,
        (select coalesce(sum(delta), 0)::bigint from ops.ledger l where l.tenant_id = q.tenant_id),
        (select coalesce(sum(bytes), 0)::bigint from ops.reservation r where r.tenant_id = q.tenant_id)
    from ops.quota q where q.tenant_id = %s
"""


def uneven(books: tuple[int, int, int, int, int]) -> bool:
    """Say whether figures of one moment contradict each other or the limit."""
    used, reserved, cap, ledger, held = books
    return used + reserved > cap or (used, reserved) != (ledger, held)


def _reconciled(case: Case) -> Violations:
    """One comparison of store, ledger and rows finds nothing to mend, and no part of an upload lies about unseen."""
    unit, outside = case.tenant("dinkes"), case.site.outside
    outside.sql("update ops.quota set check_open = true where tenant_id = %s", unit)
    with case.world.app().app_context(), context.entering(context.Entry("enter_stocktake", (unit,))):
        open_door()
        stocktaking.take_stock()
        db.session.remove()
    with platform(case.world.settings) as connection:
        [found] = provisioning.last_checks(connection, unit)
    left = {"strays": found.strays, "missing": found.missing, "differing": found.differing}
    yield from _same("reconciled", (found.state, left), ("agrees", dict.fromkeys(left, 0)))
    yield from _same("pieces in quarantine", outside.objects(unit, "quarantine"), set())
    with contextlib.suppress(
        outside.s3.exceptions.NoSuchUpload
    ):  # says the embedded store where there was never one
        begun = outside.s3.list_multipart_uploads(Bucket="exempt", Prefix=f"t/{unit}/").get("Uploads", [])
        yield from _same("multipart uploads", begun, [])


def _holds(case: Case, *wanted: bytes) -> Violations:
    """The unit's versions are these, each of which opens with the bytes that were sent."""
    unit = case.tenant("dinkes")
    rows = case.rows(
        "select document_id, n, sha_plain from work.document_version where tenant_id = %s order by n", unit
    )
    told = [hashlib.sha256(one).hexdigest() for one in wanted]
    yield from _same("versions", [row[2] for row in rows], told)
    for (document, n, _), data in zip(rows, wanted, strict=False):
        yield from _same(f"bytes of version {n}", _read(case, document, n) == data, True)


def _read(case: Case, document: UUID, n: int) -> bytes:
    with case.world.acting(who(case)), documents.open_document(document, n).stream as stream:
        return stream.read()


def _filed(case: Case) -> Violations:
    unit = case.tenant("dinkes")
    yield from _reconciled(case)
    yield from _holds(case, file(case).read_bytes())
    states = case.rows("select state, received, size from work.upload where tenant_id = %s", unit)
    size = file(case).stat().st_size
    yield from _same("uploads", states, [("kept", size, size)])
    yield from _same(
        "pieces", case.rows("select start from work.upload_piece where tenant_id = %s", unit), []
    )
    yield from _facts(case, "dinkes", upload__received=1, document__stored=1)


def _linked(case: Case) -> Violations:
    yield from _reconciled(case)
    yield from _holds(case, file(case, SMALL, "taut").read_bytes())
    links = case.rows(
        "select exempt_part, removed_at from work.item_document where tenant_id = %s", case.tenant("dinkes")
    )
    yield from _same("links", links, [("Halaman 2 sampai 7", None)])
    yield from _facts(case, "dinkes", document__stored=1)


def _versioned(case: Case) -> Violations:
    yield from _reconciled(case)
    yield from _holds(case, file(case, SMALL, "lama").read_bytes(), file(case, SMALL, "baru").read_bytes())
    yield from _facts(case, "dinkes", document__stored=2)


def _destroyed(case: Case) -> Violations:
    unit = case.tenant("dinkes")
    yield from _reconciled(case)
    keys = case.rows("select key from work.document_version where tenant_id = %s", unit)
    yield from _same("keys", [bytes(row[0]) for row in keys], [b"", b""])
    yield from _same(
        "disposals", case.rows("select state from work.disposal where tenant_id = %s", unit), [("done",)]
    )
    yield from _facts(case, "dinkes", document__stored=2, document__destroyed=1)


CHECKS: dict[str, Callable[[Case], Violations]] = {
    "file": _filed,
    "examine": _filed,
    "link": _linked,
    "version": _versioned,
    "destroy": _destroyed,
}
