"""A central brings in its units, hands them last year's list and chases who is missing: by mouse, and by keyboard alone.

No more is pressed than a trained officer is promised. A reminder leads its reader through the sign-in to what is asked of her.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journey.hands import WAYS, Hands, accept, button, go_to, link, sign_in
from tests.journey.people import Watch, open_browser, until_shown, word
from tests.journey.running import Running
from tests.journey.screens import faults_of

UNITS = {"mouse": 20, "keys": 6}  # sixty are brought in without a browser, in tests/accounts
PATIENCE_MS = 40_000  # sixty units with their keys, beside whatever else the machine does
ASKED_WHO = "the server responded with a status of 401"  # a link followed before signing in
LAW = "Pasal 17 huruf h UU 14/2008"


@dataclass
class Place:
    """A new region, its central officer at her browser, and the faults that screens had on the way."""

    region: str
    units: int
    central: Page
    hand: Hands
    watch: Watch
    faults: dict[str, list[str]]


def main(page: Page) -> Locator:
    return page.get_by_role("main")


@pytest.fixture(params=WAYS)
def place(request: pytest.FixtureRequest, running: Running, browser: Browser) -> Iterator[Place]:
    region, faults = f"uji{word()[:6]}", dict[str, list[str]]()

    def look(page: Page, name: str) -> None:
        if request.param == "mouse" and (found := faults_of(page)):
            faults[f"{name} ({page.url})"] = found

    watch = Watch(running, True, look)
    running.call("tenant", "add-central", region, f"Kabupaten {region.title()}")
    email = f"pusat@{region}.contoh.test"
    invited = running.call(
        "member", "add", f"{region}/pusat", email, "Petugas Pusat", "central_officer"
    ).strip()
    hand, page = WAYS[request.param](), browser_of(browser, watch, request.param)
    accept(hand, page, invited, f"kalimat sandi {word()}")
    yield Place(region, UNITS[request.param], page, hand, watch, faults)
    running.finish_work()


def browser_of(browser: Browser, watch: Watch, way: str) -> Page:
    page = open_browser(browser, watch)
    page.set_default_timeout(PATIENCE_MS)
    WAYS[way]().attend(page)
    return page


def roll(region: str, units: int) -> str:
    lines = [
        f"Kecamatan {n};SKPD;Petugas {n};Sekretaris;p{n}@{region}.contoh.test;0812-3456-{n:04};"
        for n in range(1, units + 1)
    ]
    return "\n".join(["unit;jenis;petugas;jabatan;email;WA;SOP", *lines])


def bring_units_in(at: Place) -> dict[str, str]:
    """Invite sixty units in five presses at most; returns the link on each slip."""
    page = at.central
    go_to(at.hand, page, "Pengumpulan")
    before = at.hand.acts
    at.hand.follow(link(page, "Unit dan petugas"))
    at.watch.look(page, "unit-kosong")
    at.hand.follow(link(page, "Undang unit"))
    at.watch.look(page, "undang")
    at.hand.write(page.get_by_label("Daftar unit dan petugas"), roll(at.region, at.units))
    at.hand.follow(button(page, "Periksa daftar"))
    at.watch.look(page, "periksa-undangan")
    at.hand.follow(button(page, f"Undang {at.units} petugas"))
    expect(main(page)).to_contain_text(f"{at.units} petugas diundang.", timeout=PATIENCE_MS)
    at.watch.look(page, "unit")
    at.hand.follow(button(page, f"Buat {at.units} slip"))
    expect(page.locator(".slip")).to_have_count(at.units, timeout=PATIENCE_MS)
    assert at.hand.acts - before <= 5
    slips = page.locator(".slip").all_inner_texts()
    page.go_back()
    return {text.splitlines()[0]: re.findall(r"https?://\S+/undangan/\S+", text)[0] for text in slips}


def open_window(at: Place) -> None:
    page = at.central
    go_to(at.hand, page, "Pengumpulan")
    at.watch.look(page, "pengumpulan-kosong")
    at.hand.follow(link(page, "Buka masa pengumpulan"))
    last = page.get_by_role("group", name="Batas pengiriman")
    for name, text in (("Tanggal", "31"), ("Bulan", "Desember"), ("Tahun", "2099")):
        at.hand.write(last.get_by_label(name, exact=True), text)
    at.hand.follow(button(page, "Buka"))
    expect(main(page)).to_contain_text("Belum mengirim")


def hand_over(at: Place) -> None:
    page = at.central
    go_to(at.hand, page, "Pengumpulan")
    at.hand.follow(link(page, "Daftar tahun lalu"))
    at.watch.look(page, "serahan")
    rows = [
        "No\tPerangkat Daerah\tInformasi yang Dikecualikan\tDasar Hukum\tJangka Waktu",
        *(
            f"{n}\tKecamatan {n % 2 + 1}\tBerkas pribadi pegawai jenis {n}\t{LAW}\t5 tahun"
            for n in range(1, 5)
        ),
        f"5\tKantor Lama\tArsip lama\t{LAW}\t5 tahun",
    ]
    at.hand.write(page.get_by_label("Atau tempel dari Excel"), "\n".join(rows))
    at.hand.follow(button(page, "Baca dan bagi"))
    at.watch.look(page, "bagi")
    at.hand.follow(button(page, "Serahkan ke unit"))
    expect(page.locator(".error-summary")).to_contain_text("Pilih unitnya, atau lewati baris ini.")
    at.watch.look(page, "bagi-galat")
    at.hand.pick(page.get_by_label("Unit untuk Kantor Lama"), "Lewati, jangan diserahkan")
    at.hand.follow(button(page, "Serahkan ke unit"))
    expect(main(page)).to_contain_text("Diserahkan ke 2 unit.")
    at.watch.look(page, "diserahkan")


def begin_as_officer(at: Place, browser: Browser, invitation: str) -> str:
    """Open the link of a slip, be inside, and have last year's items in the register within four presses; returns the password."""
    page, hand, password = open_browser(browser, at.watch), type(at.hand)(), f"kalimat sandi {word()}"
    hand.attend(page)
    accept(hand, page, invitation, password)
    at.watch.look(page, "beranda-serahan")
    hand.follow(link(page, re.compile(r"^Lihat 2 butir")))
    at.watch.look(page, "tawaran")
    hand.follow(button(page, re.compile(r"^Pakai 2 butir")))
    expect(main(page)).to_contain_text("2 butir dibuat dari")
    assert hand.acts <= 4
    assert hand.faults == []
    at.watch.look(page, "hasil-serahan")
    page.context.close()
    return password


