"""Charts: what is drawn lies where the days and counts say, and the same figures stand in a table."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from ppid_saas.web import charts


def step(first: int, last: int) -> charts.Step:
    return charts.Step("Uji", date(2026, 11, first), date(2026, 11, last), "now")


def test_steps_share_one_scale_and_today_lies_on_it():
    drawn = charts.process((step(1, 11), step(11, 21)), date(2026, 11, 11))
    first, second = drawn.bars
    assert (first.x, second.x + second.width) == (charts.LABELS, charts.WIDTH)
    assert second.x == first.x + first.width == drawn.today_x
    assert second.y - first.y == charts.ROW


def test_today_outside_the_process_is_not_drawn():
    assert charts.process((step(1, 11),), date(2026, 11, 12)).today_x is None


def test_a_short_step_keeps_its_date_beside_it():
    long, short = charts.process((step(1, 29), step(29, 30)), date(2026, 11, 2)).bars
    assert long.inside
    assert not short.inside
    assert (short.anchor, short.text_x < short.x) == ("end", True)
    early = charts.process((step(1, 2), step(2, 30)), date(2026, 11, 2)).bars[0]
    assert (early.anchor, early.text_x > early.x + early.width) == ("start", True)


def test_a_burndown_steps_down_and_ends_today():
    drawn = charts.burndown(
        [(date(2026, 11, 6), 5), (date(2026, 11, 8), 0)],
        date(2026, 11, 1),
        date(2026, 11, 11),
        10,
        date(2026, 11, 11),
    )
    half = charts.TOP + charts.PLOT / 2
    assert drawn.path == f"M44.0 {charts.TOP}.0H382.0V{half}H517.2V{charts.TOP + charts.PLOT}.0H720.0"
    assert drawn.rows[0] == (date(2026, 11, 1), 10)
    assert drawn.ideal == (44.0, charts.TOP, 720.0, charts.TOP + charts.PLOT)
    assert drawn.end == (720.0, charts.TOP + charts.PLOT)


def test_nothing_owed_draws_without_dividing_by_it():
    drawn = charts.burndown([], date(2026, 11, 1), date(2026, 11, 1), 0, date(2026, 11, 1))
    assert drawn.total == 0
    assert charts.strip([]).columns == ()
    assert charts.strip([(date(2026, 11, 1), 0)]).columns[0].height == 0


def test_the_fullest_month_is_as_high_as_the_plot():
    columns = charts.strip([(date(2026, month, 1), count) for month, count in ((1, 3), (2, 6))]).columns
    assert [column.height for column in columns] == [charts.PLOT / 2, charts.PLOT]
    assert all(column.y + column.height == charts.TOP + charts.PLOT for column in columns)


@pytest.mark.parametrize(
    ("today", "percent"),
    [(date(2025, 12, 31), 0), (date(2026, 7, 2), 49), (date(2026, 12, 31), 99), (date(2027, 1, 2), 100)],
)
def test_how_much_of_a_period_has_passed(today: date, percent: int):
    assert charts.share(date(2026, 1, 1), date(2027, 1, 1), today) == percent


def test_a_period_of_no_days_has_passed():
    assert charts.share(date(2026, 1, 1), date(2026, 1, 1), date(2025, 1, 1)) == 100


def test_a_phone_reads_the_table_and_a_desk_may(page: Page):
    page.goto("/")
    figure = page.get_by_role("figure", name="Linimasa proses")
    expect(figure.get_by_role("img", name="Linimasa proses")).to_be_visible()
    expect(figure.get_by_role("table")).to_have_count(0)
    figure.get_by_text("Lihat sebagai tabel").click()
    expect(figure.get_by_role("row", name="Penetapan")).to_contain_text("berikutnya")
    page.set_viewport_size({"width": 390, "height": 800})
    expect(figure.get_by_role("img")).to_have_count(0)
    expect(figure.get_by_role("row", name="Penetapan")).to_contain_text("26 Januari 2027")


def test_charts_can_be_told_apart_without_colour(page: Page):
    page.emulate_media(forced_colors="active")
    page.goto("/")
    fills = {
        state: page.locator(f".chart-bar.is-{state}").first.evaluate("e => getComputedStyle(e).fill")
        for state in ("done", "coming")
    }
    text = page.locator(".chart-inside").first.evaluate("e => getComputedStyle(e).fill")
    assert fills["done"] != fills["coming"]
    assert text != fills["done"]
