"""The form of an item, whole or topic by topic, what follows each change of it, and the page that settles two changes.

What is typed is kept on the server until it is saved or thrown away; nothing is kept in the browser.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from ppid_saas.access.errors import ConflictError, InvalidError, NotFoundError
from ppid_saas.access.sayings import say, told
from ppid_saas.access.verbs import actor
from ppid_saas.cases.queries import calendar_for_tenant
from ppid_saas.law.checks import check_item, completeness
from ppid_saas.law.findings import Finding
from ppid_saas.law.periods import Period, last_closed_day
from ppid_saas.register import forms, queries, rules, service
from ppid_saas.register.models import Item, ItemDraft
from ppid_saas.register.narrower import offered
from ppid_saas.register.pages.item import item_page
from ppid_saas.register.pages.listing import bp
from ppid_saas.register.rules import Body
from ppid_saas.web.addresses import number_asked
from ppid_saas.web.formats import clock_time, weekday_date
from ppid_saas.web.marks import needs
from ppid_saas.workdays.counting import subtract_working_days
from tenants import clock

TOPICS = {
    "information": say("Informasi"),
    "bases": say("Dasar hukum"),
    "reasons": say("Alasan pengecualian"),
    "duration": say("Jangka waktu pengecualian"),
    "keeping": say("Uji dan penyimpanan"),
}
OPENING_DAYS = 30
Form = MultiDict[str, str]


def _addresses(ref: int, step: int = 0) -> dict[str, Any]:
    at: dict[str, Any] = {"ref": ref} if ref else {}
    way = "edit" if ref else "add"
    return {
        "whole_url": url_for(f"register_pages.{way}_form", **at),
        "draft_url": url_for(f"register_pages.{way}_draft", step=step or None, **at),
        "discard_url": url_for(f"register_pages.{way}_discard", **at),
        "steps": [
            {"name": name, "label": label, "url": url_for(f"register_pages.{way}_form", step=n, **at)}
            for n, (name, label) in enumerate(TOPICS.items(), start=1)
        ],
    }


def _page(form: Form, item: Item | None, version: int, *, step: int = 0, draft: ItemDraft | None = None,
          errors: Mapping[str, str] | None = None) -> str:  # fmt: skip
    body = forms.unfinished_body(form, item.body if item else None)
    return render_template(
        "register/form.html", values=forms.form_of_input(form), errors=errors or {}, item=item, version=version,
        notice=_draft_notice(draft, item.ref if item else 0), grounds=offered(actor().settings, {*forms.form_of_input(form).get("grounds", ())}),
        step=step,
        live_url=url_for("register_pages.live", step=step or None, ref=item.ref if item else None),
        **_addresses(item.ref if item else 0, step), **_said(body, step),
    )  # fmt: skip


def _draft_notice(draft: ItemDraft | None, ref: int) -> dict[str, Any] | None:
    if draft is None:
        return None
    action = {"label": say("Buang isian itu"), "url": _addresses(ref)["discard_url"], "post": True}
    return {
        "tone": "info",
        "title": say("Isian yang belum disimpan ditampilkan lagi"),
        "text": say("Terakhir ditulis pukul %(time)s.", time=clock_time(draft.saved_at, actor().zone)),
        "actions": [action],
    }


def _said(body: Body, step: int) -> dict[str, Any]:
    """Return what the form says back: how complete it is, what the law asks, what dates were understood."""
    done, total, missing = completeness(body)
    topics = _of_step(step)
    entries = [
        entry | {"url": rules.anchor(entry["name"]) if _topic(entry["name"]) in topics else ""}
        for entry in rules.missing_words(missing)
    ]
    found = check_item(body, clock.today(actor().zone))
    return {
        "entries": {"done": done, "total": total, "entries": entries},
        "questions": [_question(f, topics) for f in found if _asks(f, missing)],
        "echoes": _echoes(Period.from_dict(body["period"])),
    }


def _asks(finding: Finding, missing: list[str]) -> bool:
    """Say whether a finding speaks of something written; what is not there yet is the list's to say."""
    return finding.field not in missing or finding.code.startswith("jw.permanen")


