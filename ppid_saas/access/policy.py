"""Role -> permission, on one screen. Anything not named here is refused. Not a place for conditions on data."""

from ppid_saas.sop.roles import ROLES

_UNIT = {"tenant_admin", "unit_officer", "unit_head"}
_CENTRAL = {"central_officer", "central_head"}
_READS_CENTRAL = _CENTRAL | {"board_member", "superior", "auditor"}

PERMISSIONS: dict[str, frozenset[str]] = {
    name: frozenset(roles)
    for name, roles in {
        "space.see": set(ROLES),
        "sop.choose": {"central_head", "unit_head"},
        "notice.keep": set(ROLES),
        "history.read": _CENTRAL | {"superior", "auditor"},
        "history.take": _UNIT | _CENTRAL | {"superior", "auditor"},
        "elsewhere.note": _CENTRAL,
        "report.read": _CENTRAL | {"superior", "auditor"},
        "mailing.read": {"tenant_admin", "unit_head"} | _CENTRAL,
        "mailing.retry": {"tenant_admin", "unit_head"} | _CENTRAL,
        "job.see": _UNIT | _CENTRAL,
        "member.read": _UNIT | _CENTRAL,
        "member.invite": {"tenant_admin"},
        # a unit's own work
        "item.read": _UNIT | {"auditor"},
        "item.write": {"unit_officer"},
        "import.run": {"unit_officer"},
        "document.read": {"unit_officer", "unit_head"} | _CENTRAL,
        "document.write": {"unit_officer", "central_officer", "central_head"},
        "document.link": {"unit_officer"},
        "document.dispose": {"unit_officer", "central_officer"},
        "document.approve": {"unit_head", "central_head"},
        "document.withdraw": {"unit_officer", "unit_head"} | _CENTRAL,
        "place.read": {"unit_officer", "unit_head", "auditor"},
        "place.write": {"unit_officer"},
        "tenant.export": {"unit_head", "central_head"},
        "tenant.import": {"tenant_admin", "central_head"},
        "room.ask": {"unit_officer", "unit_head"},
        "submission.read": _UNIT | {"auditor"},
        "submission.send": {"unit_officer", "unit_head"},
        "submission.confirm": {"unit_head"},
        "submission.rule": {"tenant_admin", "unit_head"},
        # a KPU office's own round
        "kpu.read": _UNIT | {"pembina", "board_member", "superior", "auditor"},
        "kpu.work": {"unit_officer", "unit_head"},
        "kpu.approve": {"pembina", "board_member", "superior"},
        "kpu.publish": {"unit_head"},
        "kpu.set": {"unit_head"},
        # the central's
        "kpu.grant": {"central_head"},
        "entry.settle": {"central_officer", "central_head"},
        "room.read": _CENTRAL,
        "room.set": {"central_head"},
        "collection.read": _READS_CENTRAL,
        "collection.open": _CENTRAL,
        "collection.remind": _CENTRAL,
        "handover.give": _CENTRAL,
        "columns.offer": _CENTRAL,
        "unit.invite": _CENTRAL,
        "review.read": _READS_CENTRAL,
        "review.decide": {"central_officer"},
        "entry.read": _READS_CENTRAL,
        "entry.note": {"central_officer"},
        "test.read": _READS_CENTRAL,
        "test.write": {"central_officer"},
        "sitting.sign": _CENTRAL | {"board_member", "superior"},
        "opinion.give": {"board_member"},
        "match.find": {"central_officer"},
        "match.decide": {"central_officer"},
        "determination.read": _READS_CENTRAL,
        "determination.make": _CENTRAL,
        "calendar.read": _UNIT | _READS_CENTRAL,
        "calendar.set": {"central_head", "unit_head", "tenant_admin"},
        "calendar.pause": _CENTRAL,
        "reopening.read": _READS_CENTRAL,
        "reopening.work": _CENTRAL,
        "reopening.decide": {"central_head"},
        "determination.approve": {"superior"},
        "letter.style": {"central_head"},
        "copy.read": _UNIT | {"auditor"},
        "copy.take": {"unit_officer", "unit_head"},
        "edition.read": _READS_CENTRAL,
        "edition.prepare": {"central_officer"},
        "edition.publish": {"central_head"},
        "edition.retract": {"central_head"},
        "list.amend": {"central_head"},
    }.items()
}


def may(roles: frozenset[str], permission: str) -> bool:
    """Say whether one of the roles carries the permission; the worker's `system` does the work it was given."""
    return "system" in roles or not roles.isdisjoint(PERMISSIONS[permission])
