"""Fixtures of stored bytes, for the tests of this folder."""

from tests.vault.storage import own, store

__all__ = ["own", "store"]
