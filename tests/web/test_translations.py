"""The catalogues: one plural form in Indonesian, and English words for everything a screen can say."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from flask import Flask, render_template
from markupsafe import Markup, escape

from ppid_saas.access import sayings
from ppid_saas.access.sayings import counted, joined, recalled, say, told
from ppid_saas.web import assets
from tests.web.spoken import CODE, spoken, unsaid_in_code, unsaid_in_template

CATALOGUES = assets.FRONTEND / "translations"
TEMPLATES = sorted(
    path
    for path in assets.TEMPLATES.rglob("*.*")
    if "gallery" not in path.relative_to(assets.TEMPLATES).as_posix()
)
# Words of machines, addresses and formats: the same in every language.
SAME_EVERYWHERE = {
    ".go.id", "CSV", "GET", "openapi.json", "/changes?cursor=0", "/snapshot", "noindex", "noindex, follow", "light",
    "telephone=no", "WhatsApp", "width=device-width, initial-scale=1", 'aria-describedby="', 'aria-invalid="true"',
}  # fmt: skip
# Not on a screen, or on one that speaks Indonesian alone: terminals, mails, files of an edition, answers of the API,
# data whose words `spoken` gathers, examples.
ELSEWHERE = (
    "cli.py", "settings.py", "commands/", "demo/", "embedded/", "law/", "sop/", "workdays/", "letters/",
    "determinations/papers.py", "consequence_tests/papers.py", "cases/feeds.py", "accounts/jobs.py", "accounts/letters.py", "accounts/provisioning.py", "cases/mornings.py", "documents/jobs.py", "notifications/mail.py", "notifications/delivering.py", "reports/service.py", "reports/packing.py", "places/labels.py", "submissions/jobs.py", "submissions/letters.py", "storage/jobs.py", "storage/provisioning.py", "editions/files.py", "intake/files.py", "intake/workbooks/child.py", "register/exports.py", "consolidation/exporting.py", "reports/packing.py",
    "portal/structured.py", "web/gallery.py", "web/observing.py", "web/described.py", "web/assets.py",
)  # fmt: skip
# Names of law and of languages; titles proposed for letters, which people then own; what the feed says for ever.
NAMES = {
    "Bahasa Indonesia", "Pasal 17 huruf %s", "Pengumpulan daftar tahun %s", "Penetapan Daftar Informasi yang Dikecualikan",
    "Komisi Pemilihan Umum Republik Indonesia", "Persetujuan KPU RI atas %s",
    "Isi butir ini sudah ditarik; perubahan berikutnya menyatakan alasannya.",
}  # fmt: skip


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=language)


def sources(messages: Catalog) -> dict[str, Message]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in messages
        if message.id
    }


def test_indonesian_has_one_plural_form():
    assert catalogue("id").num_plurals == 1


def test_everything_said_is_said_in_english():
    english = sources(catalogue("en"))
    missing = [
        f'msgid "{source}"'
        for source, message in sorted(spoken().items())
        if not (found := english.get(source))
        or not all([found.string] if isinstance(found.string, str) else found.string)
        or isinstance(message, tuple) != isinstance(found.id, tuple)
    ]
    assert not missing, "\n".join(missing)


def test_no_english_is_kept_for_what_is_no_longer_said():
    assert sorted(set(sources(catalogue("en"))) - set(spoken())) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(assets.TEMPLATES)))
def test_no_template_shows_words_past_the_catalogue(path: Path):
    found = [entry for entry in unsaid_in_template(path.read_text()) if entry[1] not in SAME_EVERYWHERE]
    assert not found


def test_no_python_shows_a_sentence_past_the_catalogue():
    found = [
        f"{name}:{line}: {text}"
        for path in sorted(CODE.rglob("*.py"))
        if not (name := path.relative_to(CODE).as_posix()).startswith(ELSEWHERE)
        and not name.endswith("api.py")
        for line, text in unsaid_in_code(path)
        if text not in NAMES
    ]
    assert not found, "\n".join(found)


def test_the_scanners_see_what_they_look_for(tmp_path: Path):
    shown = (
        '<p>{{ _("Simpan") }} Buang</p>\n<img alt="Logo wilayah" />{# Catatan #}<p>{% if x %}·{% endif %}</p>'
    )
    assert list(unsaid_in_template(shown)) == [(1, "Buang"), (2, "Logo wilayah")]
    module = tmp_path / "module.py"
    module.write_text(
        '"""Docs of it."""\nA = say("Sudah ada di sini.")\nB = f"Butir {n} sudah ada di sini."\n'
    )
    assert list(unsaid_in_code(module)) == [(3, "Butir %s sudah ada di sini.")]


def test_placeholders_survive_translation():
    def places(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text))

    for source, message in sources(catalogue("en")).items():
        targets = [message.string] if isinstance(message.string, str) else message.string
        assert all(places(target) == places(source) for target in targets), source


def test_plurals_are_counted_in_english_only(gallery_app: Flask):
    def page(language: str, minutes: int) -> str:
        with gallery_app.test_request_context(f"/?lang={language}"):
            return render_template("errors/429.html", minutes=minutes)

    assert "Coba lagi setelah 1 menit." in page("id", 1)
    assert "Coba lagi setelah 4 menit." in page("id", 4)
    assert "Try again after 1 minute." in page("en", 1)
    assert "Try again after 4 minutes." in page("en", 4)
    assert '<html lang="en">' in page("en", 4)


def test_a_sentence_is_indonesian_until_a_page_shows_it(gallery_app: Flask):
    sentence = say(
        "Pengajuan %(number)s masih diperiksa PPID Utama. Tunggu sampai selesai.", number="PJ-2026-001"
    )
    left = counted("%(num)s hari kerja lagi", 1)
    with gallery_app.test_request_context("/?lang=en"):
        assert sentence == "Pengajuan PJ-2026-001 masih diperiksa PPID Utama. Tunggu sampai selesai."
        assert f"{left}" == "1 hari kerja lagi"
        assert (
            escape(sentence)
            == "PPID Utama is still reviewing submission PJ-2026-001. Wait until it is finished."
        )
        assert Markup("<b>%s</b>") % left == "<b>1 working day left</b>"
        assert told(joined(", ", (left, "Dinas Kesehatan"))) == "1 working day left, Dinas Kesehatan"
        assert told(say("Draf").lower()) == "draft"
        assert told(say("Status: %(state)s", state=say("Draf"))) == "Status: Draft"
    with gallery_app.test_request_context("/"):
        assert escape(left) == "1 hari kerja lagi"


def test_a_place_stays_text_when_a_sentence_becomes_html(gallery_app: Flask):
    with gallery_app.test_request_context("/?lang=en"):
        assert "<i>" not in escape(say("Cari: %(q)s", q="<i>100 % rahasia</i>"))
        assert escape(say("Cari: %(q)s", q="%(x)s")) == "Search: %(x)s"


def test_a_kept_sentence_is_told_again(gallery_app: Flask):
    known = ("Memeriksa baris %(done)s dari %(total)s",)
    with gallery_app.test_request_context("/?lang=en"):
        assert told(recalled("Memeriksa baris 1.200 dari 5.000", known)) == "Checking row 1.200 of 5.000"
        assert told(recalled("Membuka berkas", known)) == "Opening the file"
        assert told(recalled("Kata orang", known)) == "Kata orang"


def test_without_a_catalogue_a_sentence_is_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sayings, "_catalogue", [lambda: sayings._NONE])
    assert told(counted("%(num)s butir", 2)) == "2 butir"
    assert told(say("")) == ""
