"""The catalogues: one plural form in Indonesian, and English words for everything the frame says."""

import re

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask, render_template

from ppid_saas.web import assets

FRAME = ("layouts", "macros", "errors")
CATALOGUES = assets.FRONTEND / "translations"


def catalogue(language: str):
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        return read_po(source, locale=language)


def frame_strings() -> set[str]:
    found = set()
    for folder in FRAME:
        for _file, _line, message, _comments, _context in extract_from_dir(
            assets.TEMPLATES / folder, [("**", "jinja2")]
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def test_indonesian_has_one_plural_form():
    assert catalogue("id").num_plurals == 1


def test_the_frame_speaks_english():
    english = catalogue("en")
    missing = [text for text in frame_strings() if text not in english or not english[text].string]
    assert not missing


def test_placeholders_survive_translation():
    def places(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text))

    for message in catalogue("en"):
        source = message.id if isinstance(message.id, str) else message.id[0]
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
