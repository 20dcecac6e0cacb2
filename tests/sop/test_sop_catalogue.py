"""The shipped SOP row by row against its source, and files that must be refused."""

from importlib.resources import files

import pytest

from ppid_saas.sop.catalogue import CatalogueError, load_catalogue, parse_sop
from ppid_saas.sop.model import LimitKind

KEY = "03-sop-ppid.v1"
TEXT = files("ppid_saas.sop").joinpath("catalogue", f"{KEY}.toml").read_text(encoding="utf-8")
SOP = load_catalogue()[KEY]
KPU = load_catalogue()["74-ort-06-3604-2022.v1"]


@pytest.mark.parametrize(
    ("row", "verb", "actor", "output"),
    [
        (1, "collect", "Petugas PPID", "DIK"),
        (2, "sort", "Petugas PPID", "DIK terurut menurut jangka waktu"),
        (3, "reopen", "Ketua PPID, dengan Tim Pertimbangan", "Daftar yang diperbarui"),
        (4, "store", "Petugas PPID", "Dokumentasi informasi yang dikecualikan"),
        (5, "publish", "Petugas PPID, setelah Ketua PPID", "DIK terbit di situs web daerah"),
    ],
)
def test_each_row_of_the_form(row: int, verb: str, actor: str, output: str):
    (step,) = [s for s in SOP.steps if s.row == row]
    assert step.id == verb
    assert step.actor.startswith(actor)
    assert output in step.outputs
    assert f"03/SOP-PPID baris {row}" in step.source


def test_only_row_three_has_a_number_and_it_runs_before_the_end():
    limited = {s.id: s.limit for s in SOP.steps if s.limit.kind is not LimitKind.NONE}
    assert list(limited) == ["reopen"]
    assert (limited["reopen"].n, limited["reopen"].anchor) == (30, "period_end")


def test_the_determination_stands_between_rows_two_and_five_without_a_limit():
    ids = [s.id for s in SOP.steps]
    assert ids.index("sort") < ids.index("determine") < ids.index("publish")
    determine = SOP.step("determine")
    assert (determine.row, determine.limit.kind) == (None, LimitKind.NONE)
    assert "PP 61/2010" in determine.source


def test_the_header_keeps_what_is_printed_and_corrects_beside_it():
    basis = SOP.header["basis"]
    assert any("UU 25/2019" in line for line in basis.printed)
    assert any("UU 25/2009" in line for line in basis.corrections)
    assert SOP.header["warning"].printed
    assert all(field.printed or field.reading == "illegible" for field in SOP.header.values())


@pytest.mark.parametrize(
    ("row", "verb", "actor", "output", "limit"),
    [
        (1, "collect", "Desk Pelayanan Informasi", "DIK", LimitKind.WINDOW),
        (
            2,
            "classify",
            "PPID, kemudian Pembina PPID, Tim Pertimbangan",
            "DIK menurut jenis dokumen",
            LimitKind.NONE,
        ),
        (3, "store", "Desk Pelayanan", "Dokumentasi informasi yang dikecualikan", LimitKind.NONE),
        (4, "publish", "Desk Pelayanan", "DIK pada situs web PPID", LimitKind.NONE),
    ],
)
def test_each_row_of_the_kpu_form(row: int, verb: str, actor: str, output: str, limit: LimitKind):
    (step,) = [s for s in KPU.steps if s.row == row]
    assert step.id == verb
    assert step.actor.startswith(actor)
    assert output in step.outputs
    assert step.limit.kind is limit
    assert f"74/ORT.06/3604/2022 baris {row}" in step.source


def test_kpu_publishes_only_after_three_approved_and_kpu_ri_agreed():
    assert KPU.step("publish").from_state == KPU.step("grant").to_state
    assert KPU.step("grant").lanes == ("KPU RI",)
    assert KPU.step("approve").roles == KPU.step("return").roles == {"pembina", "board_member", "superior"}
    assert all(field.printed or field.reading == "illegible" for field in KPU.header.values())


def test_the_first_state_is_where_a_case_begins():
    assert SOP.initial == "collecting"
    assert SOP.key == KEY


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('to = "stored"', 'to = "shelved"', "unknown state shelved"),
        ('to = "stored"', 'to = "determined"', r"no step leads to: \['published', 'stored'\]"),
        ('roles = ["central_head"]', 'roles = ["chief"]', r"no roles \['chief'\]"),
        ('roles = ["central_head"]', "roles = []", "no roles"),
        ('prepared_by = "central_officer"', 'prepared_by = "clerk"', r"no roles \['clerk'\]"),
        ("row = 4", "row = 6", "rows are not 1 to 5"),
        ('id = "store"', 'id = "sort"', "step ids repeat"),
        ('id = "store"', 'id = "Store it"', "is no identifier"),
        ("[header.recording]", "[header.records]", r"header fields missing: \['recording'\]"),
        ("n = 30, ", "", "limit of kind working_days is incomplete"),
        ('kind = "none", printed = ""', 'kind = "none", n = 3', "limit of kind none is incomplete"),
        (
            'kind = "none", printed = ""',
            'kind = "window", last_week = 2',
            "limit of kind window is incomplete",
        ),
        ('kind = "none", printed = ""', 'kind = "soon"', "soon"),
        ('to = "stored"\ninputs', 'to = "stored"\nroll = 1\ninputs', r"a field is unknown: \['roll'\]"),
        ('actor = "Petugas PPID"\n', "", "a field is missing: actor"),
        ('process = "documenting"\n', "", "a field is missing: process"),
        ('name = "Tersimpan"', 'name = "Tersimpan"\nfinal = true', r"an end is left again: \['stored'\]"),
        ('from = "stored"', 'from = "determined"', r"no step leads out of: \['stored'\]"),
        ("n = 30, ", "n = 20, ", "the limit is not the one printed: 30 hari kerja"),
        (
            'kind = "none", printed = ""',
            'kind = "none", hours = 3, printed = ""',
            "a field has no place here",
        ),
        ("[header.unit]", "[header.unit", "the file cannot be read"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(old: str, new: str, message: str):
    assert old in TEXT
    with pytest.raises(ValueError, match=message):
        parse_sop(TEXT.replace(old, new))


def test_a_case_that_can_only_turn_in_circles_is_refused():
    text = TEXT.replace('to = "published"', 'to = "sorted"').replace(
        '[[state]]\nid = "published"\nname = "Terbit"\nfinal = true\n', ""
    )
    with pytest.raises(CatalogueError, match="no way leads to an end from"):
        parse_sop(text)


def test_a_refusal_names_every_contradiction_and_the_file():
    broken = TEXT.replace("row = 4", "row = 6").replace('to = "stored"', 'to = "shelved"')
    with pytest.raises(CatalogueError, match=r"(?s)03-sop-ppid\.v1: .*rows.*shelved"):
        parse_sop(broken)
