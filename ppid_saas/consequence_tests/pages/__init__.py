"""Tests on screen: rounds and sheets, the board's short pages, sittings and their meeting mode."""

from ppid_saas.consequence_tests.pages import board, printed, sheet, sittings
from ppid_saas.consequence_tests.pages.rounds import bp

__all__ = ["board", "bp", "printed", "sheet", "sittings"]
