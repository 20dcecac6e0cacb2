"""A KPU office's rounds on screen: the queue, one round, the three answers on a phone, KPU RI's act, the upload."""

from contextlib import AbstractContextManager, ExitStack
from itertools import groupby
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.policy import may
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor
from ppid_saas.cases import queries as cases
from ppid_saas.documents import examining
from ppid_saas.documents import service as documents
from ppid_saas.kpu import queries, rules, schemas, service
from ppid_saas.law.grounds import Ground, catalogue
from ppid_saas.register import narrower
from ppid_saas.register.rules import LABELS, field_words, letter_words
from ppid_saas.web.addresses import stay
from ppid_saas.web.forms import boxes, first_messages, load, read_date
from ppid_saas.web.marks import needs
from tenants import clock

bp = Blueprint("kpu_pages", __name__, url_prefix="/<region>/u/<unit>/persetujuan")
bp.url_defaults(stay)

LONGEST = 300
MEDIA = {"application/pdf", "image/jpeg", "image/png"}
NOT_A_LETTER = say("Unggah surat sebagai PDF atau gambar.")
STEPS = {
    "collect": service.close,
    "resume": service.resume,
    "classify": service.ask,
    "store": service.store,
}
SHOWN_FIELDS = ("document", "grounds", "harm", "benefit", "interest", "period", "holder")
DONE = {
    "jawab": say("Jawaban Anda tercatat."),
    "langkah": say("Tercatat."),
    "jenis": say("Jenis dokumen tersimpan."),
    "kpu-ri": say("Persetujuan KPU RI tercatat. Butirnya kini boleh terbit."),
    "pengaturan": say("Jenis dokumen dan dasar hukum tersimpan."),
    "undang": say("Undangan dikirim lewat surel."),
    "terbit": say("Pengunggahan tercatat. Pengumpulan ini selesai."),
}


def _only_kpu() -> None:
    if not queries.is_kpu():
        raise NotFoundError


@bp.get("")
def rounds(**_: str) -> ResponseReturnValue:
    """Every round; whoever is asked for an answer sees those that wait for her first."""
    return _list({}, {})


def _list(values: dict[str, Any], errors: dict[str, str], notice: dict[str, str] | None = None) -> str:
    _only_kpu()
    found = queries.rounds()
    done = DONE.get(request.args.get("selesai", ""))
    today = clock.today(actor().zone)
    typed = values or {
        "title": say("Pengumpulan daftar KPU tahun %(year)s", year=today.year),
        "opens_on": {"day": str(today.day), "month": str(today.month), "year": str(today.year)},
    }
    return render_template(
        "kpu/rounds.html", rounds=found, mine=[one for one in found if one.mine], values=typed, errors=errors,
        may_open=may(actor().roles, "kpu.work") and all(one.case.closed_at for one in found),
        notice=notice or ({"tone": "aman", "text": done} if done else None),
    )  # fmt: skip


@bp.post("")
@needs("kpu.work")
def open_round(**_: str) -> ResponseReturnValue:
    """Open a collection."""
    form = request.form
    try:
        said = load(schemas.RoundIn(), {"title": form.get("title"), "opens_on": read_date(form, "opens_on")})
        made = service.open_round(**said)
    except InvalidError as error:
        typed = {"title": form.get("title", ""), "opens_on": boxes(form, "opens_on")}
        return _list(typed, first_messages(error)), 422
    except ConflictError as error:
        return _list({}, {}, _notice(error)), 409
    return redirect(url_for("kpu_pages.round_page", round_id=made), 303)


def _notice(error: ConflictError) -> dict[str, str]:
    return {"tone": "perhatian", "title": say("Belum tercatat"), "text": error.message}


@bp.get("/pengaturan")
def settings_form(**_: str) -> ResponseReturnValue:
    """The office's types of document and its grounds."""
    kept = narrower.letters(actor().settings)
    return _settings("\n".join(queries.doc_types()), sorted(kept or _letters()), {})


def _letters() -> dict[str, Ground]:
    return {code: ground for code, ground in catalogue().grounds.items() if not ground.number}


