"""The import wizard on screen: its steps, and what a person settles beside them."""

from ppid_saas.intake.pages import settling
from ppid_saas.intake.pages.wizard import bp

__all__ = ["bp", "settling"]
