"""Paper, pure: Typst sources filled with data become tagged PDF bytes. Decides no wording and stores nothing."""

from ppid_saas.letters.typesetting import TypesettingError, typeset

__all__ = ["TypesettingError", "typeset"]
