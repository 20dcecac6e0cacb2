"""Every invented layout must be understood: its heading found, no column taken for another, its items exactly."""

import pytest
from layouts import Layout, make_layout

from ppid_saas.intake.rules import Understanding, best_sheet, row_values, understand
from ppid_saas.intake.workbooks.reading import read_workbook

SEEDS = range(80)


def understood(layout: Layout) -> Understanding:
    return understand(best_sheet(read_workbook(layout.data, "daftar.xlsx")))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_layout_is_understood(seed: int):
    layout = make_layout(seed)
    found = understood(layout)
    assert (found.header_top, found.header_depth) == (layout.top, layout.depth)
    wrong = [
        (column.heading, column.field, meant)
        for column, meant in zip(found.columns, layout.fields, strict=True)
        if column.field not in (None, meant)
    ]
    assert wrong == []
    missed = {
        column.heading
        for column, meant in zip(found.columns, layout.fields, strict=True)
        if meant != column.field
    }
    assert missed == set()
    assert row_values(found) == layout.items


def test_the_layouts_differ_enough():
    layouts = [make_layout(seed) for seed in SEEDS]
    assert len({(layout.top, layout.depth, tuple(layout.fields)) for layout in layouts}) > 60
    assert {layout.depth for layout in layouts} == {1, 2}
    assert sum("retention" in layout.fields for layout in layouts) > 10
