"""What the forms of a KPU round ask for. Rules about days and addresses are in `rules`."""

from typing import Any

from marshmallow import fields

from ppid_saas.access.sayings import say
from ppid_saas.web.forms import NOT_A_DATE, AtMost, Tidy, something

LONGEST = 300


def line(words: str, most: int = LONGEST) -> fields.String:
    """One line that must be there, with the sentence that asks for it."""
    said: dict[str, Any] = {"required": words, "null": words, "invalid": words}
    return fields.String(required=True, validate=[something(words), AtMost(max=most)], error_messages=said)


def day() -> fields.Date:
    return fields.Date(
        required=True, error_messages=dict.fromkeys(("invalid", "required", "null"), NOT_A_DATE)
    )


class RoundIn(Tidy):
    """A collection to open."""

    title = line(say("Isi judul pengumpulan."))
    opens_on = day()


class AnswerIn(Tidy):
    """One authority's answer to the list as it was read."""

    authority = fields.String(required=True, validate=AtMost(max=30))
    verdict = fields.String(required=True, validate=AtMost(max=30))
    seen = fields.String(load_default="", validate=AtMost(max=64))
    note = fields.String(load_default="", validate=AtMost(max=2000))


class GrantIn(Tidy):
    """The act of KPU RI."""

    number = line(say("Isi nomor persetujuan atau penetapan KPU RI."), 200)
    dated_on = day()


class PublishedIn(Tidy):
    """Where and when the list was uploaded."""

    link = line(say("Isi alamat lengkap halaman yang memuat daftar, diawali https://."), 500)
    published_on = day()
