"""A query is read by its schema once; what was refused is read again, and no reader can spoil it for the next."""

from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnprocessableEntity

from ppid_saas.web.arguments import Arguments


class Asked(Schema):
    limit = fields.Integer(load_default=50)


def ask(words: str) -> Any:
    with Flask("asked").test_request_context(f"/?{words}"):
        return Arguments().parse(Asked, location="query")


def test_the_same_words_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("limit=7") == {"limit": 7}
    monkeypatch.setattr(FlaskParser, "parse", lambda *_, **__: pytest.fail("read again"))
    assert ask("limit=7") == {"limit": 7}


def test_what_a_view_does_to_it_stays_with_that_view() -> None:
    ask("limit=8").clear()
    assert ask("limit=8") == {"limit": 8}


def test_other_words_and_refused_ones_are_read_anew() -> None:
    assert ask("limit=9") != ask("limit=10")
    for _ in range(2):
        with pytest.raises(UnprocessableEntity):
            ask("limit=banyak")
