"""What can go wrong, as typed exceptions with a code and a message for people. None knows an HTTP status."""

from collections.abc import Mapping, Sequence

from ppid_saas.access.sayings import say


class DomainError(Exception):
    """The base: `code` for programs, `message` in Indonesian for people, `fields` for forms."""

    code = "galat"

    def __init__(self, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.message = say(message)
        self.fields = {name: [say(text) for text in texts] for name, texts in (fields or {}).items()}

    @property
    def by_field(self) -> dict[str, str]:
        """Return the first message of each field, as form macros take them."""
        return {name: messages[0] for name, messages in self.fields.items() if messages}


class NotFoundError(DomainError):
    """It does not exist, or it is not this actor's: nobody can tell which."""

    code = "tidak-ditemukan"

    def __init__(self, message: str = say("Tidak ditemukan, atau bukan milik unit Anda.")) -> None:
        super().__init__(message)


class NotSignedInError(DomainError):
    """Nobody is known here yet."""

    code = "belum-masuk"

    def __init__(self, message: str = say("Silakan masuk lebih dahulu.")) -> None:
        super().__init__(message)


class InvalidError(DomainError):
    """What was sent cannot be taken as it is; `fields` says what to mend."""

    code = "isian-tidak-sah"


class ConflictError(DomainError):
    """It changed meanwhile, or its state does not allow this now."""

    code = "keadaan-berubah"


class GoneError(DomainError):
    """It was here and is not any more; the message says what to do instead."""

    code = "sudah-tidak-ada"


class TooManyError(DomainError):
    """Too many tries; the message says how long to wait."""

    code = "terlalu-sering"


class TooLargeError(DomainError):
    """More bytes than allowed or than the quota has left."""

    code = "terlalu-besar"


class AwayError(DomainError):
    """Something this needs does not answer just now; the same may be tried again later."""

    code = "sedang-tidak-ada"
