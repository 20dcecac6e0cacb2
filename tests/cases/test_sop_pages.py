"""SOPs on screen: the forms as printed, their print, and a tenant's choice, which never reaches a case that runs."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from ppid_saas.access.errors import ConflictError
from ppid_saas.cases import choosing, queries, service
from ppid_saas.sop.catalogue import load_catalogue
from tenants.db import new_id, transaction
from tests.fixtures.world import World
from tests.submissions.test_pages import post

REGENCY, KPU = "03-sop-ppid.v1", "74-ort-06-3604-2022.v1"


def read(world: World, who: str, path: str) -> str:
    answer = world.client(who).get(f"{world.path(who)}/sop{path}")
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["pusat@sana", "auditor@sana", "petugas.dinkes@sana", "kepala.kpu@sana"])
@pytest.mark.parametrize("key", [REGENCY, KPU])
def test_everyone_of_a_space_reads_every_form_with_its_diagram(world: World, who: str, key: str) -> None:
    page, sop = read(world, who, f"/{key}"), load_catalogue()[key]
    assert page.count("<svg") >= 1
    assert page.count('class="sop-box') >= len(sop.steps)
    for step in sop.steps:
        assert f'id="langkah-{step.id}"' in page
        assert step.activity in page
    assert "UU 25/2009" in page or "PKPU 22/2023" in page


def test_what_cannot_be_read_says_so_and_a_correction_stands_beside_what_is_printed(world: World) -> None:
    page = read(world, "pusat@sana", f"/{REGENCY}")
    assert "tidak terbaca" in page
    assert page.index("UU 25/2019 tentang pelayanan publik") < page.index("yang dimaksud UU 25/2009")


def test_the_list_says_which_one_guides_this_office(world: World) -> None:
    def used(who: str) -> dict[str, bool]:
        page = read(world, who, "")
        return {
            key: "Dipakai" in page.split(f"/sop/{key}")[1].split("</tr>")[0].replace("Tidak dipakai", "")
            for key in (REGENCY, KPU)
        }

    assert used("pusat@sana") == {REGENCY: True, KPU: False}
    assert used("petugas.dinkes@sana") == {REGENCY: True, KPU: False}
    assert used("petugas.kpu@sana") == {REGENCY: False, KPU: True}


@pytest.mark.parametrize(("paper", "width"), [("a4", 297), ("f4", 330)])
@pytest.mark.parametrize("key", [REGENCY, KPU])
def test_the_form_is_printed_lying_on_both_papers(world: World, key: str, paper: str, width: int) -> None:
    answer = world.client("pusat@sana").get(f"/sana/pusat/sop/{key}/cetak?kertas={paper}")
    pdf = PdfReader(io.BytesIO(answer.data))
    assert round(float(pdf.pages[0].mediabox.width) / 72 * 25.4) == width
    words = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Pelaksana" in words
    assert "Mutu baku" in words
    assert pdf.trailer["/Root"]["/Lang"] == "id"


@pytest.mark.parametrize("path", ["/tidak-ada", f"/{REGENCY}/cetak?kertas=a0", "/tidak-ada/cetak", "/%00"])
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    assert world.client("pusat@sana").get(f"/sana/pusat/sop{path}").status_code == 404


def choose(world: World, who: str, **typed: object) -> int:
    at = f"{world.path(who)}/sop/pilih"
    return int(post(world.client(who), at, at, **typed).status_code)


def test_the_head_chooses_and_sets_limits_and_a_running_case_keeps_its_own(fresh_world: World) -> None:
    region = next(region for region, _ in fresh_world.tenants)
    head = f"kabid@{region}"
    with fresh_world.acting(f"pusat@{region}"), transaction():
        case = service.open_case("documenting", "collection", new_id())
        subject, before = case.subject_id, queries.sop_of(case)
    assert choose(fresh_world, head, documenting=REGENCY, testing="", **{"days.reopen": "45"}) == 303
    with fresh_world.acting(f"pusat@{region}"):
        assert queries.sop_for_tenant("documenting").step("reopen").limit.n == 45
        running = queries.case_of("collection", subject)
        assert running
        assert queries.sop_of(running) == before
        assert queries.sop_of(running).step("reopen").limit.n == 30
    assert "45 hari kerja" in read(fresh_world, head, f"/{REGENCY}")
    assert choose(fresh_world, head, documenting=REGENCY, **{"days.reopen": ""}) == 303
    with fresh_world.acting(head):
        assert [one.own for one in choosing.adjustable() if one.step.id == "reopen"] == [None]


def test_a_case_of_another_sop_ends_by_the_one_it_began_with(fresh_world: World) -> None:
    region = next(region for region, _ in fresh_world.tenants)
    who = f"petugas.kpu@{region}"
    with fresh_world.acting(who), transaction():
        case = service.open_case("documenting", "kpu_round", new_id())
        assert (case.sop, case.sop_version) == ("74-ort-06-3604-2022", 1)
        with pytest.raises(ConflictError):
            service.advance(case, "publish")
        service.advance(case, "collect")
        assert case.state == "collected"


@pytest.mark.parametrize(
    "typed",
    [
        {"documenting": KPU},
        {"documenting": "99-sop.v1"},
        {"documenting": ""},
        {"documenting": REGENCY, "days.reopen": "29"},
        {"documenting": REGENCY, "days.reopen": "0"},
        {"documenting": REGENCY, "days.reopen": "251"},
        {"documenting": REGENCY, "days.reopen": "tiga"},
        {"documenting": REGENCY, "days.reopen": "99999999999999999999"},
        {"documenting": REGENCY, "days.sort": "3"},
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_the_reason(world: World, typed: dict[str, str]) -> None:
    who, at = "kabid@sana", "/sana/pusat/sop/pilih"
    answer = post(world.client(who), at, at, **typed)
    assert answer.status_code == 422
    assert "Ada yang perlu diperbaiki" in answer.get_data(as_text=True)
    with world.acting(who):
        assert queries.sop_for_tenant("documenting").key == REGENCY
        assert queries.sop_for_tenant("documenting").step("reopen").limit.n == 30


@pytest.mark.parametrize(
    "who", ["pusat@sana", "petugas.dinkes@sana", "kepala.dinkes@sana", "auditor@sana", "petugas.kpu@sana"]
)
def test_nobody_else_chooses(world: World, who: str) -> None:
    assert world.client(who).get(f"{world.path(who)}/sop/pilih").status_code == 404


def test_without_a_limit_a_step_is_tentative_and_weeks_are_weeks(world: World) -> None:
    page = read(world, "kepala.kpu@sana", f"/{KPU}")
    assert "minggu 1–2" in page
    assert page.count("tentatif") >= 6
    sop = load_catalogue()[KPU]
    from ppid_saas.sop.engine import due

    with world.acting("petugas.kpu@sana"):
        calendar = queries.calendar_for_tenant()
    assert due(sop, sop.step("classify"), date(2026, 1, 5), calendar) is None
    window = due(sop, sop.step("collect"), date(2026, 1, 5), calendar)
    assert window
    assert (window.opens_on, window.due_on) == (date(2026, 1, 5), date(2026, 1, 18))
