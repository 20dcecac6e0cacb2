"""PDF: read by qpdf without repairs, every revision as a document of its own, and refused when anything in it acts or carries files.

A scan has none of this. A signature is welcome; JavaScript, launching, sending, attached files, media and XFA are not, nor
an action on opening other than showing a place. An encrypted PDF cannot be scanned and is refused.
"""

import itertools
import re
from collections.abc import Iterator
from typing import Any, Final

import pikepdf

from ppid_saas.inspection.allowed import FileType
from ppid_saas.inspection.formats.skeleton import Skeleton, View
from ppid_saas.inspection.formats.stream import Reader
from ppid_saas.inspection.refusals import refuse

HEADER: Final = re.compile(rb"%PDF-(1\.[0-7]|2\.0)[\r\n\s%]")
END: Final = re.compile(rb"startxref[\s\0]+(\d{1,10})[\s\0]+%%EOF")
LOCKED: Final = re.compile(rb"/Encrypt[\s\0]*(?:<<|\d+[\s\0]+\d+[\s\0]+R)")
TABLE: Final = re.compile(rb"(?:\A|[\r\n])xref[ \t]*[\r\n]")
ROWS: Final = re.compile(rb"(?:\s*\d+ \d+[ \t]*[\r\n]+(?:\d{10} \d{5} [nf](?: \r| \n|\r\n))*)+\s*")
LATER: Final = re.compile(rb"(\d{10}) (?!00000)(\d{5}) n")
OBJECT: Final = re.compile(rb"\s*\d{1,10}\s+(\d{1,10})\s+obj")
RANGE: Final = re.compile(rb"[\r\n\s](\d+) (\d+)[ \t]*[\r\n]")
# Left out by some writers; no program needs them.
HARMLESS: Final = re.compile(
    "xref entry for the xref stream itself is missing|Resources is missing or invalid"
)
MOST_REVISIONS: Final = 64
MOST_VALUES: Final = 5_000_000
DEEPEST: Final = 100

# An address that is not one of the web, of mail or of a telephone.
SCHEME: Final = re.compile(
    r"\s*(?!https?:|mailto:|tel:|ftp:|www\.)(?:[a-z][a-z0-9+.-]*:|\\\\|//)", re.IGNORECASE
)
SCRIPTED_KEYS: Final = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
CARRYING_KEYS: Final = frozenset({"/EF", "/EmbeddedFiles"})
ACTING: Final = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute",
    "/GoTo3DView",
})  # fmt: skip
SHOWING: Final = frozenset({"/GoTo", "/Named"})
MEDIA: Final = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
CARRIED: Final = frozenset({"/FileAttachment", "/EmbeddedFile"})


def read(_: FileType, size: int) -> Reader:
    """Keep what is not a stream's content while the file comes by, then read that."""
    skeleton = Skeleton()
    while chunk := (yield):
        skeleton.add(chunk)
    skeleton.close()
    if not HEADER.match(skeleton.read(0, 16)):
        refuse("not_its_type")
    if any(LOCKED.search(text) for _, text in skeleton.text()):
        refuse("encrypted")
    check_tables(skeleton)
    for end in revisions(skeleton, size):
        check(View(skeleton, end))


def revisions(skeleton: Skeleton, size: int) -> list[int]:
    """Return where each revision ends; nothing may follow the last."""
    found = [
        (start + each.end(), int(each[1])) for start, text in skeleton.text() for each in END.finditer(text)
    ]
    if not found:
        refuse("damaged")
    last, _ = found[-1]
    if skeleton.read(last, size - last).strip(b"\0\t\n\f\r "):
        refuse("hidden")
    # A file prepared for the web begins with a table that points forward: no revision ends there.
    ends = [end for end, table in found if 0 < table < end]
    if not ends or ends[-1] != last:
        refuse("damaged")
    if len(ends) > MOST_REVISIONS:
        refuse("bomb")
    return ends