def _settings(
    doc_types: str, grounds: list[str], errors: dict[str, str], typed: dict[str, str] | None = None
) -> str:
    _only_kpu()
    options = [{"value": code, "label": letter_words(code)} for code in _letters()]
    return render_template(
        "kpu/settings.html",
        doc_types=doc_types,
        options=options,
        grounds=grounds,
        errors=errors,
        may_set=may(actor().roles, "kpu.set"),
        values=typed or {},
        authorities=rules.AUTHORITIES,
    )


@bp.post("/pengaturan")
@needs("kpu.set")
def settings(**_: str) -> ResponseReturnValue:
    """Keep them."""
    types, grounds = request.form.get("doc_types", ""), request.form.getlist("grounds")
    try:
        service.set_catalogues(types.splitlines(), grounds)
    except InvalidError as error:
        return _settings(types, grounds, first_messages(error)), 422
    return redirect(url_for("kpu_pages.rounds", selesai="pengaturan"), 303)


@bp.post("/undang")
@needs("kpu.set")
def invite(**_: str) -> ResponseReturnValue:
    """Invite Pembina, a member of Tim Pertimbangan, or Atasan PPID."""
    typed = {name: request.form.get(name, "")[:LONGEST] for name in ("name", "email", "authority")}
    try:
        service.invite(**typed)
    except InvalidError as error:
        kept = narrower.letters(actor().settings)
        page = _settings(
            "\n".join(queries.doc_types()), sorted(kept or _letters()), first_messages(error), typed
        )
        return page, 422
    return redirect(url_for("kpu_pages.rounds", selesai="undang"), 303)


@bp.get("/<uuid:round_id>")
def round_page(round_id: UUID, **_: str) -> ResponseReturnValue:
    """One round: whose turn, until when, the list by type of document, the answers, what can be done now."""
    return _page(round_id)


def _page(
    round_id: UUID,
    errors: dict[str, str] | None = None,
    values: dict[str, Any] | None = None,
    notice: dict[str, str] | None = None,
) -> str:
    _only_kpu()
    found, rows = queries.round_of(round_id), queries.items(round_id)
    due = _chip(found)
    done = DONE.get(request.args.get("selesai", ""))
    today = clock.today(actor().zone)
    now = {"day": str(today.day), "month": str(today.month), "year": str(today.year)}
    return render_template(
        "kpu/round.html", found=found, groups=[(name, list(group)) for name, group in groupby(rows, lambda row: row.doc_type)],
        due=due, history=queries.history(round_id), authorities=rules.ALL_AUTHORITIES, verdicts=rules.VERDICTS,
        steps=[action for action in found.actions if action.id in STEPS], offered={action.id for action in found.actions},
        doc_types=queries.doc_types(), zone=actor().zone, words=field_words, field_labels=LABELS, shown_fields=SHOWN_FIELDS,
        values={"dated_on": now, "published_on": now} | (values or {}), errors=errors or {}, not_granted=rules.NOT_GRANTED,
        incomplete=queries.incomplete() if found.state == "collecting" and may(actor().roles, "kpu.work") else [],
        mine_given=_mine_given(found), warning=cases.form_warning(found.case, due), notice=notice or ({"tone": "aman", "text": done} if done else None),
    )  # fmt: skip


def _chip(found: queries.Round) -> Any:
    """Only the collecting has a limit; every later step is "tentatif"."""
    if found.state == "collecting":
        duty = cases.duties([found.round.id], service.COLLECT_DUE).get(found.round.id)
        return cases.duty_chip(duty) if duty and not duty.settled_at else cases.due_chip(None)
    return None if found.case.closed_at else cases.due_chip(None)


def _mine_given(found: queries.Round) -> list[str]:
    """Return the authorities the actor approved for and may still take back."""
    if found.state != "awaiting_approval":
        return []
    held = rules.speaks_for(actor().roles)
    return [name for name in held if name in found.answers and found.answers[name].verdict == "approved"]