def _question(finding: Finding, topics: set[str]) -> dict[str, Any]:
    return {
        "label": rules.LABELS[finding.field],
        "text": say(finding.message_id, **finding.params),
        "url": rules.anchor(finding.field) if _topic(finding.field) in topics else "",
    }


def _of_step(step: int) -> set[str]:
    return {list(TOPICS)[step - 1]} if step else set(TOPICS)


def _topic(name: str) -> str:
    return forms.TOPIC_OF.get(name.partition(".")[0], "keeping")


def _echoes(period: Period) -> dict[str, str]:
    """Return each date in full, and by when the opening is decided.

    Source: PP 61/2010 Ps 10(1).
    """
    days = {"starts_on": period.starts_on, "ends_on": period.ends_on, "review_on": period.review_on}
    said = {name: weekday_date(day) if day else "" for name, day in days.items()}
    ends_on = last_closed_day(period, None)
    if ends_on is None or not timedelta() < ends_on - clock.today(actor().zone) < timedelta(days=36_525):
        return said | {"end": ""}
    due_on = subtract_working_days(calendar_for_tenant(), ends_on, OPENING_DAYS)
    words = say(
        "Habis %(day)s. Pembukaannya ditetapkan paling lambat %(due)s, 30 hari kerja sebelumnya.",
        day=weekday_date(ends_on), due=weekday_date(due_on),
    )  # fmt: skip
    return said | {"end": words}


@bp.post("/kelengkapan")
@needs("item.write")
def live(**_: str) -> ResponseReturnValue:
    """What the form says back to what is typed so far; nothing is saved."""
    step, ref = number_asked("step"), number_asked("ref")
    step = step if step <= len(TOPICS) else 0
    kept = queries.item(ref).body if ref else None
    said = _said(forms.unfinished_body(_with_other_topics(step, ref), kept), step)
    return render_template(
        "register/_live.html", **said, step=step, steps=_addresses(0)["steps"], afterwards=True
    )


def _known(ref: int) -> tuple[Item | None, Form, int, ItemDraft | None]:
    """Return the item, what its form holds, the version that was changed from, and whether that was never saved."""
    item, draft = queries.item(ref) if ref else None, queries.draft(ref)
    if draft:
        return item, MultiDict(draft.fields), draft.version, draft
    return (
        item,
        forms.fields_of_body(item.body if item else rules.whole_body({})),
        item.version if item else 0,
        None,
    )


def _with_other_topics(step: int, ref: int) -> Form:
    """Return what was sent, and of the topics that were not on this page what is already known."""
    if not step:
        return request.form
    topics, (_, known, _, _) = _of_step(step), _known(ref)
    kept = [(name, value) for name, value in known.items(multi=True) if _topic(name) not in topics]
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in forms.META]
    return MultiDict(kept + sent)


@bp.get("/tambah")
@bp.get("/tambah/<int:step>")
@needs("item.write")
def add_form(step: int = 0, **_: str) -> ResponseReturnValue:
    """An empty form, or what was typed and not saved."""
    return _form_for(0, step)


@bp.get("/<int:ref>/ubah")
@bp.get("/<int:ref>/ubah/<int:step>")
def edit_form(ref: int, step: int = 0, **_: str) -> ResponseReturnValue:
    """The form with the item in it; a locked item is shown instead, with the reason."""
    return _form_for(ref, step)


def _form_for(ref: int, step: int) -> ResponseReturnValue:
    if step > len(TOPICS):
        raise NotFoundError
    item, form, version, draft = _known(ref)
    if item and item.state == "submitted":
        return item_page(item, {"tone": "perhatian", "title": say("Terkunci"), "text": service.LOCKED})
    return _page(form, item, version, step=step, draft=None if step > 1 else draft)


@bp.post("/tambah")
@bp.post("/tambah/<int:step>")
@needs("item.write")
def add(step: int = 0, **_: str) -> ResponseReturnValue:
    """Save a new draft, or go on to the next topic."""
    return _save(0, step)


