"""What a long list takes of memory while it is made: a letter's annex as PDF and as Word, an edition, each in its own process.

Every item argues at length in words of its own, as the longest real lists do. `own` is the process that asks, `typst` the one
it starts for a PDF.
"""

import json
import resource
import subprocess
import sys
from datetime import date
from typing import Any

from ppid_saas.determinations import papers
from ppid_saas.determinations.papers import Row, Style
from ppid_saas.editions import files
from ppid_saas.letters import as_pdf, as_word
from ppid_saas.settings import ROOT
from tests.editions.test_files import MADE as MADE_BY
from tests.editions.test_files import bodies
from tests.fixtures.walk import body
from tests.letters.test_papers import facts

ROWS = 2_500
BAR_MIB = 512
FORMS = {"pdf": as_pdf, "docx": as_word}
MADE = ("pdf", "docx", "edition")
REASON = (
    "Apabila berkas ke-{n} terbuka, orang yang tercatat di dalamnya dapat dirugikan dan kerugian itu sulit dipulihkan"
    " setelah isinya tersebar; petugas yang menyusunnya dapat ditekan oleh pihak yang berkepentingan. "
)


def run(seconds: float | None = None, seed: int = 1) -> dict[str, Any]:
    """Make each form once; the size is fixed."""
    del seconds, seed
    return {"rows": ROWS, "bar_mib": BAR_MIB} | {form: _measured(form) for form in MADE}


def _measured(form: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.annex", form],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, int] = json.loads(done.stdout)
    return found


def rows(count: int) -> list[Row]:
    """Return items whose reasons are about nine hundred characters each."""
    units = [f"Dinas {n} Kabupaten Contoh" for n in range(60)]
    return [Row(units[n % 60], _argued(n), date(2031, 11, 22)) for n in range(count)]


def _argued(n: int) -> dict[str, Any]:
    reason = (REASON * 4).format(n=n)
    return body(
        f"Rincian berkas layanan ke-{n} beserta identitas pemohonnya",
        harm=reason,
        interest=reason,
        benefit=reason,
    )


def _sizes(form: str) -> list[int]:
    if form == "edition":
        reasons = {name: (REASON * 4).format(n=0) for name in ("harm", "interest")}
        content = files.document("sana", 1, MADE_BY, bodies(ROWS, **reasons))
        made = files.render("Kabupaten Contoh", content, "0" * 64)
        return [len(one.data) for one in made if one.media_type == "application/pdf"]
    style = Style.from_dict({"head": ("PEMERINTAH KABUPATEN CONTOH",)})
    volumes = papers.determination(facts(), rows(ROWS), style, draft=False)
    return [len(FORMS[form](volume)) for volume in volumes]


def _make(form: str) -> dict[str, int]:
    sizes = _sizes(form)
    return {
        "volumes": len(sizes), "bytes": sum(sizes),
        "own_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "typst_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_make(sys.argv[1])))
