"""What stands around every signed-in page: whose space this is, where one can go, who is signed in.

Asks no database: how much she has not read is fetched by the page itself, when it stands.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, request

from ppid_saas.access import policy
from ppid_saas.access.sayings import say
from ppid_saas.access.words import role_names
from tenants import context

Places = tuple[tuple[str, str, str], ...]

UNIT_NAV: Places = (
    ("beranda", say("Beranda"), "space.see"),
    ("butir", say("Butir"), "item.read"),
    ("impor", say("Impor"), "import.run"),
    ("pengajuan", say("Pengajuan"), "submission.read"),
    ("berkas", say("Berkas"), "document.read"),
    ("tempat", say("Tempat"), "place.read"),
)
# A KPU office goes to its approvals, and to the import from its list of items.
KPU_NAV = tuple(
    ("persetujuan", say("Persetujuan"), "kpu.read") if place[0] == "impor" else place for place in UNIT_NAV
)
CENTRAL_NAV: Places = (
    ("beranda", say("Beranda"), "space.see"),
    ("pengumpulan", say("Pengumpulan"), "collection.read"),
    ("pengajuan", say("Pemeriksaan"), "review.read"),
    ("gabungan", say("Daftar gabungan"), "entry.read"),
    ("telaah", say("Pertimbangan"), "opinion.give"),
    ("penetapan", say("Penetapan"), "determination.read"),
    ("edisi", say("Edisi"), "edition.read"),
)

# What is not gone to every day stands behind "Lainnya": a person finds at most six places side by side.
UNIT_MORE: Places = (
    ("uji", say("Uji konsekuensi"), "item.read"),
    ("penetapan", say("Penetapan"), "copy.read"),
    ("kalender", say("Kalender"), "calendar.read"),
    ("sop", say("SOP"), "space.see"),
)
CENTRAL_MORE: Places = (
    ("uji", say("Uji konsekuensi"), "test.read"),
    ("sidang", say("Sidang"), "test.read"),
    ("pertentangan", say("Butir serupa"), "entry.read"),
    ("pembukaan", say("Pembukaan"), "reopening.read"),
    ("sengketa", say("Sengketa"), "reopening.read"),
    ("kalender", say("Kalender"), "calendar.read"),
    ("laporan", say("Laporan"), "report.read"),
    ("sop", say("SOP"), "space.see"),
    ("penetapan/surat", say("Kata-kata surat"), "letter.style"),
)


def space_root(binding: context.Binding) -> str:
    """Return the address under which the bound tenant's pages stand."""
    return f"/{binding.region}/pusat" if binding.kind == "central" else f"/{binding.region}/u/{binding.slug}"


def _nav(binding: context.Binding, root: str) -> list[dict[str, Any]]:
    unit_nav = KPU_NAV if binding.category == "KPU" else UNIT_NAV
    return _places(CENTRAL_NAV if binding.kind == "central" else unit_nav, binding, root)


def _places(entries: Places, binding: context.Binding, root: str) -> list[dict[str, Any]]:
    here = request.path.removeprefix(root).strip("/").split("/")[0]
    return [
        {"label": label, "url": f"{root}/{place}", "current": place == here}
        for place, label, permission in entries
        if policy.may(binding.roles, permission)
    ]


def frame() -> Mapping[str, Any]:
    """Return the values of `frame` in layouts/office.html."""
    try:
        binding = context.current_binding()
    except context.UnboundTransactionError:
        return {}
    if binding.person_id is None:
        return {}
    common = {
        "person": binding.person_name,
        "sign_out_url": "/keluar",
        "spaces_url": "/ruang",
        "home_url": "/ruang",
    }
    if binding.tenant_id is None:
        return common
    root = space_root(binding)
    return common | {
        "space": binding.name,
        "home_url": f"{root}/beranda",
        "nav": _nav(binding, root),
        "more": _places(CENTRAL_MORE if binding.kind == "central" else UNIT_MORE, binding, root),
        "news_url": f"{root}/pemberitahuan",
        "unread_url": f"{root}/pemberitahuan/jumlah",
        "role": role_names(sorted(binding.roles)),
    }


def init_frame(app: Flask) -> None:
    """Offer the frame to every template of a surface with people."""
    app.context_processor(lambda: {"frame": frame()})
