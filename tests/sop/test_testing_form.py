"""01/SOP-PPID row by row against its source, and the ways its cases can take."""

from itertools import pairwise

import pytest

from ppid_saas.sop.catalogue import load_catalogue
from ppid_saas.sop.engine import actions, steps_from
from ppid_saas.sop.model import LimitKind
from ppid_saas.sop.roles import ROLES

SOP = load_catalogue()["01-sop-ppid.v1"]


@pytest.mark.parametrize(
    ("row", "verb", "actor", "days", "output"),
    [
        (1, "test_at_unit", "PPID Pembantu", 10, "Lembar hasil uji"),
        (2, "test_at_central", "PPID Utama", 10, "Berita acara hasil uji konsekuensi PPID Utama"),
        (3, "close_advice", "Tim Pertimbangan", 7, "Hasil pertimbangan Tim tentang status informasi"),
        (4, "draft_letter", "PPID Utama", 30, "Rancangan surat penetapan"),
        (5, "approve_letter", "Atasan PPID", 3, "Surat penetapan yang ditandatangani"),
        (6, "hand_out", "PPID Utama", 10, "Salinan surat penetapan dan DIK pada PPID Pembantu"),
    ],
)
def test_each_row_of_the_form(row: int, verb: str, actor: str, days: int, output: str):
    (step,) = [s for s in SOP.steps if s.row == row]
    assert (step.id, step.actor) == (verb, actor)
    assert (step.limit.kind, step.limit.n) == (LimitKind.WORKING_DAYS, days)
    assert output in step.outputs
    assert step.source == f"SOP 01/SOP-PPID baris {row}"


def test_the_rows_lead_from_the_unit_to_the_handing_out():
    rows = sorted((s for s in SOP.steps if s.row), key=lambda s: s.row or 0)
    assert rows[0].from_state == SOP.initial
    assert all(one.to_state == after.from_state for one, after in pairwise(rows))
    assert steps_from(SOP, rows[-1].to_state) == []
    assert sum(s.limit.n or 0 for s in rows) == 70


def test_whoever_may_take_a_step_is_offered_it_and_nobody_else():
    for step in SOP.steps:
        for role in ROLES:
            offered = step.id in {a.id for a in actions(SOP, step.from_state, {role})}
            assert offered == (role in step.roles)


def test_what_could_not_be_read_says_so_and_what_is_wrong_is_corrected():
    assert {n for n, field in SOP.header.items() if field.reading == "illegible"} >= {"made_on", "recording"}
    assert all(field.printed or field.reading == "illegible" for field in SOP.header.values())
    assert any("Perki 1/2021" in line for line in SOP.header["basis"].corrections)