def chase(at: Place) -> str:
    """Remind all who are missing in four presses, then tick one off on WhatsApp; returns the link that its message holds."""
    page = at.central
    go_to(at.hand, page, "Pengumpulan")
    until_shown(page, f"0 dari {at.units} unit sudah mengirim.")
    before = at.hand.acts
    at.hand.follow(link(page, re.compile("^Belum mengirim")))
    expect(page).to_have_url(re.compile("status=missing"))
    at.hand.follow(link(page, re.compile("^Pilih semua")))
    expect(page.get_by_role("checkbox").first).to_be_checked()
    at.hand.follow(button(page, "Ingatkan unit terpilih"))
    at.watch.look(page, "ingatkan")
    at.hand.follow(button(page, f"Kirim ke {at.units} unit"))
    expect(main(page)).to_contain_text(f"{at.units} unit diingatkan lewat surel.", timeout=PATIENCE_MS)
    assert at.hand.acts - before <= 4
    at.watch.look(page, "diingatkan")
    message = link(page, re.compile("^Buka WhatsApp")).get_attribute("href") or ""
    assert message.startswith("https://wa.me/62812")
    at.hand.follow(button(page, re.compile("^Tandai terkirim")))
    expect(page.get_by_role("rowheader").first).to_contain_text("Terkirim")
    told = re.search(r"^Buka: (http\S+)$", parse_qs(urlsplit(message).query)["text"][0], re.MULTILINE)
    assert told
    return told[1]


def follow_reminder(at: Place, browser: Browser, reminded: str, password: str) -> None:
    """Open the link of the message: nothing of the unit is told before the sign-in, and what is asked is there after it."""
    page, hand = open_browser(browser, at.watch), type(at.hand)()
    hand.attend(page)
    page.goto(reminded)
    assert "Kecamatan" not in page.content()
    sign_in(hand, page, f"p1@{at.region}.contoh.test", password)
    expect(page).to_have_url(re.compile("/u/kecamatan-1/pengajuan"))
    assert hand.faults == []
    page.context.close()


def test_units_are_brought_in_handed_their_list_and_reminded(place: Place, browser: Browser) -> None:
    slips = bring_units_in(place)
    open_window(place)
    hand_over(place)
    password = begin_as_officer(place, browser, slips["Kecamatan 1"])
    reminded = chase(place)
    follow_reminder(place, browser, reminded, password)
    assert place.faults == {}
    assert place.hand.faults == []
    assert [said for said in place.watch.complaints if ASKED_WHO not in said] == []
    place.central.context.close()
