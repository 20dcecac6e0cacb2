"""The register on screen: the list, one item, its form, and the page that settles two people's changes."""

from ppid_saas.register.pages import files, form, item, together
from ppid_saas.register.pages.listing import bp

__all__ = ["bp", "files", "form", "item", "together"]
