"""How a central writes its letters: one setting, kept with every determination as it was that day. Renders nothing."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from ppid_saas.access.errors import InvalidError
from ppid_saas.access.sayings import say
from ppid_saas.access.verbs import actor, command, query
from ppid_saas.determinations.models import LetterStyle
from ppid_saas.determinations.papers import Style
from ppid_saas.events.service import record
from ppid_saas.letters import wording
from tenants import clock
from tenants.db import db

FAULTS = {
    "unknown": say("Isian {%(field)s} tidak dikenal. Pakai isian yang tercantum."),
    "missing": say("Isian {%(field)s} wajib ada di bagian ini."),
    "braces": say("Kurung kurawal tidak berpasangan, atau memuat lebih dari nama isian."),
    "empty": say("Bagian ini tidak boleh kosong."),
    "long": say("Bagian ini terlalu panjang. Paling banyak 6.000 huruf."),
}


@query("determination.read")
def said() -> dict[str, Any]:
    """Return what the central has set, empty when nothing was."""
    found = db.session.execute(select(LetterStyle.said)).scalar_one_or_none()
    return dict(found) if found else {}


def current() -> Style:
    """Return the style in force."""
    return Style.from_dict(said())


@command("letter.style")
def set_style(asked: Mapping[str, Any]) -> None:
    """Keep how letters are written from now on; a wording that cannot stand is refused, and nothing is kept."""
    found = check(asked.get("wording", {}))
    if found:
        raise InvalidError(say("Ada isian yang perlu diperbaiki."), found)
    values = {"said": dict(asked), "set_by": actor().person_name, "set_at": clock.now()}
    row = insert_or_update(LetterStyle).values(**values)
    db.session.execute(row.on_conflict_do_update(index_elements=[LetterStyle.tenant_id], set_=values))
    record("letter.style_set", None, {"instrument": str(asked.get("instrument", ""))})


def check(own: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Return what keeps wordings from being used, by `instrument.kind.part`."""
    shipped = {
        f"{instrument}.{kind}.{part.name}": part
        for instrument, kinds in wording.INSTRUMENTS.items()
        for kind, parts in kinds.items()
        for part in parts
    }
    found: dict[str, list[str]] = {}
    for letter, texts in own.items():
        for name, text in texts.items():
            part = shipped.get(f"{letter}.{name}")
            faults = wording.faults(part, text) if part else [wording.Fault("unknown", name)]
            if faults:
                found[f"{letter}.{name}"] = [say(FAULTS[one.kind], field=one.field) for one in faults]
    return found
