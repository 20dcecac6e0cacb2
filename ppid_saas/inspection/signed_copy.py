"""What a PDF that came back says: its signatures, who and when and whether it is whole, and the text of its first pages.

A process of its own, without environment, network or files, reads it; what it costs is limited. Certificates are never
fetched: only roots that are given here make a signer known. Decides nothing about what may be kept.
"""

import base64
import io
import json
import logging
import resource
import subprocess
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 30
FIRST_PAGES: Final = 3
LONGEST_TEXT: Final = 20_000
MOST_SIGNATURES: Final = 20
UNREADABLE: Final[dict[str, Any]] = {"pages": 0, "text": "", "signatures": [], "unreadable": True}


def read_signed(data: bytes, roots: Sequence[bytes] = ()) -> dict[str, Any]:
    """Return pages, text and signatures of a PDF; `unreadable` where its structure could not be followed to the end."""
    head = json.dumps([base64.b64encode(root).decode() for root in roots]).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ppid_saas.inspection.signed_copy"],
            input=head + b"\n" + data,
            cwd=Path(__file__).resolve().parents[2],
            env={},
            capture_output=True,
            timeout=SECONDS * 2,
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout) if not done.returncode else dict(UNREADABLE)
    except (subprocess.TimeoutExpired, ValueError):
        return dict(UNREADABLE)
    return found


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _read(data: bytes, roots: Sequence[bytes]) -> dict[str, Any]:
    pages, text = _text(data)
    return {"pages": pages, "text": text, "signatures": _signatures(data, roots), "unreadable": False}


def _text(data: bytes) -> tuple[int, str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    first = " ".join(page.extract_text() for page in reader.pages[:FIRST_PAGES])
    return len(reader.pages), " ".join(first.split())[:LONGEST_TEXT]


def _signatures(data: bytes, roots: Sequence[bytes]) -> list[dict[str, Any]]:
    from asn1crypto import pem, x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko_certvalidator import ValidationContext

    known = [x509.Certificate.load(pem.unarmor(one)[2] if pem.detect(one) else one) for one in roots]
    reader = PdfFileReader(io.BytesIO(data), strict=False)
    context = ValidationContext(trust_roots=known, allow_fetching=False, revocation_mode="soft-fail")
    return [_one(each, context) for each in reader.embedded_signatures[:MOST_SIGNATURES]]


def _one(each: Any, context: Any) -> dict[str, Any]:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature

    stamped = each.self_reported_timestamp
    told = {"who": _name(each.signer_cert), "when": stamped.isoformat() if stamped else ""}
    try:
        status = validate_pdf_signature(each, context)
    except Exception:  # noqa: BLE001  # a signature that cannot be followed is one that nobody can rely on
        return {**told, "intact": False, "known": False, "extended": False}
    changed = status.modification_level
    return {
        **told, "intact": bool(status.intact and status.valid), "known": bool(status.trusted),
        "extended": changed is not None and changed not in {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES}
        and _goes_on(each),
    }  # fmt: skip


def _goes_on(each: Any) -> bool:
    """Say whether something was added to the file after this signature."""
    return bool(each.reader.xrefs.total_revisions > each.signed_revision + 1)


def _name(certificate: Any) -> str:
    if certificate is None:
        return ""
    native = certificate.subject.native
    name = native.get("common_name") or native.get("organization_name") or ""
    return str(name if isinstance(name, str) else name[0])[:200]


def _main() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    head = sys.stdin.buffer.readline()
    roots = [base64.b64decode(one) for one in json.loads(head)]
    data = sys.stdin.buffer.read()
    _limit()
    try:
        found = _read(data, roots)
    except Exception:  # noqa: BLE001  # whatever a foreign file brings about, it is the file's fault
        found = dict(UNREADABLE)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    _main()
