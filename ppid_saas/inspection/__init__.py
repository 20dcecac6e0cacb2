"""Whether a file is what its name says and nothing else: nothing is opened here that a limited process could not open.

    file_type = inspection.type_of(name, size)              # before a byte is taken
    with inspection.examining(name, size, clamd=settings.clamd_socket) as examination:
        for chunk in chunks:                                 # once, in order, at most 1 MiB each
            examination.feed(chunk)
        file_type = examination.verdict()

Each of them raises RefusedFileError with `code`, `message` in words, and `passing` for what may be tried again. Bytes
are never written anywhere. Knows no document, no tenant, no request; who keeps the bytes meanwhile is not its business.
"""

from ppid_saas.inspection.allowed import TYPES, FileType, type_of
from ppid_saas.inspection.examination import EXAMINERS, Examination, examining
from ppid_saas.inspection.refusals import RefusedFileError

__all__ = ["EXAMINERS", "TYPES", "Examination", "FileType", "RefusedFileError", "examining", "type_of"]
