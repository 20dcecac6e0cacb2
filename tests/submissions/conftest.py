"""Fixtures of stored bytes, for the signed letter."""

from tests.vault.storage import store

__all__ = ["store"]
