"""Which SOPs a tenant walks by and how long their steps have: what it may choose, what it chose, and the choosing.

A case that runs keeps the version and the deadlines it began with.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.accounts import queries as accounts
from ppid_saas.accounts.own_settings import put_setting
from ppid_saas.cases.queries import PROCESSES, Process, chosen_sop
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.model import LimitKind, Sop, Step
from tenants import context

LONGEST = 250
CENTRAL_ROLES = frozenset({"central_officer", "central_head"})


@dataclass(frozen=True, slots=True)
class Adjustable:
    """A step whose number of working days this tenant may set, and what it has set."""

    sop: Sop
    step: Step
    own: int | None


def fits(sop: Sop, who: context.Binding) -> bool:
    """Say whether this kind of tenant has the people an SOP asks for: a central, or a KPU office for one of its own."""
    begins = sop.steps[0].roles
    if sop.process == "testing":
        return who.kind == "central"
    return not begins.isdisjoint(CENTRAL_ROLES) if who.kind == "central" else _is_own(sop, who)


def _is_own(sop: Sop, who: context.Binding) -> bool:
    return who.category == "KPU" and sop.steps[0].roles.isdisjoint(CENTRAL_ROLES)


@query("space.see")
def offered(process: Process) -> list[Sop]:
    """Return the SOPs of a process this tenant may walk by."""
    who = actor()
    return [sop for sop in load_catalogue().values() if sop.process == process and fits(sop, who)]


@query("space.see")
def in_use() -> dict[Process, Sop]:
    """Return the SOP of each process that guides this tenant: its own, or its central's for a unit without one."""
    who = actor()
    own = {
        process: sop
        for process in PROCESSES
        if (sop := chosen_sop(process, who.settings, who.category)) and fits(sop, who)
    }
    if who.kind == "central" or who.recipient_id is None:
        return own
    central = accounts.counterparts().get(who.recipient_id)
    settings: Mapping[str, object] = (central.settings if central else None) or {}
    theirs = {process: sop for process in PROCESSES if (sop := chosen_sop(process, settings, "PEMKAB"))}
    return theirs | own


@query("space.see")
def adjustable() -> list[Adjustable]:
    """Return the steps of the tenant's own SOPs that have a number of working days."""
    who = actor()
    own = who.settings.get("limits", {})
    return [
        Adjustable(sop, step, own.get(step.id))
        for sop in in_use().values()
        if fits(sop, who)
        for step in sop.steps
        if step.limit.kind is LimitKind.WORKING_DAYS
    ]


@command("sop.choose")
def settle(wanted: Mapping[str, str], days: Mapping[str, int | None]) -> None:
    """Take one SOP a process, and the tenant's own numbers of working days by step.

    An empty word means no SOP, which only testing may have; no number means the form's. A duty before the end of a period
    may begin earlier than the law says, never later. Source: PP 61/2010 Ps 10(1).
    """
    problems = {process: [message] for process, key in wanted.items() if (message := _refusal(process, key))}
    known = {one.step.id: one.step for one in adjustable()}
    for name, n in days.items():
        if message := _limit_refusal(known.get(name), n):
            problems[name] = [message]
    if problems:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), problems)
    kept = {name: n for name, n in actor().settings.get("limits", {}).items() if name not in days}
    own = {name: n for name, n in days.items() if n is not None and n != known[name].limit.n}
    chosen = {**actor().settings.get("sop", {}), **wanted}
    put_setting("sop", {process: key for process, key in chosen.items() if key})
    put_setting("limits", kept | own)


def _refusal(process: str, key: str) -> str:
    if process not in PROCESSES:
        return say("Proses ini tidak dikenal.")
    may_be = {sop.key for sop in offered(process)} | ({""} if process == "testing" else set())
    return "" if key in may_be else say("Pilih salah satu SOP yang tersedia.")


def _limit_refusal(step: Step | None, days: int | None) -> str:
    if step is None:
        return say("Langkah ini tidak dikenal.")
    if days is None:
        return ""
    if not 1 <= days <= LONGEST:
        return say("Tulis 1 sampai %(most)s hari kerja.", most=LONGEST)
    if step.limit.anchor == "period_end" and days < (step.limit.n or 0):
        return say("Undang-undang meminta paling lambat %(n)s hari kerja sebelum berakhir.", n=step.limit.n)
    return ""
