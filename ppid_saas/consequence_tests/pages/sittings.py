"""Sittings on screen: called with an agenda already picked, attended, decided item by item on a projector, ended, signed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError, InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.accounts import queries as accounts
from ppid_saas.consequence_tests import queries, schemas, sitting_queries, sittings
from ppid_saas.consequence_tests.models import SittingPerson
from ppid_saas.consequence_tests.pages.rounds import bp
from ppid_saas.documents import examining
from ppid_saas.documents import service as documents
from ppid_saas.web.addresses import number_asked
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

TEXTS = ("title", "begins", "place", "chair", "people")
DECIDED = ("outcome", "reason", "dissent", "notes")
MEDIA = {"application/pdf", "image/jpeg", "image/png"}
NOT_A_SCAN = say("Unggah berita acara sebagai PDF atau gambar.")
TOLD = {
    "dibuat": say("Sidang tercatat. Catat kehadiran saat dimulai, lalu buka mode rapat."),
    "hadir": say("Kehadiran dicatat."),
    "ditutup": say("Sidang ditutup. Berita acaranya siap ditandatangani."),
    "dibuka": say("Sidang dibuka kembali."),
    "ditandatangani": say("Anda menandatangani berita acara ini."),
    "diunggah": say("Berita acara bertanda tangan disimpan tertutup di PPID Utama."),
}
GLUE = ";"
NAME, POSITION, BODY = range(3)


@bp.get("/sidang")
def sitting_list(**_: str) -> ResponseReturnValue:
    """Every sitting, newest first."""
    return render_template(
        "consequence_tests/sittings.html", rows=sitting_queries.sittings(), waiting=len(sitting_queries.candidates())
    )  # fmt: skip


@bp.get("/sidang/panggil")
@needs("test.write")
def call_form(**_: str) -> ResponseReturnValue:
    """The head of a sitting, its agenda with what is contested picked, and who to ask."""
    found = sitting_queries.candidates()
    today = clock.today(actor().zone)
    values = {
        "title": say("Sidang Uji Konsekuensi %(n)s", n=sitting_queries.next_number()), "people": _asked_of(found),
        "held_on": {"day": str(today.day), "month": str(today.month), "year": str(today.year)},
    }  # fmt: skip
    picked = {str(one.line.entry.item_id) for one in found if one.why}
    return _call_page(values, {}, picked, set())


def _asked_of(found: Sequence[sitting_queries.Candidate]) -> str:
    """Return one line a unit on the agenda, to be completed with a name."""
    told = {one.line.entry.sender_name: one.line.entry.body.get("holder") or "" for one in found if one.why}
    return "\n".join(f"; {position}; {unit}" for unit, position in sorted(told.items()))


def _call_page(
    values: dict[str, Any], errors: dict[str, str], picked: set[str], members: set[str],
    notice: dict[str, str] | None = None,
) -> str:  # fmt: skip
    return render_template(
        "consequence_tests/sitting_form.html", values=values, errors=errors, picked=picked, notice=notice,
        candidates=sitting_queries.candidates(), members=accounts.people(), asked=members,
    )  # fmt: skip


@bp.post("/sidang/panggil")
@needs("test.write")
def call(**_: str) -> ResponseReturnValue:
    """Call a sitting."""
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in TEXTS}
    items, members = request.form.getlist("items"), request.form.getlist("members")
    shown = typed | {"held_on": boxes(request.form, "held_on")}
    try:
        said = load(
            schemas.SittingIn(),
            typed | {"held_on": read_date(request.form, "held_on"), "items": items, "members": members},
        )
        head = sittings.Head(said["title"], said["held_on"], said["begins"], said["place"], said["chair"])
        made = sittings.call(head, said["items"], _people(said["people"], said["members"]))
    except InvalidError as error:
        return _call_page(shown, first_messages(error), set(items), set(members)), 422
    except ConflictError as error:
        notice = {"tone": "perhatian", "text": error.message}
        return _call_page(shown, {}, set(items), set(members), notice), 409
    return _at(made.id, "dibuat")


def _people(lines: str, member_ids: Sequence[UUID]) -> list[sittings.Person]:
    """Read one person a line, and add the members ticked."""
    known = {one.id: one for one in accounts.people()}
    chosen = [known[one] for one in member_ids if one in known]
    named = [sittings.Person(one.name, one.position or "", actor().name, one.id) for one in chosen]
    for line in lines.splitlines():
        cells = [" ".join(cell.split())[: schemas.LINE] for cell in line.split(GLUE)]
        cells += [""] * (BODY + 1 - len(cells))
        if any(cells[:BODY]):
            named.append(sittings.Person(cells[NAME], cells[POSITION], cells[BODY]))
    return named[: schemas.MOST_PEOPLE]


def _lines_of(people: Sequence[SittingPerson]) -> str:
    return "\n".join(f"{one.name}; {one.position}; {one.body}" for one in people if one.person_id is None)


def _at(sitting_id: UUID, news: str = "", anchor: str | None = None) -> ResponseReturnValue:
    place = url_for(
        "consequence_tests_pages.sitting", sitting_id=sitting_id, kabar=news or None, _anchor=anchor
    )
    return redirect(place, 303)


@bp.get("/sidang/<uuid:sitting_id>")
def sitting(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """One sitting: who is there, what is decided, its papers."""
    words = TOLD.get(request.args.get("kabar", ""))
    return _sitting_page(sitting_id, {"tone": "aman", "text": words} if words else None)


def _sitting_page(
    sitting_id: UUID, notice: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> str:
    found, people = sitting_queries.sitting(sitting_id), sitting_queries.people(sitting_id)
    agenda, me = sitting_queries.agenda(sitting_id), actor().person_id
    rounds = {one.row.round_id: queries.one(one.row.round_id) for one in agenda}
    return render_template(
        "consequence_tests/sitting.html", sitting=found, people=people, agenda=agenda, notice=notice, errors=errors or {},
        left=sum(not one.row.outcome for one in agenda), there=sum(one.present for one in people), zone=actor().zone,
        mine=next((one for one in people if one.person_id == me and one.present), None), lines=_lines_of(people),
        members=[str(one.person_id) for one in people if one.person_id], known=_known(),
        rounds=[one for one in rounds.values() if one.passed_at is None],
    )  # fmt: skip


def _known() -> Sequence[Any]:
    return accounts.people() if "central_officer" in actor().roles else ()


@bp.post("/sidang/<uuid:sitting_id>/peserta")
def change_people(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """Write anew who is asked."""
    typed = {"people": request.form.get("people", ""), "members": request.form.getlist("members")}
    try:
        said = load(schemas.SittingIn(), typed)
        sittings.change_people(sitting_id, _people(said["people"], said["members"]))
    except (InvalidError, ConflictError) as error:
        return _refused(sitting_id, error)
    return _at(sitting_id, anchor="peserta")


def _refused(sitting_id: UUID, error: InvalidError | ConflictError) -> ResponseReturnValue:
    notice = {"tone": "perhatian", "text": error.message}
    if isinstance(error, InvalidError):
        return _sitting_page(sitting_id, None if error.fields else notice, first_messages(error)), 422
    return _sitting_page(sitting_id, notice), 409


@bp.post("/sidang/<uuid:sitting_id>/hadir")
def note_present(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """Note who is there."""
    there = [
        int(n)
        for n in request.form.getlist("present")
        if n.isascii() and n.isdecimal() and len(n) < len("1000")
    ]
    try:
        sittings.note_present(sitting_id, there)
    except ConflictError as error:
        return _refused(sitting_id, error)
    return _at(sitting_id, "hadir")


@bp.post("/sidang/<uuid:sitting_id>/tutup")
def close_sitting(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """End a sitting."""
    number = " ".join(request.form.get("minutes_number", "").replace("\x00", "").split())[: schemas.LINE]
    try:
        sittings.close(sitting_id, number)
    except (InvalidError, ConflictError) as error:
        return _refused(sitting_id, error)
    return _at(sitting_id, "ditutup")


@bp.post("/sidang/<uuid:sitting_id>/buka")
def reopen_sitting(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """Open it again while nobody has signed."""
    try:
        sittings.reopen(sitting_id)
    except ConflictError as error:
        return _refused(sitting_id, error)
    return _at(sitting_id, "dibuka")


@bp.post("/sidang/<uuid:sitting_id>/tanda-tangan")
def sign_minutes(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """Sign as a participant who is signed in."""
    try:
        sittings.sign(sitting_id)
    except ConflictError as error:
        return _refused(sitting_id, error)
    return _at(sitting_id, "ditandatangani")


@bp.post("/sidang/<uuid:sitting_id>/berita-acara")
@needs("test.write")
def upload_minutes(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """Keep the signed scan."""
    sitting_queries.sitting(sitting_id)
    try:
        with staging(request.files.get("file"), "letter", NOT_A_SCAN) as staged:
            sittings.keep_minutes(sitting_id, staged)
    except (InvalidError, ConflictError) as error:
        return _refused(sitting_id, error)
    return _at(sitting_id, "diunggah")


def staging(scan: FileStorage | None, kind: str, refusal: str) -> AbstractContextManager[documents.Staged]:
    """Examine a scan on its way in."""
    if scan is None or not scan.filename or scan.mimetype not in MEDIA:
        raise InvalidError(refusal, {"file": [refusal]})
    return examining.receiving(kind, scan.filename, cast("BinaryIO", scan.stream), field="file")


@bp.get("/sidang/<uuid:sitting_id>/rapat")
def meeting(sitting_id: UUID, **_: str) -> ResponseReturnValue:
    """Meeting mode: one item a page in large type, the next and the one before by keys."""
    return _meeting_page(sitting_id, number_asked("butir", 1))


def _meeting_page(
    sitting_id: UUID, n: int, *, values: dict[str, Any] | None = None, errors: dict[str, str] | None = None,
    notice: dict[str, str] | None = None, theirs: Any = None,
) -> str:  # fmt: skip
    agenda = sitting_queries.agenda(sitting_id)
    n = min(max(n, 1), max(len(agenda), 1))
    one = agenda[n - 1] if agenda else None
    kept = {name: getattr(one.row, name) for name in (*DECIDED, "version")} if one else {}
    if one and not kept["reason"]:
        kept["reason"] = one.line.sheet.reason
    saved = {"tone": "aman", "text": say("Keputusan disimpan.")} if request.args.get("kabar") else None
    return render_template(
        "consequence_tests/meeting.html", sitting=sitting_queries.sitting(sitting_id), one=one, n=n, total=len(agenda),
        values=values or kept, errors=errors or {}, notice=notice or saved, theirs=theirs,
        decided=sum(bool(line.row.outcome) for line in agenda),
    )  # fmt: skip


@bp.post("/sidang/<uuid:sitting_id>/rapat/<uuid:item_id>")
def decide(sitting_id: UUID, item_id: UUID, **_: str) -> ResponseReturnValue:
    """Write what the sitting came to on an item; show both texts when someone was faster."""
    row = sitting_queries.agenda_line(sitting_id, item_id).row
    n = [one.row.item_id for one in sitting_queries.agenda(sitting_id)].index(item_id) + 1
    version = request.form.get("version", "")
    typed: dict[str, Any] = {name: request.form.get(name, "") for name in DECIDED}
    typed["version"] = (
        int(version) if version.isascii() and version.isdecimal() and len(version) < len("100000") else 0
    )
    try:
        said = load(schemas.DecisionIn(), typed)
        sittings.decide(sitting_id, item_id, **said)
    except InvalidError as error:
        return _meeting_page(sitting_id, n, values=typed, errors=first_messages(error)), 422
    except ConflictError as error:
        notice = {"tone": "perhatian", "text": error.message}
        late = "version" in error.fields
        values = typed | {"version": row.version} if late else typed
        return _meeting_page(sitting_id, n, values=values, notice=notice, theirs=row if late else None), 409
    onward = n + 1 if said["outcome"] and request.form.get("go") != "stay" else n
    return redirect(
        url_for("consequence_tests_pages.meeting", sitting_id=sitting_id, butir=onward, kabar="disimpan"), 303
    )
