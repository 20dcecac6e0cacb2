"""Plain text and CSV: characters and line ends, in UTF-8, UTF-16 with its mark, or Windows-1252; nothing that runs."""

import codecs
import re
from typing import Final

from ppid_saas.inspection.allowed import FileType
from ppid_saas.inspection.formats.stream import Reader
from ppid_saas.inspection.refusals import refuse

CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
UNDEFINED: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
HEAD: Final = 1024
# What a browser, a shell or Word opens as something else, whatever the name says.
OTHERS: Final = re.compile(
    r"\ufeff?\s*(<!doctype|<html|<head|<body|<script|<svg|<\?xml|<\?php|<!--|<table|#!|%PDF-|%!PS|\{\\rtf|MIME-Version:|@echo\b)",
    re.IGNORECASE,
)


def read(_: FileType, size: int) -> Reader:
    """Read all of it in the encoding its first bytes tell."""
    del size
    characters: Characters | None = None
    waiting, head, ended = b"", "", False
    while not ended:
        chunk = yield
        waiting, ended = waiting + chunk, not chunk
        if len(waiting) < 2 and not ended and not characters:
            continue
        characters = characters or Characters(waiting)
        text, waiting = characters.decode(waiting, ended=ended), b""
        if CONTROLS.search(text):
            refuse("not_its_type")
        head = head if len(head) >= HEAD else head + text[:HEAD]
    if OTHERS.match(head):
        refuse("not_its_type")


class Characters:
    """A decoder that takes what is broken as UTF-8 for Windows-1252, if all of the file can be that."""

    def __init__(self, first: bytes) -> None:
        self._wide = first.startswith(WIDE)
        self._decoder = codecs.getincrementaldecoder("utf-16" if self._wide else "utf-8")()
        self._broken, self._narrow = False, not self._wide

    def decode(self, chunk: bytes, *, ended: bool) -> str:
        """Return the characters of a chunk."""
        self._narrow = self._narrow and not UNDEFINED.search(chunk)
        if not self._broken:
            try:
                return self._decoder.decode(chunk, ended)
            except UnicodeDecodeError:
                self._broken = True
        if not self._narrow:
            refuse("not_its_type")
        return chunk.decode("cp1252")
