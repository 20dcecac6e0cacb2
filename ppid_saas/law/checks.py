"""What an item still lacks and what in it breaks a rule: nine fields, and the warnings a reader would raise.

It judges one body on one day. Comparing items with each other, or asking the officer, is for slices above.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from ppid_saas.law import acts, grounds
from ppid_saas.law.custody_checks import check_custody
from ppid_saas.law.findings import Finding, block, warn
from ppid_saas.law.grounds import Ground
from ppid_saas.law.period_checks import check_period, is_settled
from ppid_saas.law.periods import Period
from ppid_saas.law.reasoning_checks import check_balance, check_reasons

Body = Mapping[str, Any]

# Each begins with what it is looked for by and looks back from there: a title without any is passed over at once.
# As many digits as both of the next have; few titles do.
_LONG = re.compile(r"\d(?:[ .-]?\d){15}")
_NIK = re.compile(r"\d(?<!\d\d)[ .-]?(?:\d[ .-]?){14}\d(?!\d)")
_NIP = re.compile(r"\d(?<!\d\d)[ .-]?(?:\d[ .-]?){16}\d(?!\d)")
_MAIL = re.compile(r"@(?<=[\w.+-]@)[\w-]+\.\w")
_PHONE = re.compile(r"(?:\+(?<!\d\+)62|0(?<!\d0))8\d{2}[ .-]?\d{3,4}[ .-]?\d{3,5}(?!\d)")
_PERSON = re.compile(r"\b(?:[Aa]\.n\.|[Ss]dri?\.|[Ss]audara|Bpk\.?|Nn\.|Ny\.|Tn\.)\s+[A-Z]\w")
_INSTITUTION_MONEY = re.compile(
    r"\b(?:anggaran|apb[dn]|dpa|rka|pok|dipa|realisasi|belanja|laporan keuangan|neraca|kas daerah|hibah|pengadaan)\b"
)
_STAFF = re.compile(r"\b(?:pegawai|kepegawaian|asn|pns|pppk|cpns|guru|dosen)\b")
_DEED = re.compile(r"\b(?:akta|wasiat)\b")
_USUALLY_OPEN = re.compile(
    r"\b(?:laporan keuangan (?:audited|yang (?:telah|sudah) diaudit)|perjanjian yang (?:telah |sudah )?ditandatangani"
    r"|kebijakan|peraturan|laporan tahunan|rencana strategis|renstra)\b"
)
_PROSE = (
    "open_part",
    "harm",
    "benefit",
    "interest",
    "loss",
    "balance_reason",
    "holder",
    "summary",
    "maker",
    "made",
)
_ARTICLE_18 = re.compile(
    r"\b(?:putusan (?:pengadilan|hakim)|sp3|skpp|penghentian (?:penyidikan|penuntutan))\b"
)


class Beside(NamedTuple):
    """What is found in a body beside its title, in the order of the form: lists repeat it in row after row."""

    letters: frozenset[str]
    article18: str | None
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]


def check_item(body: Body, today: date) -> list[Finding]:
    """Blocks and warnings in the order of the form.

    Source: UU 14/2008 Ps 17, 18, 19, 20; Perki 1/2021 Ps 49.
    """
    return check_titled(_text(body, "title"), check_beside(body, today))


def check_titled(title: str, beside: Beside) -> list[Finding]:
    """Put what a title raises to what was found beside it."""
    title = _squeezed(title)
    raised = (_title(title, beside.article18), _mistaken_grounds(title.lower(), beside.letters))
    return [*raised[0], *beside.before, *raised[1], *beside.after]


def check_beside(body: Body, today: date) -> Beside:
    """Judge a body whatever its title.

    Source: UU 14/2008 Ps 17, 18, 19, 20; Perki 1/2021 Ps 49.
    """
    cited, period = _cited(body), _period(body)
    letters = {ground.letter for ground in cited}
    after = (
        *_never_exempt(body, letters),
        *_consequences(body),
        *check_reasons(body, letters),
        *check_balance(body),
        *check_period(period, cited, today),
        *([] if _text(body, "holder") else [warn("holder", "penguasa.kosong")]),
        *check_custody(body, period),
        *_personal_data(body),
    )
    before = (*_carrier(body), *_grounds(body, cited, today))
    return Beside(frozenset(letters), body.get("article18"), before, after)


def completeness(body: Body) -> tuple[int, int, list[str]]:
    """How many of the nine fields are there, and the names of those that are not."""
    missing = [name for name, filled in _NINE.items() if not filled(body)]
    return len(_NINE) - len(missing), len(_NINE), missing


def _title(title: str, article18: str | None) -> Iterator[Finding]:
    """The title is public: it says what is closed and gives nothing of it away.

    Source: UU 14/2008 Ps 17 huruf h, Ps 18(1); UU 27/2022 Ps 4.
    """
    plain = title.lower()
    if not title:
        yield block("title", "judul.kosong")
        return
    if len(plain.split()) < 2:
        yield warn("title", "judul.pendek")
    long = _LONG.search(title)
    if long and _NIK.search(title):
        yield block("title", "judul.bocor")
    elif (
        (long and _NIP.search(title)) or _MAIL.search(title) or _PHONE.search(title) or _PERSON.search(title)
    ):
        yield warn("title", "judul.bocor")
    if _USUALLY_OPEN.search(plain):
        yield warn("title", "judul.wajib_terbuka")
    if _ARTICLE_18.search(plain) and not article18:
        yield warn("title", "judul.pasal_18")


def _carrier(body: Body) -> Iterator[Finding]:
    """The exemption attaches to information: name the document, and the part of it.

    Source: Perki 1/2021 Ps 49(2).
    """
    if not _text(body, "document"):
        yield warn("document", "dokumen.kosong")
    if body.get("part") not in ("whole", "part"):
        yield warn("part", "bagian.kosong")
    elif not _has_part(body):
        yield warn("open_part", "bagian.tanpa_uraian")


def _grounds(body: Body, cited: list[Ground], today: date) -> Iterator[Finding]:
    """A letter of Ps 17, and beside letter j an undang-undang that forbids.

    Source: UU 14/2008 Ps 17 huruf j.
    """
    if not cited:
        yield block("grounds", "dasar.tanpa_pasal")
    elif not _forbidden_by_act(body, cited):
        yield block("grounds", "dasar.j_tanpa_uu")
    rows = body.get("grounds") or ()
    if cited and any(not row.get("code") and row.get("article") == "Pasal 17" for row in rows):
        yield warn("grounds", "dasar.tanpa_huruf")
    for law in dict.fromkeys(row.get("law") for row in rows if row.get("law")):
        repeal = acts.repeal_of(law, today)
        if repeal:
            yield warn("grounds", "dasar.dicabut", law=repeal.act, by=repeal.by)
        if not acts.is_act(law):
            yield warn("grounds", "dasar.bukan_uu", law=law)


def _mistaken_grounds(title: str, letters: Collection[str]) -> Iterator[Finding]:
    """Grounds that real lists often take wrongly; a question each, never a stop.

    Source: UU 14/2008 Ps 17 huruf g, huruf h angka 3.
    """
    if letters == {"h"} and _INSTITUTION_MONEY.search(title):
        yield warn("grounds", "dasar.keuangan_lembaga")
    if letters == {"g"} and _STAFF.search(title) and not _DEED.search(title):
        yield warn("grounds", "dasar.kepegawaian_g")


def _never_exempt(body: Body, letters: set[str]) -> Iterator[Finding]:
    """What the officer answered to art. 18: its list stops the item; consent and office take letters g and h away.

    Source: UU 14/2008 Ps 18(1), 18(2).
    """
    answer = body.get("article18")
    if answer == "listed":
        yield block("article18", "pasal_18.termasuk")
    if not letters & {"g", "h"}:
        return
    if answer == "consent":
        yield warn("article18", "pasal_18.persetujuan")
    elif answer == "office":
        yield warn("article18", "pasal_18.jabatan")


def _consequences(body: Body) -> Iterator[Finding]:
    """Two arguments: the harm of opening, and the interest that closing protects.

    Source: UU 14/2008 Ps 2(4), Ps 19.
    """
    harm, interest = _text(body, "harm"), _text(body, "interest")
    if not harm:
        yield block("harm", "kons.dibuka_kosong")
    if not _text(body, "benefit"):
        yield warn("benefit", "kons.manfaat_kosong")
    if not interest:
        yield block("interest", "kons.ditutup_kosong")
    if harm and harm.casefold() == interest.casefold():
        yield warn("interest", "kons.sama")


def _personal_data(body: Body) -> Iterator[Finding]:
    """No number of a person anywhere: the register describes information, it does not hold it.

    Source: UU 27/2022 Ps 4.
    """
    for name in _PROSE:
        if _NIK.search(_text(body, name)):
            yield warn(name, "teks.bocor")
    if any(_NIK.search(line) or _NIP.search(line) for line in body.get("participants") or ()):
        yield warn("participants", "teks.bocor")


def _cited(body: Body) -> list[Ground]:
    found = (grounds.find(row.get("code")) for row in body.get("grounds") or ())
    return [ground for ground in found if ground]


def _forbidden_by_act(body: Body, cited: list[Ground]) -> bool:
    if not any(ground.needs_other_law for ground in cited):
        return True
    laws = (row.get("law") for row in body.get("grounds") or ())
    home = grounds.catalogue().act
    return any(acts.is_act(law) for law in laws if law != home)


def _has_part(body: Body) -> bool:
    return body.get("part") == "whole" or (body.get("part") == "part" and bool(_text(body, "open_part")))


def _period(body: Body) -> Period:
    return Period.from_dict(body.get("period"))


def _text(body: Body, name: str) -> str:
    return _squeezed(str(body.get(name) or ""))


# Lists repeat their words in every row.
@lru_cache(maxsize=1024)
def _squeezed(text: str) -> str:
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def _filled(name: str) -> Callable[[Body], bool]:
    return lambda body: bool(str(body.get(name) or "").strip())


_NINE: dict[str, Callable[[Body], bool]] = {
    "title": _filled("title"),
    "document": _filled("document"),
    "part": _has_part,
    "grounds": lambda body: bool(_cited(body)) and _forbidden_by_act(body, _cited(body)),
    "harm": _filled("harm"),
    "benefit": _filled("benefit"),
    "interest": _filled("interest"),
    "period": lambda body: is_settled(_period(body)),
    "holder": _filled("holder"),
}
