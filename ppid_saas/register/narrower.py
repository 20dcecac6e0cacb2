"""The grounds a tenant may use, pure: all of art. 17, or the narrower list its own body has, as the tenant's data `grounds`.

What a ground means is said by `law`. Source: UU 14/2008 Ps 17; PKPU 22/2023 (KPU's narrower catalogue).
"""

from collections.abc import Collection, Mapping
from typing import Any

from ppid_saas.access.sayings import joined, say
from ppid_saas.law.grounds import Ground, catalogue
from ppid_saas.register.rules import letter_words


def letters(settings: Mapping[str, Any]) -> frozenset[str]:
    """Return the letters a tenant keeps to; none means all of them."""
    known = catalogue().grounds
    return frozenset(str(code) for code in settings.get("grounds") or () if code in known)


def offered(settings: Mapping[str, Any], chosen: Collection[str] = ()) -> dict[str, Ground]:
    """Return the grounds a form offers: the tenant's, and what an item has already, so that nothing is lost unseen."""
    kept = letters(settings)
    return {
        code: ground
        for code, ground in catalogue().grounds.items()
        if not kept or _letter(code) in kept or code in chosen or any(_letter(one) == code for one in chosen)
    }


def beyond(body: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """Return the sentence about grounds this tenant does not use, empty when there are none."""
    kept = letters(settings)
    cited = [row["code"] for row in body.get("grounds") or () if row.get("code") in catalogue().grounds]
    strange = [code for code in cited if kept and _letter(code) not in kept]
    if not strange:
        return ""
    named = joined(", ", (letter_words(code) for code in dict.fromkeys(strange)))
    return say("Dasar hukum %(names)s tidak termasuk katalog unit ini.", names=named)


def _letter(code: str) -> str:
    return code.partition(".")[0]
