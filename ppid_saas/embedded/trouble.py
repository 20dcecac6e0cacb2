"""What can go wrong when starting, as one line in Indonesian that ends with the remedy; not for errors of requests."""


class Trouble(Exception):  # noqa: N818  # it is shown to people, not caught by code
    """Something a person must put right; the message is the whole output."""
