"""Deadlines before a browser on 20 November 2026: a day in words, how late, and that a year without a decree is a guess."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.deciding.conftest import Sit
from tests.fixtures.days import on
from tests.fixtures.world import World
from tests.journey.screens import faults_of
from tests.reopening.test_ends import closed

TODAY, BEGUN = date(2026, 11, 20), date(2026, 3, 2)
TITLE = "Hasil evaluasi jabatan"


@pytest.fixture
def day() -> date:
    return TODAY


def test_thirty_working_days_before_the_end_are_over(fresh_world: World, sit: Sit, region: str) -> None:
    """Check 26; check 27 for the words, the drawn shape and the day for machines."""
    with on(BEGUN):
        closed(fresh_world, region, TITLE, ends_on=date(2026, 12, 31))
    page = sit("kabid", "pembukaan")
    chip = page.get_by_role("row").filter(has_text=TITLE).locator(".deadline")
    expect(chip).to_contain_text("Lewat 3 hari kerja")
    expect(chip).to_contain_text("Sel, 17 Nov 2026")
    expect(chip.locator("time")).to_have_attribute("datetime", "2026-11-17")
    expect(chip.locator("svg")).to_be_visible()
    assert faults_of(page) == []


def test_a_year_without_a_decree_is_a_guess(fresh_world: World, sit: Sit, region: str) -> None:
    """Check 28."""
    with on(BEGUN):
        closed(fresh_world, region, TITLE, ends_on=date(2028, 6, 30))
    page = sit("kabid", "kalender")
    far = page.locator(".deadline:has(time[datetime^='2028-'])").first
    expect(far).to_contain_text("perkiraan")
    assert faults_of(page) == []
