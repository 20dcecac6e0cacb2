"""Default deny: an app with a route that says nothing of its access does not start, and a verb wants a known permission."""

import pytest
from flask import Flask

from ppid_saas.access.verbs import command
from ppid_saas.web import marks


def app_with(rule: str, view: object) -> Flask:
    app = Flask("uji")
    app.add_url_rule(rule, "uji", view)  # type: ignore[arg-type]
    return app


def test_a_view_without_a_mark_stops_the_start() -> None:
    with pytest.raises(marks.UnmarkedViewError, match="/terbuka"):
        marks.check_marks(app_with("/terbuka", lambda: ""))


@pytest.mark.parametrize(
    ("rule", "view"),
    [
        ("/terbuka", marks.public(lambda: "")),
        ("/dalam", marks.signed_in(lambda: "")),
        ("/<region>/u/<unit>/x", lambda **_: ""),
    ],
)
def test_a_marked_view_and_one_at_a_tenants_address_start(rule: str, view: object) -> None:
    marks.check_marks(app_with(rule, view))


def test_a_verb_with_a_permission_nobody_holds_is_refused_at_import() -> None:
    with pytest.raises(LookupError, match="tidak-ada"):
        command("tidak-ada")(lambda: None)