@bp.post("/<int:ref>/ubah")
@bp.post("/<int:ref>/ubah/<int:step>")
def edit(ref: int, step: int = 0, **_: str) -> ResponseReturnValue:
    """Save the next version or go on to the next topic; show both texts when someone was faster."""
    return _save(ref, step)


def _save(ref: int, step: int) -> ResponseReturnValue:
    if step > len(TOPICS):
        raise NotFoundError
    item = queries.item(ref) if ref else None
    form, version = _with_other_topics(step, ref), _version()
    if step and request.form.get("go") == "next":
        service.keep_draft(ref, version, forms.typed(form))
        return redirect(_addresses(ref)["steps"][step]["url"], 303)
    try:
        body = forms.body_of_form(form, item.body if item else None)
        saved = service.finish_item(_picked(body, item.body) if item else body, ref or None, version)
    except InvalidError as error:
        errors = error.by_field or {"title": error.message}
        return _page(form, item, item.version if item else 0, errors=errors), 422
    except ConflictError as error:
        return _conflict(ref, form, error)
    return redirect(url_for("register_pages.item", ref=saved.ref, tersimpan=1), 303)


def _version() -> int:
    version = request.form.get("version", "")
    return int(version) if version.isdecimal() and len(version) < len("1000000000") else 0


@bp.post("/tambah/draf")
@bp.post("/tambah/<int:step>/draf")
@needs("item.write")
def add_draft(step: int = 0, **_: str) -> ResponseReturnValue:
    """Keep what is typed of a new item."""
    return _keep(0, step)


@bp.post("/<int:ref>/ubah/draf")
@bp.post("/<int:ref>/ubah/<int:step>/draf")
@needs("item.write")
def edit_draft(ref: int, step: int = 0, **_: str) -> ResponseReturnValue:
    """Keep what is typed of an item."""
    queries.item(ref)
    return _keep(ref, step)


def _keep(ref: int, step: int) -> ResponseReturnValue:
    if step > len(TOPICS):
        raise NotFoundError
    saved_at = service.keep_draft(ref, _version(), forms.typed(_with_other_topics(step, ref)))
    return told(say("Tersimpan %(time)s", time=clock_time(saved_at, actor().zone)))


@bp.post("/tambah/buang")
@needs("item.write")
def add_discard(**_: str) -> ResponseReturnValue:
    """Throw away what was typed of a new item."""
    service.discard_draft(0)
    return redirect(url_for("register_pages.add_form"), 303)


@bp.post("/<int:ref>/ubah/buang")
@needs("item.write")
def edit_discard(ref: int, **_: str) -> ResponseReturnValue:
    """Throw away what was typed of an item."""
    queries.item(ref)
    service.discard_draft(ref)
    return redirect(url_for("register_pages.edit_form", ref=ref), 303)


def _picked(mine: Body, theirs: Body) -> Body:
    """Return my body with those fields taken from the other that the conflict page's answers name."""
    taken = [name for name in rules.LABELS if request.form.get(f"{forms.PICK}{name}") == "theirs"]
    return mine | {name: theirs[name] for name in taken}


def _conflict(ref: int, form: Form, error: ConflictError) -> tuple[str, int]:
    found = queries.item(ref)
    if "version" not in error.fields:
        return item_page(found, {"tone": "perhatian", "title": say("Terkunci"), "text": error.message}), 409
    mine = forms.body_of_form(form, found.body)
    rows = [
        {"name": name, "label": rules.LABELS[name], "mine": rules.field_words(mine, name),
         "theirs": rules.field_words(found.body, name)}
        for name in rules.changed_fields(found.body, mine)
    ]  # fmt: skip
    typed = [(name, value) for name, values in forms.typed(form).items() for value in values]
    return render_template(
        "register/conflict.html", item=found, rows=rows, typed=typed, message=error.message, notice=None,
    ), 409  # fmt: skip
