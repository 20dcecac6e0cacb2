"""One item on screen: contents, completeness, what the law says to it, history; deleting it and bringing it back."""

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ppid_saas.access.errors import ConflictError
from ppid_saas.access.sayings import say, told
from ppid_saas.access.verbs import actor
from ppid_saas.law.checks import check_item, completeness
from ppid_saas.law.periods import Period
from ppid_saas.register import queries, rules, service
from ppid_saas.register.models import Item
from ppid_saas.register.pages.listing import bp, may_write
from tenants import clock


@bp.get("/<int:ref>")
def item(ref: int, **_: str) -> ResponseReturnValue:
    """One item: contents, completeness, what the law says to it, history."""
    return item_page(queries.item(ref), _saved_notice())


def _saved_notice() -> dict[str, str] | None:
    if request.args.get("tersimpan"):
        return {
            "tone": "aman",
            "title": say("Tersimpan"),
            "text": say("Butir disimpan sebagai draf di daftar unit Anda."),
        }
    return (
        {"tone": "aman", "text": say("Butir dikembalikan ke daftar.")}
        if request.args.get("dipulihkan")
        else None
    )


def item_page(found: Item, notice: Mapping[str, Any] | None) -> str:
    """Show an item, with a notice above it."""
    done, total, missing = completeness(found.body)
    edit_url = url_for("register_pages.edit_form", ref=found.ref)
    editable = may_write() and found.state != "submitted"
    entries = [
        entry | {"url": edit_url + rules.anchor(entry["name"]) if editable else ""}
        for entry in rules.missing_words(missing)
    ]
    findings = [
        {"label": rules.LABELS[f.field], "text": say(f.message_id, **f.params), "must": f.severity == "block",
         "url": edit_url + rules.anchor(f.field)}
        for f in check_item(found.body, clock.today(actor().zone))
    ]  # fmt: skip
    return render_template(
        "register/item.html", item=found, notice=notice, done=done, total=total, entries=entries, findings=findings,
        period=Period.from_dict(found.body["period"]), past=_past(found), edit_url=edit_url, zone=actor().zone,
        locked=found.state == "submitted", editable=editable,
    )  # fmt: skip


def _past(found: Item) -> list[dict[str, Any]]:
    """Return the versions with what each changed, newest first."""
    versions = queries.history(found)
    shown = []
    for newer, older in zip(versions, [*versions[1:], None], strict=True):
        names = rules.changed_fields(older.body, newer.body) if older else []
        shown.append(
            {"version": newer, "first": newer.version == 1, "changes": _changes(names, older, newer)}
        )
    return shown


def _changes(names: list[str], older: Any, newer: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": rules.LABELS[name],
            "parts": rules.diff_words(
                told(rules.field_words(older.body, name)), told(rules.field_words(newer.body, name))
            ),
        }
        for name in names
    ]


@bp.post("/<int:ref>/hapus")
def delete(ref: int, **_: str) -> ResponseReturnValue:
    """Take a draft out of the list; the next page offers the way back."""
    try:
        service.delete_item(ref)
    except ConflictError as error:
        return item_page(queries.item(ref), {"tone": "perhatian", "text": error.message}), 409
    return redirect(url_for("register_pages.items", dihapus=ref), 303)


@bp.post("/<int:ref>/pulihkan")
def restore(ref: int, **_: str) -> Response | ResponseReturnValue:
    """Bring a deleted draft back."""
    service.restore_item(ref)
    return redirect(url_for("register_pages.item", ref=ref, dipulihkan=1), 303)
