"""The shipped SOP row by row against its source, and files that must be refused."""

from importlib.resources import files

import pytest

from ppid_saas.sop.catalogue import CatalogueError, load_catalogue, parse_sop
from ppid_saas.sop.model import LimitKind

KEY = "03-sop-ppid.v1"
TEXT = files("ppid_saas.sop").joinpath("catalogue", f"{KEY}.toml").read_text(encoding="utf-8")
SOP = load_catalogue()[KEY]


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
    ],
)
def test_a_file_that_contradicts_itself_is_refused(old: str, new: str, message: str):
    assert old in TEXT
    with pytest.raises(ValueError, match=message):
        parse_sop(TEXT.replace(old, new))


def test_a_refusal_names_every_contradiction_and_the_file():
    broken = TEXT.replace("row = 4", "row = 6").replace('to = "stored"', 'to = "shelved"')
    with pytest.raises(CatalogueError, match=r"(?s)03-sop-ppid\.v1: .*rows.*shelved"):
        parse_sop(broken)
