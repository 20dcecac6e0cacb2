"""The register of places on screen: places, papers, labels, loans and inventories."""

from ppid_saas.places.pages import inventories, labels, papers
from ppid_saas.places.pages.shelves import bp

__all__ = ["bp", "inventories", "labels", "papers"]
