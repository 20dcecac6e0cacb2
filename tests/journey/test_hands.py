"""The keyboard of the walks sees what a person without a mouse would stumble over."""

import pytest
from playwright.sync_api import Browser

from tests.journey.hands import Keys

PAGE = """<style>
  button { display: block; margin: 5px; } button:focus-visible { outline: 3px solid blue; }
  #plain:focus-visible { outline: none; }
  #over { position: fixed; bottom: 0; left: 0; right: 0; height: 60px; background: white; }
  #under { position: fixed; bottom: 10px; } #far { position: fixed; top: -500px; }
</style><main><button id="well">Baik</button><button id="plain">Polos</button><button id="under">Tertutup</button>
<button id="far">Jauh</button><label><input type="radio" name="a">Satu</label><label><input type="radio" name="a">Dua</label>
<select><option>Pilih</option><option>Daerah</option><option>Desa</option></select><div id="over"></div></main>"""


@pytest.mark.parametrize(
    ("button", "fault"),
    [("well", ""), ("plain", "not drawn"), ("under", "covered"), ("far", "out of sight")],
)
def test_where_the_focus_cannot_be_seen_is_told(browser: Browser, button: str, fault: str) -> None:
    page, keys = browser.new_page(), Keys()
    page.set_content(PAGE)
    keys.press(page.locator(f"#{button}"))
    assert [said.partition("the focus is ")[2].partition(":")[0] for said in keys.faults] == [fault] * bool(
        fault
    )
    page.close()


def test_choices_are_reached_by_arrows_and_letters(browser: Browser) -> None:
    page, keys = browser.new_page(), Keys()
    page.set_content(PAGE)
    keys.press(page.get_by_label("Dua"))
    assert page.get_by_label("Dua").is_checked()
    keys.pick(page.get_by_role("combobox"), "Desa")
    assert (keys.acts, keys.faults) == (2, [])
    with pytest.raises(AssertionError, match="no Tab leads"):
        keys.come_to(page.get_by_role("main"))
    page.close()
