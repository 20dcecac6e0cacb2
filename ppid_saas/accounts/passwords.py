"""Password hashing: argon2id at 19 MiB, two passes, one lane, a few at a time so that sign-ins cannot exhaust the machine."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ppid_saas.access.sayings import say

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256
AT_ONCE = 2

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(AT_ONCE)
_NOBODY = _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the encoded argon2id hash."""
    with _turns:
        return _hasher.hash(password)


def matches(encoded: str | None, password: str) -> bool:
    """Check a password; an unknown account costs the same time as a wrong password."""
    with _turns:
        try:
            return _hasher.verify(encoded or _NOBODY, password[:MAXIMUM_LENGTH]) and encoded is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(encoded: str) -> bool:
    """Say whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(encoded)


def problem_with(password: str, email: str = "") -> str | None:
    """Return what is wrong with a new password, in words, or None."""
    if len(password) < MINIMUM_LENGTH:
        return say(
            "Kata sandi paling sedikit %(n)s huruf. Kalimat pendek lebih mudah diingat.", n=MINIMUM_LENGTH
        )
    if len(password) > MAXIMUM_LENGTH:
        return say("Kata sandi paling banyak %(n)s huruf.", n=MAXIMUM_LENGTH)
    if email and email.partition("@")[0].lower() in password.lower():
        return say("Kata sandi tidak boleh memuat nama surel Anda.")
    if len(set(password)) < 5:
        return say("Kata sandi terlalu mudah ditebak. Pakai kalimat pendek.")
    return None
