"""Exemption periods as really written ("Permanen, kecuali ...", "5 (lima) tahun"), read into a Period.

The wording is kept verbatim. Nothing is guessed: what could mean two dates stays unspecified for a person to settle.
"""

import re
from dataclasses import replace

from ppid_saas.law import dates_in_words as written
from ppid_saas.law.periods import Period, PeriodKind

_FOREVER = re.compile(
    r"\b(?:tidak|tak|tiada)\s+(?:ada\s+)?(?:ter)?batas(?:nya)?\b|\btanpa\s+batas\b|\bselama-?\s?lamanya\b|\bselamanya\b"
    r"|\bseterusnya\b|\btidak\s+terhingga\b|\babadi\b|\bunlimited\b"
)
_PERMANENT = re.compile(r"\b(?:permanen|permanent)\b")
_CONSENT = re.compile(
    r"\b(?:persetujuan\w*|izin\w*|ijin\w*|se[ij]z?in|kesediaan|menyetujui|mengizinkan|memberikan kuasa)\b"
)
_RELEASE = re.compile(
    r"\b(?:persetujuan\w*|menyetujui|izin\w*|ijin\w*|perintah|permintaan|putusan|keputusan|jabatan publik|kecuali|terbuka|dibuka"
    r"|diberikan)\b"
)
_UNTIL = re.compile(
    r"\b(?:sampai|hingga|sehingga|selama|setelah|sesudah|sebelum|ketika|saat|pada waktu|apabila|bila|jika|sepanjang|manakala"
    r"|masih|s\s*[./]\s*d)\b"
)
_CLOSED_WHILE = re.compile(r"\b(?:sampai|hingga|selama(?!-?\s?(?:lama)?nya))\b")
_VAGUE = re.compile(
    r"(?:\b(?:sampai|hingga|selama|dengan|dalam|batas|untuk|sesuai|menurut|berdasarkan|pada|sebagaimana|yang|masih)\b\s*)*"
    r"(?:jangka\s+waktu|waktu|masa|batas\s+waktu|ketentuan|peraturan|per\s*undang-?\s?undangan|kebutuhan|diperlukan|dibutuhkan"
    r"|situasional|menyesuaikan|terbatas|ketat|tertentu|retensi|jra)"
    r"(?:\s+(?:yang|tertentu|terbatas|tidak|belum|akan|dapat|bila|jika|di\w+|ketentuan|peraturan|per\s*undang-?\s?undangan|waktu"
    r"|batas|arsip|berlaku|dan|atau|jadwal|retensi|kebutuhan))*"
)
_CUT = re.compile(
    r"\n|;|\((?!\w+(?:, \w+(?: \w+)?)+\))|\)|\s/\s*|/\s+|/(?=(?:di|ter)(?:buka|berikan))|\.\s+(?=[A-Z])|,\s*(?=kecuali|dapat|hanya|apabila|atau|namun)"
    r"|\s+(?=kecuali\b)|\s+(?:dan|atau|dan/atau)\s+(?=(?:di|ter)buka\b|ada\b|adanya\b|memperoleh\b|mendapat\w*\b|persetujuan\b|atas\b"
    r"|berkaitan\b|sampai\b|selama\b|setelah\b|apabila\b|jika\b)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;,()\n]|\.\s|\s/\s")
_ANCHOR = re.compile(
    r"^[\s)]*(?:(?:ter)?hitung\s+)?(?:sejak|semenjak|setelah|sesudah|mulai|dari|pasca)\b\s*(?P<what>.*)",
    re.DOTALL,
)
_HOME_ANCHOR = re.compile(
    r"^(?:\W*(?:tanggal|saat|tgl|surat|sk|adanya|di|keputusan|informasi|ini|dik|daftar)\b)*\W*"
    r"(?:penetapan|ditetapkan\w*|pengklasifikasian|klasifikasi|dikecualikan|uji konsekuensi|keputusan|$)"
)
_CONNECTING = frozenset(
    re.findall(
        r"\w+",
        "adalah akan atau batas berakhir berlaku bersifat dalam dan dapat dari dengan di dibuka dikecualikan hari hingga informasi ini jam"
        " jangka jumat kamis lama maksimal maksimum masa minggu mulai paling pengecualian periode pukul rabu rahasia sabtu"
        " sampai sd secara sejak selambat lambatnya selama selasa semenjak senin sesudah setelah tanggal terbatas terbuka terhitung tertutup tgl tmt"
        " untuk waktu yaitu",
    )
)


def parse_period(text: str) -> Period:
    """Read one cell.

    Source: PP 61/2010 Ps 4 huruf d; UU 14/2008 Ps 20.
    """
    plain = " ".join(text.lower().split()).strip(" .-–—:")
    if not re.search(r"\w", plain):
        return Period(text=text)
    forever = _FOREVER.search(plain) or (_PERMANENT.search(plain) if not _event_first(plain) else None)
    if forever:
        return Period(PeriodKind.UNLIMITED, release=_releases(text), text=text)
    return _dated(text, plain) or _lasting(text, plain) or _conditional(text, plain)


