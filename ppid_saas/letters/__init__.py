"""Paper, pure: blocks or Typst sources filled with data become tagged PDF or Word bytes. Stores nothing."""

from ppid_saas.letters.paper import as_data, as_pdf, volumes
from ppid_saas.letters.typesetting import TypesettingError, typeset
from ppid_saas.letters.word import as_word

__all__ = ["TypesettingError", "as_data", "as_pdf", "as_word", "typeset", "volumes"]
