"""Texts that people send from their own WhatsApp, pure: the address that opens them, and numbers as it wants them."""

import re
from urllib.parse import quote

LOCAL_NUMBER = re.compile(r"0\d{8,13}")
FULL_NUMBER = re.compile(r"[1-9]\d{8,14}")


def whatsapp_number(written: str) -> str | None:
    """Return a number as wa.me wants it, or None: `0812-3456-7890` becomes `6281234567890`."""
    digits = re.sub(r"[\s().\-+]", "", written)
    if LOCAL_NUMBER.fullmatch(digits):
        return f"62{digits[1:]}"
    return digits if FULL_NUMBER.fullmatch(digits) else None


def whatsapp_link(text: str, number: str = "") -> str:
    """Return the address that opens a text in the sender's own WhatsApp, at `number` or where she chooses."""
    return f"https://wa.me/{number}?text={quote(text)}"
