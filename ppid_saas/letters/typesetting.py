"""Compile a Typst source with its data to PDF/A and PDF/UA, in a process of its own: a long list takes hundreds of megabytes.

The data reach the source as the file `data.json`, never as markup, so that no text can act as a command. `frame.typ`,
which forms share, lies beside it.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SECONDS = 240
FRAME = Path(__file__).with_name("frame.typ")


class TypesettingError(RuntimeError):
    """The source could not be compiled; the compiler's words are not kept, for they quote the data."""


def typeset(source: Path, data: Any) -> bytes:
    """Return the PDF of a Typst file filled with `data` (JSON values)."""
    with tempfile.TemporaryDirectory(prefix="ppid-typst-") as folder:
        room = Path(folder)
        (room / "main.typ").write_bytes(source.read_bytes())
        (room / FRAME.name).write_bytes(FRAME.read_bytes())
        (room / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "ppid_saas.letters.typesetting", folder],
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode:
            raise TypesettingError(f"{source.name} did not compile")
        return (room / "main.pdf").read_bytes()


def _compile(folder: Path) -> None:
    import typst

    typst.compile(
        str(folder / "main.typ"),
        output=str(folder / "main.pdf"),
        root=str(folder),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
    )


if __name__ == "__main__":
    _compile(Path(sys.argv[1]))
