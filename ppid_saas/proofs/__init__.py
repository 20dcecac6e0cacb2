"""Proofs, pure: the one form of bytes that is hashed, and its hash. Signs nothing and stores nothing."""

from ppid_saas.proofs.canonical_json import canonical, digest, hashed

__all__ = ["canonical", "digest", "hashed"]