def _done(round_id: UUID, what: str) -> ResponseReturnValue:
    return redirect(url_for("kpu_pages.round_page", round_id=round_id, selesai=what), 303)


@bp.post("/<uuid:round_id>/langkah")
@needs("kpu.work")
def step(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Take one of the office's own steps."""
    take = STEPS.get(request.form.get("step", ""))
    if take is None:
        raise NotFoundError
    try:
        take(round_id)
    except ConflictError as error:
        return _page(round_id, notice=_notice(error)), 409
    return _done(round_id, "langkah")


@bp.post("/<uuid:round_id>/jenis")
@needs("kpu.work")
def classify(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Put items under types of document."""
    typed = {
        name.removeprefix("type."): chosen
        for name, chosen in request.form.items()
        if name.startswith("type.")
    }
    try:
        service.classify(round_id, {_uuid(name): chosen for name, chosen in typed.items()})
    except InvalidError as error:
        return _page(round_id, first_messages(error)), 422
    except ConflictError as error:
        return _page(round_id, notice=_notice(error)), 409
    return _done(round_id, "jenis")


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise NotFoundError from error


@bp.post("/<uuid:round_id>/jawab")
@needs("kpu.approve")
def answer(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Approve the list as read, return it with a reason, or take an approval back."""
    form = request.form
    try:
        said = load(
            schemas.AnswerIn(),
            {name: form.get(name, "") for name in ("authority", "verdict", "seen", "note")},
        )
        _answer(round_id, **said)
    except InvalidError as error:
        return _page(round_id, first_messages(error), {"note": form.get("note", "")}), 422
    except ConflictError as error:
        return _page(round_id, values={"note": form.get("note", "")}, notice=_notice(error)), 409
    return _done(round_id, "jawab")


def _answer(round_id: UUID, authority: str, verdict: str, seen: str, note: str) -> None:
    if verdict == "approved":
        service.approve(round_id, authority, seen, note)
    elif verdict == "returned":
        service.give_back(round_id, authority, seen, note)
    elif verdict == "taken_back":
        service.take_back(round_id, authority)
    else:
        raise NotFoundError


@bp.post("/<uuid:round_id>/kpu-ri")
@needs("kpu.work")
def record_grant(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Record number, day and letter of KPU RI."""
    form = request.form
    typed = {"number": form.get("number", ""), "dated_on": boxes(form, "dated_on")}
    try:
        said = load(
            schemas.GrantIn(), {"number": form.get("number"), "dated_on": read_date(form, "dated_on")}
        )
        with ExitStack() as stack:
            sent = request.files.get("letter")
            letter = stack.enter_context(_staging(sent)) if sent and sent.filename else None
            service.record_grant(round_id, rules.Grant(**said), letter)
    except InvalidError as error:
        return _page(round_id, first_messages(error), typed), 422
    except ConflictError as error:
        return _page(round_id, values=typed, notice=_notice(error)), 409
    return _done(round_id, "kpu-ri")


def _staging(letter: FileStorage) -> AbstractContextManager[documents.Staged]:
    if letter.mimetype not in MEDIA:
        raise InvalidError(NOT_A_LETTER, {"letter": [NOT_A_LETTER]})
    return examining.receiving(
        "letter", letter.filename or "surat", cast("BinaryIO", letter.stream), field="letter"
    )


@bp.post("/<uuid:round_id>/terbit")
@needs("kpu.publish")
def publish(round_id: UUID, **_: str) -> ResponseReturnValue:
    """Note the upload; without KPU RI's act it is refused with the reason."""
    form = request.form
    typed = {"link": form.get("link", ""), "published_on": boxes(form, "published_on")}
    try:
        service.refuse_ungranted(queries.round_of(round_id))
        data = {"link": form.get("link"), "published_on": read_date(form, "published_on")}
        service.publish(round_id, **load(schemas.PublishedIn(), data))
    except InvalidError as error:
        return _page(round_id, first_messages(error), typed), 422
    except ConflictError as error:
        return _page(round_id, values=typed, notice=_notice(error)), 409
    return _done(round_id, "terbit")