def check_tables(skeleton: Skeleton) -> None:
    """Refuse a table of places whose rows are not as long as they must be: programs would read different ones."""
    for _, text in skeleton.text():
        for begin in TABLE.finditer(text):
            end = text.find(b"trailer", begin.end())
            if end < 0 or not ROWS.fullmatch(text, begin.end(), end):
                refuse("damaged")
            for place, generation in LATER.findall(text, begin.end(), end):
                check_generation(skeleton.read(int(place), 64), int(generation))
            check_ranges(
                [(int(first), int(many)) for first, many in RANGE.findall(text, begin.end() - 1, end)]
            )


def check_generation(object_: bytes, generation: int) -> None:
    """Refuse a place whose object is of another generation: readers find nothing there, or something else."""
    found = OBJECT.match(object_)
    if not found or int(found[1]) != generation:
        refuse("damaged")


def check_ranges(ranges: list[tuple[int, int]]) -> None:
    """Refuse a table that tells two places for one object: programs would choose differently."""
    ends = 0
    for first, many in sorted(ranges):
        if first < ends:
            refuse("damaged")
        ends = first + many


def check(view: View) -> None:
    """Read every object of one revision."""
    try:
        with pikepdf.open(view, attempt_recovery=False, suppress_warnings=True) as document:  # type: ignore[arg-type]
            if document.is_encrypted:
                refuse("encrypted")
            check_opening(document.Root)
            if not len(document.pages):
                refuse("damaged")
            count = itertools.count()
            for each in document.objects:
                for value in values(each):
                    check_value(value)
                    if next(count) > MOST_VALUES:
                        refuse("bomb")
            if not all(HARMLESS.search(str(warning)) for warning in document.get_warnings()):
                refuse("damaged")
    except pikepdf.PasswordError:
        refuse("encrypted")
    except pikepdf.PdfError:
        refuse("damaged")


def values(top: Any) -> Iterator[Any]:
    """Everything within one object that is not an object of its own."""
    waiting = [(top, 0)]
    while waiting:
        value, depth = waiting.pop()
        yield value
        if depth > DEEPEST:
            refuse("bomb")
        if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            waiting += [(each, depth + 1) for _, each in value.items() if is_within(each)]
        elif isinstance(value, pikepdf.Array):
            waiting += [(each, depth + 1) for each in value if is_within(each)]


def is_within(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def check_value(value: Any) -> None:
    """Refuse a dictionary that acts, plays or carries a file."""
    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return
    keys = set(value.keys())
    if keys & SCRIPTED_KEYS or name_of(value, "/S") in ACTING or name_of(value, "/Subtype") in MEDIA:
        refuse("scripted")
    if isinstance(value, pikepdf.Stream) and "/F" in keys:
        refuse("remote")
    if name_of(value, "/Type") == "/XRef":
        check_index(value)
    if "/URI" in keys and SCHEME.match(str(value["/URI"])):
        refuse("scripted")
    if keys & CARRYING_KEYS or {name_of(value, "/Subtype"), name_of(value, "/Type")} & CARRIED:
        refuse("embedded")
    if "/AA" in keys:
        check_moments(value["/AA"])


def check_index(table: Any) -> None:
    """The same for a table that is a stream."""
    index = [int(number) for number in table.get("/Index", [])]
    check_ranges(list(zip(index[::2], index[1::2], strict=True)))


def check_opening(root: Any) -> None:
    """Refuse a document that does more on opening than to show a place."""
    action = root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and name_of(action, "/S") not in SHOWING:
        refuse("scripted")


def check_moments(moments: Any) -> None:
    """The same for what is tied to a page's opening, a field's change and the like."""
    if not isinstance(moments, pikepdf.Dictionary):
        return
    for action in moments.values():
        if isinstance(action, pikepdf.Dictionary) and name_of(action, "/S") not in SHOWING:
            refuse("scripted")


def name_of(value: Any, key: str) -> str:
    found = value.get(key)
    return str(found) if isinstance(found, pikepdf.Name) else ""
