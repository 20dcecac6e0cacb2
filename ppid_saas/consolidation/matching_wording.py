"""Why two items are held to be the same, in sentences for a person. Pure; the reasons themselves are `matching_rules`'."""

from collections.abc import Callable, Sequence
from datetime import date

from ppid_saas.access.sayings import say
from ppid_saas.register.rules import PARTS, day_words, span_words

PERIODS = {
    "fixed": say("jangka waktu tertentu"),
    "until_date": say("sampai suatu tanggal"),
    "until_event": say("sampai suatu peristiwa"),
    "until_consent": say("sampai ada persetujuan"),
    "unlimited": say("tanpa batas"),
    "unspecified": say("tidak disebut"),
}
OPENNESS = {"open": say("sudah terbuka"), "closed": say("dikecualikan")}


def reason_words(reason: Sequence[str], *, turned: bool = False) -> str:
    """Return one reason as a sentence; `turned` says it from the second item's side."""
    code, here, there = reason
    here, there = (there, here) if turned else (here, there)
    return WORDS[code](here, there)


def reasons_words(reasons: Sequence[Sequence[str]], *, turned: bool = False) -> list[str]:
    """Return all reasons, most weighty first."""
    order = sorted(reasons, key=lambda reason: ORDER.index(reason[0]))
    return [reason_words(reason, turned=turned) for reason in order]


def _except(here: str, there: str) -> str:
    if here and there:
        return say("Judul sama kecuali “%(here)s” di sini dan “%(there)s” di sana.", here=here, there=there)
    if here:
        return say("Judul sama kecuali kata “%(word)s” di sini.", word=here)
    return say("Judul sama kecuali kata “%(word)s” di sana.", word=there)


def _alike(here: str, there: str) -> str:
    if here and there:
        return say(
            "Judul sama dengan kata lain: “%(here)s” di sini, “%(there)s” di sana.", here=here, there=there
        )
    if here:
        return say("Judul sama; “%(word)s” di sini hanya cara lain menulisnya.", word=here)
    if there:
        return say("Judul sama; “%(word)s” di sana hanya cara lain menulisnya.", word=there)
    return say("Judul sama dengan kata lain.")


def _years(here: str, there: str) -> str:
    none = say("tanpa tahun")
    return say("Tahun berbeda: %(here)s di sini, %(there)s di sana.", here=here or none, there=there or none)


def _span(here: str, there: str) -> str:
    return say(
        "Jangka waktu berbeda: %(here)s di sini, %(there)s di sana.", here=_amount(here), there=_amount(there)
    )


def _amount(written: str) -> str:
    value, _, unit = written.partition(" ")
    return span_words(int(value), unit)


def _end(here: str, there: str) -> str:
    days = [day_words(date.fromisoformat(day)) for day in (here, there)]
    return say("Berakhir pada hari lain: %(here)s di sini, %(there)s di sana.", here=days[0], there=days[1])


def _fault(here: str, there: str) -> str:
    return say("Kutipan keliru yang sama: %(law)s.", law=here or there)


WORDS: dict[str, Callable[[str, str], str]] = {
    "state": lambda here, there: say(
        "Di sini %(here)s, di sana %(there)s.", here=OPENNESS[here], there=OPENNESS[there]
    ),
    "ground": lambda here, there: say(
        "Dasar berbeda: huruf %(here)s di sini, huruf %(there)s di sana.", here=here, there=there
    ),
    "period.kind": lambda here, there: say(
        "Masa berakhir dengan cara lain: %(here)s di sini, %(there)s di sana.",
        here=PERIODS[here], there=PERIODS[there],
    ),
    "period.span": _span,
    "period.end": _end,
    "part": lambda here, there: say(
        "Bagian berbeda: %(here)s di sini, %(there)s di sana.", here=PARTS[here], there=PARTS[there]
    ),
    "fault": _fault,
    "title.same": lambda _here, _there: say("Judul sama."),
    "title.core": lambda _here, _there: say("Judul sama dalam pokoknya."),
    "title.alike": _alike,
    "title.except": _except,
    "years": _years,
}  # fmt: skip
ORDER = tuple(WORDS)