def _event_first(plain: str) -> bool:
    """So "Sampai ... gedung permanen" ends; "Permanen. Sampai ..." does not."""
    until, permanent = _CLOSED_WHILE.search(plain), _PERMANENT.search(plain)
    return bool(until and permanent and until.start() < permanent.start())


def _dated(text: str, plain: str) -> Period | None:
    """A calendar date ends it, or two dates span it; a date inside an event ("perjanjian 5 Mei 2024") does not."""
    found = written.find_dates(plain)
    if not found or not all(_stands_alone(plain[: d.start], plain[d.end :]) for d in found):
        return None
    last = found[-1]
    begins = len(found) == 1 and _begins(plain, last)
    if written.find_spans(plain) and (begins or not _ends(plain, last)):
        return None
    if begins:
        return Period(starts_on=last.day, text=text)
    starts_on = found[0].day if len(found) > 1 else None
    return Period(
        PeriodKind.UNTIL_DATE, starts_on=starts_on, ends_on=last.last, release=_releases(text), text=text
    )


def _begins(plain: str, found: written.FoundDate) -> bool:
    before = re.search(r"\b(?:sejak|semenjak|mulai|terhitung|dari|tmt)\b[\w\s]{0,24}$", plain[: found.start])
    return bool(before or re.match(r"\W*\b(?:sampai|hingga|s\s*[./]\s*d)\b", plain[found.end :]))


def _ends(plain: str, found: written.FoundDate) -> bool:
    return bool(re.search(r"\b(?:sampai|hingga|s\s*[./]\s*d)\b[\w\s.]{0,24}$", plain[: found.start]))


def _stands_alone(before: str, after: str = "") -> bool:
    """Nothing but connecting words around it in its own clause: no agreement, no person, no building."""
    around = _BREAK.split(before)[-1] + " " + _BREAK.split(after)[0]
    for span in reversed(written.find_dates(around)):
        around = around[: span.start] + around[span.end :]
    for length in reversed(written.find_spans(around)):
        around = around[: length.start] + around[length.end :]
    return set(re.findall(r"[a-z]{2,}", around)) <= _CONNECTING


def _lasting(text: str, plain: str) -> Period | None:
    """A number of years, months, weeks or days: from the determination, a date, or an event."""
    spans = written.find_spans(plain)
    if not spans or not _stands_alone(plain[: spans[0].start]):
        return None
    span = spans[0]
    if len(spans) > 1 or span.uncertain:
        return Period(text=text)
    fixed = Period(PeriodKind.FIXED, span.value, span.unit, release=_releases(text), text=text)
    anchor = _ANCHOR.match(plain[span.end :])
    days = written.find_dates(anchor["what"] if anchor else plain)
    if days:
        return replace(fixed, starts_on=days[0].day) if anchor else Period(text=text)
    if anchor is None or _HOME_ANCHOR.match(anchor["what"]):
        return fixed
    return replace(fixed, kind=PeriodKind.UNTIL_EVENT, event=_clauses(text)[0])


def _conditional(text: str, plain: str) -> Period:
    """No date and no number: an event, a consent, or nothing that can be held on to."""
    clauses = _clauses(text)
    if plain.startswith("kecuali"):
        return Period(release=_releases(text), text=text)
    if all(_VAGUE.fullmatch(" ".join(c.lower().split())) for c in clauses):
        return Period(text=text)
    event = next((c for c in clauses if _is_event(c)), None)
    if event:
        return Period(PeriodKind.UNTIL_EVENT, event=event, release=_releases(text, event), text=text)
    if _CONSENT.search(plain):
        return Period(PeriodKind.UNTIL_CONSENT, release=_releases(text), text=text)
    return Period(release=_releases(text), text=text)


def _is_event(clause: str) -> bool:
    low = clause.lower()
    if _CONSENT.search(low) or low.startswith("kecuali"):
        return False
    return bool(_UNTIL.search(low)) and not set(re.findall(r"[a-z]{2,}", low)) <= _CONNECTING - {"berlaku"}


def _releases(text: str, event: str | None = None) -> tuple[str, ...]:
    """Clauses that open it earlier, as written."""
    if event is None and _FOREVER.fullmatch(" ".join(text.lower().split()).strip(" .")):
        return ()
    return tuple(c for c in _clauses(text) if c != event and _opens(c))


def _opens(clause: str) -> bool:
    low = clause.lower()
    return bool(_RELEASE.search(low)) and not _stands_alone(low.rstrip(")")) and not _FOREVER.fullmatch(low)


def _clauses(text: str) -> list[str]:
    """The cell's clauses, single-spaced; runs of spaces go first, since every cut looks through them."""
    plain = re.sub(r"\s+", lambda run: "\n" if "\n" in run[0] else " ", text)
    pieces = (_closed(" ".join(piece.split()).strip(" .,-–")) for piece in _CUT.split(plain))
    return [piece for piece in pieces if re.search(r"\w{2}", piece)] or [text.strip()]


def _closed(piece: str) -> str:
    """A list in brackets stays with its clause ("atas izin pihak lain (bank, kantor notaris)"); the cut took its end."""
    return f"{piece})" if piece.count("(") > piece.count(")") else piece
