"""The unit's own test: ten working days from the window's opening, its sheets the items themselves, ended by handing in."""

from ppid_saas.cases import queries as cases
from ppid_saas.consequence_tests import at_unit
from ppid_saas.register import service as register
from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.submissions import service as submissions
from tests.consequence_tests.walking import TESTED, UNIT, demand, region_of
from tests.fixtures import walk
from tests.fixtures.world import World


def test_the_unit_s_clock_runs_from_the_opening_to_the_handing_in(fresh_world: World) -> None:
    region = region_of(fresh_world)
    demand(fresh_world, region)
    collection_id = walk.open_collection(fresh_world, region)
    fresh_world.drain()
    with fresh_world.acting(f"{UNIT}@{region}"):
        (duty,) = [one for one in cases.open_duties() if one.kind == at_unit.DUE]
        assert (duty.n, duty.source, duty.starts_on) == (10, "01/SOP-PPID, baris 1", walk.days(0))
        assert at_unit.due() is not None
        case = cases.case_of(at_unit.SUBJECT, collection_id)
        assert case is not None
        assert (case.state, f"{case.sop}.v{case.sop_version}") == ("unit_testing", "01-sop-ppid.v1")
    walk.fill(fresh_world, f"{UNIT}@{region}")
    walk.send(fresh_world, f"{UNIT}@{region}", collection_id)
    fresh_world.drain()
    with fresh_world.acting(f"{UNIT}@{region}"):
        ended = cases.case_of(at_unit.SUBJECT, collection_id)
        assert ended is not None
        assert ended.state == load_catalogue()["01-sop-ppid.v1"].step("test_at_unit").to_state
        assert ended.closed_at is not None
        assert at_unit.due() is None


def test_a_unit_hands_in_until_its_own_test_ends_where_that_is_earlier(fresh_world: World) -> None:
    region, who = region_of(fresh_world), f"{UNIT}@{region_of(fresh_world)}"
    demand(fresh_world, region)
    with fresh_world.acting(f"pusat@{region}"):
        submissions.open_collection("Masa yang panjang", walk.days(0), walk.days(60))
    fresh_world.drain()
    walk.fill(fresh_world, who)
    for page in ("pengajuan", "pengajuan/periksa"):
        shown = fresh_world.client(who).get(f"{fresh_world.path(who)}/{page}").text
        assert "01/SOP-PPID, baris 1" in shown


def test_without_a_testing_sop_the_unit_owes_no_test(fresh_world: World) -> None:
    region = region_of(fresh_world)
    walk.open_collection(fresh_world, region)
    fresh_world.drain()
    with fresh_world.acting(f"{UNIT}@{region}"):
        assert at_unit.due() is None


def test_the_screen_says_what_each_sheet_lacks_and_prints_it(fresh_world: World) -> None:
    region = region_of(fresh_world)
    with fresh_world.acting(f"{UNIT}@{region}"):
        register.save_item(
            walk.body("Rekam medis pasien", **TESTED, balance="close", balance_reason="Melindungi pasien.")
        )
        register.save_item(walk.body("Topologi jaringan"))
        assert [len(line.missing) for line in at_unit.lines()] == [3, 0]
    client = fresh_world.client(f"{UNIT}@{region}")
    page = client.get(f"/{region}/u/dinkes/uji").text
    assert "1 butir belum lengkap ujinya." in page
    assert "Pilih hasil uji." in page
    assert client.get(f"/{region}/u/dinkes/uji/lembar.pdf?kertas=f4").data.startswith(b"%PDF")
    assert client.get(f"/{region}/u/dinkes/uji/lembar.docx").data.startswith(b"PK")
